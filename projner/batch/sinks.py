"""Where rows go. A sink says up to where its output is safe, and can be taken back to such a point."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from projner.batch.encode import json_line
from projner.batch.sources import Failure
from projner.rows import Row

_BUFFER = 1 << 20
_PART_BYTES = 64 << 20
_GROUP_ROWS = 500

State = dict[str, int]


class Sink(Protocol):
    """Takes encoded rows in order."""

    def write(self, payload: Any) -> None:
        """Take what the encoder made of one document."""

    def due(self, seconds: float) -> bool:
        """Whether it is time for a checkpoint, so many seconds after the last one."""

    def checkpoint(self) -> State:
        """Bring everything taken so far safely to the disk; returns the state from which to go on."""

    def close(self) -> None:
        """Let go of the output; what came after the last checkpoint may be lost."""


class StreamSink:
    """Standard output.

    Args:
        header: what it starts with.
    """

    def __init__(self, header: bytes = b"") -> None:
        sys.stdout.buffer.write(header)

    def write(self, payload: bytes) -> None:
        sys.stdout.buffer.write(payload)

    def due(self, seconds: float) -> bool:
        return True  # whoever reads the other end of a pipe gets each batch at once

    def checkpoint(self) -> State:
        sys.stdout.buffer.flush()
        return {}

    def close(self) -> None:
        pass


class AppendSink:
    """A file that is appended to and synced at checkpoints.

    Args:
        path: the file.
        header: what a new file starts with.
        state: where to go on; None starts a new file.
        interval: seconds between checkpoints.
    """

    def __init__(
        self, path: Path, *, header: bytes = b"", state: State | None = None, interval: float = 2.0
    ) -> None:
        flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
        self._file = os.open(path, flags | (os.O_TRUNC if state is None else 0), 0o666)
        self._interval = interval
        self._buffer = bytearray(header if state is None else b"")
        self._written = 0
        if state is not None:
            os.ftruncate(self._file, state["bytes"])
            self._written = os.lseek(self._file, 0, os.SEEK_END)

    def write(self, payload: bytes) -> None:
        self._buffer += payload
        if len(self._buffer) >= _BUFFER:
            self._flush()

    def _flush(self) -> None:
        view = memoryview(bytes(self._buffer))
        self._buffer.clear()
        while view:
            count = os.write(self._file, view)
            self._written += count
            view = view[count:]

    def due(self, seconds: float) -> bool:
        return seconds >= self._interval

    def checkpoint(self) -> State:
        self._flush()
        os.fsync(self._file)
        return {"bytes": self._written}

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


class ErrorSink:
    """OUT.errors.jsonl: one object a failure; there is no such file as long as nothing failed."""

    def __init__(self, path: Path | None, state: State | None) -> None:
        self._path, self._state = path, state or {"bytes": 0}
        self._sink: AppendSink | None = None
        if path is not None and not self._state["bytes"]:
            path.unlink(missing_ok=True)
        elif path is not None:
            self._sink = AppendSink(path, state=self._state)

    def write(self, failure: Failure) -> None:
        if self._path is None:
            return
        if self._sink is None:
            self._sink = AppendSink(self._path)
        self._sink.write(json_line({"file": failure.path, "row": failure.row, "reason": failure.reason}))

    def checkpoint(self) -> State:
        return self._state if self._sink is None else self._sink.checkpoint()

    def close(self) -> None:
        if self._sink is not None:
            self._sink.close()


class ParquetSink:
    """A folder of part files; each is written under another name and moved into place when it is whole.

    Args:
        folder: the folder.
        schema: the columns (`projner.batch.schema.table_schema`).
        refuse: takes a row that does not fit the columns, with the reason.
        state: where to go on; None starts anew.
        part_rows: rows of a part; a part is also closed when it is large enough.
    """

    def __init__(
        self,
        folder: Path,
        schema: Any,
        *,
        refuse: Callable[[Row, str], None],
        state: State | None = None,
        part_rows: int = 20_000,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._schema, self._refuse = folder, schema, refuse
        self._part = 0 if state is None else state["parts"]
        for path in folder.iterdir():
            if path.name.startswith(".part-") or (
                path.name.startswith("part-") and _number(path) >= self._part
            ):
                path.unlink()
        self._part_rows = part_rows
        self._rows: list[Row] = []
        self._writer: Any = None
        self._count = 0

    def write(self, payload: list[Row]) -> None:
        self._rows.extend(payload)
        if len(self._rows) >= _GROUP_ROWS:
            self._group()

    def _group(self) -> None:
        import pyarrow.parquet as pq

        rows, self._rows = self._rows, []
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._draft, self._schema, compression="zstd")
        table = self._table(rows)
        self._count += table.num_rows
        self._writer.write_table(table)

    def _table(self, rows: list[Row]) -> Any:
        import pyarrow as pa

        from projner.batch.schema import table_row

        try:
            return pa.Table.from_pylist([table_row(row, self._schema) for row in rows], schema=self._schema)
        except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
            if len(rows) == 1:
                self._refuse(rows[0], str(error).splitlines()[0])
                return pa.Table.from_pylist([], schema=self._schema)
            return pa.concat_tables([self._table([row]) for row in rows])

    @property
    def _draft(self) -> Path:
        return self._folder / f".part-{self._part:05d}.parquet"

    def due(self, seconds: float) -> bool:
        if self._count + len(self._rows) >= self._part_rows:
            return True
        return self._writer is not None and self._draft.stat().st_size >= _PART_BYTES

    def checkpoint(self) -> State:
        if self._rows or (self._part == 0 and self._writer is None):
            self._group()  # an empty input gives an empty table, not an empty folder
        if self._writer is not None:
            self._writer.close()
            self._writer = None
            _sync(self._draft)
            os.replace(self._draft, self._folder / self._draft.name[1:])
            _sync(self._folder)
            self._part += 1
            self._count = 0
        return {"parts": self._part}

    def close(self) -> None:
        self._rows.clear()
        if self._writer is not None:
            writer, self._writer = self._writer, None
            with suppress(OSError):  # a full disk; the draft goes anyway
                writer.close()
            self._draft.unlink(missing_ok=True)


def _number(path: Path) -> int:
    digits = path.stem.removeprefix("part-")
    return int(digits) if digits.isdigit() else -1


def _sync(path: Path) -> None:
    """A rename is only safe when the file and its folder are on the disk. Windows cannot open folders."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
