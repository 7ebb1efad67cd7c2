"""Hugging Face datasets: the same dataset with typed columns for entities and projects."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from projner.batch.tagging import Task
from projner.batch.typed import new_columns, tag_typed
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

    return Features.from_arrow_schema(pa.schema(list(new_columns().items())))


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
    for task, found in zip(tasks, tag_typed(tasks, model), strict=True):
        if found.error is not None:
            raise Errors.P552.format(text=task.text[:30], reason=found.error)
        new["entities"][int(task.id)] = found.entities
        new["projects"][int(task.id)] = found.projects
    return new
