"""`projner tag` from the outside: inputs, ids, encodings, bad rows, exit codes."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from pathlib import Path

import jsonschema
import pytest
from conftest import Run, read_jsonl, write_jsonl

SCHEMA = json.loads((Path(__file__).parents[1] / "schema.json").read_text(encoding="utf-8"))
TEXT = "通化市二道江区的北辰乳业总投资1.14亿元。"


def test_rows_follow_the_schema_and_their_offsets_the_text(tag: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT + "\r\n😀吉林省拨款3000万元至5000万元", encoding="utf-8", newline="")
    result = tag(tmp_path / "a.txt")
    (row,) = result.rows
    jsonschema.validate(row, SCHEMA)
    assert result.code == 0
    assert "\r\n" in row["text"]
    assert [row["text"][e["start"] : e["end"]] for e in row["entities"]] == [
        e["text"] for e in row["entities"]
    ]
    assert [e["label"] for e in row["entities"]] == [
        "REGION",
        "REGION",
        "COMPANY",
        "MONEY",
        "REGION",
        "MONEY",
    ]
    money = row["entities"][3]["amount"]
    assert (money["low"], money["high"], money["currency"]) == ("114000000", "114000000", "CNY")
    assert row["entities"][0]["region"]["code"] == "220500"


def test_the_schema_refuses_what_it_should() -> None:
    row = {
        "id": "a",
        "entities": [{"start": 0, "end": 1, "label": "MONEY", "text": "x", "score": 1}],
        "projects": [],
    }
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(row, SCHEMA)


def test_no_text(tag: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (row,) = tag(tmp_path / "a.txt", "--no-text").rows
    assert "text" not in row
    assert row["entities"][0]["text"] == "通化市"


def test_ids_are_given_or_the_path_or_path_and_row(tag: Run, tmp_path: Path) -> None:
    rows = [{"id": "x", "text": TEXT}, {"text": TEXT}, {"id": 7, "text": TEXT}, {"id": "", "text": TEXT}]
    path = write_jsonl(tmp_path / "a.jsonl", rows)
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")
    ids = [row["id"] for row in tag(path, tmp_path / "b.txt").rows]
    assert ids == ["x", f"{path}#2", "7", f"{path}#4", str(tmp_path / "b.txt")]


def test_duplicate_ids_are_named_and_kept(tag: Run, tmp_path: Path) -> None:
    path = write_jsonl(
        tmp_path / "a.jsonl",
        [{"id": "x", "text": "一"}, {"id": "y", "text": "二"}, {"id": "x", "text": "三"}],
    )
    result = tag(path)
    assert [row["id"] for row in result.rows] == ["x", "y", "x"]
    assert result.code == 0
    assert "a.jsonl row 3: id 'x' is there twice" in result.err
    assert "1 duplicate ids" in result.err


def test_other_columns_pass_through_and_named_columns_are_used(tag: Run, tmp_path: Path) -> None:
    rows = [{"nr": "n1", "body": TEXT, "date": "2024-05-01", "tags": ["a", {"b": 1}], "none": None}]
    path = write_jsonl(tmp_path / "a.jsonl", rows)
    (row,) = tag(path, "--text-column", "body", "--id-column", "nr").rows
    assert (row["id"], row["text"]) == ("n1", TEXT)
    assert (row["date"], row["tags"], row["none"]) == ("2024-05-01", ["a", {"b": 1}], None)
    assert "body" not in row and "nr" not in row


def test_place_column_and_place_reach_the_linker(tag: Run, tmp_path: Path) -> None:
    rows = [{"text": "朝阳区的冬天", "from": "110000"}, {"text": "朝阳区的冬天", "from": ""}]
    path = write_jsonl(tmp_path / "a.jsonl", rows)
    found = tag(path, "--place-column", "from", "--place", "220100").rows
    assert [row["entities"][0]["region"]["code"] for row in found] == ["110105", "220104"]


def test_an_unknown_place_is_wrong_use(tag: Run, tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [{"text": "吉林"}])
    result = tag(path, "--place", "999999", "-o", tmp_path / "o.jsonl")
    assert result.code == 2
    assert "999999" in result.err
    assert not list(tmp_path.glob("o.jsonl*"))


def test_folders_globs_and_packed_files(tag: Run, tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "b.txt").write_text("b", encoding="utf-8")
    (folder / "sub" / "a.csv").write_text('id,text\n1,"c\nd"\n', encoding="utf-8")
    with gzip.open(folder / "z.jsonl.gz", "wt", encoding="utf-8") as packed:
        packed.write(json.dumps({"id": "gz", "text": TEXT}) + "\n")
    line = json.dumps({"id": "zst", "text": TEXT}).encode() + b"\n"
    (folder / "z.jsonl.zst").write_bytes(zstandard.compress(line) + zstandard.compress(line))
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / ".hidden.txt").write_text("no", encoding="utf-8")
    result = tag(folder)
    assert [row["id"] for row in result.rows] == [str(folder / "b.txt"), "1", "gz", "zst", "zst"]
    assert result.code == 0
    assert [row["id"] for row in tag(folder / "*.txt").rows] == [str(folder / "b.txt")]
    assert tag(folder / "*.nothing").code == 1


def test_csv_keeps_line_breaks_inside_cells(tag: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes('\ufeffid,text,n\r\n1,"一\r\n二,""三""",5\r\n'.encode())
    (row,) = tag(path).rows
    assert (row["id"], row["text"], row["n"]) == ("1", '一\r\n二,"三"', "5")


