"""`projner.tag_dataset`: typed columns, and the same content as `projner tag`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Run, write_jsonl
from datasets import Dataset, DatasetDict, IterableDataset, Value

import projner
from projner.errors import ProjnerError

ROWS = [
    {"id": "1", "body": "通化市北辰乳业总投资1.14亿元，数百万元捐给朝阳区。", "n": 1},
    {"id": "2", "body": "", "n": 2},
    {"id": "3", "body": "吉林省拨款3000万元至5000万元", "n": 3},
]


@pytest.fixture
def expected(tag: Run, tmp_path: Path) -> list[list[dict[str, Any]]]:
    rows = tag(write_jsonl(tmp_path / "a.jsonl", ROWS), "--text-column", "body").rows
    empty = {"amount": None, "region": None, "company": None}
    return [[empty | entity for entity in row["entities"]] for row in rows]


def test_equals_the_command(model: str, expected: list[Any]) -> None:
    for num_proc in (None, 2):
        tagged = projner.tag_dataset(
            Dataset.from_list(ROWS), text_column="body", model=model, num_proc=num_proc
        )
        assert tagged["entities"][:] == expected
        assert (tagged["id"][:], tagged["n"][:]) == (["1", "2", "3"], [1, 2, 3])


def test_types_are_given_not_inferred(model: str) -> None:
    nothing = Dataset.from_list([{"text": "无"}])
    tagged = projner.tag_dataset(nothing, model=model)
    entity = tagged.features["entities"].feature
    assert (entity["start"], entity["amount"]["low"]) == (Value("int64"), Value("string"))
    full = projner.tag_dataset(Dataset.from_list(ROWS), text_column="body", model=model)
    assert tagged.features["entities"] == full.features["entities"]
    assert tagged.features["projects"] == full.features["projects"]


def test_streaming_and_dicts(model: str, expected: list[Any]) -> None:
    stream = IterableDataset.from_generator(lambda: iter(ROWS))
    tagged = projner.tag_dataset(stream, text_column="body", model=model)
    assert tagged.features["entities"].feature["amount"]["low"] == Value("string")
    assert [row["entities"] for row in tagged] == expected
    parts = DatasetDict({"a": Dataset.from_list(ROWS), "b": Dataset.from_list(ROWS[:1])})
    both = projner.tag_dataset(parts, text_column="body", model=model)
    assert isinstance(both, DatasetDict)
    assert both["b"]["entities"][:] == expected[:1]


def test_place_and_null(model: str) -> None:
    rows = [
        {"text": "朝阳区", "from": "110000"},
        {"text": None, "from": None},
        {"text": "朝阳区", "from": "220100"},
    ]
    tagged = projner.tag_dataset(Dataset.from_list(rows), place_column="from", model=model)["entities"][:]
    assert tagged[1] is None
    assert [tagged[n][0]["region"]["code"] for n in (0, 2)] == ["110105", "220104"]


def test_columns_that_are_missing_or_taken(model: str) -> None:
    with pytest.raises(ProjnerError, match="no column 'text'"):
        projner.tag_dataset(Dataset.from_list(ROWS), model=model)
    with pytest.raises(ProjnerError, match="already"):
        projner.tag_dataset(Dataset.from_list([{"text": "a", "entities": 1}]), model=model)
