"""The spaCy side of REGION: links the entities of a document and writes what they mean onto the spans."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacy import util
from spacy.language import Language
from spacy.tokens import Doc, Span

from projner.characters import text_of
from projner.extensions import register
from projner.region.gazetteer import Gazetteer
from projner.region.link import Context, Mention, link

if TYPE_CHECKING:
    from spacy.training import Example

LABEL = "REGION"


@Language.factory(
    "projner_region_linker",
    default_config={"place": None},
    requires=["doc.ents"],
    assigns=["doc.ents", "token.ent_kb_id", "span._.region_data"],
)
def make_region_linker(nlp: Language, name: str, place: str | None) -> RegionLinker:
    """Construct the linker for REGION entities.

    Args:
        nlp: the pipeline.
        name: the component's name in it.
        place: where the pages come from, a code (220500) or a name that only one division has; a
            document's own
            `doc.user_data["place"]` goes before it.
    """
    return RegionLinker(name, place=place)


class RegionLinker:
    """Sets `ent._.region_data` (the contract's JSON object) and `ent.kb_id_` (the code) of every REGION
    entity."""

    def __init__(self, name: str = "projner_region_linker", *, place: str | None = None) -> None:
        register()
        self.name = name
        self.place = place
        self._gazetteer: Gazetteer | None = None

    @property
    def gazetteer(self) -> Gazetteer:
        """The table in use: what `initialize` or a saved pipeline brought, else the one that ships with
        projner."""
        if self._gazetteer is None:
            self._gazetteer = Gazetteer.load()
        return self._gazetteer

    def __call__(self, doc: Doc) -> Doc:
        """Link the REGION entities of a document, in place."""
        entities = doc.ents  # builds the spans anew at every call
        label = doc.vocab.strings[LABEL]
        spans = [(ent.start_char, ent.end_char) for ent in entities if ent.label == label]
        if not spans:
            return doc
        text = text_of(doc)
        mentions = [Mention(text[start:end], start, end) for start, end in spans]
        place = doc.user_data.get("place") or self.place
        regions = iter(link(mentions, Context(text, place=place, gazetteer=self.gazetteer)))
        ents = []
        for ent in entities:
            if ent.label == label:
                region = next(regions)
                ent = Span(doc, ent.start, ent.end, label=label, kb_id=region.code or "", span_id=ent.id)
                ent._.region_data = region.to_dict()
            ents.append(ent)
        doc.set_ents(ents)
        return doc

    def pipe(self, docs: Iterable[Doc], *, batch_size: int = 128) -> Iterable[Doc]:
        """Link documents one after the other."""
        for doc in docs:
            yield self(doc)

    def extend(self, rows: Iterable[Mapping[str, str]] | str | Path) -> int:
        """Add rows of one's own to the table of this pipeline (see `Gazetteer.extend`); they are saved
        with it."""
        if self._gazetteer is None or not self._gazetteer.extended:
            self._gazetteer = self.gazetteer.copy()
        return self._gazetteer.extend(rows)

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]] | None = None,
        *,
        nlp: Language | None = None,
        rows: str | None = None,
    ) -> None:
        """Bring in the table that ships with projner.

        Args:
            get_examples: not used.
            nlp: not used.
            rows: a CSV file with rows to add (see `Gazetteer.extend`).
        """
        self._gazetteer = Gazetteer.load()
        if rows is not None:
            self.extend(rows)

    # Serialisation: the table goes with the pipeline where it is not the one in the wheel.

    def _serializers(self) -> dict[str, Callable[[], bytes]]:
        if self._gazetteer is None or not self._gazetteer.extended:
            return {}
        return {"gazetteer": self._gazetteer.to_bytes}

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """The component as bytes: its table, where rows were added."""
        data: bytes = util.to_bytes(self._serializers(), exclude)
        return data

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> RegionLinker:
        """Take over what `to_bytes` gave."""
        util.from_bytes(data, {"gazetteer": self._take}, exclude)
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write a folder with the table, where rows were added."""
        if self._serializers() and "gazetteer" not in exclude:
            folder = Path(path)
            folder.mkdir(parents=True, exist_ok=True)
            self.gazetteer.to_disk(folder / "gazetteer.bin")

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> RegionLinker:
        """Read what `to_disk` wrote."""
        file = Path(path) / "gazetteer.bin"
        if file.exists() and "gazetteer" not in exclude:
            self._gazetteer = Gazetteer.from_disk(file)
        return self

    def _take(self, data: bytes) -> None:
        self._gazetteer = Gazetteer.from_bytes(data)

    def __getstate__(self) -> dict[str, Any]:
        table = self._gazetteer
        packed = table.to_bytes() if table is not None and table.extended else None
        return {"name": self.name, "place": self.place, "gazetteer": packed}

    def __setstate__(self, state: dict[str, Any]) -> None:
        register()
        self.name, self.place = state["name"], state["place"]
        self._gazetteer = None if state["gazetteer"] is None else Gazetteer.from_bytes(state["gazetteer"])
