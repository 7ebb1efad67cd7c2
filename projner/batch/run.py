"""`projner tag` without the command line: files in, rows out, streaming."""

from __future__ import annotations

import codecs
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from projner.batch import progress as records
from projner.batch.encode import column_names, csv_lines, encoder
from projner.batch.ids import Ids
from projner.batch.options import OUTPUTS, Options, Summary
from projner.batch.pool import Make, Tag, in_order, workers
from projner.batch.progress import Progress
from projner.batch.readers import Notify, Position, Record, read
from projner.batch.sinks import AppendSink, ErrorSink, ParquetSink, Sink, StreamSink
from projner.batch.sources import STDIN, Failure, Source, find_sources
from projner.batch.tagging import Outcome, Tagger, Task
from projner.errors import Errors
from projner.rows import Row

# A batch is large enough to make up for its way through a pipe and small enough to keep memory flat.
_BATCH_CHARACTERS = 30_000
_BATCH_ITEMS = 256
_LINKER = "projner_region_linker"

Item = Record | Failure
Advance = Callable[[int, Summary], None]


def tag_files(
    inputs: Sequence[str],
    output: Path | None = None,
    options: Options | None = None,
    *,
    notify: Notify = lambda line: None,
    advance: Advance = lambda position, summary: None,
    make: Make | None = None,
) -> Summary:
    """Tag files and write what was found.

    Args:
        inputs: files, folders, globs, or `-` for standard input.
        output: .jsonl, .csv or .parquet (a folder of parts); None writes to standard output, JSONL or (a row
            a project) CSV.
        options: how.
        notify: takes one line for each thing that went wrong or that the user should know.
        advance: takes the bytes read and the summary so far, after each batch.
        make: makes the tagger (in each worker), instead of the pipeline of the options.

    Returns:
        The summary; `failures` counts what could not be done, each of which was named.

    Raises:
        ProjnerError: wrong use, before anything is tagged. A row that fails is no exception.
        OSError: standard output cannot be written.
    """
    run = _Run(list(inputs), output, options or Options(), notify, advance, make)
    started = time.monotonic()
    try:
        run.run()
    finally:
        run.summary.seconds = time.monotonic() - started
    return run.summary


def output_kind(output: Path | None, *, projects: bool = False) -> str:
    """jsonl, csv or parquet, by the suffix; standard output is JSONL, or CSV where a row is a project.

    Raises:
        ProjnerError: another suffix.
    """
    if output is None:
        return "csv" if projects else "jsonl"
    if output.suffix.lower() not in OUTPUTS:
        raise Errors.P710.format(path=output, known=", ".join(OUTPUTS))
    return OUTPUTS[output.suffix.lower()]


def make_tagger(options: Options, kind: str, extra: Sequence[str]) -> Tagger:
    """The tagger of a run; a worker makes its own.

    Args:
        options: the options of the run.
        kind: what is written (jsonl, csv, parquet).
        extra: the columns passed through, for the kinds with fixed columns.

    Raises:
        ProjnerError: the pipeline cannot be loaded, or does not know the place.
    """
    from projner import load

    try:
        nlp = load(options.model)
    except Exception as error:
        lines = str(error).strip().splitlines()
        reason = f"{type(error).__name__}: {lines[0] if lines else ''}"
        raise Errors.P715.format(name=options.model or "that ships with projner", reason=reason) from None
    if options.place is not None and _LINKER in nlp.pipe_names:
        linker: Any = nlp.get_pipe(_LINKER)
        if linker.gazetteer.resolve(options.place) is None:
            raise Errors.P717.format(place=options.place)
    write = encoder(kind, flat=options.flat, text=options.text, extra=extra, projects=options.projects)
    # A project's quantities are read out of the text, written or not.
    return Tagger(nlp, write, text=options.text or options.projects)


