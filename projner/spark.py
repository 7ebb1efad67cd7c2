"""Tagging on Spark, for those who outgrow one machine: `projner.spark.tag(df)`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from projner.batch.tagging import Task
from projner.batch.typed import new_columns, tag_typed
from projner.errors import Errors

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

_NEW = ("entities", "projects", "error")
# Spark hands over 10,000 rows at once; the pipeline takes them in groups that keep memory flat.
_GROUP_CHARACTERS = 30_000
_GROUP_ROWS = 256


def schema() -> StructType:
    """The columns that tagging adds: `entities` and `projects`, typed as in `projner.tag_dataset`, and
    `error`, a string that is null where all went well."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(_arrow_schema())


def tag(
    df: DataFrame, text_column: str = "text", *, place_column: str | None = None, model: str | None = None
) -> DataFrame:
    """Tag a Spark DataFrame; as lazy as any transformation.

    Args:
        df: the documents, one a row; its other columns are passed through.
        text_column: the column with the texts; where it is null, so are the new columns.
        place_column: a column with the place that a text is from.
        model: the pipeline, by name or path, found on every worker; None for the default one.

    Returns:
        The DataFrame with the columns of `schema` behind its own. `entities` and `projects` have the content
        that `projner tag` writes. Where a document fails they are null, and `error` says why.

    Raises:
        ProjnerError: no such column, one that holds no text, or a column of a new one's name already.
    """
    from pyspark.sql.types import StringType, StructType

    for name in (text_column, place_column):
        if name is None:
            continue
        if name not in df.columns:
            raise Errors.P550.format(column=name, columns=", ".join(df.columns))
        kind = df.schema[name].dataType
        if not isinstance(kind, StringType):
            raise Errors.P508.format(column=name, kind=kind.simpleString())
    for name in df.columns:
        if name.lower() in _NEW:  # Spark's names do not tell capitals from small letters
            raise Errors.P551.format(column=name)
    work = partial(_tag, text_column=text_column, place_column=place_column, model=model)
    return df.mapInArrow(work, StructType([*df.schema.fields, *schema().fields]))


def _arrow_schema() -> pa.Schema:
    import pyarrow as pa

    return pa.schema([*new_columns().items(), ("error", pa.string())])


def _tag(
    batches: Iterable[pa.RecordBatch], *, text_column: str, place_column: str | None, model: str | None
) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        errors: dict[int, str] = {}
        texts = _strings(batch, text_column, errors)
        places = [None] * len(texts) if place_column is None else _strings(batch, place_column, errors)
        tasks = [
            None if text is None or row in errors else Task(str(row), text, place=place or None)
            for row, (text, place) in enumerate(zip(texts, places, strict=True))
        ]
        for start, stop in _groups(texts):
            new = _columns(tasks[start:stop], model, errors)
            for row in range(start, stop):
                new["error"][row - start] = errors.get(row)
            yield _joined(batch.slice(start, stop - start), new)


def _columns(tasks: Sequence[Task | None], model: str | None, errors: dict[int, str]) -> dict[str, list[Any]]:
    new: dict[str, list[Any]] = {name: [None] * len(tasks) for name in _NEW}
    given = [(at, task) for at, task in enumerate(tasks) if task is not None]
    for (at, task), found in zip(given, tag_typed([task for _, task in given], model), strict=True):
        if found.error is not None:
            errors[int(task.id)] = found.error
        new["entities"][at], new["projects"][at] = found.entities, found.projects
    return new


def _joined(batch: pa.RecordBatch, new: dict[str, list[Any]]) -> pa.RecordBatch:
    """The rows as Spark gave them, with the new columns behind."""
    import pyarrow as pa

    fields = list(_arrow_schema())
    arrays = [pa.array(new[field.name], type=field.type) for field in fields]
    return pa.RecordBatch.from_arrays([*batch.columns, *arrays], schema=pa.schema([*batch.schema, *fields]))


def _strings(batch: pa.RecordBatch, name: str, errors: dict[int, str]) -> list[str | None]:
    """A column's texts. Spark does not look into its strings: what is no UTF-8 becomes null and an error."""
    import pyarrow as pa

    column = batch.column(batch.schema.get_field_index(name))
    found: list[str | None] = []
    for row, value in enumerate(column.cast(pa.large_binary()).to_pylist()):
        try:
            found.append(None if value is None else value.decode())
        except UnicodeDecodeError as error:
            broken = Errors.P553.format(column=name, byte=value[error.start], offset=error.start)
            errors[row] = str(broken)
            found.append(None)
    return found


def _groups(texts: Sequence[str | None]) -> Iterator[tuple[int, int]]:
    """Where to cut a batch: [start, stop) of each group."""
    start = characters = 0
    for row, text in enumerate(texts):
        characters += len(text or "")
        if characters >= _GROUP_CHARACTERS or row + 1 - start >= _GROUP_ROWS:
            yield start, row + 1
            start, characters = row + 1, 0
    if start < len(texts):
        yield start, len(texts)
