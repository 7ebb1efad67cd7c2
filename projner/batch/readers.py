"""Sources as streams of records: one document at a time, with its id, its text and the other columns."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, NoReturn, cast

from projner.batch.decode import GB18030, UTF8, decode_file, looks_gb18030, sniff
from projner.batch.sources import STDIN, Failure, Source
from projner.errors import Errors, ProjnerError
from projner.rows import RESERVED

Notify = Callable[[str], None]
_HEAD = 1 << 16
_PARQUET_ROWS = 256


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns to read; `id` and `place` None: the column `id` where there is one, and no place."""

    text: str = "text"
    id: str | None = None
    place: str | None = None


@dataclass(slots=True)
class Record:
    """One document to tag: where it stands (row None: the whole file), its id, text and other columns."""

    path: str
    row: int | None
    id: str
    text: str
    extra: dict[str, Any]
    place: str | None = None
    given_id: bool = False


class Position:
    """How many bytes of the inputs are read (packed ones count as they lie on the disk)."""

    def __init__(self) -> None:
        self.at = 0


def read(
    source: Source, columns: Columns, notify: Notify, position: Position | None = None
) -> Iterator[Record | Failure]:
    """Every document of a source, in order; a row that cannot be used is a Failure and the rest goes on.

    Args:
        source: the file, or standard input (JSONL if its first line is an object with the text column, else
            one text).
        columns: which columns hold the text, the id and the place.
        notify: takes one line about something that the user should know (encoding, columns left out).
        position: is moved on as the source is read.
    """
    position = position or Position()
    start = position.at
    try:
        if source.kind == "parquet":
            for share, item in _read_parquet(source, columns, notify):
                position.at = start + share
                yield item
            return
        with _open(source) as (stream, raw):
            kind = source.kind
            if not kind:
                stream, kind = _stdin_kind(stream, columns, notify)
            for item in _READERS[kind](source, stream, columns, notify):
                if source.path != STDIN:
                    position.at = start + raw.tell()
                yield item
    except (OSError, EOFError) as error:
        yield _failure(source, None, Errors.P504.format(reason=getattr(error, "strerror", None) or error))
    except ProjnerError as error:
        yield _failure(source, None, error)


def _failure(source: Source, row: int | None, error: ProjnerError) -> Failure:
    return Failure(source.path, row, str(error))


@contextmanager
def _open(source: Source) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """The unpacked stream, and the file below it."""
    if source.path == STDIN:
        yield sys.stdin.buffer, sys.stdin.buffer
        return
    with open(source.path, "rb") as raw:
        if source.packing == ".gz":
            with gzip.open(raw) as unpacked:
                yield cast(IO[bytes], unpacked), raw
        elif source.packing == ".zst":
            zstandard = _zstandard()
            with zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True) as stream:
                try:
                    yield io.BufferedReader(stream, 1 << 20), raw
                except zstandard.ZstdError as error:
                    raise Errors.P504.format(reason=error) from None
        else:
            yield raw, raw


def _zstandard() -> Any:
    try:
        import zstandard
    except ImportError:
        raise Errors.P512.format(package="zstandard") from None
    return zstandard


def _stdin_kind(stream: IO[bytes], columns: Columns, notify: Notify) -> tuple[IO[bytes], str]:
    """Standard input has no name to go by: JSONL if its first line is an object with the text column."""
    line = stream.readline()
    kind = "txt"
    if line.lstrip(b"\xef\xbb\xbf \t").startswith(b"{"):
        try:
            first = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            first = None
        if isinstance(first, dict) and columns.text in first:
            kind = "jsonl"
            notify("standard input is read as JSONL, one document a line")
    return cast(IO[bytes], _Rejoined(line, stream)), kind


class _Rejoined:
    """A stream of which one line was already read."""

    def __init__(self, line: bytes, rest: IO[bytes]) -> None:
        self._line, self._rest = line, rest

    def read(self, size: int = -1) -> bytes:
        line, self._line = self._line, b""
        return line + self._rest.read(size if size < 0 else max(0, size - len(line)))

    def readline(self) -> bytes:
        line, self._line = self._line, b""
        return line if line.endswith(b"\n") else line + self._rest.readline()


# --- text


