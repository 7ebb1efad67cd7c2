"""The corpora for training, as spaCy's DocBins: everything, and folds for cross-validation.

    python training/build_corpus.py OUT [--news news.jsonl] [--without FILE] [--folds 5]

OUT gets train.spacy; with folds also fold0/train.spacy and fold0/held.jsonl and so on. Without --news the texts of
`corpus/` alone are used, which this says.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from projner.convert import docbin, jsonl

CORPUS = Path(__file__).parent.parent / "corpus"
Row = dict[str, Any]


def rows(news: Path | None, without: str | None) -> Iterator[Row]:
    """All rows to train on: written texts, the seed pages (but one, where asked), and news where given."""
    files = [*sorted((CORPUS / "authored").glob("*.jsonl")), *sorted((CORPUS / "seeds").glob("0*.jsonl"))]
    for file in [*files, *([news] if news else [])]:
        for row in jsonl.read(file):
            if without is None or Path(row.get("file", "")).name != Path(without).name:
                yield dict(row)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("out", type=Path)
    parser.add_argument("--news", type=Path, help="annotated news with texts, see rebuild_news.py")
    parser.add_argument("--without", help="leave out the seed page with this file name, to report on it")
    parser.add_argument("--folds", type=int, default=0)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    everything = list(rows(args.news, args.without))
    if args.news is None:
        print("No news texts given: training on the texts of corpus/ alone.")
    print(f"{docbin.write(everything, args.out / 'train.spacy')} texts for training")
    for fold in range(args.folds):
        folder = args.out / f"fold{fold}"
        folder.mkdir(exist_ok=True)
        docbin.write(
            (row for i, row in enumerate(everything) if i % args.folds != fold), folder / "train.spacy"
        )
        jsonl.write(
            (row for i, row in enumerate(everything) if i % args.folds == fold), folder / "held.jsonl"
        )


if __name__ == "__main__":
    main()
