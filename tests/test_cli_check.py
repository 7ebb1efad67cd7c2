"""`projner check` and `projner info`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from projner.check import check_files


def _write(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def _row(text: str, *spans: tuple[int, int, str], id: str = "a", **more: Any) -> dict[str, Any]:
    found = [{"start": s, "end": e, "label": label, "text": text[s:e], **more} for s, e, label in spans]
    return {"id": id, "text": text, "spans": found}


def _kinds(path: Path) -> list[tuple[str, int, bool]]:
    return [(problem.kind, problem.row, problem.doubtful) for problem in check_files([path])]


@pytest.mark.parametrize(
    ("row", "kinds"),
    [
        (_row("通化市投资", (0, 3, "REGION")), []),
        (_row("通化市投资", (0, 3, "REGION"), (2, 4, "X")), ["overlap"]),
        (_row("通化 市", (0, 3, "REGION")), ["blank"]),
        (_row("通化\n市", (0, 4, "REGION")), ["blank"]),
        (_row("通化　市", (2, 4, "REGION")), ["blank"]),
        ({"id": "a", "text": "通化", "spans": [{"start": 0, "end": 2, "label": "X", "text": "通"}]}, ["fit"]),
        ({"id": "a", "text": "通化"}, ["row"]),
        ({"id": "a", "spans": []}, ["row"]),
        (_row("投3亿元", (1, 4, "MONEY"), low="300000000", high="300000000", currency="CNY"), []),
        (_row("投3亿元", (1, 4, "MONEY"), low="30000000", high="30000000", currency="CNY"), ["value"]),
        (_row("投3亿元", (1, 4, "MONEY"), low="many", high="1", currency="CNY"), ["value"]),
        (_row("投3亿元", (1, 4, "MONEY"), low="2", high="1", currency="CNY"), ["value"]),
        (_row("投3亿元", (1, 4, "MONEY"), low="", high="", currency="CNY"), []),
        (_row("投3亿元", (1, 4, "MONEY"), low="300000000", high="300000000", currency="yuan"), ["value"] * 2),
        (_row("投3亿元", (1, 4, "MONEY"), low="300000000", high="300000000", role="cost"), ["value"]),
        (_row("投3亿元", (1, 4, "MONEY"), low="300000000", high="300000000", role="other"), []),
        (_row("投资额(万元)\n3,200", (8, 13, "MONEY"), low="32000000", high="32000000", currency="CNY"), []),
        (_row("通化市和通化市", (0, 3, "REGION")), ["unlabelled"]),
        (_row("通化市和通化市公司", (0, 3, "REGION"), (4, 9, "COMPANY")), []),
    ],
)
def test_one_row(tmp_path: Path, row: dict[str, Any], kinds: list[str]) -> None:
    assert [kind for kind, _, _ in _kinds(_write(tmp_path / "a.jsonl", row))] == kinds


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("数百万元", "CNY", [("value", 1, True)]),  # the words give no number
        ("3000000元", "HKD", [("value", 1, True)]),  # 元 may be another country's
        ("3000000先令", "KES", []),  # 先令 is several countries'
        ("300万美元", "USD", []),
    ],
)
def test_what_the_words_say_otherwise_is_doubtful(
    tmp_path: Path, text: str, currency: str, expected: list[Any]
) -> None:
    value = {"low": "3000000", "high": "3000000", "currency": currency}
    assert _kinds(_write(tmp_path / "a.jsonl", _row(text, (0, len(text), "MONEY"), **value))) == expected


def test_rows_that_leave_their_text_to_a_source_are_checked_as_far_as_they_go(tmp_path: Path) -> None:
    money = {"low": "1", "high": "1", "currency": "CNY", "role": "cost"}
    spans = [{"start": 0, "end": 3, "label": "REGION"}, {"start": 2, "end": 5, "label": "MONEY", **money}]
    row = {"id": "a", "source": {"path": "x.html"}, "spans": spans}
    assert [kind for kind, _, _ in _kinds(_write(tmp_path / "a.jsonl", row, row))] == ["overlap", "value"] * 2
    row["spans"] = spans[:1]
    assert _kinds(_write(tmp_path / "b.jsonl", row, row)) == []


def test_a_string_with_two_labels_and_a_text_that_is_there_twice(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    texts = ["通化市一", "通化市二", "通化市三"]
    train = [_row(text, (0, 3, "REGION"), id=text) for text in texts]
    train[1]["spans"][0]["label"] = "COMPANY"
    _write(corpus / "train.jsonl", *train)
    _write(corpus / "dev.jsonl", _row("通化市\n三", (0, 3, "REGION"), id="copy"))
    _write(corpus / "projects.jsonl", {"name": "not annotation"})
    problems = list(check_files([corpus]))
    assert [(p.kind, Path(p.file).name, p.id) for p in problems] == [
        ("duplicate", "train.jsonl", "通化市三"),
        ("two_labels", "train.jsonl", "通化市二"),
    ]
    assert [p.doubtful for p in problems] == [False, True]
    assert "dev.jsonl row 1 (copy)" in problems[0].message


def _command(monkeypatch: pytest.MonkeyPatch, *args: object) -> int:
    from projner.cli import main

    monkeypatch.setattr(sys, "argv", ["projner", *map(str, args)])
    try:
        main()
    except SystemExit as exit:
        return int(exit.code or 0)
    return 0


def test_exit_codes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = _write(tmp_path / "good.jsonl", _row("通化市和通化市", (0, 3, "REGION")))
    assert _command(monkeypatch, "check", good) == 0
    assert "unlabelled" in capsys.readouterr().out
    bad = _write(tmp_path / "bad.jsonl", _row("通化 市", (0, 3, "REGION")))
    assert _command(monkeypatch, "check", good, bad, "--json") == 1
    assert [problem["kind"] for problem in json.loads(capsys.readouterr().out)] == ["unlabelled", "blank"]
    assert _command(monkeypatch, "check", tmp_path / "none.jsonl") == 1
    (tmp_path / "empty").mkdir()
    assert _command(monkeypatch, "check", tmp_path / "empty") == 1
    assert "Traceback" not in capsys.readouterr().err


def test_info(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    meta = {
        **{"lang": "zh", "name": "small", "version": "1.2.3", "license": "MIT", "corpus": "authored 640"},
        **{"components": ["projner_tagger"], "performance": {"ents_f": 0.91234}},
    }
    (tmp_path / "meta.json").write_text(json.dumps(meta))
    assert _command(monkeypatch, "info", "--model", tmp_path) == 0
    out = capsys.readouterr().out
    for said in ("zh_small", "1.2.3", "MIT", "authored 640", "0.912"):
        assert said in out
    assert _command(monkeypatch, "info", "--model", tmp_path, "--json") == 0
    assert json.loads(capsys.readouterr().out)["figures"] == {"ents_f": 0.91234}
    assert _command(monkeypatch, "info", "--model", tmp_path / "none") == 2
    assert _command(monkeypatch, "nonsense") == 2
    assert _command(monkeypatch, "--help") == 0
