"""Rows as they are written: JSONL, CSV, or plain rows for Parquet; one a document, an entity or a project."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from projner.frame import COLUMNS, project_rows
from projner.rows import RESERVED, Row

FLAT = (
    *("start", "end", "label", "text", "score"),
    *("low", "high", "currency", "bound", "approximate", "role"),
    *("code", "name", "level", "path", "former"),
    *("company", "short", "company_id", "notes"),
)


def encoder(
    kind: str, *, flat: bool, text: bool, extra: Sequence[str], projects: bool = False
) -> Callable[[Row], Any]:
    """How rows of a kind of output are written.

    Args:
        kind: jsonl, csv or parquet.
        flat: one row an entity.
        text: whether rows hold their text.
        extra: the columns passed through, for the kinds with fixed columns.
        projects: one row a project; the rows to encode then need their text, which is not written.

    Returns:
        A function from a row to bytes (jsonl, csv) or to a list of rows (parquet).
    """
    unfold: Callable[[Row], Iterator[Row]] = flat_rows if flat else table_rows if projects else _same
    if kind == "jsonl":
        return lambda row: b"".join(json_line(line) for line in unfold(row))
    if kind == "csv":
        columns = column_names(flat=flat, text=text, extra=extra, projects=projects)
        return lambda row: csv_lines([[_cell(line.get(name)) for name in columns] for line in unfold(row)])
    return lambda row: list(unfold(row))


def column_names(*, flat: bool, text: bool, extra: Sequence[str], projects: bool = False) -> list[str]:
    """The columns of a CSV or Parquet output, in order."""
    if flat:
        return ["id", *(name for name in extra if name not in FLAT), *FLAT]
    if projects:
        return ["id", *(name for name in extra if name not in COLUMNS), *COLUMNS[1:]]
    return [
        "id",
        *(["text"] if text else []),
        *(name for name in extra if name not in RESERVED),
        "entities",
        "projects",
    ]


def _same(row: Row) -> Iterator[Row]:
    yield row


def flat_rows(row: Row) -> Iterator[Row]:
    """One row an entity: the document's id and columns, then the entity with its meaning in flat columns
    (`name`, `path` and `code` are the division's, `company` is the company's full name)."""
    kept = {name: value for name, value in row.items() if name not in ("text", "entities", "projects", *FLAT)}
    for entity in row["entities"]:
        amount, region, company = (entity.get(name) or {} for name in ("amount", "region", "company"))
        yield {
            **kept,
            **{name: entity[name] for name in ("start", "end", "label", "text", "score")},
            **{
                name: amount.get(name) for name in ("low", "high", "currency", "bound", "approximate", "role")
            },
            **{name: region.get(name) for name in ("code", "name", "level")},
            "path": "/".join(region["path"]) if region.get("path") else None,
            "former": region.get("former"),
            "company": company.get("name"),
            "short": company.get("short"),
            "company_id": company.get("id"),
            "notes": " ".join((*(amount.get("notes") or ()), *(region.get("notes") or ()))) or None,
        }


def table_rows(row: Row) -> Iterator[Row]:
    """One row a project (`projner.frame`), with the document's own columns behind the id."""
    kept = {name: value for name, value in row.items() if name not in (*RESERVED, *COLUMNS)}
    for project in project_rows([row]):
        yield {"id": project["id"], **kept, **project}


def json_line(row: Row) -> bytes:
    """One line of JSONL."""
    return json.dumps(row, ensure_ascii=False, default=plain).encode() + b"\n"


def plain(value: object) -> object:
    """What JSON has no word for (columns out of Parquet): dates in ISO form, decimals as text.

    Raises:
        TypeError: bytes and other things that are no text at all.
    """
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"a column holds {type(value).__name__}, which is no text")


def csv_lines(rows: Sequence[Sequence[Any]]) -> bytes:
    """Rows of RFC 4180 CSV: ended by \\r\\n, so that every line break inside a cell is quoted."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=plain)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value
