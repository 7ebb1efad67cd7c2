"""`projner tag --projects`: a row a project, through the same loop as the other outputs."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import NAMES, Result, Run, read_jsonl, write_jsonl

from projner.batch import pieces, run
from projner.batch.options import Options
from projner.errors import ProjnerError
from projner.frame import COLUMNS, project_rows

SEEDS = Path(__file__).parents[2] / "seeds"
TEXT = "通化市二道江区的冷水鱼养殖基地建设项目总投资1.5亿元，占地3,000亩，由北辰乳业有限公司建设，已开工。"
TITLE = '签约,"开工"\n与投产'


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A pipeline with project records, names by a list."""
    import spacy

    nlp = spacy.blank("zh")
    ruler: Any = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(
        [{"label": label, "pattern": name} for label, names in NAMES.items() for name in names]
    )
    for name in ("money", "region_linker", "company", "project"):
        nlp.add_pipe(f"projner_{name}")
    path = tmp_path_factory.mktemp("model") / "rules"
    nlp.to_disk(path)
    return str(path)


@pytest.fixture
def table(command: Run, rules: str) -> Run:
    return lambda *args: command("tag", *args, "--model", rules, "--projects")


@pytest.fixture
def news(tmp_path: Path) -> Path:
    rows = [
        {"id": "a1", "title": TITLE, "text": TEXT},
        {"id": "a2", "title": "无", "text": "今天没有新闻。"},
        {"id": "a3", "title": "二", "text": "白山市的矿泉水加工项目年度计划投资3000万元。"},
    ]
    return write_jsonl(tmp_path / "news.jsonl", rows)


