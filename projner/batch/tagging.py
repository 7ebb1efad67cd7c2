"""A batch of documents through the pipeline: flat memory, long documents in pieces, a bad one named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from projner.batch import pieces
from projner.errors import Errors, ProjnerError
from projner.rows import Row, doc_to_row

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


@dataclass(frozen=True, slots=True)
class Task:
    """What the pipeline needs of a record."""

    id: str
    text: str
    extra: dict[str, Any] = field(default_factory=dict)
    place: str | None = None


@dataclass(slots=True)
class Outcome:
    """What came of a task: what to write (see `Encode`) and how many entities of each label, or the reason
    why nothing did."""

    payload: Any = None
    labels: Counter[str] = field(default_factory=Counter)
    error: str | None = None


Encode = Callable[[Row], Any]


class Tagger:
    """Tags tasks with one pipeline.

    Args:
        nlp: the pipeline.
        encode: turns a row into what is written; it runs here, so that workers share that labour too.
        text: False leaves the text out of the rows.
    """

    def __init__(self, nlp: Language, encode: Encode, *, text: bool = True) -> None:
        self._nlp, self._encode, self._text = nlp, encode, text

    def __call__(self, tasks: Sequence[Task]) -> list[Outcome]:
        """One outcome a task, in order; a task that fails does not touch the others."""
        try:
            return self._batch(tasks)
        except Exception:  # one of them broke a component: find out which
            return [self._single(task) for task in tasks]

    def _single(self, task: Task) -> Outcome:
        try:
            return self._batch([task])[0]
        except ProjnerError as error:
            return Outcome(error=str(error))
        except Exception as error:
            reason = (
                f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else ''}"
            )
            return Outcome(error=str(Errors.P517.format(reason=reason)))

    def _batch(self, tasks: Sequence[Task]) -> list[Outcome]:
        # Without the zone every new string and lexeme would stay in the vocabulary for good.
        with self._nlp.memory_zone():
            rows = self._rows(tasks)
        return [
            Outcome(self._encode(row), Counter(entity["label"] for entity in row["entities"])) for row in rows
        ]

    def _rows(self, tasks: Sequence[Task]) -> list[Row]:
        cuts = [list(pieces.cut(task.text)) for task in tasks]
        docs = self._nlp.pipe(self._docs(tasks, cuts))
        rows = []
        for task, parts in zip(tasks, cuts, strict=True):
            if len(parts) == 1:
                rows.append(doc_to_row(next(docs), task.id, extra=task.extra, text=self._text))
                continue
            entities, projects = pieces.join(
                [(start, doc_to_row(next(docs), None, text=False)) for start, _ in parts]
            )
            text = {"text": task.text} if self._text else {}
            rows.append({"id": task.id, **text, **task.extra, "entities": entities, "projects": projects})
        return rows

    def _docs(self, tasks: Sequence[Task], cuts: Sequence[list[tuple[int, str]]]) -> Iterable[Doc]:
        for task, parts in zip(tasks, cuts, strict=True):
            for _, text in parts:
                doc = self._nlp.make_doc(text)
                if task.place is not None:
                    doc.user_data["place"] = task.place
                yield doc
