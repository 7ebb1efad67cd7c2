"""Resident memory over a long run: `projner tag` in one process, articles repeated until there are enough.

    python tests/benchmarks/memory.py raw_news.txt.xz [--documents 200000] [--after 10000] [--cut 150]

Prints resident memory after each `--after` documents, its peak, and what the last document left above the
first reading. The file's articles are parted by blank lines (`.xz` may stay packed). Exit code 1 where memory
grew by more than `--limit` MB. Needs psutil (extra `bench`).
"""

from __future__ import annotations

import argparse
import itertools
import json
import lzma
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from projner.batch.options import Options, Summary
from projner.batch.run import tag_files

MB = 1e6


def articles(source: Path) -> Iterator[str]:
    """The articles of a file, again and again, read as they are asked for: what this script would hold and
    let go before the run could hide what the run takes."""
    opener = lzma.open if source.suffix == ".xz" else open
    while True:
        with opener(source, "rt", encoding="utf-8") as file:
            blocks = itertools.groupby(file, key=lambda line: bool(line.strip()))
            yield from ("".join(lines).rstrip("\n") for filled, lines in blocks if filled)


def write_input(source: Path, target: Path, documents: int, cut: int | None) -> int:
    """Write so many articles, one JSON object a line; gives the characters."""
    characters = 0
    with target.open("w", encoding="utf-8") as file:
        for number, text in enumerate(itertools.islice(articles(source), documents)):
            characters += len(text[:cut])
            file.write(json.dumps({"id": f"d{number}", "text": text[:cut]}, ensure_ascii=False) + "\n")
    return characters


class Watch:
    """Reads this process's resident memory, in bytes, after each batch; prints it each `step` documents."""

    def __init__(self, step: int) -> None:
        self.step, self.process = step, psutil.Process()
        self.first: tuple[int, int] | None = None
        self.last, self.peak, self.next = (0, 0), 0, step

    def __call__(self, position: int, summary: Summary) -> None:
        # After the run the pipeline is gone: what counts is the last batch.
        self.last = summary.documents, self.process.memory_info().rss
        self.peak = max(self.peak, self.last[1])
        if summary.documents >= self.next:
            self.first = self.first or self.last
            self.next += self.step
            print(f"{self.last[0]:>9,} documents {self.last[1] / MB:>8,.1f} MB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", type=Path)
    parser.add_argument("--documents", type=int, default=200_000)
    parser.add_argument("--after", type=int, default=10_000, help="first reading, and one each so many more")
    parser.add_argument("--cut", type=int, default=None, help="only so many characters of each article")
    parser.add_argument("--limit", type=float, default=50.0, help="MB")
    parser.add_argument("--model")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source, output = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
        characters = write_input(given.articles, source, given.documents, given.cut)
        watch = Watch(given.after)
        begun = time.process_time()
        summary = tag_files([str(source)], output, Options(model=given.model), advance=watch)
        seconds = time.process_time() - begun
    first, before = watch.first or watch.last
    last, after = watch.last
    print(f"{last:,} documents, {characters:,} characters, {seconds:,.0f} s CPU, {summary.failures} failures")
    grown = (after - before) / MB
    print(f"peak {watch.peak / MB:,.1f} MB; from document {first:,} to the end {grown:+.1f} MB")
    if last != given.documents or grown > given.limit:
        sys.exit(1)


if __name__ == "__main__":
    main()
