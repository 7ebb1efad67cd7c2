"""The typed columns of a tagged table, for Parquet, `datasets` and Spark alike."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from projner.batch.encode import FLAT, column_names, plain
from projner.frame import COLUMNS
from projner.money.amount import ROLES
from projner.rows import Row

if TYPE_CHECKING:
    import pyarrow as pa

_INTEGERS = ("start", "end")
_PROJECT_INTEGERS = ("count", "start", "end")


def entity_type() -> pa.DataType:
    """One entity: offsets in code points, label, text, score, and its meaning (null for the other labels)."""
    import pyarrow as pa

    text, texts = pa.string(), pa.list_(pa.string())
    amount = {
        "low": text,
        "high": text,
        "currency": text,
        "bound": text,
        "approximate": pa.bool_(),
        "role": text,
    }
    candidate = {"code": text, "name": text, "level": text, "path": texts}
    region = {**candidate, "former": text, "candidates": pa.list_(_struct(candidate)), "notes": texts}
    return _struct(
        {
            **{"start": pa.int64(), "end": pa.int64(), "label": text, "text": text, "score": pa.float64()},
            "amount": _struct({**amount, "cue": pa.list_(pa.int64()), "notes": texts}),
            "region": _struct(region),
            "company": _struct({"name": text, "short": text, "id": text}),
        }
    )


def project_type() -> pa.DataType:
    """One project: `regions`, `companies` and the lists under `amounts` are indexes into the entities;
    quantities and sentences are [start, end]."""
    import pyarrow as pa

    indexes = pa.list_(pa.int64())
    return _struct(
        {
            **{"name": pa.string(), "count": pa.int64(), "start": pa.int64(), "end": pa.int64()},
            **{"regions": indexes, "companies": indexes},
            "amounts": _struct(dict.fromkeys(ROLES, indexes)),
            "quantities": pa.list_(indexes),
            "stage": pa.string(),
            "sentences": pa.list_(indexes),
        }
    )


def _struct(fields: Mapping[str, pa.DataType]) -> pa.DataType:
    import pyarrow as pa

    return pa.struct(list(fields.items()))


def table_schema(
    *, flat: bool, text: bool, extra: Mapping[str, pa.DataType], projects: bool = False
) -> pa.Schema:
    """The schema of an output table.

    Args:
        flat: one row an entity.
        text: whether there is a column with the document's text.
        extra: the columns that are passed through, with their types.
        projects: one row a project. Amounts are text, exact as `low` and `high` are: one may be a range.
    """
    import pyarrow as pa

    types: dict[str, pa.DataType] = dict(extra) | {"id": pa.string()}
    if flat:
        types |= dict.fromkeys(FLAT, pa.string())
        types |= {"score": pa.float64(), "approximate": pa.bool_()} | dict.fromkeys(_INTEGERS, pa.int64())
    elif projects:
        types |= dict.fromkeys(COLUMNS, pa.string()) | dict.fromkeys(_PROJECT_INTEGERS, pa.int64())
    else:
        types |= {"text": pa.string()}
        types |= {"entities": pa.list_(entity_type()), "projects": pa.list_(project_type())}
    names = column_names(flat=flat, text=text, extra=list(extra), projects=projects)
    return pa.schema([(name, types[name]) for name in names])


def table_row(row: Row, schema: pa.Schema) -> Row:
    """A row of the contract as the typed columns hold it: text columns take other values as JSON."""
    typed = {field.name: _fitted(row.get(field.name), str(field.type)) for field in schema}
    if "projects" in typed:
        typed["projects"] = [typed_project(project) for project in row.get("projects") or ()]
    return typed


def _fitted(value: Any, type_name: str) -> Any:
    if type_name == "string" and value is not None and not isinstance(value, str):
        return _json(value)
    return value


def typed_entity(entity: Row) -> Row:
    """An entity with every field of `entity_type`."""
    return {"amount": None, "region": None, "company": None} | entity


def typed_project(project: Row) -> Row:
    """A project with every field of `project_type`."""
    return project | {"amounts": dict.fromkeys(ROLES) | (project["amounts"] or {})}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=plain)


def column_types(columns: Sequence[str], source: str | None) -> dict[str, pa.DataType]:
    """The types of passed-through columns: those of the Parquet file that they come from, else text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    known = {} if source is None else {field.name: field.type for field in pq.read_schema(source)}
    return {name: known.get(name, pa.string()) for name in columns}
