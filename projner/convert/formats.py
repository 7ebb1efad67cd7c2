"""Which formats there are, and the way from one to another: each is read as corpus rows and written from
them, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from projner.convert import brat, conll, docbin, doccano, jsonl, labelstudio
from projner.errors import Errors
from projner.rows import Row


@dataclass(frozen=True)
class Format:
    """A format: the suffix that it goes by ('' if it has none of its own), its reader, its writer (which
    returns the number of rows), and what it cannot hold."""

    suffix: str
    read: Callable[[Path], Iterator[Row]]
    write: Callable[[Iterable[Row], Path], int]
    drops: str = ""


_MEANINGS = "values, currencies, roles, codes and paths"

FORMATS = {
    "jsonl": Format(".jsonl", jsonl.read, jsonl.write),
    "spacy": Format(".spacy", docbin.read, docbin.write),
    "doccano": Format("", doccano.read, doccano.write, _MEANINGS),
    "labelstudio": Format(".json", labelstudio.read, labelstudio.write, _MEANINGS),
    "brat": Format("", brat.read, brat.write, "the order of the rows and further columns"),
    "bio": Format(".conll", conll.read, conll.writer("bio"), f"{_MEANINGS}, and further columns"),
    "bmes": Format(".bmes", conll.read, conll.writer("bmes"), f"{_MEANINGS}, and further columns"),
    "biluo": Format(".biluo", conll.read, conll.writer("biluo"), f"{_MEANINGS}, and further columns"),
}


def format_of(path: Path, name: str | None = None) -> str:
    """The format of a file, by the name given or else by the suffix.

    Raises:
        ProjnerError: neither says which.
    """
    known = ", ".join(FORMATS)
    if name is not None:
        if name not in FORMATS:
            raise Errors.P701.format(name=name, known=known)
        return name
    for found, form in FORMATS.items():
        if form.suffix and path.name.lower().endswith(
            (form.suffix, form.suffix + ".gz", form.suffix + ".zst")
        ):
            return found
    raise Errors.P540.format(path=path, known=known)


def convert(
    source: Path,
    target: Path,
    *,
    source_format: str | None = None,
    target_format: str | None = None,
    tag: bool = False,
    model: str | None = None,
) -> int:
    """Read one format, write another.

    Args:
        source: the file (or folder) to read.
        target: the file (or folder) to write; a file appears only when everything could be written.
        source_format: one of `FORMATS`; None goes by the suffix.
        target_format: the same for the target.
        tag: the source is articles, in any form that `projner tag` reads; they are tagged first.
        model: the pipeline to tag with, by name or path; None for the default one.

    Returns:
        The number of rows.

    Raises:
        ProjnerError: a row that cannot be read, a span that does not fit; the message names row and text.
    """
    writer = FORMATS[format_of(target, target_format)]
    if tag:
        return writer.write(tagged_rows(str(source), model), target)
    return writer.write(FORMATS[format_of(source, source_format)].read(source), target)


def tagged_rows(source: str, model: str | None = None) -> Iterator[Row]:
    """The rows of articles, tagged.

    Args:
        source: a file, folder or glob.
        model: the pipeline, by name or path; None for the default one.

    Raises:
        ProjnerError: the first article that cannot be read or tagged.
    """
    from projner.batch.options import Options
    from projner.batch.readers import Columns, Record, read
    from projner.batch.run import make_tagger
    from projner.batch.sources import Failure, find_sources
    from projner.batch.tagging import Task

    tagger = make_tagger(Options(model=model), "parquet", ())
    for found in find_sources([source]):
        for item in [found] if isinstance(found, Failure) else read(found, Columns(), lambda line: None):
            if not isinstance(item, Record):
                raise Errors.P541.format(path=item.path, reason=item.reason)
            (outcome,) = tagger([Task(item.id, item.text, item.extra)])
            if outcome.error is not None:
                raise Errors.P541.format(path=item.path, reason=outcome.error)
            yield from outcome.payload