def _cells(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    with open(path, encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def _as_cells(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]


# --- the rows


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both seed pages through the pipeline that ships, as documents and as projects."""
    folder = tmp_path_factory.mktemp("shipped")
    run.tag_files([str(SEEDS)], folder / "documents.jsonl")
    run.tag_files([str(SEEDS)], folder / "projects.csv", Options(projects=True, bom=True))
    return folder


def test_the_pages_give_the_rows_of_their_documents(shipped: Path) -> None:
    documents = read_jsonl(shipped / "documents.jsonl")
    expected = list(project_rows(documents))
    assert len(expected) == sum(len(document["projects"]) for document in documents) >= 40
    assert _cells(shipped / "projects.csv", "utf-8-sig") == _as_cells(expected)
    texts = {document["id"]: document["text"] for document in documents}
    named = [row for row in expected if texts[row["id"]][row["start"] : row["end"]] == row["project"]]
    assert len(named) == len(expected)


def test_the_frame_is_what_pandas_reads(shipped: Path) -> None:
    pandas = pytest.importorskip("pandas")
    import projner

    frame = projner.to_frame(read_jsonl(shipped / "documents.jsonl"))
    read = pandas.read_csv(shipped / "projects.csv", dtype={"code": "str"})
    assert list(read.columns) == list(COLUMNS) == list(frame.columns)
    for name in ("id", "project", "code", "place", "company", "stage", "start"):
        assert read[name].fillna("").tolist() == frame[name].fillna("").tolist()
    assert read["total_investment"].sum() == frame["total_investment"].sum() > 0


def test_the_frame_of_docs_has_the_same_rows(table: Run, rules: str, tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    import projner

    texts = [TEXT, "白山市的矿泉水加工项目年度计划投资3000万元。"]
    path = write_jsonl(tmp_path / "a.jsonl", [{"id": str(n), "text": text} for n, text in enumerate(texts)])
    frame = projner.to_frame(projner.load(rules).pipe(texts))
    assert len(frame) == 2
    found = table(path, "-o", tmp_path / "o.jsonl")
    assert found.code == 0
    expected = json.loads(frame.to_json(orient="records", force_ascii=False))
    assert read_jsonl(tmp_path / "o.jsonl") == expected


def test_datasets_reads_it(shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    datasets = pytest.importorskip("datasets")
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    files = str(shipped / "projects.csv")
    read = datasets.load_dataset("csv", data_files=files, split="train", cache_dir=str(tmp_path))
    assert tuple(read.column_names) == COLUMNS
    assert read["project"][:] == [cells["project"] for cells in _cells(shipped / "projects.csv", "utf-8-sig")]


# --- the kinds of output


def test_commas_quotes_and_line_breaks_stay_in_their_cells(table: Run, news: Path, tmp_path: Path) -> None:
    result = table(news, "-o", tmp_path / "o.csv")
    assert result.code == 0
    first, second = _cells(tmp_path / "o.csv")
    assert list(first) == ["id", "title", *COLUMNS[1:]]
    assert (first["id"], first["title"], first["quantities"]) == ("a1", TITLE, "占地3,000亩")
    assert (first["code"], first["county"]) == ("220503", "二道江区")
    assert (first["total_investment"], first["stage"]) == ("150000000", "开工")
    assert (second["id"], second["city"], second["annual_investment"]) == ("a3", "白山市", "30000000")
    assert result.err.splitlines()[-1].startswith("3 documents, ")


def test_standard_output_is_the_same_csv(table: Run, news: Path, tmp_path: Path) -> None:
    table(news, "-o", tmp_path / "o.csv")
    assert table(news).out == (tmp_path / "o.csv").read_bytes()
    assert table(news, "--no-text").out == (tmp_path / "o.csv").read_bytes()


def test_jsonl_and_parquet_hold_the_same_rows(table: Run, news: Path, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    for name in ("o.csv", "o.jsonl", "o.parquet"):
        assert table(news, "-o", tmp_path / name).code == 0
    rows = read_jsonl(tmp_path / "o.jsonl")
    assert rows[0]["total_investment"] == 150_000_000
    assert _as_cells(rows) == _cells(tmp_path / "o.csv")
    typed = pq.read_table(tmp_path / "o.parquet").to_pylist()
    assert [row["total_investment"] for row in typed] == ["150000000", None]
    assert _as_cells(typed) == _cells(tmp_path / "o.csv")


def test_no_project_at_all_leaves_a_table_with_a_head(table: Run, tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [{"text": "今天没有新闻。"}])
    assert table(path).out.decode() == ",".join(COLUMNS) + "\r\n"


# --- the byte order mark


@pytest.mark.parametrize("to_file", [True, False])
def test_the_mark_stands_once_at_the_start(table: Run, news: Path, tmp_path: Path, to_file: bool) -> None:
    out = tmp_path / "o.csv"
    result = table(news, "--bom", *(("-o", out) if to_file else ()))
    raw = out.read_bytes() if to_file else result.out
    assert raw.startswith(codecs.BOM_UTF8)
    assert raw.count(codecs.BOM_UTF8) == 1
    assert raw.removeprefix(codecs.BOM_UTF8) == table(news).out


@pytest.mark.parametrize(("name", "kind"), [("o.jsonl", "JSONL"), ("o.parquet", "Parquet")])
def test_the_mark_is_for_csv_alone(table: Run, news: Path, tmp_path: Path, name: str, kind: str) -> None:
    result = table(news, "--bom", "-o", tmp_path / name)
    assert _wrong_use(result, f"--bom is for CSV and the output is {kind}")
    assert not (tmp_path / name).exists()


def test_the_mark_is_not_for_json_on_standard_output(tag: Run, news: Path) -> None:
    assert _wrong_use(tag(news, "--bom"), "--bom is for CSV and the output is JSONL")


def test_flat_and_projects_are_two_tables(table: Run, news: Path, tmp_path: Path) -> None:
    assert _wrong_use(table(news, "--flat", "-o", tmp_path / "o.csv"), "--flat")
    assert not (tmp_path / "o.csv").exists()


def _wrong_use(result: Result, said: str) -> bool:
    return result.code == 2 and not result.out and said in result.err


# --- the loop around it


@pytest.fixture
def many(tmp_path: Path) -> Path:
    rows: list[dict[str, Any]] = [{"id": f"d{n}", "n": str(n), "text": TEXT * (n % 3)} for n in range(60)]
    rows[7] = {"n": "7"}  # no text
    return write_jsonl(tmp_path / "many.jsonl", rows)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_resuming_gives_what_one_go_gives(
    table: Run, rules: str, many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr(run, "_BATCH_ITEMS", 10)
    mark = ("--bom",) if suffix == ".csv" else ()
    whole, broken = tmp_path / f"whole{suffix}", tmp_path / f"broken{suffix}"
    once = table(many, "-o", whole, *mark)
    assert once.code == 1
    options = Options(model=rules, projects=True, bom=bool(mark), interval=0.0)
    with pytest.raises(_BreakdownError):
        run.tag_files([str(many)], broken, options, advance=_breaks_after(3))
    assert 0 < len(broken.read_bytes()) < len(whole.read_bytes())
    again = table(many, "-o", broken, *mark, "--resume")
    assert again.code == 1
    assert broken.read_bytes() == whole.read_bytes()
    assert again.err.splitlines()[-1].split(";")[0] == once.err.splitlines()[-1].split(";")[0]


def test_resuming_as_another_table_is_refused(rules: str, many: Path, tmp_path: Path) -> None:
    options = Options(model=rules, projects=True, interval=0.0)
    with pytest.raises(_BreakdownError):
        run.tag_files([str(many)], tmp_path / "o.csv", options, advance=_breaks_after(1))
    with pytest.raises(ProjnerError, match="--projects was true and is now false"):
        run.tag_files([str(many)], tmp_path / "o.csv", Options(model=rules, resume=True))


class _BreakdownError(Exception):
    """In place of a machine that goes down."""


def _breaks_after(count: int) -> Callable[[int, object], None]:
    seen: list[int] = []

    def advance(position: int, summary: object) -> None:
        seen.append(position)
        if len(seen) == count:
            raise _BreakdownError

    return advance


def test_two_processes_give_what_one_gives(table: Run, many: Path, tmp_path: Path) -> None:
    assert table(many, "-o", tmp_path / "one.csv").code == 1
    assert table(many, "-o", tmp_path / "two.csv", "--workers", "2").code == 1
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_a_bad_row_is_named_and_the_rest_is_done(table: Run, many: Path, tmp_path: Path) -> None:
    result = table(many, "-o", tmp_path / "o.csv")
    assert result.code == 1
    (error,) = read_jsonl(tmp_path / "o.csv.errors.jsonl")
    assert error["row"] == 8
    assert _cells(tmp_path / "o.csv")[-1]["id"] == "d59"
    strict = table(many, "-o", tmp_path / "s.csv", "--strict")
    assert strict.code == 1
    assert _cells(tmp_path / "s.csv")[-1]["id"] == "d5"


def test_offsets_of_a_long_document_count_in_it(
    table: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces.cut, "__defaults__", (200,))
    text = "天气晴。\n" * 300 + TEXT
    path = write_jsonl(tmp_path / "a.jsonl", [{"text": text}])
    table(path, "-o", tmp_path / "o.jsonl")
    (row,) = read_jsonl(tmp_path / "o.jsonl")
    assert text[row["start"] : row["end"]] == row["project"]
    assert row["start"] > 1500
    assert row["quantities"] == "占地3,000亩"
