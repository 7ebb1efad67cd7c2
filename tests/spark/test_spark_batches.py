"""What a Spark worker does with its batches: Arrow in, Arrow out, no Spark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import pytest
import spacy
from datasets import Dataset
from spacy.language import Language
from spacy.tokens import Doc

import projner
from projner import spark
from projner.batch.schema import entity_type, project_type
from projner.batch.typed import tagger


@Language.component("projner_tests_fail")
def fail(doc: Doc) -> Doc:
    """Breaks on one text."""
    if doc.text.startswith("坏"):
        raise ValueError("坏了")
    return doc


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A small pipeline: a place by a list, amounts and codes as ever."""
    nlp = spacy.blank("zh")
    ruler: Any = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "REGION", "pattern": name} for name in ("吉林省", "朝阳区")])
    for name in ("projner_money", "projner_region_linker", "projner_project", "projner_tests_fail"):
        nlp.add_pipe(name)
    path = tmp_path_factory.mktemp("model") / "standin"
    nlp.to_disk(path)
    return str(path)


def run(batches: Iterable[pa.RecordBatch], model: str, place: str | None = None) -> list[pa.RecordBatch]:
    return list(spark._tag(batches, text_column="text", place_column=place, model=model))


def rows(
    batches: Iterable[pa.RecordBatch], model: str, place: str | None = None, columns: Sequence[str] = ()
) -> list[dict[str, Any]]:
    tagged = run(batches, model, place)
    return [row for part in tagged for row in part.select(list(columns or part.schema.names)).to_pylist()]


def unchecked(values: list[bytes]) -> pa.Array:
    """A column of strings, as Spark hands it over: nobody saw whether they are UTF-8."""
    _, offsets, data = pa.array(values).buffers()
    return pa.StringArray.from_buffers(len(values), offsets, data)


def batch(texts: list[str | None], **more: list[Any]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(
        {"n": list(range(len(texts))), "text": pa.array(texts, pa.string()), **more}
    )


def test_the_new_columns_stand_behind_with_their_types(model: str) -> None:
    given = batch(["吉林省拨款3000万元"], at=[{"x": 1}])
    (tagged,) = run([given], model)
    assert tagged.schema.names == ["n", "text", "at", "entities", "projects", "error"]
    assert tagged.select(given.schema.names) == given
    assert tagged.schema.field("entities").type == pa.list_(entity_type())
    assert tagged.schema.field("projects").type == pa.list_(project_type())
    assert tagged.schema.field("error").type == pa.string()
    # What failed altogether has the same types.
    (nothing,) = run([batch([None])], model)
    assert nothing.schema.field("entities").type == pa.list_(entity_type())


def test_the_content_is_that_of_tag_dataset(model: str) -> None:
    texts = ["吉林省总投资1.14亿元的水库建设项目开工。", "", None, "数百万元", "😀朝阳区３亿元"]
    local = list(projner.tag_dataset(Dataset.from_dict({"text": texts}), model=model))
    assert local[0]["projects"] and local[0]["entities"]
    found = rows([batch(texts)], model)
    assert [{name: row[name] for name in ("text", "entities", "projects")} for row in found] == local
    assert [row["error"] for row in found] == [None] * len(texts)


def test_bad_rows_are_named_and_the_rest_is_tagged(model: str) -> None:
    text = unchecked(["3000万元".encode(), b"\xe5\x90\xe9", "1亿元".encode()])
    found = rows([pa.RecordBatch.from_arrays([text], ["text"])], model, columns=spark._NEW)
    assert [row["error"] for row in found][::2] == [None, None]
    assert found[1]["error"] == "[P553] column 'text' holds no UTF-8 (byte 0xe5 at 0)"
    assert [row["entities"] and row["entities"][0]["text"] for row in found] == ["3000万元", None, "1亿元"]

    found = rows([batch(["1亿元", "坏2亿元", "3亿元"])], model)
    assert [row["error"] is None for row in found] == [True, False, True]
    assert "坏了" in found[1]["error"] and found[1]["entities"] is None and found[1]["projects"] is None
    assert [found[n]["entities"][0]["text"] for n in (0, 2)] == ["1亿元", "3亿元"]


def test_a_broken_place_is_an_error_of_its_row(model: str) -> None:
    places = unchecked([b"220100", b"\xff", b""])
    given = pa.RecordBatch.from_arrays([pa.array(["朝阳区"] * 3), places], ["text", "from"])
    found = rows([given], model, "from", columns=spark._NEW)
    assert found[0]["entities"][0]["region"]["code"] == "220104"
    assert found[1]["entities"] is None and "column 'from'" in found[1]["error"]
    assert found[2]["entities"][0]["region"]["code"] is None and found[2]["error"] is None


def test_large_batches_go_through_in_groups_and_come_out_whole(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark, "_GROUP_ROWS", 4)
    monkeypatch.setattr(spark, "_GROUP_CHARACTERS", 30)
    texts = [None if n == 5 else f"{n}亿元" + "，" * (40 if n == 7 else 0) for n in range(1, 12)]
    given = batch(texts)
    tagged = run([given.slice(0, 0), given.slice(2), given.slice(0, 2)], model)
    assert [part.num_rows for part in tagged] == [4, 1, 4, 2]
    found = sorted((row for part in tagged for row in part.to_pylist()), key=lambda row: row["n"])
    assert [row["text"] for row in found] == texts
    assert [row["entities"] and row["entities"][0]["amount"]["low"] for row in found] == [
        None if n == 5 else f"{n}00000000" for n in range(1, 12)
    ]


def test_long_strings_are_strings_too(model: str) -> None:
    given = pa.RecordBatch.from_arrays([pa.array(["1亿元"], pa.large_string())], ["text"])
    (row,) = rows([given], model)
    assert row["entities"][0]["text"] == "1亿元"


def test_the_pipeline_is_loaded_once_a_process_and_at_the_first_text(model: str) -> None:
    tagger.cache_clear()
    rows([batch([None, None])], model)
    assert tagger.cache_info().misses == 0
    rows([batch(["1亿元"]), batch(["2亿元"])], model)
    projner.tag_dataset(Dataset.from_dict({"text": ["3亿元"]}), model=model)
    assert tagger.cache_info().misses == 1
