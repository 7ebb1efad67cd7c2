"""`projner convert`: nothing is lost on the way, and what does not fit stops it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from projner.convert import convert
from projner.errors import ProjnerError

TEXT = "😀通化市\r\n\n　　北辰乳业  投资3亿元。"
ROW = {
    "id": "a",
    "text": TEXT,
    "source": {"page": 7},
    "year": 2024,
    "spans": [
        {
            "start": 1,
            "end": 4,
            "label": "REGION",
            "text": "通化市",
            "path": "吉林省/通化市",
            "code": "220500",
        },
        {"start": 9, "end": 13, "label": "COMPANY", "text": "北辰乳业"},
        {
            **{
                "start": 17,
                "end": 20,
                "label": "MONEY",
                "text": "3亿元",
                "low": "300000000",
                "high": "300000000",
            },
            **{"currency": "CNY", "role": "total_investment"},
        },
    ],
}
TAGGED = {
    "id": "b",
    "text": "通化市投资数百万元",
    "entities": [
        {
            **{"start": 0, "end": 3, "label": "REGION", "text": "通化市", "score": 0.97},
            "region": {
                **{
                    "code": "220500",
                    "name": "通化市",
                    "level": "city",
                    "path": ["吉林省", "通化市"],
                    "former": None,
                },
                **{"candidates": [], "notes": ["from_context"]},
            },
        },
        {
            **{"start": 5, "end": 9, "label": "MONEY", "text": "数百万元", "score": 0.99},
            "amount": {
                **{"low": None, "high": None, "currency": "CNY", "bound": "exact", "approximate": True},
                **{"role": "other", "cue": [3, 5], "notes": []},
            },
        },
    ],
    "projects": [],
}


def _write(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def _read(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_docbin_and_back_is_the_same(tmp_path: Path) -> None:
    no_value = {
        "start": 0,
        "end": 2,
        "label": "MONEY",
        "text": "数百",
        "low": "",
        "high": "",
        "currency": "CNY",
    }
    rows = [ROW, TAGGED, {"id": 3, "text": "", "spans": []}, {"id": "d", "text": "数百", "spans": [no_value]}]
    assert convert(_write(tmp_path / "in.jsonl", *rows), tmp_path / "x.spacy") == 4
    assert convert(tmp_path / "x.spacy", tmp_path / "out.jsonl") == 4
    assert _read(tmp_path / "out.jsonl") == rows


def test_the_documents_carry_values_codes_and_roles(tmp_path: Path) -> None:
    import spacy
    from spacy.tokens import DocBin

    import projner

    projner.register()
    convert(_write(tmp_path / "in.jsonl", ROW), tmp_path / "x.spacy")
    (doc,) = DocBin().from_disk(tmp_path / "x.spacy").get_docs(spacy.blank("zh").vocab)
    region, company, money = doc.ents
    assert doc.text == TEXT
    assert [token.text for token in money] == ["3", "亿", "元"]
    assert (region.kb_id_, region._.region.path, region._.region.code) == (
        "220500",
        ("吉林省", "通化市"),
        "220500",
    )
    assert (str(money._.amount.low), money._.amount.role) == ("300000000", "total_investment")
    assert company.label_ == "COMPANY"


def test_a_docbin_of_somebody_else_gets_ids(tmp_path: Path) -> None:
    import spacy
    from spacy.tokens import DocBin

    doc = spacy.blank("zh")("通化市")
    doc.set_ents([doc.char_span(0, 3, label="GPE")])
    DocBin(docs=[doc]).to_disk(tmp_path / "x.spacy")
    convert(tmp_path / "x.spacy", tmp_path / "out.jsonl")
    (row,) = _read(tmp_path / "out.jsonl")
    assert row["id"].endswith("x.spacy#1")
    assert row["spans"] == [{"start": 0, "end": 3, "label": "GPE", "text": "通化市"}]


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        ([{"start": 0, "end": 2, "label": "X", "text": "通化"}], "0-2 X.*'通化'.*'😀通'"),
        ([{"start": 1, "end": 99, "label": "X"}], "1-99 X"),
        ([{"start": 3, "end": 3, "label": "X"}], "3-3 X"),
        ([{"start": -3, "end": -1, "label": "X"}], "-3--1 X"),
        ([{"start": 6, "end": 10, "label": "X"}], "blanks"),
        (
            [{"start": 1, "end": 4, "label": "X"}, {"start": 3, "end": 4, "label": "Y"}],
            "overlap: 1-4 '通化市'",
        ),
        ([{"start": 1.0, "end": 4, "label": "X"}], "whole numbers"),
        ([{"start": 1, "end": 4, "label": ""}], "label"),
        (["通化市"], "whole numbers"),
    ],
)
def test_a_span_that_does_not_fit_stops_with_row_and_text(
    tmp_path: Path, spans: list[Any], message: str
) -> None:
    source = _write(tmp_path / "in.jsonl", ROW, ROW | {"id": "bad", "spans": spans})
    (tmp_path / "x.spacy").write_bytes(b"old")
    with pytest.raises(ProjnerError, match=message) as raised:
        convert(source, tmp_path / "x.spacy")
    assert "row 2 (bad)" in str(raised.value)
    assert (tmp_path / "x.spacy").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "x.spacy"]


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "x", "spans": []}', '{"id": "x", "text": "y"}'])
def test_a_broken_row_is_named(tmp_path: Path, line: str) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps(ROW) + "\n\n" + line + "\n", encoding="utf-8")
    with pytest.raises(ProjnerError, match=r"in\.jsonl row 3"):
        convert(source, tmp_path / "x.spacy")


def test_what_is_no_docbin_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.spacy").write_bytes(b"no")
    with pytest.raises(ProjnerError, match="no DocBin"):
        convert(tmp_path / "x.spacy", tmp_path / "o.jsonl")


def test_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from projner.cli import main

    def run(*args: object) -> int:
        monkeypatch.setattr(sys, "argv", ["projner", "convert", *map(str, args)])
        try:
            main()
        except SystemExit as exit:
            return int(exit.code or 0)
        return 0

    source = _write(tmp_path / "in.jsonl", ROW)
    assert run(source, tmp_path / "x.spacy") == 0
    assert run(source, tmp_path / "x.odt") == 1
    assert run(source, tmp_path / "x.spacy", "--to", "odt") == 2
    assert run(tmp_path / "none.jsonl", tmp_path / "x.spacy") == 1
    assert "Traceback" not in capsys.readouterr().err
