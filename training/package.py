"""Put a trained pipeline into the package as the default one, with what it says of itself.

    python training/package.py PIPELINE FIGURES.json OUT [--news ROWS.jsonl]

OUT is replaced. FIGURES is what `evaluate.py` writes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from thinc.api import Config

from projner import __version__

SOURCES = [
    "texts written for projner (MIT)",
    "the two seed articles",
    "annotated news of likgjava/eb and DuckBurnIncense/xin-wen-lian-bo",
]


def described(meta: dict[str, Any], figures: dict[str, Any], *, news: bool) -> dict[str, Any]:
    """The meta.json of the default pipeline; `projner info` shows it."""
    return {
        **meta,
        "name": "projner_default",
        "version": __version__,
        "description": "Regions, companies and amounts of money in Chinese business and project news",
        "author": "projner maintainers",
        "license": "MIT",
        "corpus": "corpus/authored, corpus/seeds" + (", corpus/news" if news else ""),
        "sources": SOURCES if news else SOURCES[:2],
        "performance": figures,
    }


def without_paths(config: Path) -> None:
    """Blank the files that the training read: they mean nothing elsewhere."""
    parsed = Config().from_disk(config, interpolate=False)
    parsed["paths"] = dict.fromkeys(parsed["paths"])
    parsed.to_disk(config)


def package(pipeline: Path, figures: dict[str, Any], out: Path, *, news: bool) -> int:
    """Copy the pipeline; returns its size in bytes."""
    new, old = out.with_name(out.name + ".new"), out.with_name(out.name + ".old")
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(pipeline, new)
    without_paths(new / "config.cfg")
    meta = json.loads((new / "meta.json").read_text(encoding="utf-8"))
    text = json.dumps(described(meta, figures, news=news), ensure_ascii=False, indent=2)
    (new / "meta.json").write_text(text + "\n", encoding="utf-8")
    if out.exists():
        out.rename(old)
    new.rename(out)
    shutil.rmtree(old, ignore_errors=True)
    return sum(file.stat().st_size for file in out.rglob("*") if file.is_file())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("pipeline", type=Path)
    parser.add_argument("figures", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--news", help="the annotated news that it was trained on; empty for none")
    args = parser.parse_args()
    if not (args.pipeline / "meta.json").is_file():
        sys.exit(f"{args.pipeline} is no pipeline; run revise.py first.")
    figures = json.loads(args.figures.read_text(encoding="utf-8"))
    size = package(args.pipeline, figures, args.out, news=bool(args.news))
    print(f"{args.out}: {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