def _read_txt(
    source: Source, stream: IO[bytes], columns: Columns, notify: Notify
) -> Iterator[Record | Failure]:
    text, encoding = decode_file(stream.read())
    if encoding == GB18030:
        notify(f"{source.path}: read as GB18030")
    yield Record(source.path, None, source.path, text, {})


# --- lines


class _Lines:
    """The lines of a stream. Their encoding is settled by the first lines, or, where those are all ASCII, by
    the first one that is not."""

    def __init__(self, source: Source, stream: IO[bytes], notify: Notify) -> None:
        self._source, self._stream, self._notify = source, stream, notify
        head = stream.read(_HEAD)
        head += stream.readline() if head else b""
        self.encoding, mark = sniff(head)
        self._head = head[mark:]
        self._settled = bool(mark) or not head.isascii()
        if self.encoding == GB18030:
            self._say()

    def _say(self) -> None:
        self._notify(f"{self._source.path}: read as GB18030")

    def raw(self) -> Iterator[bytes]:
        yield from _split(self._head)
        self._head = b""
        while line := self._stream.readline():
            yield line

    def decode(self, line: bytes) -> str:
        """One line as text.

        Raises:
            ProjnerError: the line is no text in the file's encoding.
        """
        if not self._settled and not line.isascii():
            self._settled = True
            if looks_gb18030(line) and not _is_utf8(line):
                self.encoding = GB18030
                self._say()
        try:
            text = line.decode(self.encoding)
        except UnicodeDecodeError as error:
            raise Errors.P501.format(byte=line[error.start], offset=error.start) from None
        if "\x00" in text:
            raise Errors.P502.format()
        return text


