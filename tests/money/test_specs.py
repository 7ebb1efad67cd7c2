"""Every case of tests/specs/money.json."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from projner.errors import ProjnerError
from projner.money import Amount, find, parse

SPECS = json.loads((Path(__file__).parents[1] / "specs" / "money.json").read_text(encoding="utf-8"))
FIND = [(group["expect"], text) for group in SPECS["find"] for text in group["texts"]]
PARSE = [(group["expect"], text) for group in SPECS["parse"] for text in group["inputs"]]


def unmark(marked: str) -> tuple[str, int, int]:
    marked = marked.replace("⏎", "\n")
    start = marked.index("【")
    end = marked.index("】") - 1
    return marked.replace("【", "").replace("】", ""), start, end


def meaning(amount: Amount) -> dict[str, Any]:
    data = amount.to_dict()
    return {key: data[key] for key in ("low", "high", "currency", "bound", "approximate", "notes")}


def test_there_are_enough_cases() -> None:
    assert len(FIND) + len(PARSE) + len(SPECS["none"]) + len(SPECS["lists"]) >= 400


@pytest.mark.parametrize(("expect", "marked"), FIND)
def test_find(expect: dict[str, Any], marked: str) -> None:
    text, start, end = unmark(marked)
    amounts = find(text)
    assert [(a.start, a.end, text[a.start : a.end]) for a in amounts] == [(start, end, text[start:end])]
    assert meaning(amounts[0]) == expect


@pytest.mark.parametrize("case", SPECS["lists"], ids=lambda case: case["text"])
def test_lists(case: dict[str, Any]) -> None:
    text = case["text"].replace("⏎", "\n")
    found = [(text[a.start : a.end], a.low, a.currency) for a in find(text)]
    assert found == [(span, Decimal(low), currency) for span, low, currency in case["spans"]]


@pytest.mark.parametrize("text", SPECS["none"])
def test_no_money(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(("expect", "text"), PARSE)
def test_parse(expect: dict[str, Any], text: str) -> None:
    assert meaning(parse(text)) == expect


@pytest.mark.parametrize("text", SPECS["not_an_amount"])
def test_parse_refuses(text: str) -> None:
    with pytest.raises(ProjnerError) as caught:
        parse(text)
    assert caught.value.code == "P101"
