"""Hugging Face datasets: the same dataset with typed columns for entities and projects."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from projner.batch.schema import entity_type, project_type, typed_entity, typed_project
from projner.batch.tagging import Tagger, Task
from projner.errors import Errors

if TYPE_CHECKING:
    from datasets import Features

_NEW = ("entities", "projects")
# How many rows of a streamed dataset without features are looked at to learn its own columns.
_LOOK = 100


def features() -> Features:
    """The columns that tagging adds, with their types."""
    import pyarrow as pa
    from datasets import Features

    types = {"entities": pa.list_(entity_type()), "projects": pa.list_(project_type())}
    return Features.from_arrow_schema(pa.schema(list(types.items())))


def tag_dataset(
    dataset: Any,
    *,
    text_column: str = "text",
    place_column: str | None = None,
    num_proc: int | None = None,
    model: str | None = None,
    batch_size: int = 128,
) -> Any:
    """Tag a dataset.

    Args:
        dataset: a Dataset, an IterableDataset (streaming), or a DatasetDict of either.
        text_column: the column with the texts; where it is null, so are the new columns.
        place_column: a column with the place that a text is from.
        num_proc: processes (not for streaming datasets).
        model: the pipeline, by name or path; None for the default one.
        batch_size: rows a batch.

    Returns:
        The dataset with two more columns, `entities` and `projects` (see `features`), with the content that
        `projner tag` writes. Roles that a project has no amounts for are null.

    Raises:
        ProjnerError: no such column, a column of that name already, or a document that the pipeline fails on.
    """
    from datasets import Dataset, Features

    if isinstance(dataset, dict):
        tag_part = partial(
            tag_dataset,
            text_column=text_column,
            place_column=place_column,
            num_proc=num_proc,
            model=model,
            batch_size=batch_size,
        )
        return type(dataset)({name: tag_part(part) for name, part in dataset.items()})
    known = dataset.features or Dataset.from_list(list(dataset.take(_LOOK))).features
    for name in (text_column, place_column):
        if name is not None and name not in known:
            raise Errors.P550.format(column=name, columns=", ".join(known))
    for name in _NEW:
        if name in known:
            raise Errors.P551.format(column=name)
    work = partial(_tag, text_column=text_column, place_column=place_column, model=model)
    given: dict[str, Any] = {"features": Features({**known, **features()})}
    if isinstance(dataset, Dataset):
        given |= {"num_proc": num_proc, "desc": "projner"}
    return dataset.map(work, batched=True, batch_size=batch_size, **given)


@lru_cache(maxsize=1)
def _tagger(model: str | None) -> Tagger:
    """The pipeline of this process."""
    from projner.batch.options import Options
    from projner.batch.run import make_tagger

    return make_tagger(Options(model=model, text=False), "parquet", ())


def _tag(
    batch: dict[str, list[Any]], *, text_column: str, place_column: str | None, model: str | None
) -> dict[str, list[Any]]:
    texts = batch[text_column]
    places = batch[place_column] if place_column is not None else [None] * len(texts)
    tasks = [
        Task(str(number), text, place=place or None)
        for number, (text, place) in enumerate(zip(texts, places, strict=True))
        if text is not None
    ]
    new: dict[str, list[Any]] = {name: [None] * len(texts) for name in _NEW}
    for task, outcome in zip(tasks, _tagger(model)(tasks), strict=True):
        if outcome.error is not None:
            raise Errors.P552.format(text=task.text[:30], reason=outcome.error)
        (row,) = outcome.payload
        new["entities"][int(task.id)] = [typed_entity(entity) for entity in row["entities"]]
        new["projects"][int(task.id)] = [typed_project(project) for project in row["projects"]]
    return new