def _split(head: bytes) -> list[bytes]:
    """Lines ended by \\n alone: a \\r inside stays where it is."""
    lines = [line + b"\n" for line in head.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode(UTF8)
    except UnicodeDecodeError:
        return False
    return True


# --- JSONL


def _read_jsonl(
    source: Source, stream: IO[bytes], columns: Columns, notify: Notify
) -> Iterator[Record | Failure]:
    keep = _Keep(source, columns, notify)
    for number, row in _json_rows(source, stream, notify):
        if isinstance(row, ProjnerError):
            yield _failure(source, number, row)
            continue
        try:
            yield keep.record(number, row)
        except ProjnerError as error:
            yield _failure(source, number, error)


def _json_rows(
    source: Source, stream: IO[bytes], notify: Notify
) -> Iterator[tuple[int, dict[str, Any] | ProjnerError]]:
    """The objects of a JSONL stream with their line numbers; blank lines are passed over."""
    lines = _Lines(source, stream, notify)
    for number, raw in enumerate(lines.raw(), 1):
        if not raw.strip():
            continue
        try:
            yield number, _json_object(lines.decode(raw))
        except ProjnerError as error:
            yield number, error


def _json_object(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Errors.P505.format(reason=error) from None
    if not isinstance(row, dict):
        raise Errors.P506.format(kind=_kind_name(row))
    if "\\u" in line and not _encodes(row):
        raise Errors.P509.format()
    return row


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _encodes(row: object) -> bool:
    try:
        json.dumps(row, ensure_ascii=False).encode(UTF8)
    except UnicodeEncodeError:
        return False
    return True


_KIND_NAMES = {
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
}


def _kind_name(value: object) -> str:
    return "null" if value is None else _KIND_NAMES.get(type(value), type(value).__name__)


def read_rows(
    path: str | os.PathLike[str], notify: Notify = lambda line: None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSONL file (plain, .gz or .zst) with their line numbers, for commands that cannot
    go on after a bad row.

    Raises:
        ProjnerError: the file cannot be read, or a row is no JSON object; the message names both.
    """
    name = os.fspath(path)
    source = Source(name, "jsonl", next((p for p in (".gz", ".zst") if name.endswith(p)), ""))
    try:
        with _open(source) as (stream, _):
            for number, row in _json_rows(source, stream, notify):
                if isinstance(row, ProjnerError):
                    raise Errors.P524.format(place=f"{name} row {number}", reason=row)
                yield number, row
    except OSError as error:
        raise Errors.P524.format(
            place=name, reason=Errors.P504.format(reason=error.strerror or error)
        ) from None


# --- CSV


def _read_csv(
    source: Source, stream: IO[bytes], columns: Columns, notify: Notify
) -> Iterator[Record | Failure]:
    csv.field_size_limit(1 << 30)
    lines = _Lines(source, stream, notify)
    broken: list[ProjnerError] = []
    rows = csv.reader(_csv_lines(lines, broken), strict=True)
    keep = _Keep(source, columns, notify)
    header: list[str] | None = None
    number = 0
    while True:
        try:
            cells = next(rows, None)
            if cells is None:
                return
            if not cells:
                continue
            if header is None and broken:
                raise broken.pop()
            if header is None:
                header = cells
                keep.check(header)
                continue
            number += 1
            if broken:
                error, broken[:] = broken[0], []
                raise error
            if len(cells) != len(header):
                raise Errors.P510.format(found=len(cells), expected=len(header))
            yield keep.record(number, dict(zip(header, cells, strict=True)))
        except csv.Error as error:
            number += header is not None
            yield _failure(source, number, Errors.P511.format(reason=error))
        except ProjnerError as error:
            if header is None or not number:
                raise
            yield _failure(source, number, error)


def _csv_lines(lines: _Lines, broken: list[ProjnerError]) -> Iterator[str]:
    """A line that cannot be decoded must not end the reader: it is noted, and its row is given up later."""
    for raw in lines.raw():
        try:
            yield lines.decode(raw)
        except ProjnerError as error:
            broken.append(error)
            yield raw.decode(lines.encoding, errors="replace").replace("\x00", "\ufffd")


# --- Parquet


def _read_parquet(source: Source, columns: Columns, notify: Notify) -> Iterator[tuple[int, Record | Failure]]:
    """Records, each with the share of the file's bytes that is read."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise Errors.P512.format(package="pyarrow") from None
    keep = _Keep(source, columns, notify)
    try:
        with pq.ParquetFile(source.path) as file:
            keep.check(file.schema_arrow.names)
            size = os.path.getsize(source.path) / max(1, file.metadata.num_rows)
            number = 0
            for batch in file.iter_batches(batch_size=_PARQUET_ROWS):
                for row in batch.to_pylist():
                    number += 1
                    try:
                        yield int(number * size), keep.record(number, row)
                    except ProjnerError as error:
                        yield int(number * size), _failure(source, number, error)
    except pa.ArrowException as error:
        raise Errors.P519.format(reason=str(error).splitlines()[0]) from None


# --- rows to records


class _Keep:
    """Turns the rows of one source into records: which columns are text and id, which pass through."""

    def __init__(self, source: Source, columns: Columns, notify: Notify) -> None:
        self._source, self._columns, self._notify = source, columns, notify
        self._id = columns.id or "id"
        self._said: set[str] = set()

    def check(self, names: list[str]) -> None:
        """Columns that every row lacks are a fault of the file, not of each row."""
        for name in (self._columns.text, self._columns.id, self._columns.place):
            if name is not None and name not in names:
                raise Errors.P507.format(column=name, columns=", ".join(names) or "none")

    def record(self, number: int, row: Mapping[str, Any]) -> Record:
        self.check(list(row))
        text = row[self._columns.text]
        if not isinstance(text, str):
            raise Errors.P508.format(column=self._columns.text, kind=_kind_name(text))
        given = row.get(self._id)
        has_id = given is not None and given != ""
        id = str(given) if has_id else f"{self._source.path}#{number}"
        place = row.get(self._columns.place) if self._columns.place else None
        extra = {name: value for name, value in row.items() if name not in (self._columns.text, self._id)}
        for name in RESERVED:
            if name in extra:
                del extra[name]
                self._say(name)
        return Record(
            self._source.path, number, id, text, extra, None if place in (None, "") else str(place), has_id
        )

    def _say(self, name: str) -> None:
        if name not in self._said:
            self._said.add(name)
            self._notify(
                f"{self._source.path}: its column {name!r} is left out, the result has one of that name"
            )


_READERS: dict[str, Callable[[Source, IO[bytes], Columns, Notify], Iterator[Record | Failure]]] = {
    "txt": _read_txt,
    "jsonl": _read_jsonl,
    "csv": _read_csv,
}
