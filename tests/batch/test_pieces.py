"""Long documents: nothing is lost at a cut, and what is found counts in the whole text."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import Run, read_jsonl, write_jsonl
from hypothesis import given
from hypothesis import strategies as st

from projner.batch import pieces

ALPHABET = "文中。！？，\r\n 　”a1.😀"


@given(st.text(ALPHABET), st.integers(4, 30))
def test_pieces_are_the_text(text: str, limit: int) -> None:
    found = list(pieces.cut(text, limit))
    assert "".join(piece for _, piece in found) == text
    assert [start for start, _ in found] == [sum(len(p) for _, p in found[:n]) for n in range(len(found))]
    assert all(len(piece) <= limit for _, piece in found)
    assert not any(a.endswith("\r") and b.startswith("\n") for (_, a), (_, b) in pairwise(found))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("一二三四五六。七八九十" * 2, "一二三四五六。"),
        ("一二三四五六\n七八九。十" * 2, "一二三四五六\n七八九。"),
        ("他说：“一二三四。”五六七八九", "他说：“一二三四。”"),
        ("一二三，四五六七八九十一二三四", "一二三，四五六七八九十"),
    ],
)
def test_a_sentence_is_not_cut(text: str, first: str) -> None:
    assert next(pieces.cut(text, 11))[1] == first


def test_a_long_line_is_tagged_as_its_sentences_are(
    tag: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentences = [
        f"{'据了解' * (n % 9)}通化市第{n}个项目总投资{n + 1}.25亿元，北辰乳业😀参加。" for n in range(400)
    ]
    text = "".join(sentences)
    monkeypatch.setattr(pieces.cut, "__defaults__", (1_000,))
    path = write_jsonl(
        tmp_path / "a.jsonl", [{"id": "long", "text": text}, {"id": "short", "text": sentences[3]}]
    )
    assert tag(path, "-o", tmp_path / "o.jsonl").code == 0
    long, short = read_jsonl(tmp_path / "o.jsonl")
    found = long["entities"]
    assert len(found) == 3 * len(sentences) and len(short["entities"]) == 3
    assert all(text[entity["start"] : entity["end"]] == entity["text"] for entity in found)
    assert [entity["start"] for entity in found] == sorted(entity["start"] for entity in found)
    money = [entity for entity in found if entity["label"] == "MONEY"]
    assert [entity["amount"]["low"] for entity in money] == [f"{n + 1}25000000" for n in range(400)]
    for entity in money:
        start, end = entity["amount"]["cue"]
        assert text[start:end] == "总投资"
        assert end <= entity["start"] < end + 5


def _company(start: int, text: str, name: str, short: str | None) -> dict[str, Any]:
    company = {"name": name, "short": short, "id": None}
    return {"start": start, "end": start + 2, "label": "COMPANY", "text": text, "company": company}


def test_indexes_cues_and_companies_of_pieces_are_moved() -> None:
    money = {"start": 7, "end": 9, "label": "MONEY", "text": "1元", "amount": {"low": "1", "cue": [6, 7]}}
    project = {
        **{"name": "x", "count": 1, "start": 2, "end": 5, "stage": None, "quantities": [[3, 4]]},
        **{"regions": [], "companies": [0, 1], "amounts": {"other": [2]}, "sentences": [[0, 9]]},
    }
    first = {"entities": [_company(0, "北辰", "北辰", None)], "projects": []}
    named = _company(1, "北辰", "北辰乳业有限公司", "北辰")
    second = {"entities": [named, _company(4, "南星", "南星", None), money], "projects": [project]}
    before = json.dumps([first, second])
    entities, projects = pieces.join([(0, first), (10, second)])
    assert [(e["start"], e["end"]) for e in entities] == [(0, 2), (11, 13), (14, 16), (17, 19)]
    names = [e["company"]["name"] for e in entities if "company" in e]
    assert names == ["北辰乳业有限公司", "北辰乳业有限公司", "南星"]
    assert entities[3]["amount"]["cue"] == [16, 17]
    (moved,) = projects
    assert (moved["start"], moved["end"], moved["sentences"]) == (12, 15, [[10, 19]])
    assert moved["quantities"] == [[13, 14]]
    assert (moved["companies"], moved["amounts"]) == ([1, 2], {"other": [3]})
    assert json.dumps([first, second]) == before
