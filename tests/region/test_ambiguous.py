"""Names that may mean several divisions, a sentence each with its answer; `?` means that no code is right."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from projner.region import Context, Mention, link

_MARK = re.compile(r"\[([^\]=]+)=([^\]]+)\]")
_TABLE = Path(__file__).parent / "ambiguous.tsv"


def parse(marked: str) -> tuple[str, list[Mention], list[str | None]]:
    """`[朝阳区=110105]` as text, mentions and codes."""
    text, mentions, codes, end = "", [], [], 0
    for match in _MARK.finditer(marked):
        text += marked[end : match.start()]
        mentions.append(Mention(match[1], len(text), len(text) + len(match[1])))
        codes.append(None if match[2] == "?" else match[2])
        text += match[1]
        end = match.end()
    return text + marked[end:], mentions, codes


with _TABLE.open(encoding="utf8", newline="") as handle:
    CASES = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_there_are_enough_cases() -> None:
    assert len({case["text"] for case in CASES}) >= 150


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:24])
def test_case(case: dict[str, str]) -> None:
    text, mentions, codes = parse(case["text"])
    regions = link(mentions, Context(text, place=case["place"] or None))
    assert [region.code for region in regions] == codes
