"""Time projner and its peers on the same texts; see README.md."""

from __future__ import annotations

import argparse
import json
import lzma
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def read_documents(path: Path, characters: int) -> list[str]:
    """Documents parted by blank lines, drawn at random (always the same way) until they hold `characters`."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        documents = [document for document in file.read().split("\n\n") if document.strip()]
    random.Random(0).shuffle(documents)
    size = 0
    for count, document in enumerate(documents):
        if size >= characters:
            return documents[:count]
        size += len(document)
    return documents


def run_peer(task: str, peer: str, python: str, texts: Path, rounds: int) -> dict[str, float]:
    """Run one peer in its own Python, on one core where the system lets us choose."""
    command = [python, str(HERE / task / f"{peer}.py"), str(texts), str(rounds)]
    if hasattr(os, "sched_getaffinity"):
        command = ["taskset", "-c", str(min(os.sched_getaffinity(0))), *command]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{peer} failed:\n{done.stderr[-2000:]}")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=sorted(p.name for p in HERE.iterdir() if (p / "projner.py").exists()))
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--characters", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--python", action="append", default=[], metavar="PEER=PATH")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    documents = read_documents(options.texts, options.characters)
    size = sum(map(len, documents))
    print(f"{len(documents)} documents, {size} characters, best of {options.rounds} rounds")
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "texts.json"
        texts.write_text(json.dumps(documents), encoding="utf-8")
        for item in options.python:
            peer, _, python = item.partition("=")
            figures = run_peer(options.task, peer, python, texts, options.rounds)
            results[peer] = {**figures, "characters_per_second": round(size / figures["seconds"])}
            print(
                f"{peer:<14}{figures['seconds']:>10.2f} s{size / figures['seconds']:>14,.0f} characters/s",
                end="",
            )
            print(f"{figures['found']:>10} amounts")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
