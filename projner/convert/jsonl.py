"""Our own JSONL, one annotated row a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from projner.batch.readers import read_rows
from projner.convert.files import whole
from projner.errors import Errors, ProjnerError
from projner.rows import Row, check_span, row_form


def read(path: Path) -> Iterator[Row]:
    """Annotated rows, each checked: every span's text equals its slice."""
    for number, row in read_rows(path):
        try:
            text = row.get("text")
            if not isinstance(text, str):
                raise Errors.P535.format()
            for item in row[row_form(row, "spans")]:
                check_span(item, text)
        except ProjnerError as error:
            named = f" ({row['id']})" if "id" in row else ""
            raise Errors.P524.format(place=f"{path} row {number}{named}", reason=error) from None
        yield row


def write(rows: Iterable[Row], path: Path) -> int:
    """One row a line; returns how many."""
    count = 0
    with whole(path) as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            count += 1
    return count
