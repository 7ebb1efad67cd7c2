"""Figures of a pipeline, as JSON for `package.py`.

    python training/evaluate.py PIPELINE CROSSVALIDATED.json OUT.json [--dev ROWS.jsonl] [--revision PIPELINE]

With --dev the figures are those on its rows, which must not have been trained on. Without it they are those
that `revise.py` found by cross-validation, which is said. With --revision the second pass is taken from that
pipeline, as for one that is trained without a page to report on it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import spacy

from projner.evaluate import evaluate_files, format_figures
from projner.tagger.component import Tagger

PARAMS = ("E", "T", "first", "last")


def with_revision(pipeline: Path, revision: Path, out: Path) -> None:
    """Save the pipeline with the second pass of another one."""
    nlp = spacy.load(pipeline)
    tagger, other = (p.get_pipe("projner_tagger") for p in (nlp, spacy.load(revision)))
    assert isinstance(tagger, Tagger) and isinstance(other, Tagger)
    layer = other.model.get_ref("revision")
    slope, offset = other.cfg["calibration"]
    params = [layer.get_param(name) for name in PARAMS]
    tagger.set_revision(params, other.cfg["evidence"], (slope, offset), other.cfg["thresholds"])
    nlp.to_disk(out)


def figures_on(gold: Path, pipeline: Path, revision: Path | None) -> dict[str, Any]:
    if revision is None:
        return evaluate_files(gold, model=str(pipeline)).figures()
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "pipeline"
        with_revision(pipeline, revision, whole)
        return evaluate_files(gold, model=str(whole)).figures()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("pipeline", type=Path)
    parser.add_argument("crossvalidated", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--dev", help="annotated rows with texts; empty for none")
    parser.add_argument("--revision", type=Path, help="take the second pass from this pipeline")
    args = parser.parse_args()
    if args.dev:
        found = {"on": Path(args.dev).name, **figures_on(Path(args.dev), args.pipeline, args.revision)}
    elif args.crossvalidated.is_file():
        print("No dev texts given: the figures are the cross-validated ones.")
        found = {"on": "cross-validation", **json.loads(args.crossvalidated.read_text(encoding="utf-8"))}
    else:
        sys.exit(f"{args.crossvalidated} does not exist: give texts with --dev, or run revise.py first.")
    print(format_figures(found))
    args.out.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
