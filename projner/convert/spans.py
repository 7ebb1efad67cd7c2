"""What every format holds of a row: offsets, label and text of its spans."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from projner.errors import Errors
from projner.rows import Row, check_span, row_form


class Plain(NamedTuple):
    """A span without its meaning."""

    start: int
    end: int
    label: str

    def row(self, text: str) -> Row:
        """The span as a corpus row holds it."""
        return {
            "start": self.start,
            "end": self.end,
            "label": self.label,
            "text": text[self.start : self.end],
        }


def plain_spans(row: Mapping[str, Any]) -> list[Plain]:
    """The spans of a row in either form, in order.

    Raises:
        ProjnerError: a span that does not fit the text, or overlaps the one before.
    """
    text = row["text"]
    found = sorted(Plain(*check_span(item, text)) for item in row[row_form(row, "spans")])
    for before, span in pairwise(found):
        if span.start < before.end:
            first, second = (f"{s.start}-{s.end} {text[s.start : s.end]!r}" for s in (before, span))
            raise Errors.P537.format(first=first, second=second)
    return found


def word_spans(row: Mapping[str, Any], path: Path) -> list[Plain]:
    """`plain_spans` for a format in which blanks part the label from what stands beside it.

    Raises:
        ProjnerError: as `plain_spans`, or a label with a blank.
    """
    found = plain_spans(row)
    for span in found:
        if span.label.split() != [span.label]:
            reason = f"label {span.label!r} holds a blank, which this format cannot; rename it"
            raise Errors.P541.format(path=path, reason=reason)
    return found


def columns(row: Mapping[str, Any]) -> Row:
    """What a row has beside id, text and spans."""
    return {
        name: value
        for name, value in row.items()
        if name not in ("id", "text", "spans", "entities", "projects")
    }


def new_row(id: Any, text: str, spans: list[Plain], extra: Mapping[str, Any] | None = None) -> Row:
    """A corpus row, its spans checked and in order."""
    row = {"id": id, "text": text, **(extra or {}), "spans": [span.row(text) for span in sorted(spans)]}
    plain_spans(row)
    return row
