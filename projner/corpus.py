"""Annotated corpora as Hugging Face datasets with fixed columns, for training code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from projner.errors import Errors, ProjnerError
from projner.rows import check_span, row_form

if TYPE_CHECKING:
    from datasets import DatasetDict, Features

_TEXTS = ("label", "text", "path", "code", "low", "high", "currency", "role")
_SUFFIX = ".jsonl"
Paths = str | Path | Iterable[str | Path]


def features() -> Features:
    """id, text and spans; a span has start and end (code points), label, text, and what its label has of
    path, code, low, high, currency and role (null otherwise)."""
    from datasets import Features, List, Value

    span = {"start": Value("int64"), "end": Value("int64"), **{name: Value("string") for name in _TEXTS}}
    return Features({"id": Value("string"), "text": Value("string"), "spans": List(span)})


def load_corpus(source: str | Path | Mapping[str, Paths]) -> DatasetDict:
    """Load annotated JSONL.

    Args:
        source: a folder, whose JSONL files and folders of JSONL files are a split each by their names; or a
            mapping of splits to files or folders. Hyphens in names of splits become underscores. In folders,
            `projects.jsonl` and `*-projects.jsonl` are passed over: they hold project records.

    Returns:
        A DatasetDict with the columns of `features`; columns of other names are left out.

    Raises:
        ProjnerError: nothing to load, a row that is not annotated (or has no text), or a span that does not
            fit; file and row are named.
    """
    from datasets import Dataset, DatasetDict

    splits = source if isinstance(source, Mapping) else _splits(Path(source))
    if not splits:
        raise Errors.P542.format(path=source)
    columns = features()
    return DatasetDict(
        {
            name.replace("-", "_"): Dataset.from_list(list(_rows(paths)), features=columns)
            for name, paths in splits.items()
        }
    )


def _splits(folder: Path) -> dict[str, Paths]:
    found: dict[str, Paths] = {}
    for path in _files(folder) if folder.is_dir() else ():
        found[path.stem] = path
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir() and _files(path):
            found[path.name] = path
    return found


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob(f"*{_SUFFIX}") if not path.stem.endswith("projects"))


def _rows(paths: Paths) -> Iterator[dict[str, Any]]:
    from projner.batch.readers import read_rows

    for given in [paths] if isinstance(paths, str | Path) else paths:
        path = Path(given)
        for file in _files(path) if path.is_dir() else [path]:
            for number, row in read_rows(file):
                try:
                    yield _row(row, f"{file}#{number}")
                except ProjnerError as error:
                    raise Errors.P524.format(place=f"{file} row {number}", reason=error) from None


def _row(row: Mapping[str, Any], id: str) -> dict[str, Any]:
    text = row.get("text")
    if not isinstance(text, str):
        raise Errors.P535.format()
    spans = []
    for item in row[row_form(row, "spans")]:
        start, end, _ = check_span(item, text)
        flat = {**item, **(item.get("amount") or {}), **(item.get("region") or {}), "text": text[start:end]}
        flat["path"] = "/".join(flat["path"]) if isinstance(flat.get("path"), list) else flat.get("path")
        spans.append({name: flat.get(name) for name in ("start", "end", *_TEXTS)})
    return {"id": str(row.get("id", id)), "text": text, "spans": spans}
