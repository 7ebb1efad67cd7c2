"""The spaCy side of companies: COMPANY entities learn which company they name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacy.language import Language
from spacy.tokens import Doc

from projner.characters import text_of

if TYPE_CHECKING:
    from projner.company import CompanyList

LABEL = "COMPANY"
_FILE = "companies.json"


@Language.factory("projner_company", requires=["doc.ents"], assigns=["span._.company_data"])
def make_company(nlp: Language, name: str) -> CompanyComponent:
    """The component that finds the mentions of one company in a document.

    Args:
        nlp: the pipeline.
        name: the name of the component in it.
    """
    return CompanyComponent(nlp, name)


class CompanyComponent:
    """Sets `span._.company_data` of COMPANY entities; `span._.company` is equal for all mentions of one
    company.

    A list of one's own (`use_list`) gives names and ids, and is saved with the pipeline.
    """

    def __init__(self, nlp: Language, name: str = "projner_company") -> None:
        from projner.extensions import register

        register()
        self.name = name
        self._list: CompanyList | None = None

    def use_list(self, rows: Iterable[Mapping[str, str | None]] | str | Path) -> int:
        """Use a list of one's own; returns how many companies it has. The list before it is gone.

        Args:
            rows: mappings, or a CSV file in UTF-8, with the columns name, aliases (separated by "|") and id.

        Raises:
            ProjnerError: P302 to P305, for what is wrong with the list.
        """
        from projner.company import CompanyList

        path = isinstance(rows, str | Path)
        self._list = CompanyList.from_csv(rows) if path else CompanyList.from_rows(rows)  # type: ignore[arg-type]
        return len(self._list)

    def initialize(
        self,
        get_examples: object = None,
        *,
        nlp: Language | None = None,
        companies: str | None = None,
    ) -> None:
        """Read the CSV file that `[initialize.components.projner_company]` names as `companies`."""
        if companies is not None:
            self.use_list(companies)

    def __call__(self, doc: Doc) -> Doc:
        from projner.company import cluster

        ents = [ent for ent in doc.ents if ent.label_ == LABEL]
        if ents:
            spans = [(ent.start_char, ent.end_char) for ent in ents]
            for ent, company in zip(ents, cluster(spans, text_of(doc), self._list), strict=True):
                ent._.company_data = company.to_dict()
        return doc

    def __setstate__(self, state: dict[str, Any]) -> None:
        from projner.extensions import register

        register()
        self.__dict__.update(state)

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """The list of one's own; empty without one."""
        return b"" if self._list is None else self._list.to_bytes()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> CompanyComponent:
        """Take over the list that `to_bytes` gave."""
        from projner.company import CompanyList

        self._list = CompanyList.from_bytes(data) if data else None
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the list of one's own into a folder; without one nothing is written."""
        if self._list is not None:
            folder = Path(path)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / _FILE).write_bytes(self._list.to_bytes())

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> CompanyComponent:
        """Read the list of one's own from a folder written by `to_disk`."""
        file = Path(path) / _FILE
        return self.from_bytes(file.read_bytes() if file.exists() else b"")
