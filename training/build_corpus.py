"""The corpora for training, as spaCy's DocBins: everything, and folds for cross-validation.

    python training/build_corpus.py OUT [--news news.jsonl] [--dev dev.jsonl] [--without FILE] [--folds 5]
        [--swapped 0.5]

OUT gets train.spacy and dev.spacy; with folds also fold0/train.spacy and fold0/held.jsonl and so on. Without
--news the texts of `corpus/` alone are used, which this says. With --without the seed page's rows go to
page.jsonl instead. With --swapped that share of the texts is there once more with other companies' names
(`swap_names.py`), never held out.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from build_lexicon import build as build_lists
from swap_names import Coiner, swapped

from projner.convert import docbin, jsonl
from projner.errors import ProjnerError

CORPUS = Path(__file__).parent.parent / "corpus"
# Without texts for it, dev.spacy is every so manieth training text: spaCy wants one, nothing is chosen by it.
_DEV_EVERY = 40
# Categories of the lexicon whose names stand at the head of a company's.
REGIONS = ("province", "province_short", "city", "city_short", "county", "county_short", "country")
Row = dict[str, Any]


def rows(news: Path | None) -> Iterator[Row]:
    """All rows to train on: written texts, the seed pages, and news where given."""
    files = [*sorted((CORPUS / "authored").glob("*.jsonl")), *sorted((CORPUS / "seeds").glob("0*.jsonl"))]
    for file in [*files, *([news] if news else [])]:
        yield from (dict(row) for row in jsonl.read(file))


def is_of(row: Row, page: str) -> bool:
    """True for a row cut out of the page with this file name."""
    return "file" in row and Path(row["file"]).name == Path(page).name


def folded(rows: list[Row], fold: int, folds: int) -> tuple[list[Row], list[Row]]:
    """What to train on and what to hold out; passages are always trained on, they were chosen as hard."""
    texts = [row for row in rows if not is_passage(row)]
    held = [row for place, row in enumerate(texts) if place % folds == fold]
    ids = {row["id"] for row in held}
    return [row for row in rows if row["id"] not in ids], held


def is_passage(row: Row) -> bool:
    """True for a passage out of a news article, see corpus/README.md."""
    return "article" in row.get("source", {})


@cache
def names() -> tuple[list[str], list[str]]:
    """Companies and regions to coin names from."""
    lists = build_lists()
    return lists["known_companies"], [name for category in REGIONS for name in lists[category]]


def with_copies(rows: list[Row], share: float) -> list[Row]:
    """The rows and, of a share of them, copies with other names of companies."""
    if not share:
        return rows
    chosen = random.Random(0)
    return rows + swapped((row for row in rows if chosen.random() < share), Coiner(*names()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("out", type=Path)
    parser.add_argument("--news", help="annotated news with texts, see rebuild_news.py; empty for none")
    parser.add_argument("--dev", help="annotated texts to watch training by; empty for none")
    parser.add_argument("--without", help="leave out the seed page with this file name, to report on it")
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--swapped", type=float, default=0.0, help="share of texts to copy with other names")
    args = parser.parse_args()
    everything = list(rows(Path(args.news) if args.news else None))
    if not args.news:
        print("No news texts given: training on the texts of corpus/ alone.")
    args.out.mkdir(parents=True, exist_ok=True)
    if args.without:
        page = [row for row in everything if is_of(row, args.without)]
        if not page:
            files = sorted({Path(row["file"]).name for row in everything if "file" in row})
            sys.exit(f"--without {args.without}: no row is of this page; there are {', '.join(files)}")
        jsonl.write(page, args.out / "page.jsonl")
        everything = [row for row in everything if not is_of(row, args.without)]
    written = docbin.write(with_copies(everything, args.swapped), args.out / "train.spacy")
    print(f"{written} texts for training")
    docbin.write(jsonl.read(Path(args.dev)) if args.dev else everything[::_DEV_EVERY], args.out / "dev.spacy")
    for fold in range(args.folds):
        folder = args.out / f"fold{fold}"
        folder.mkdir(exist_ok=True)
        kept, held = folded(everything, fold, args.folds)
        docbin.write(with_copies(kept, args.swapped), folder / "train.spacy")
        jsonl.write(held, folder / "held.jsonl")


if __name__ == "__main__":
    try:
        main()
    except ProjnerError as error:
        sys.exit(str(error))
