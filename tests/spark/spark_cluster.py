"""A standalone Spark cluster on loopback: one master and its workers, each a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
_START_SECONDS = 240


def environment(folder: Path) -> dict[str, str]:
    """What Spark needs to stay on loopback, small, and in a folder of its own."""
    import pyspark

    return {
        "SPARK_HOME": str(Path(pyspark.__file__).parent),
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_DAEMON_MEMORY": "256m",
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        "PYTHONHASHSEED": "0",
    }


@dataclass
class Daemon:
    """A master or a worker, and what it has started."""

    process: subprocess.Popen[bytes]
    log: Path

    def wait_for(self, pattern: str) -> str:
        """The first group of the pattern, once the log has it."""
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            found = re.search(pattern, self.log.read_text(errors="replace"))
            if found:
                return found[1]
            time.sleep(0.1)
        raise RuntimeError(f"no {pattern!r} in {self.log}:\n{self.log.read_text(errors='replace')[-3000:]}")

    def pids(self) -> list[int]:
        """Every living process of its session: itself, its executors, their Python workers."""
        return [pid for pid, session in _sessions() if session == self.process.pid]

    def kill(self) -> None:
        """All at once, as if the power went."""
        until = time.monotonic() + 20
        while (left := self.pids()) and time.monotonic() < until:
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=1)
            time.sleep(0.05)
        if left:
            raise RuntimeError(f"still running: {left}")


@dataclass
class Cluster:
    """A cluster that runs."""

    url: str
    master: Daemon
    workers: list[Daemon]


@contextmanager
def cluster(folder: Path, *, workers: int = 2, memory: str = "600m") -> Iterator[Cluster]:
    """A master and workers of one core; all their processes are gone afterwards, whatever happens."""
    daemons: list[Daemon] = []

    def start(name: str, *args: str) -> Daemon:
        spark_class = Path(environment(folder)["SPARK_HOME"]) / "bin" / "spark-class"
        log = folder / f"{name}-{len(daemons)}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [spark_class, f"org.apache.spark.deploy.{name}", *args],
                env=os.environ | environment(folder),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=folder,
                start_new_session=True,  # what it starts can be told from all else by its session
                preexec_fn=_die_with_parent,
            )
        daemons.append(Daemon(process, log))
        return daemons[-1]

    ports = ("--host", LOOPBACK, "--port", "0", "--webui-port", "0")  # free ones; the log names them
    try:
        master = start("master.Master", *ports)
        url = master.wait_for(r"Starting Spark master at (spark://127\.0\.0\.1:\d+)")
        size = ("--cores", "1", "--memory", memory, "--work-dir", str(folder / "work"))
        started = [start("worker.Worker", *ports, *size, url) for _ in range(workers)]
        for worker in started:
            worker.wait_for(r"(Successfully registered) with master")
        yield Cluster(url, master, started)
    finally:
        failures = []
        for daemon in reversed(daemons):
            try:
                daemon.kill()
            except RuntimeError as error:
                failures.append(str(error))
        if failures:
            raise RuntimeError("; ".join(failures))


def _die_with_parent() -> None:
    """A test run that is itself killed leaves nothing behind: executors end with their worker (Linux)."""
    import ctypes

    set_death_signal = 1
    ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)


def wait(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Until the condition holds; an error if it does not come to hold."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.02)


def _sessions() -> Iterator[tuple[int, int]]:
    """(process, its session) of all that are alive, zombies left out."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ProcessLookupError):
            state, _, _, session = path.read_text().rpartition(")")[2].split()[:4]
            if state != "Z":
                yield int(path.parent.name), int(session)