def test_parquet_columns_keep_their_types(tag: Run, tmp_path: Path) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    table = pa.table({"id": ["a", "b"], "text": [TEXT, "无"], "n": pa.array([1, None], pa.int16())})
    pq.write_table(table, tmp_path / "in.parquet")
    assert tag(tmp_path / "in.parquet", "-o", tmp_path / "out.parquet").code == 0
    found = pq.read_table(tmp_path / "out.parquet")
    assert found.schema.field("n").type == pa.int16()
    assert found.column("n").to_pylist() == [1, None]
    assert found.column("entities")[0][0]["region"]["code"].as_py() == "220500"
    assert [path.name for path in (tmp_path / "out.parquet").iterdir()] == ["part-00000.parquet"]


def test_all_kinds_of_output_say_the_same(tag: Run, tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    path = write_jsonl(
        tmp_path / "a.jsonl", [{"id": "1", "text": TEXT, "x": "é,\r"}, {"id": "2", "text": "", "x": "y"}]
    )
    for suffix in ("jsonl", "csv", "parquet"):
        assert tag(path, "-o", tmp_path / f"o.{suffix}").code == 0
    rows = read_jsonl(tmp_path / "o.jsonl")
    with open(tmp_path / "o.csv", encoding="utf-8", newline="") as file:
        cells = list(csv.DictReader(file))
    assert [
        {**c, "entities": json.loads(c["entities"]), "projects": json.loads(c["projects"])} for c in cells
    ] == rows
    typed = pq.read_table(tmp_path / "o.parquet").to_pylist()
    assert [(r["id"], r["text"], r["x"]) for r in typed] == [(r["id"], r["text"], r["x"]) for r in rows]
    assert [[e["amount"] for e in r["entities"]] for r in typed] == [
        [e.get("amount") for e in r["entities"]] for r in rows
    ]


def test_flat_gives_a_row_an_entity(tag: Run, tmp_path: Path) -> None:
    path = write_jsonl(
        tmp_path / "a.jsonl", [{"id": "1", "text": TEXT, "date": "d"}, {"id": "2", "text": "无"}]
    )
    rows = tag(path, "--flat").rows
    assert [(row["id"], row["date"], row["label"]) for row in rows] == [
        ("1", "d", label) for label in ("REGION", "REGION", "COMPANY", "MONEY")
    ]
    assert rows[0]["path"] == "吉林省/通化市"
    assert rows[3]["low"] == "114000000"
    tag(path, "--flat", "-o", tmp_path / "o.csv")
    with open(tmp_path / "o.csv", encoding="utf-8", newline="") as file:
        assert [row["text"] for row in csv.DictReader(file)] == [row["text"] for row in rows]


# --- encodings


def test_gb18030_is_read_and_said(tag: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT.encode("gb18030"))
    (tmp_path / "b.csv").write_bytes(f"id,text\n1,{TEXT}\n2,臺灣萬元\n".encode("gb18030"))
    lines = (
        json.dumps({"id": "ascii", "text": "only"}) + "\n" + json.dumps({"text": TEXT}, ensure_ascii=False)
    )
    (tmp_path / "c.jsonl").write_bytes(lines.encode("gb18030"))
    result = tag(tmp_path)
    assert result.code == 0
    assert [row["text"] for row in result.rows] == [TEXT, TEXT, "臺灣萬元", "only", TEXT]
    assert result.err.count("read as GB18030") == 3


def test_a_byte_order_mark_is_not_counted(tag: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    (row,) = tag(tmp_path / "a.txt").rows
    assert row["text"] == TEXT
    assert row["entities"][0]["start"] == 0


def test_an_empty_file_is_a_document_without_entities(tag: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    result = tag(tmp_path / "a.txt")
    assert result.code == 0
    assert [(row["text"], row["entities"]) for row in result.rows] == [("", [])]


def test_stdin_is_one_text_or_jsonl(tag: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def feed(data: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data.encode())))

    feed(TEXT + "\n第二行")
    (row,) = tag("-").rows
    assert (row["id"], row["text"]) == ("-", TEXT + "\n第二行")
    feed('{"id": "a", "text": "一"}\n{"text": "二"}')
    result = tag("-")
    assert [row["id"] for row in result.rows] == ["a", "-#2"]
    assert "read as JSONL" in result.err
    feed("{甲} 不是 JSON\n")
    assert tag("-").rows[0]["text"] == "{甲} 不是 JSON\n"
    feed("id,text\n1,一\n")
    assert tag("-", "--format", "csv").rows[0]["id"] == "1"


# --- what goes wrong


def test_bad_rows_are_named_and_the_rest_is_done(tag: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [
        json.dumps({"id": "good", "text": TEXT}, ensure_ascii=False).encode(),
        b'{"id": "no text"}',
        b'{"text": "\\ud83d alone"}',
        b'{"text": "\\ud83d\\ude00 a pair"}',
        b"{broken",
        b"[1]",
        b'{"text": 5}',
        b'{"text": null}',
        b'{"text": "x", "n": NaN}',
        b'{"text": "\xff\xfe"}',
        b"[" * 100_000,
        b"",
        json.dumps({"id": "last", "text": ""}).encode(),
    ]
    path.write_bytes(b"\n".join(lines))
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00")
    (tmp_path / "latin.txt").write_bytes("café déjà vu".encode("latin-1"))
    (tmp_path / "wide.txt").write_bytes("通化".encode("utf-16"))
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(b'{"text": "x"}\n' * 999)[:-20])
    result = tag(
        path, tmp_path / "missing.txt", *sorted(tmp_path.glob("*.[tg]*")), "-o", tmp_path / "o.jsonl"
    )
    assert result.code == 1
    assert "Traceback" not in result.err
    rows = read_jsonl(tmp_path / "o.jsonl")
    assert [row["id"] for row in rows[:3]] == ["good", f"{path}#4", "last"]
    errors = read_jsonl(tmp_path / "o.jsonl.errors.jsonl")
    assert [(Path(e["file"]).name, e["row"]) for e in errors] == [
        *(("a.jsonl", row) for row in (2, 3, 5, 6, 7, 8, 9, 10, 11)),
        ("missing.txt", None),
        ("cut.jsonl.gz", None),
        ("latin.txt", None),
        ("picture.txt", None),
        ("wide.txt", None),
    ]
    for error in errors:
        place = error["file"] if error["row"] is None else f"{error['file']} row {error['row']}"
        assert f"{place}: {error['reason']}" in result.err.splitlines()


@pytest.mark.parametrize(
    ("data", "ids", "bad"),
    [
        (b"id,text\n1,a\n2\n3,c\n", ["1", "3"], [2]),
        (b"id,text\n1,a,b\n2,c\n", ["2"], [1]),
        (b"id,text\n1,\xff\xff\n2,c\n", ["2"], [1]),
        (b'id,text\n1,"a"b\n2,c\n', ["2"], [1]),
        (b"nr,body\n1,a\n", [], [None]),
        (b"", [], []),
    ],
)
def test_bad_csv(tag: Run, tmp_path: Path, data: bytes, ids: list[str], bad: list[int | None]) -> None:
    (tmp_path / "a.csv").write_bytes(data)
    result = tag(tmp_path / "a.csv", "-o", tmp_path / "o.jsonl")
    assert [row["id"] for row in read_jsonl(tmp_path / "o.jsonl")] == ids
    errors = tmp_path / "o.jsonl.errors.jsonl"
    assert [error["row"] for error in (read_jsonl(errors) if errors.exists() else [])] == bad
    assert result.code == (1 if bad else 0)


def test_strict_stops_at_the_first(tag: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "1", "text": "一"}\n{}\n{"id": "3", "text": "三"}\n', encoding="utf-8")
    result = tag(path, "--strict", "-o", tmp_path / "o.jsonl")
    assert result.code == 1
    assert "a.jsonl row 2" in result.err
    assert [row["id"] for row in read_jsonl(tmp_path / "o.jsonl")] == ["1"]
    path.write_text(
        '{"id": "1", "text": "一"}\n{"id": "2", "text": "二"}\n{"id": "3", "text": "三"}\n', encoding="utf-8"
    )
    assert tag(path, "--strict", "-o", tmp_path / "o.jsonl", "--resume").code == 0
    assert [row["id"] for row in read_jsonl(tmp_path / "o.jsonl")] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "args",
    [
        ("a.jsonl", "-o", "o.txt"),
        ("a.jsonl", "-o", "nowhere/o.jsonl"),
        ("a.jsonl", "-o", "a.jsonl"),
        ("a.jsonl", "--resume"),
        ("-", "--resume", "-o", "o.jsonl"),
        ("a.jsonl", "--format", "pdf"),
        ("a.jsonl", "--workers", "0"),
        (),
    ],
)
def test_wrong_use_is_exit_code_2_and_leaves_nothing(
    tag: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_jsonl(tmp_path / "a.jsonl", [{"text": "x"}])
    result = tag(*args)
    assert result.code == 2
    assert "Traceback" not in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]
    assert (tmp_path / "a.jsonl").read_text() == '{"text": "x"}\n'


@pytest.mark.parametrize("workers", [1, 2])
def test_a_pipeline_that_does_not_load_is_one_line(command: Run, tmp_path: Path, workers: int) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [{"text": "x"}])
    result = command(
        "tag", path, "-o", tmp_path / "o.jsonl", "--model", "no_such_model", "--workers", workers
    )
    assert result.code == 2
    assert "no_such_model" in result.err
    assert len(result.err.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


def test_own_output_is_never_input(tag: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    for _ in range(2):
        assert tag(".", "-o", "o.jsonl").code == 0
        assert len(read_jsonl(tmp_path / "o.jsonl")) == 1


def test_the_summary_counts(tag: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": TEXT}) + "\n{}\n", encoding="utf-8")
    last = tag(path).err.splitlines()[-1]
    assert last.startswith("1 documents, 4 entities (COMPANY 1, MONEY 1, REGION 2), 1 failed; ")
    assert "characters/s" in last
