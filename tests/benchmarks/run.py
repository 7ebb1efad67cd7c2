"""Time projner and its peers on the same texts, compare them on annotated corpora; see README.md."""

from __future__ import annotations

import argparse
import datetime
import json
import lzma
import os
import platform
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tagger._quality import cells, compare, read_corpus

HERE = Path(__file__).parent
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
SPEED = {  # heading: (figure, format)
    "tool": ("peer", ""),
    "version": ("version", ""),
    "load, s": ("load", ".2f"),
    "load, CPU s": ("load_cpu", ".2f"),
    "CPU, s": ("seconds", ".2f"),
    "characters a CPU second": ("characters_per_second", ",.0f"),
    "wall, s": ("wall", ".2f"),
    "characters a wall second": ("characters_per_wall_second", ",.0f"),
    "peak memory, MiB": ("memory", ",.0f"),
    "found": ("found", ",.0f"),
}
QUALITY = (
    "corpus",
    "compared",
    "tool",
    "gold",
    "found",
    "precision",
    "recall",
    "F1",
    "precision, overlap",
    "recall, overlap",
)


def read_documents(path: Path, characters: int, number: int | None = None) -> list[str]:
    """Documents parted by blank lines, drawn at random (always the same way), `number` of them or as many as
    hold `characters`."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        documents = [document for document in file.read().split("\n\n") if document.strip()]
    random.Random(0).shuffle(documents)
    if number is not None:
        return documents[:number]
    size = 0
    for count, document in enumerate(documents):
        if size >= characters:
            return documents[:count]
        size += len(document)
    return documents


def peers_of(task: str) -> list[str]:
    """The peers that have a script, projner first."""
    names = sorted(path.stem for path in (HERE / task).glob("[!_]*.py"))
    return sorted(names, key=lambda name: name != "projner")


def run_peer(
    task: str, peer: str, python: str, documents: list[str], rounds: int, spans: bool = False
) -> dict[str, Any]:
    """Run one peer in its own Python, on one core where we can choose; its figures and, if asked, spans."""
    with tempfile.TemporaryDirectory() as folder:
        texts, out = Path(folder) / "texts.json", Path(folder) / "spans.json"
        texts.write_text(json.dumps(documents), encoding="utf-8")
        command = [python, str(HERE / task / f"{peer}.py"), str(texts), str(rounds), *([str(out)] * spans)]
        if hasattr(os, "sched_getaffinity"):
            command = ["taskset", "-c", str(min(os.sched_getaffinity(0))), *command]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env={**os.environ, **ONE_THREAD}
        )
        if done.returncode:
            raise SystemExit(f"{peer} failed:\n{done.stderr[-2000:]}")
        figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        if spans:
            figures["spans"] = json.loads(out.read_text(encoding="utf-8"))
        return figures


def table(heading: Iterable[str], lines: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    heading = list(heading)
    return "\n".join("| " + " | ".join(line) + " |" for line in (heading, ["---"] * len(heading), *lines))


def speed(
    task: str, pythons: dict[str, str], documents: list[str], rounds: int, passes: int
) -> dict[str, dict[str, Any]]:
    """The best figures of each peer over `passes` processes, the peers taking turns; the most memory."""
    size = sum(map(len, documents))
    results: dict[str, dict[str, Any]] = {}
    for number in range(passes):
        for peer, python in pythons.items():
            print(f"timing {peer}, {number + 1} of {passes}", file=sys.stderr)
            new = run_peer(task, peer, python, documents, rounds)
            for key, value in results.get(peer, {}).items():
                if isinstance(value, float):
                    new[key] = max(value, new[key]) if "memory" in key else min(value, new[key])
            results[peer] = new
    for peer, figures in results.items():
        figures |= {"peer": peer, "characters_per_second": size / figures["seconds"]}
        if "wall" in figures:
            figures["characters_per_wall_second"] = size / figures["wall"]
    return results


def quality(task: str, pythons: dict[str, str], corpora: dict[str, Path]) -> list[list[str]]:
    """Lines of the table of quality: corpus, what is compared, peer, figures."""
    rows = {name: read_corpus(path) for name, path in corpora.items()}
    documents = [text for corpus in rows.values() for text, _ in corpus]
    lines = []
    for number, (peer, python) in enumerate(pythons.items()):
        print(f"tagging with {peer}", file=sys.stderr)
        spans = iter(run_peer(task, peer, python, documents, 1, spans=True)["spans"])
        for place, (name, corpus) in enumerate(rows.items()):
            found = [[(start, end, label) for start, end, label in next(spans)] for _ in corpus]
            for kind, counts in compare(corpus, found).items():
                lines.append((place, kind, number, [name, kind, peer, *cells(kind, counts)]))
    lines.sort(key=lambda item: (item[0], "REGION" not in item[1], item[2]))
    return [line for *_, line in lines]


def processor() -> str:
    """The processor in general words."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def pairs(items: list[str], parser: argparse.ArgumentParser) -> dict[str, str]:
    """NAME=VALUE options as a dictionary."""
    for item in items:
        if "=" not in item:
            parser.error(f"not NAME=VALUE: {item}")
    return dict(item.split("=", 1) for item in items)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=sorted(p.name for p in HERE.iterdir() if (p / "projner.py").exists()))
    parser.add_argument("--texts", type=Path, help="raw texts to time on; without them nothing is timed")
    parser.add_argument("--characters", type=int, default=300_000, help="how much of the texts")
    parser.add_argument("--documents", type=int, help="so many documents of the texts instead")
    parser.add_argument("--rounds", type=int, default=3, help="repetitions in a process, the best counts")
    parser.add_argument(
        "--passes", type=int, default=1, help="processes a peer, taking turns, the best counts"
    )
    parser.add_argument("--python", action="append", default=[], metavar="PEER=PATH")
    parser.add_argument("--corpus", action="append", default=[], metavar="NAME=FILE", help="task tagger only")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    peers = peers_of(options.task)
    given, corpora = pairs(options.python, parser), pairs(options.corpus, parser)
    if unknown := given.keys() - set(peers):
        parser.error(f"no script for {', '.join(sorted(unknown))}; there are {', '.join(peers)}")
    if corpora and options.task != "tagger":
        parser.error("--corpus is for the task tagger")
    pythons = {peer: given[peer] for peer in peers if peer in given}

    print(f"# {options.task}: {datetime.date.today()}, {processor()}, one core")
    if left_out := [peer for peer in peers if peer not in given]:
        print(f"\nLeft out, no --python given: {', '.join(left_out)}.")
    if options.texts:
        documents = read_documents(options.texts, options.characters, options.documents)
        size = sum(map(len, documents))
        print(f"\n## Speed and memory\n\n{len(documents):,} documents, {size:,} characters, ", end="")
        print(f"best of {options.rounds} rounds in each of {options.passes} processes.\n")
        results = speed(options.task, pythons, documents, options.rounds, options.passes)
        columns = {
            head: (key, form)
            for head, (key, form) in SPEED.items()
            if all(key in figures for figures in results.values())
        }
        print(
            table(columns, ([f"{f[key]:{form}}" for key, form in columns.values()] for f in results.values()))
        )
        if options.json:
            options.json.write_text(json.dumps(results, indent=1), encoding="utf-8")
    if corpora:
        print("\n## Quality\n\nPer cent; exact spans, then spans that touch one of the other side.\n")
        lines = quality(options.task, pythons, {name: Path(path) for name, path in corpora.items()})
        print(table(QUALITY, lines))


if __name__ == "__main__":
    main(sys.argv[1:])
