"""Compare spans with annotated corpora whose labels are not ours; only what can be compared is counted."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from timing import Span

# What other corpora call our labels. Their guidelines differ: see README.
OURS = {
    "REGION": "REGION",
    "LOC": "REGION",
    "location": "REGION",
    "address": "REGION",
    "COMPANY": "COMPANY",
    "company_name": "COMPANY",
    "company": "COMPANY",
    "ORG": "ORG",  # every body, companies among them: only the precision of COMPANY can be told from it
}

Row = tuple[str, list[Span]]


class Score(NamedTuple):
    """Counts over one corpus: spans in the gold, found, equal, and touching one of the other side."""

    gold: int = 0
    found: int = 0
    exact: int = 0
    gold_touched: int = 0
    found_touching: int = 0

    def __add__(self, other: object) -> Score:
        return Score(*map(sum, zip(self, other, strict=True))) if isinstance(other, Score) else NotImplemented


def read_corpus(path: Path) -> list[Row]:
    """Texts with the spans whose label says something about ours; blanks at a span's ends are cut off."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [(row["text"], list(_gold(row))) for row in map(json.loads, file)]


def _gold(row: dict) -> Iterable[Span]:  # type: ignore[type-arg]
    for span in row["spans"]:
        if label := OURS.get(span["label"]):
            raw = row["text"][span["start"] : span["end"]]
            start = span["start"] + len(raw) - len(raw.lstrip())
            if raw.strip():
                yield start, start + len(raw.strip()), label


def score(gold: Sequence[Span], found: Sequence[Span]) -> Score:
    """Compare the spans of one document, whatever their labels."""

    def touching(one: Sequence[Span], other: Sequence[Span]) -> int:
        return sum(any(a < d and c < b for c, d, _ in other) for a, b, _ in one)

    exact = {span[:2] for span in gold} & {span[:2] for span in found}
    return Score(len(gold), len(found), len(exact), touching(gold, found), touching(found, gold))


def compare(rows: Sequence[Row], found: Sequence[Sequence[Span]]) -> dict[str, Score]:
    """Scores by what is compared: REGION, COMPANY, or COMPANY in ORG where the corpus knows no companies."""
    labels = {label for _, spans in rows for *_, label in spans}
    if "COMPANY" in labels:
        labels.discard("ORG")
    scores = {}
    for label in sorted(labels, reverse=True):
        mine, name = ("COMPANY", "COMPANY in ORG") if label == "ORG" else (label, label)
        scores[name] = sum(
            (
                score([s for s in gold if s[2] == label], [s for s in spans if s[2] == mine])
                for (_, gold), spans in zip(rows, found, strict=True)
            ),
            Score(),
        )
    return scores


def cells(name: str, counts: Score) -> list[str]:
    """The figures of a line: gold, found; precision, recall, F1; overlapping precision, recall (per cent)."""

    def percent(part: int, whole: int) -> str:
        return f"{100 * part / whole:.1f}" if whole else "–"

    gold, found, exact, gold_touched, found_touching = counts
    if name == "COMPANY in ORG":
        return [str(gold), str(found), "–", "–", "–", percent(found_touching, found), "–"]
    return [
        str(gold),
        str(found),
        percent(exact, found),
        percent(exact, gold),
        percent(2 * exact, gold + found),
        percent(found_touching, found),
        percent(gold_touched, gold),
    ]
