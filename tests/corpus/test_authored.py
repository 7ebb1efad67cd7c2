"""The authored and written texts keep to the row format, and each value is what the span says."""

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from projner.money import parse
from projner.region import Gazetteer

ROOT = Path(__file__).resolve().parents[2]
FILES = {"authored": 640, "written": 354, "portals": 124, "dailies": 98, "general": 106, "brands": 100}

Row = dict[str, Any]

# Amounts that `parse` does not read; what they mean was put in by hand.
SPOKEN = {
    "四铢": ("4", "4"),  # 铢 alone is no word of the table: several coins bear it
}
_CELL = re.compile(r"[\d.]+")
_HEADER_UNIT = re.compile(r"(?:单位[:：]|[（(])([万亿]?元)")


def load(name: str) -> list[Row]:
    path = ROOT / "corpus" / "authored" / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module", params=FILES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def rows(name: str) -> list[Row]:
    return load(name)


def test_spans_are_slices_flat_sorted_and_on_one_line(rows: list[Row]) -> None:
    for row in rows:
        end = 0
        for span in row["spans"]:
            text = span["text"]
            assert row["text"][span["start"] : span["end"]] == text, row["id"]
            assert text and text == text.strip() and "\n" not in text, row["id"]
            assert span["start"] >= end, row["id"]
            end = span["end"]


def test_values_are_what_the_spans_say(rows: list[Row]) -> None:
    for row in rows:
        for span in row["spans"]:
            if span["label"] != "MONEY":
                continue
            text, found = span["text"], (span["low"], span["high"])
            if text in SPOKEN:
                assert found == SPOKEN[text], (row["id"], text)
                continue
            amount, unit = parse(text), Decimal(1)
            if _CELL.fullmatch(text):  # a table cell: the header names the unit
                header = _HEADER_UNIT.search(row["text"])
                assert header, (row["id"], text)
                unit = parse("1" + header[1]).low or Decimal(0)
            said = tuple(None if value is None else value * unit for value in (amount.low, amount.high))
            assert said == tuple(Decimal(value) if value else None for value in found), (row["id"], text)
            # Several countries pay in 先令; the texts with it are set in Kenya, which the span does not say.
            currency = "KES" if text.endswith("先令") else amount.currency
            assert currency == span["currency"], (row["id"], text)


def test_codes_fit_their_paths(rows: list[Row]) -> None:
    table = Gazetteer.load()
    provinces = {table.name(row): code[:2] for code, row in table.by_code.items() if code.endswith("0000")}
    for row in rows:
        for span in row["spans"]:
            if span["label"] != "REGION":
                continue
            code, (top, *lower), where = span["code"], span["path"].split("/"), (row["id"], span["text"])
            assert top, where
            if code and code.isdigit():
                assert re.fullmatch(r"\d{6}", code), where
                moved = top == "四川省" and code.startswith("50")  # Chongqing was a part of it
                assert moved or code.startswith(provinces[top]), where
            elif code:
                assert re.fullmatch(r"[A-Z]{2}", code) and not lower, where


def test_grade_words_stay_outside_the_amount(rows: list[Row]) -> None:
    assert not [row["id"] for row in rows for span in row["spans"] if span["text"].endswith("元级")]


def test_no_span_stops_short_of_its_own_generic_or_currency(rows: list[Row]) -> None:
    cut = []
    for row in rows:
        for span in row["spans"]:
            before, after = row["text"][: span["start"]], row["text"][span["end"] :]
            if span["label"] == "REGION" and re.match("省(?!下)|自治区|特别行政区", after):
                cut.append((row["id"], span["text"]))
            if span["label"] == "COMPANY" and re.match("公司|有限|股份有限|集团(?!军)", after):
                cut.append((row["id"], span["text"]))
            if span["label"] == "MONEY" and (before.endswith("人民币") or after.startswith("人民币")):
                cut.append((row["id"], span["text"]))
    assert not cut


def test_counts_are_those_of_the_readme(name: str, rows: list[Row]) -> None:
    counts = Counter(span["label"] for row in rows for span in row["spans"])
    readme = (ROOT / "corpus" / "README.md").read_text(encoding="utf-8")
    characters = sum(len(row["text"]) for row in rows)
    assert len({row["id"] for row in rows}) == len(rows) == FILES[name]
    assert (
        f"{len(rows)} texts ({characters:,} characters: {counts['REGION']:,} REGION, "
        f"{counts['COMPANY']:,} COMPANY, {counts['MONEY']:,} MONEY)" in readme
    )


def test_the_files_share_no_text() -> None:
    seen = Counter((row["id"], row["text"]) for name in FILES for row in load(name))
    assert len({id for id, _ in seen}) == len({text for _, text in seen}) == sum(FILES.values())
