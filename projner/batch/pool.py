"""Batches over several processes: order kept, a process that dies replaced, its batch tried once more one
document at a time, so that only the document that it dies on is lost.

`concurrent.futures` and `multiprocessing.Pool` give no such thing: the first gives up as a whole when a
process dies, the second waits for ever.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import IO, TypeVar

from projner.batch.tagging import Outcome, Task
from projner.errors import Errors

Tag = Callable[[Sequence[Task]], list[Outcome]]
Batch = TypeVar("Batch")
Make = Callable[[], Tag]
# Batches under way for each worker: enough that none waits while a long document holds up the order.
_AHEAD = 4
# So many deaths without one document done between them are no matter of the documents.
_GIVE_UP = 5
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")


class _Died(Exception):
    pass


class _Worker:
    """One process; started when it is first needed."""

    def __init__(self, make: bytes) -> None:
        self._make = make
        self._process: subprocess.Popen[bytes] | None = None
        self._deaths = 0
        self._closed = False

    def tag(self, tasks: Sequence[Task]) -> list[Outcome]:
        try:
            return self._ask(tasks)
        except _Died:
            return [self._retry(task) for task in tasks]

    def _retry(self, task: Task) -> Outcome:
        try:
            return self._ask([task])[0]
        except _Died:
            return Outcome(error=str(Errors.P518.format()))

    def _ask(self, tasks: Sequence[Task]) -> list[Outcome]:
        requests, replies = self._pipes()
        try:
            pickle.dump(list(tasks), requests, protocol=pickle.HIGHEST_PROTOCOL)
            requests.flush()
            outcomes: list[Outcome] = pickle.load(replies)
        except (OSError, EOFError, pickle.UnpicklingError):
            self.stop()
            self._deaths += 1
            if self._deaths >= _GIVE_UP or self._closed:
                raise Errors.P731.format(count=self._deaths) from None
            raise _Died from None
        self._deaths = 0
        return outcomes

    def start(self) -> None:
        """Start the process; it is ready after `wait_ready`."""
        environment = dict.fromkeys(_THREADS, "1") | os.environ
        environment["PYTHONPATH"] = os.pathsep.join(path or os.getcwd() for path in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "projner.batch.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )

    def wait_ready(self) -> None:
        """Wait until the tagger is made.

        Raises:
            ProjnerError: it cannot be made.
        """
        requests, replies = self._pipes()
        try:
            requests.write(self._make)
            requests.flush()
            reason = pickle.load(replies)
        except (OSError, EOFError, pickle.UnpicklingError):
            reason = "it died at once"
        if reason is not None:
            self.stop()
            raise Errors.P730.format(reason=reason)

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            self.start()
            self.wait_ready()
        assert self._process is not None
        assert self._process.stdin is not None and self._process.stdout is not None
        return self._process.stdin, self._process.stdout

    def close(self) -> None:
        """Stop for good, whatever its thread is waiting for."""
        self._closed = True
        self.stop()

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # what was still to be flushed has no reader any more
                if pipe is not None:
                    pipe.close()
        process.wait()


@contextmanager
def workers(make: Make, count: int) -> Iterator[Tag]:
    """So many processes, each with a tagger of its own.

    Args:
        make: makes the tagger in the process; has to be picklable.
        count: how many processes.

    Yields:
        A function that tags a batch in whichever process is free; as many threads as processes may call it.

    Raises:
        ProjnerError: the tagger cannot be made.
    """
    packed = pickle.dumps(make)
    everyone = [_Worker(packed) for _ in range(count)]
    idle: SimpleQueue[_Worker] = SimpleQueue()

    def tag(tasks: Sequence[Task]) -> list[Outcome]:
        worker = idle.get()
        try:
            return worker.tag(tasks)
        finally:
            idle.put(worker)

    try:
        for worker in everyone:
            worker.start()
        for worker in everyone:
            worker.wait_ready()
            idle.put(worker)
        yield tag
    finally:
        for worker in everyone:
            worker.close()


def in_order(
    batches: Iterable[Batch], tag: Tag, count: int, *, tasks: Callable[[Batch], Sequence[Task]]
) -> Iterator[tuple[Batch, list[Outcome]]]:
    """Tag batches, several at a time.

    Args:
        batches: whatever holds tasks; taken as they are needed.
        tag: out of `workers`.
        count: how many at a time.
        tasks: the tasks of a batch.

    Yields:
        Each batch with the outcomes of its tasks, in order.
    """
    waiting: deque[tuple[Batch, Future[list[Outcome]]]] = deque()
    # One thread a process: it only waits for it.
    threads = ThreadPoolExecutor(count)
    try:
        for batch in batches:
            waiting.append((batch, threads.submit(tag, tasks(batch))))
            if len(waiting) >= count * _AHEAD:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
