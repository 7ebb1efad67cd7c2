"""What a second process gains: `projner tag --workers 2` beside two plain runs on a half of the input each.

    python tests/benchmarks/bench_workers.py ARTICLES.jsonl [--repeats 5] [--model NAME]

Each round runs one process, two plain ones and two workers one after the other, loading included; medians are
compared. Every process multiplies matrices in one thread: two that take both cores each would only hinder one
another, and the plain runs would be an easy match.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
RUN = "import sys; from projner.cli import main; main()"


def start(source: Path, out: Path, model: str | None, *more: str) -> subprocess.Popen[bytes]:
    """One `projner tag` in a process of its own."""
    arguments = ["tag", str(source), "-o", str(out), *more, *(["--model", model] if model else [])]
    command = [sys.executable, "-c", RUN, *arguments]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, env=os.environ | ONE_THREAD)


def seconds(runs: list[tuple[Path, tuple[str, ...]]], folder: Path, model: str | None) -> float:
    """Wall time until all runs are done."""
    begun = time.perf_counter()
    processes = [start(source, folder / f"{n}.jsonl", model, *more) for n, (source, more) in enumerate(runs)]
    codes = [process.wait() for process in processes]
    if any(codes):
        sys.exit(f"a run failed: exit codes {codes}")
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", type=Path)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--model")
    given = parser.parse_args()
    lines = given.articles.read_bytes().splitlines(keepends=True)
    characters = sum(len(json.loads(line)["text"]) for line in lines)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole, halves = folder / "whole.in.jsonl", [folder / f"half{n}.in.jsonl" for n in (0, 1)]
        whole.write_bytes(b"".join(lines))
        for n, half in enumerate(halves):
            half.write_bytes(b"".join(lines[n::2]))
        ways = {
            "one process": [(whole, ())],
            "two plain runs": [(half, ()) for half in halves],
            "--workers 2": [(whole, ("--workers", "2"))],
        }
        times: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(given.repeats):
            for way, runs in ways.items():
                times[way].append(seconds(runs, folder, given.model))
    median = {way: statistics.median(found) for way, found in times.items()}
    print(f"{len(lines):,} documents, {characters:,} characters, median of {given.repeats}")
    for way, found in median.items():
        gain = median["one process"] / found
        print(f"{way:15} {found:7.1f} s {characters / found:10,.0f} characters/s  gain {gain:.2f}")
    share = median["two plain runs"] / median["--workers 2"]
    print(f"share of the plain gain: {share:.2f}")


if __name__ == "__main__":
    main()
