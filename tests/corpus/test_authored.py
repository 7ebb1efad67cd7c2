"""The authored texts keep to the row format, and each value is what the span says."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from projner.money import parse

ROOT = Path(__file__).resolve().parents[2]
AUTHORED = ROOT / "corpus" / "authored" / "authored.jsonl"


def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in AUTHORED.read_text(encoding="utf-8").splitlines()]


def test_spans_are_slices_flat_sorted_and_on_one_line() -> None:
    for row in rows():
        end = 0
        for span in row["spans"]:
            text = span["text"]
            assert row["text"][span["start"] : span["end"]] == text, row["id"]
            assert text and text == text.strip() and "\n" not in text, row["id"]
            assert span["start"] >= end, row["id"]
            end = span["end"]


def test_values_are_what_the_spans_say() -> None:
    for row in rows():
        for span in row["spans"]:
            if span["label"] == "MONEY":
                amount = parse(span["text"])
                gold = tuple(Decimal(x) if x else None for x in (span["low"], span["high"]))
                assert (amount.low, amount.high) == gold, (row["id"], span["text"])
                assert amount.currency == span["currency"], (row["id"], span["text"])


def test_grade_words_stay_outside_the_amount() -> None:
    assert not [row["id"] for row in rows() for span in row["spans"] if span["text"].endswith("元级")]


def test_counts_are_those_of_the_readme() -> None:
    found = rows()
    counts = Counter(span["label"] for row in found for span in row["spans"])
    readme = (ROOT / "corpus" / "README.md").read_text(encoding="utf-8")
    characters = sum(len(row["text"]) for row in found)
    assert len({row["id"] for row in found}) == 640
    assert (
        f"640 texts ({characters:,} characters: {counts['REGION']:,} REGION, {counts['COMPANY']:,} COMPANY, "
        f"{counts['MONEY']:,} MONEY)" in readme
    )
