"""What every peer's script does: read the texts, load, warm up, time the calls."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

Span = tuple[int, int, str]  # start and end in characters, label
Tag = Callable[[list[str]], list[list[Span]]]

_MEBIBYTE = 1024 if sys.platform != "darwin" else 1024**2  # ru_maxrss counts kibibytes, on macOS bytes


def measure(call: Callable[[str], Any], warm_up: str = "总投资1.5亿元。") -> None:
    """Time `call` over the texts of the command line; print the best seconds and what was found."""
    documents, rounds = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), int(sys.argv[2])
    call(warm_up)
    best, found = float("inf"), 0
    for _ in range(rounds):
        start = time.process_time()
        found = sum(len(call(document) or ()) for document in documents)
        best = min(best, time.process_time() - start)
    print(json.dumps({"seconds": best, "found": found}))


def measure_tagger(load: Callable[[], Tag], package: str) -> None:
    """Load a tagger, time it over the texts of the command line, print the figures.

    Loading is what passes from the first import to the end of the first, short text. With a third argument
    the spans of the last round are written there as JSON, one list a document.
    """
    documents, rounds = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), int(sys.argv[2])
    begun, begun_cpu = time.perf_counter(), time.process_time()
    tag = load()
    tag(["集安市项目总投资1.5亿元。"])
    figures: dict[str, float | str] = {
        "version": version(package),
        "load": time.perf_counter() - begun,
        "load_cpu": time.process_time() - begun_cpu,
        "loaded_memory": _peak(),
        "seconds": float("inf"),
        "wall": float("inf"),
    }
    spans: list[list[Span]] = []
    for _ in range(rounds):
        start, start_cpu = time.perf_counter(), time.process_time()
        spans = tag(documents)
        figures["seconds"] = min(float(figures["seconds"]), time.process_time() - start_cpu)
        figures["wall"] = min(float(figures["wall"]), time.perf_counter() - start)
    figures |= {"memory": _peak(), "found": sum(map(len, spans))}
    if len(sys.argv) > 3:
        Path(sys.argv[3]).write_text(json.dumps(spans), encoding="utf-8")
    print(json.dumps(figures))


def _peak() -> float:
    """The largest resident memory so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEBIBYTE
