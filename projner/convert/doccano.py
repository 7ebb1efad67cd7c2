"""doccano's JSONL: `label` holds [start, end, label]; the export with relations (`entities`) is read too."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from projner.batch.readers import read_rows
from projner.convert.files import whole
from projner.convert.spans import Plain, columns, new_row, plain_spans
from projner.errors import Errors, ProjnerError
from projner.rows import Row


def read(path: Path) -> Iterator[Row]:
    """The rows of a doccano export."""
    for number, row in read_rows(path):
        try:
            text = row.get("text", row.get("data"))
            if not isinstance(text, str):
                raise Errors.P535.format()
            extra = {name: value for name, value in columns(row).items() if name not in _OWN}
            yield new_row(
                row.get("id", f"{path}#{number}"), text, [_span(item) for item in _labels(row)], extra
            )
        except ProjnerError as error:
            raise Errors.P524.format(place=f"{path} row {number}", reason=error) from None


_OWN = ("label", "labels", "data", "Comments", "relations")


def _labels(row: Row) -> list[Any]:
    for name in ("label", "labels", "entities"):
        found = row.get(name)
        if isinstance(found, list):
            return found
    raise Errors.P543.format(name="label")


def _span(item: Any) -> Plain:
    try:
        if isinstance(item, dict):
            return Plain(item["start_offset"], item["end_offset"], item["label"])
        start, end, label = item
        return Plain(start, end, label)
    except (KeyError, TypeError, ValueError):
        raise Errors.P521.format(span=item) from None


def write(rows: Iterable[Row], path: Path) -> int:
    """One object a line, ready for doccano's import of sequence labelling."""
    count = 0
    with whole(path) as file:
        for row in rows:
            line = {"id": row.get("id"), "text": row["text"], **columns(row)}
            line["label"] = [list(span) for span in plain_spans(row)]
            file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            count += 1
    return count
