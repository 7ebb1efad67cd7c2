"""The formats of annotation tools: round trips on text that trips them, and what each drops."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from projner.convert import FORMATS, convert
from projner.errors import ProjnerError

TEXT = "😀𠮷林通化市\r\n\n\n　　北辰 乳业　投资3亿元。\n# text = x\n\tB-REGION O"
SPANS = [("REGION", "通化市"), ("COMPANY", "北辰 乳业"), ("MONEY", "3亿元"), ("REGION", "林")]


def _span(label: str, text: str) -> dict[str, Any]:
    start = TEXT.index(text)
    return {"start": start, "end": start + len(text), "label": label, "text": text}


ROW = {"id": "通化/1 a", "text": TEXT, "spans": sorted((_span(*s) for s in SPANS), key=lambda s: s["start"])}
ROWS = [
    ROW,
    {"id": "b", "text": "无\n", "spans": []},
    {"id": "d", "text": "\ufeff林", "spans": [{"start": 1, "end": 2, "label": "R", "text": "林"}]},
    {"id": "c", "text": "x", "spans": [{**_span("R", "x"), "start": 0, "end": 1}]},
]


def _write(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def _read(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_round_trip(tmp_path: Path, name: str) -> None:
    source, middle = _write(tmp_path / "in.jsonl", *ROWS), tmp_path / "middle"
    assert convert(source, middle, target_format=name) == len(ROWS)
    assert convert(middle, tmp_path / "out.jsonl", source_format=name) == len(ROWS)
    back = sorted(_read(tmp_path / "out.jsonl"), key=lambda row: row["id"])
    assert back == sorted(ROWS, key=lambda row: str(row["id"]))


@pytest.mark.parametrize("name", ["brat", "bio", "bmes", "biluo"])
def test_a_label_with_a_blank_is_refused_where_blanks_part_columns(tmp_path: Path, name: str) -> None:
    row = ROW | {"spans": [_span("MY LABEL", "通化市")]}
    with pytest.raises(ProjnerError, match="'MY LABEL' holds a blank"):
        convert(_write(tmp_path / "in.jsonl", row), tmp_path / "x", target_format=name)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_what_is_dropped_is_said(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from projner.cli import main

    money = {"low": "300000000", "high": "300000000", "currency": "CNY", "role": "other"}
    spans = [span | (money if span["label"] == "MONEY" else {}) for span in ROW["spans"]]  # type: ignore[union-attr]
    row = ROW | {"spans": spans}
    source, middle = _write(tmp_path / "in.jsonl", row), tmp_path / "middle"
    monkeypatch.setattr(sys, "argv", ["projner", "convert", str(source), str(middle), "--to", name])
    with pytest.raises(SystemExit) as exit:
        main()
    assert exit.value.code == 0
    said = "values" in capsys.readouterr().err
    convert(middle, tmp_path / "out.jsonl", source_format=name)
    assert said == (_read(tmp_path / "out.jsonl") != [row])


def test_label_studio_counts_utf16_units(tmp_path: Path) -> None:
    convert(_write(tmp_path / "in.jsonl", ROW), tmp_path / "x.json")
    (task,) = json.loads((tmp_path / "x.json").read_bytes())
    value = next(r["value"] for r in task["annotations"][0]["result"] if r["value"]["text"] == "通化市")
    assert TEXT.index("通化市") == 3
    assert (value["start"], value["end"], value["labels"]) == (5, 8, ["REGION"])


def test_label_studio_reads_what_a_person_left(tmp_path: Path) -> None:
    def result(start: int, end: int) -> dict[str, Any]:
        return {"type": "labels", "value": {"start": start, "end": end, "labels": ["X"]}}

    tasks = [
        {
            "id": 5,
            "data": {"text": "😀甲乙"},
            "predictions": [{"result": [result(0, 2)]}],
            "annotations": [
                {"was_cancelled": True, "result": [result(0, 2)]},
                {"result": [result(3, 4), {"type": "choices", "value": {"choices": ["good"]}}]},
            ],
        }
    ]
    (tmp_path / "x.json").write_text(json.dumps(tasks))
    convert(tmp_path / "x.json", tmp_path / "o.jsonl")
    (row,) = _read(tmp_path / "o.jsonl")
    assert row == {"id": 5, "text": "😀甲乙", "spans": [{"start": 2, "end": 3, "label": "X", "text": "乙"}]}


@pytest.mark.parametrize(
    ("suffix", "tags"),
    [
        (".conll", "B-R I-R I-R B-R O B-C"),
        (".bmes", "B-R M-R E-R S-R O S-C"),
        (".biluo", "B-R I-R L-R U-R O U-C"),
    ],
)
def test_conll_schemes(tmp_path: Path, suffix: str, tags: str) -> None:
    text = "通化市沈 了三"
    spans = [(0, 3, "R"), (3, 4, "R"), (6, 7, "C")]
    row = {"id": "a", "text": text, "spans": [{"start": s, "end": e, "label": n} for s, e, n in spans]}
    convert(_write(tmp_path / "in.jsonl", row), tmp_path / f"x{suffix}")
    lines = (tmp_path / f"x{suffix}").read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ['# id = "a"', f'# text = "{text}"']
    assert [line.split("\t")[1] for line in lines[2:] if line] == tags.split()


def test_conll_of_somebody_else(tmp_path: Path) -> None:
    (tmp_path / "x.conll").write_text(
        "北 京 O\n通 NN B-LOC\n化 NN I-LOC\n\n\n一\tI-A\n二\tI-B\n#\tO\n", encoding="utf-8"
    )
    convert(tmp_path / "x.conll", tmp_path / "o.jsonl")
    first, second = _read(tmp_path / "o.jsonl")
    assert (first["text"], [s["text"] for s in first["spans"]]) == ("北通化", ["通化"])
    assert (second["text"], [s["label"] for s in second["spans"]]) == ("一二#", ["A", "B"])


def test_doccano_in_its_two_forms(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "text": "甲乙", "label": [[1, 2, "X"]], "Comments": [], "page": 3},
        {
            "id": 2,
            "text": "甲乙",
            "entities": [{"id": 9, "label": "X", "start_offset": 1, "end_offset": 2}],
            "relations": [],
        },
    ]
    convert(_write(tmp_path / "in.jsonl", *rows), tmp_path / "o.jsonl", source_format="doccano")
    first, second = _read(tmp_path / "o.jsonl")
    assert first["spans"] == second["spans"] == [{"start": 1, "end": 2, "label": "X", "text": "乙"}]
    assert first["page"] == 3


def test_brat_keeps_the_meanings_in_notes(tmp_path: Path) -> None:
    span = _span("REGION", "通化市") | {"path": "吉林省/通化市", "code": "220500"}
    convert(_write(tmp_path / "in.jsonl", ROW | {"spans": [span]}), tmp_path / "folder", target_format="brat")
    (notes,) = (tmp_path / "folder").glob("*.ann")
    assert notes.read_text(encoding="utf-8").startswith("T1\tREGION 3 6\t通化市\n#1\tAnnotatorNotes T1\t")
    convert(tmp_path / "folder", tmp_path / "o.jsonl", source_format="brat")
    assert _read(tmp_path / "o.jsonl") == [ROW | {"spans": [span]}]


# The two units of an emoji are one character; a span cannot end between them.
_HALF_EMOJI = {"type": "labels", "value": {"start": 1, "end": 2, "labels": ["X"]}}
_HALF_TASK = [{"data": {"text": "😀"}, "annotations": [{"result": [_HALF_EMOJI]}]}]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("labelstudio", "{}"),
        ("labelstudio", "["),
        ("labelstudio", '[{"data": {}}]'),
        ("labelstudio", json.dumps(_HALF_TASK)),
        ("doccano", '{"text": "x"}'),
        ("doccano", '{"text": "x", "label": [[0, 9, "X"]]}'),
        ("doccano", '{"text": "x", "label": [[0]]}'),
        ("bio", '# text = "abc"\nx\tO\n'),
        ("bio", "x\n"),
        ("brat", ""),
    ],
)
def test_what_does_not_fit_is_one_clear_error(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / "x").write_text(content, encoding="utf-8")
    with pytest.raises(ProjnerError, match=str(tmp_path / "x")):
        convert(tmp_path / "x", tmp_path / "o.jsonl", source_format=name)
    assert not (tmp_path / "o.jsonl").exists()


def test_tag_and_convert_in_one_command(tmp_path: Path) -> None:
    import spacy

    nlp = spacy.blank("zh")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "REGION", "pattern": "通化市"}])  # type: ignore[attr-defined]
    nlp.to_disk(tmp_path / "model")
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text("😀通化市", encoding="utf-8")
    convert(tmp_path / "articles", tmp_path / "x.json", tag=True, model=str(tmp_path / "model"))
    (task,) = json.loads((tmp_path / "x.json").read_bytes())
    assert "annotations" not in task
    (found,) = task["predictions"][0]["result"]
    assert found["value"] == {"start": 2, "end": 5, "text": "通化市", "labels": ["REGION"]}
