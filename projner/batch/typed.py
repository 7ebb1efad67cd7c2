"""Tasks in, typed columns out: what data sets and Spark share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from projner.batch.schema import entity_type, project_type, typed_entity, typed_project
from projner.batch.tagging import Tagger, Task
from projner.rows import Row

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Typed:
    """The cells of one document: entities and projects with every field of their types, or why there are
    none."""

    entities: list[Row] | None = None
    projects: list[Row] | None = None
    error: str | None = None


def new_columns() -> dict[str, pa.DataType]:
    """The columns that tagging adds, with their types."""
    import pyarrow as pa

    return {"entities": pa.list_(entity_type()), "projects": pa.list_(project_type())}


def tag_typed(tasks: Sequence[Task], model: str | None) -> list[Typed]:
    """Tag with the pipeline of this process, loaded at the first task; one outcome a task, in order.

    Raises:
        ProjnerError: the pipeline cannot be loaded.
    """
    return [
        Typed(error=outcome.error) if outcome.error is not None else _typed(outcome.payload[0])
        for outcome in (tagger(model)(tasks) if tasks else ())
    ]


def _typed(row: Row) -> Typed:
    return Typed(
        [typed_entity(entity) for entity in row["entities"]],
        [typed_project(project) for project in row["projects"]],
    )


@lru_cache(maxsize=1)
def tagger(model: str | None) -> Tagger:
    """The pipeline of this process; in a worker it outlives the batch and the Spark task."""
    from projner.batch.options import Options
    from projner.batch.run import make_tagger

    return make_tagger(Options(model=model, text=False), "parquet", ())
