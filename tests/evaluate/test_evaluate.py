"""`projner evaluate`: what counts as right, what is not judged, and what stops it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from projner.errors import ProjnerError
from projner.evaluate import evaluate_files, evaluate_rows

TEXT = "通化市投资3亿元，北辰乳业在通化建厂。"
GOLD = {
    "id": "a",
    "text": TEXT,
    "spans": [
        {
            "start": 0,
            "end": 3,
            "label": "REGION",
            "text": "通化市",
            "path": "吉林省/通化市",
            "code": "220500",
        },
        {
            **{
                "start": 5,
                "end": 8,
                "label": "MONEY",
                "text": "3亿元",
                "low": "300000000",
                "high": "300000000",
            },
            **{"currency": "CNY", "role": "total_investment"},
        },
        {"start": 9, "end": 13, "label": "COMPANY", "text": "北辰乳业"},
        {"start": 14, "end": 16, "label": "REGION", "text": "通化", "path": "", "code": None},
    ],
}


def _amount(
    low: str | None, *, currency: str = "CNY", role: str | None = "total_investment"
) -> dict[str, Any]:
    return {"low": low, "high": low, "currency": currency, "role": role}


def _entity(start: int, end: int, label: str, **more: Any) -> dict[str, Any]:
    return {"start": start, "end": end, "label": label, "text": TEXT[start:end], **more}


def _figures(*entities: dict[str, Any], gold: dict[str, Any] = GOLD) -> dict[str, Any]:
    predicted = {"id": "a", "text": TEXT, "entities": list(entities)}
    return evaluate_rows([(gold, predicted)]).figures(samples=0)


def _counts(figures: dict[str, Any], label: str) -> tuple[int, int, int]:
    row = figures["labels"][label]
    return row["gold"], row["predicted"], row["correct"]


def test_gold_against_itself_is_perfect() -> None:
    figures = evaluate_rows([(GOLD, GOLD)]).figures()
    assert all(row["f1"]["score"] == 1 for row in figures["labels"].values())
    assert {name: row["judged"] for name, row in figures["accuracy"].items()} == {
        "value": 1,
        "code": 1,
        "role": 1,
    }
    assert all(row["accuracy"]["score"] == 1 for row in figures["accuracy"].values())


def test_only_exact_spans_of_the_same_label_are_right() -> None:
    figures = _figures(
        _entity(0, 2, "REGION"), _entity(5, 8, "MONEY"), _entity(9, 13, "REGION"), _entity(14, 16, "REGION")
    )
    assert _counts(figures, "REGION") == (2, 3, 1)
    assert _counts(figures, "COMPANY") == (1, 0, 0)
    assert _counts(figures, "ALL") == (4, 4, 2)
    assert figures["labels"]["COMPANY"]["precision"]["score"] is None
    assert figures["labels"]["COMPANY"]["recall"]["score"] == 0
    assert figures["labels"]["REGION"]["f1"]["score"] == pytest.approx(
        2 * (1 / 3) * (1 / 2) / (1 / 3 + 1 / 2)
    )


def test_the_same_span_twice_counts_once() -> None:
    assert _counts(_figures(*[_entity(0, 3, "REGION")] * 2), "REGION") == (2, 1, 1)


@pytest.mark.parametrize(
    ("amount", "value", "role"),
    [
        (_amount("300000000"), 1, 1),
        (_amount("300000000.00"), 1, 1),
        (_amount("3E+8"), 1, 1),
        (_amount("30000000"), 0, 1),
        (_amount("300000000", currency="USD"), 0, 1),
        (_amount(None, role=None), 0, 0),
        (_amount("300000000", role="trade"), 1, 0),
        (None, 0, 0),
    ],
)
def test_values_and_roles(amount: dict[str, Any] | None, value: int, role: int) -> None:
    accuracy = _figures(_entity(5, 8, "MONEY", amount=amount))["accuracy"]
    assert (accuracy["value"]["correct"], accuracy["value"]["judged"]) == (value, 1)
    assert (accuracy["role"]["correct"], accuracy["role"]["judged"]) == (role, 1)


def test_a_missed_span_counts_as_wrong() -> None:
    accuracy = _figures(_entity(4, 8, "MONEY", amount=_amount("300000000")))["accuracy"]
    assert accuracy["value"] == {
        "accuracy": {"score": 0, "low": None, "high": None},
        "correct": 0,
        "judged": 1,
    }


def test_gold_without_a_meaning_is_not_judged() -> None:
    spans = [
        {"start": 5, "end": 8, "label": "MONEY", "text": "3亿元", "low": "", "high": "", "currency": "CNY"}
    ]
    accuracy = _figures(_entity(5, 8, "MONEY", amount=_amount("1")), gold=GOLD | {"spans": spans})["accuracy"]
    assert [row["judged"] for row in accuracy.values()] == [0, 0, 0]
    assert accuracy["value"]["accuracy"]["score"] is None


def test_paths_are_not_scored() -> None:
    region = {"code": "220500", "path": ["别处"]}
    assert _figures(_entity(0, 3, "REGION", region=region))["accuracy"]["code"]["correct"] == 1


def test_a_tagged_gold_row_is_gold_by_its_spans_and_predicted_by_its_entities() -> None:
    both = GOLD | {"entities": [_entity(0, 3, "REGION")]}
    figures = evaluate_rows([(both, both)]).figures(samples=0)
    assert _counts(figures, "ALL") == (4, 1, 1)


def test_labels_that_come_late_have_a_count_for_every_document() -> None:
    other = {"id": "b", "text": "王五", "spans": [{"start": 0, "end": 2, "label": "PERSON"}]}
    figures = evaluate_rows([(GOLD, GOLD), (other, other), (GOLD, GOLD)]).figures(samples=50)
    assert _counts(figures, "PERSON") == (1, 1, 1)
    assert _counts(figures, "REGION") == (4, 4, 4)


def test_intervals_hold_the_score_and_can_be_repeated() -> None:
    bad = {"id": "b", "text": TEXT, "entities": []}
    result = evaluate_rows([(GOLD, GOLD)] * 8 + [(GOLD, bad)] * 8)
    recall = result.figures(samples=300)["labels"]["ALL"]["recall"]
    assert recall["low"] < recall["score"] < recall["high"]
    assert recall == result.figures(samples=300)["labels"]["ALL"]["recall"]
    assert recall != result.figures(samples=300, seed=1)["labels"]["ALL"]["recall"]


def test_errors_are_named_in_context() -> None:
    predicted = {
        "id": "a",
        "entities": [
            _entity(0, 2, "REGION"),
            _entity(5, 8, "MONEY", amount=_amount("1", role="trade")),
            _entity(9, 13, "REGION"),
            _entity(16, 18, "COMPANY"),
        ],
    }
    errors = evaluate_rows([(GOLD, predicted)]).errors
    assert [(e.kind, e.start, e.end) for e in errors] == [
        ("border", 0, 3),
        ("role", 5, 8),
        ("value", 5, 8),
        ("label", 9, 13),
        ("missed", 14, 16),
        ("spurious", 16, 18),
    ]
    assert errors[1].context == "通化市投资[[3亿元]]，北辰乳业在通化建厂。"
    assert (errors[1].gold, errors[1].predicted) == ("total_investment", "trade")


# --- files


def _write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_rows_are_matched_by_id_not_by_order(tmp_path: Path) -> None:
    other = {"id": 2, "text": "无", "spans": []}
    gold = _write(tmp_path / "gold.jsonl", GOLD, other)
    predicted = _write(
        tmp_path / "pred.jsonl", {"id": "2", "entities": []}, GOLD | {"x": 1}, {"id": "z", "entities": []}
    )
    assert evaluate_files(gold, predicted).figures(samples=0)["labels"]["ALL"]["f1"]["score"] == 1


@pytest.mark.parametrize(
    ("predicted", "message"),
    [
        ([{"id": "b", "entities": []}], "no row for 'a'"),
        ([GOLD, GOLD], "row 2: id 'a' is there twice"),
        ([{"entities": []}], "row 1: needs an 'id'"),
        ([{"id": "a"}], "neither 'spans' nor 'entities'"),
        ([GOLD | {"text": TEXT.replace("亿", "万")}], "differ from character 6: '亿元，"),
        ([{"id": "a", "entities": [{"start": "0", "end": 1, "label": "X"}]}], "whole numbers"),
    ],
)
def test_what_cannot_be_compared_is_said(
    tmp_path: Path, predicted: list[dict[str, Any]], message: str
) -> None:
    gold = _write(tmp_path / "gold.jsonl", GOLD)
    with pytest.raises(ProjnerError, match=message):
        evaluate_files(gold, _write(tmp_path / "pred.jsonl", *predicted))


def test_a_gold_span_that_does_not_fit_is_said(tmp_path: Path) -> None:
    broken = GOLD | {"spans": [{"start": 0, "end": 2, "label": "REGION", "text": "通化市"}]}
    with pytest.raises(ProjnerError, match=r"gold row 'a': .*0-2 REGION.*'通化市'.*'通化'"):
        evaluate_files(_write(tmp_path / "g.jsonl", broken), _write(tmp_path / "p.jsonl", GOLD))


def test_an_empty_gold_is_no_perfect_score(tmp_path: Path) -> None:
    with pytest.raises(ProjnerError, match="no rows"):
        evaluate_files(_write(tmp_path / "g.jsonl"), _write(tmp_path / "p.jsonl"))


def _command(monkeypatch: pytest.MonkeyPatch, *args: object) -> int:
    from projner.cli import main

    monkeypatch.setattr(sys, "argv", ["projner", "evaluate", *map(str, args)])
    try:
        main()
    except SystemExit as exit:
        return int(exit.code or 0)
    return 0


def test_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gold = _write(tmp_path / "gold.jsonl", GOLD)
    predicted = _write(tmp_path / "pred.jsonl", {"id": "a", "entities": [_entity(0, 3, "REGION")]})
    assert _command(monkeypatch, gold, predicted, "--json", "--errors") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["labels"]["REGION"]["recall"]["score"] == 0.5
    assert [error["kind"] for error in found["errors"]] == ["code", "missed", "missed", "missed"]
    assert _command(monkeypatch, gold, predicted, "--errors") == 0
    out = capsys.readouterr().out
    assert "COMPANY" in out and "[[3亿元]]" in out
    assert _command(monkeypatch, tmp_path / "none.jsonl", predicted) == 1
    assert "none.jsonl" in capsys.readouterr().err
    assert _command(monkeypatch) == 2


def test_gold_without_text_cannot_be_tagged(tmp_path: Path) -> None:
    gold = _write(tmp_path / "gold.jsonl", {name: GOLD[name] for name in ("id", "spans")})
    with pytest.raises(ProjnerError, match=r"gold row 'a'.*no 'text'"):
        evaluate_files(gold)


def test_without_predictions_the_gold_is_tagged(tmp_path: Path) -> None:
    import spacy

    nlp = spacy.blank("zh")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "REGION", "pattern": "通化市"}])  # type: ignore[attr-defined]
    nlp.to_disk(tmp_path / "model")
    result = evaluate_files(_write(tmp_path / "gold.jsonl", GOLD), model=str(tmp_path / "model"))
    assert _counts(result.figures(samples=0), "ALL") == (4, 1, 1)
