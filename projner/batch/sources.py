"""What the user named (files, folders, globs, `-`) as a stream of sources, each of one kind."""

from __future__ import annotations

import glob
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from projner.errors import Errors, ProjnerError

STDIN = "-"
# Longest suffix first: `.jsonl.gz` is JSONL.
KINDS = {".txt": "txt", ".jsonl": "jsonl", ".csv": "csv", ".parquet": "parquet"}
_PACKED = (".gz", ".zst")
KNOWN = ", ".join((*KINDS, *(f".jsonl{packed}" for packed in _PACKED)))


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read: its path as the user would write it, its kind, how it is packed ('' if it is not)."""

    path: str
    kind: str
    packing: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be done: which file, which row (None: the file as a whole), and why."""

    path: str
    row: int | None
    reason: str

    def __str__(self) -> str:
        return (
            f"{self.path}: {self.reason}"
            if self.row is None
            else f"{self.path} row {self.row}: {self.reason}"
        )


def find_sources(
    inputs: Collection[str], *, kind: str | None = None, skip: Collection[str] = ()
) -> Iterator[Source | Failure]:
    """The files behind the inputs, in the order given; folders and globs in the order of their names.

    Args:
        inputs: files, folders, glob patterns, or `-` for standard input.
        kind: what every file is (txt, jsonl, csv, parquet), whatever its name; None goes by the name.
        skip: files to leave out of folders and globs (the output must not be read as input).

    Yields:
        Sources; a Failure for an input that gives none.
    """
    left_out = {os.path.realpath(path) for path in skip}
    for item in inputs:
        if item == STDIN:
            yield Source(STDIN, kind or "")
        elif os.path.isdir(item):
            yield from _folder(item, kind, left_out)
        elif os.path.exists(item) or not glob.has_magic(item):
            yield _file(item, kind)
        else:
            yield from _glob(item, kind, left_out)


def _file(path: str, kind: str | None) -> Source | Failure:
    if not os.path.exists(path):
        return _failure(path, Errors.P515.format())
    found = _kind(path)
    if kind is not None:
        return Source(path, kind, found.packing if found else _packing(path))
    if found is None:
        suffix = PurePath(path).suffix or "no suffix"
        return _failure(path, Errors.P513.format(suffix=suffix, known=KNOWN))
    return found


def _packing(path: str) -> str:
    return next((packed for packed in _PACKED if path.lower().endswith(packed)), "")


def _kind(path: str) -> Source | None:
    name, packing = path.lower(), _packing(path)
    stem = name.removesuffix(packing) if packing else name
    kind = next((kind for suffix, kind in KINDS.items() if stem.endswith(suffix)), None)
    if kind is None or (packing and kind == "parquet"):
        return None
    return Source(path, kind, packing)


def _folder(folder: str, kind: str | None, skip: Collection[str]) -> Iterator[Source | Failure]:
    found = False
    for path in _walk(folder, skip):
        source = _kind(path) if kind is None else Source(path, kind, _packing(path))
        if source is not None:
            found = True
            yield source
    if not found:
        yield _failure(folder, Errors.P514.format(known=KNOWN))


def _walk(folder: str, skip: Collection[str]) -> Iterator[str]:
    """Files below a folder, one folder at a time, so that a huge tree is never held as a whole."""
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
    for name in names:
        path = os.path.join(folder, name)
        if os.path.realpath(path) in skip:
            continue
        if os.path.isdir(path):
            yield from _walk(path, skip)
        elif os.path.isfile(path):
            yield path


def _glob(pattern: str, kind: str | None, skip: Collection[str]) -> Iterator[Source | Failure]:
    found = False
    for path in sorted(glob.glob(pattern, recursive=True)):
        if os.path.isfile(path) and os.path.realpath(path) not in skip:
            found = True
            yield _file(path, kind)
    if not found:
        yield _failure(pattern, Errors.P516.format())


def _failure(path: str, error: ProjnerError) -> Failure:
    return Failure(path, None, str(error))
