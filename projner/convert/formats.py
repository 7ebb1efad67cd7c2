"""Which formats there are, and the way from one to another: each is read as corpus rows and written from
them, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from projner.convert import docbin, jsonl
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


FORMATS = {
    "jsonl": Format(".jsonl", jsonl.read, jsonl.write),
    "spacy": Format(".spacy", docbin.read, docbin.write),
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
    source: Path, target: Path, *, source_format: str | None = None, target_format: str | None = None
) -> int:
    """Read one format, write another.

    Args:
        source: the file (or folder) to read.
        target: the file (or folder) to write; it appears only when everything could be written.
        source_format: one of `FORMATS`; None goes by the suffix.
        target_format: the same for the target.

    Returns:
        The number of rows.

    Raises:
        ProjnerError: a row that cannot be read, a span that does not fit; the message names row and text.
    """
    reader = FORMATS[format_of(source, source_format)]
    writer = FORMATS[format_of(target, target_format)]
    return writer.write(reader.read(source), target)