class _Run:
    """One run: what it was asked for, and how far it is."""

    def __init__(
        self,
        inputs: list[str],
        output: Path | None,
        options: Options,
        notify: Notify,
        advance: Advance,
        make: Make | None,
    ) -> None:
        self.inputs, self.output, self.options = inputs, output, options
        self.notify, self.advance, self.make = notify, advance, make
        self.kind = output_kind(output, projects=self.options.projects)
        self.record_path = None if output is None else records.path_for(output)
        self.errors_path = None if output is None else records.errors_path_for(output)
        self.position = Position()
        self.summary = Summary()
        self.ids = Ids()
        self.interrupted = False

    def run(self) -> None:
        self._check()
        items = self._items()
        if self.options.resume and self.record_path is not None and self.record_path.exists():
            progress = records.load(self.record_path, self._settings())
            self._skip(items, progress)
        elif self.options.resume and self.output is not None and self.output.exists():
            self.notify(
                f"{self.output} is finished: no unfinished run is recorded beside it, nothing to resume"
            )
            return
        else:
            progress = Progress(self._settings())
            items = self._plan(items, progress)
        make = self.make or partial(make_tagger, self.options, self.kind, progress.columns)
        try:
            # The pipeline is loaded before anything is written: a wrong name leaves no output behind.
            with self._tagger(make) as tag:
                self._write(self._tagged(items, tag), progress)
        except OSError as error:
            if self.output is None:
                raise
            again = "; when that is mended, go on with --resume" if self.record_path_exists() else ""
            self.summary.stopped = f"{self.output} cannot be written: {error.strerror or error}{again}"

    def record_path_exists(self) -> bool:
        return self.record_path is not None and self.record_path.exists()

    # --- before the first row

    def _check(self) -> None:
        if self.options.flat and self.options.projects:
            raise Errors.P719.format()
        if self.options.bom and self.kind != "csv":
            raise Errors.P723.format(kind={"jsonl": "JSONL", "parquet": "Parquet"}[self.kind])
        if self.options.resume and self.output is None:
            raise Errors.P713.format()
        if self.options.resume and STDIN in self.inputs:
            raise Errors.P714.format()
        if self.output is None:
            return
        if any(
            os.path.realpath(item) == os.path.realpath(self.output) for item in self.inputs if item != STDIN
        ):
            raise Errors.P712.format(path=self.output)
        if not self.output.parent.is_dir():
            raise Errors.P711.format(path=self.output, reason=f"there is no folder {self.output.parent}")
        if self.kind != "parquet" and self.output.is_dir():
            raise Errors.P711.format(path=self.output, reason="it is a folder")
        if self.kind == "parquet" and self.output.is_file():
            raise Errors.P711.format(
                path=self.output, reason="it is a file; Parquet is written as a folder of parts"
            )
        if self.record_path_exists() and not self.options.resume:
            raise Errors.P716.format(path=self.output, progress=self.record_path)

    def _settings(self) -> dict[str, Any]:
        """What has to be the same when a run goes on."""
        options = self.options
        return {
            "inputs": self.inputs,
            "--format": options.kind,
            "--model": options.model,
            "--text-column": options.columns.text,
            "--id-column": options.columns.id,
            "--place-column": options.columns.place,
            "--place": options.place,
            "--no-text": not options.text,
            "--flat": options.flat,
            "--projects": options.projects,
            "--bom": options.bom,
        }

    def _plan(self, items: Iterator[Item], progress: Progress) -> Iterator[Item]:
        """Kinds of output with fixed columns take them from the first document."""
        if self.kind == "jsonl":
            return items
        ahead: list[Item] = []
        for item in items:
            ahead.append(item)
            if isinstance(item, Record):
                progress.columns = list(item.extra)
                progress.typed_by = item.path if item.path.lower().endswith(".parquet") else None
                break
        return chain(ahead, items)

    def _skip(self, items: Iterator[Item], progress: Progress) -> None:
        """Pass over what is written already, and see that it is still the same."""
        digest = 0
        for _ in range(progress.items):
            item = next(items, None)
            if item is None:
                break
            digest = _digest(digest, item)
            self.ids.add(item)
        if digest != progress.digest:
            raise Errors.P722.format(count=progress.items)
        totals = dict(progress.totals)
        self.summary.labels = Counter(totals.pop("labels", {}))
        for name, count in totals.items():
            setattr(self.summary, name, count)

    # --- reading and tagging

    def _items(self) -> Iterator[Item]:
        own = [path for path in (self.output, self.errors_path, self.record_path) if path is not None]
        for source in find_sources(
            self.inputs, kind=self.options.kind, skip=[os.fspath(path) for path in own]
        ):
            if isinstance(source, Failure):
                yield source
            else:
                yield from self._read(source)

    def _read(self, source: Source) -> Iterator[Item]:
        return read(source, self.options.columns, self.notify, self.position)

    @contextmanager
    def _tagger(self, make: Make) -> Iterator[Tag]:
        if self.options.workers > 1:
            with workers(make, self.options.workers) as tag:
                yield tag
        else:
            yield make()

    def _tagged(self, items: Iterable[Item], tag: Tag) -> Iterator[tuple[list[Item], list[Outcome]]]:
        if self.options.workers > 1:
            return in_order(batches(items), tag, self.options.workers, tasks=self._tasks)
        return ((batch, tag(self._tasks(batch))) for batch in batches(items))

    def _tasks(self, batch: Iterable[Item]) -> list[Task]:
        return [
            Task(item.id, item.text, item.extra, item.place or self.options.place)
            for item in batch
            if isinstance(item, Record)
        ]

    # --- writing

    def _write(self, tagged: Iterator[tuple[list[Item], list[Outcome]]], progress: Progress) -> None:
        with self._outputs(progress) as (sink, errors), self._interruptible():
            saved = time.monotonic()
            for batch, outcomes in tagged:
                finished = self._take(batch, iter(outcomes), sink, errors, progress)
                self.advance(self.position.at, self.summary)
                if not finished or self.interrupted or sink.due(time.monotonic() - saved):
                    self._save(sink, errors, progress)
                    saved = time.monotonic()
                if not finished or self.interrupted:
                    self._stop(tagged)
                    return
            self._save(sink, errors, progress)
        if self.record_path is not None:
            self.record_path.unlink(missing_ok=True)

    def _stop(self, tagged: Any) -> None:
        tagged.close()
        self.summary.interrupted = self.interrupted
        self.summary.failures += not self.interrupted
        again = " (go on with --resume)" if self.record_path_exists() else ""
        self.summary.stopped = f"stopped{'' if self.interrupted else ' at the first failure'}{again}"

    def _take(
        self,
        batch: list[Item],
        outcomes: Iterator[Outcome],
        sink: Sink,
        errors: ErrorSink,
        progress: Progress,
    ) -> bool:
        """Write a batch; False where a strict run ends before the row that failed."""
        for item in batch:
            outcome = next(outcomes) if isinstance(item, Record) else None
            failure = item if isinstance(item, Failure) else _failure(item, outcome)
            if failure is not None:
                self.notify(str(failure))
                if self.options.strict:
                    return False
                self.summary.failures += 1
                errors.write(failure)
            elif isinstance(item, Record) and outcome is not None:
                if message := self.ids.add(item):
                    self.summary.duplicates += 1
                    self.notify(message)
                sink.write(outcome.payload)
                self.summary.documents += 1
                self.summary.characters += len(item.text)
                self.summary.labels += outcome.labels
            progress.items += 1
            progress.digest = _digest(progress.digest, item)
        return True

    @contextmanager
    def _outputs(self, progress: Progress) -> Iterator[tuple[Sink, ErrorSink]]:
        if self.record_path is not None and progress.output is None:
            # First the record, then the output: an output without a record is a finished one.
            records.save(progress, self.record_path)
        errors = ErrorSink(self.errors_path, progress.errors)
        sink: Sink | None = None
        try:
            sink = self._sink(progress, errors)
            yield sink, errors
        finally:
            errors.close()
            if sink is not None:
                sink.close()

    def _sink(self, progress: Progress, errors: ErrorSink) -> Sink:
        options, columns = self.options, progress.columns
        if self.output is None:
            return StreamSink(self._header(columns))
        if self.kind == "parquet":
            from projner.batch.schema import column_types, table_schema

            types = column_types(columns, progress.typed_by)
            schema = table_schema(
                flat=options.flat, text=options.text, extra=types, projects=options.projects
            )
            return ParquetSink(
                self.output,
                schema,
                refuse=partial(self._refuse, errors),
                state=progress.output,
                part_rows=options.part_rows,
            )
        return AppendSink(
            self.output, header=self._header(columns), state=progress.output, interval=options.interval
        )

    def _header(self, columns: Sequence[str]) -> bytes:
        options = self.options
        if self.kind != "csv":
            return b""
        names = column_names(flat=options.flat, text=options.text, extra=columns, projects=options.projects)
        return (codecs.BOM_UTF8 if options.bom else b"") + csv_lines([names])

    def _refuse(self, errors: ErrorSink, row: Row, reason: str) -> None:
        failure = Failure(str(row.get("id")), None, f"a column does not fit the others: {reason}")
        self.summary.failures += 1
        self.summary.documents -= 1
        self.notify(str(failure))
        errors.write(failure)

    def _save(self, sink: Sink, errors: ErrorSink, progress: Progress) -> None:
        progress.output = sink.checkpoint()
        progress.errors = errors.checkpoint()
        summary = self.summary
        progress.totals = {
            "documents": summary.documents,
            "failures": summary.failures,
            "duplicates": summary.duplicates,
            "labels": dict(summary.labels),
        }
        if self.record_path is not None:
            records.save(progress, self.record_path)

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        """The first Ctrl-C ends the run at the next batch, with all of it written; the second at once."""
        if self.output is None or threading.current_thread() is not threading.main_thread():
            yield
            return

        def interrupt(number: int, frame: object) -> None:
            if self.interrupted:
                raise KeyboardInterrupt
            self.interrupted = True

        before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                with suppress(TypeError):  # a handler that was not set from Python
                    signal.signal(number, handler)


def _failure(record: Record, outcome: Outcome | None) -> Failure | None:
    if outcome is None or outcome.error is None:
        return None
    return Failure(record.path, record.row, outcome.error)


def _digest(so_far: int, item: Item) -> int:
    if isinstance(item, Failure):
        return records.digest(so_far, item.path, item.row, item.reason)
    return records.digest(so_far, item.path, item.row, item.id, item.text)


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Items in groups of some 30,000 characters."""
    batch: list[Item] = []
    characters = 0
    for item in items:
        batch.append(item)
        characters += len(item.text) if isinstance(item, Record) else 0
        if characters >= _BATCH_CHARACTERS or len(batch) >= _BATCH_ITEMS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
