"""Project gold: every offset and every link of a record points at something that fits it."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "corpus"
PAGES = ("000_93d1be965e94c206", "003_ac5196cfa2f515dd")
STAGES = {None, "签约", "开工", "在建", "投产"}
FIELDS = {
    "count",
    "start",
    "end",
    "regions",
    "companies",
    "amounts",
    "quantities",
    "stage",
    "mentions",
    "sentences",
}

Record = dict[str, Any]


def lines(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


ROWS = {row["id"]: row for page in PAGES for row in lines(CORPUS / "seeds" / f"{page}.jsonl")}
SEEDS = lines(CORPUS / "seeds" / "projects.jsonl")
DEV = lines(CORPUS / "dev-projects.jsonl")
DEV_RECORDS = [record for article in DEV for record in article["projects"]]


def overlap(a: list[int], b: list[int]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


@pytest.mark.parametrize("record", SEEDS, ids=lambda r: f"{r['row']}:{r['name']}")
def test_seed_record_fits_its_row(record: Record) -> None:
    row = ROWS[record["row"]]
    text, spans = row["text"], row["spans"]
    assert set(record) == FIELDS | {"row", "name"}
    assert text[record["start"] : record["end"]] == record["name"] and "\n" not in record["name"]
    assert all(spans[i]["label"] == "REGION" for i in record["regions"])
    assert all(spans[i]["label"] == "COMPANY" for i in record["companies"])
    for role, linked in record["amounts"].items():
        assert linked and all(spans[i]["role"] == role for i in linked)
    for start, end in [*record["quantities"], *record["mentions"]]:
        assert text[start:end].strip() == text[start:end] != ""
    assert any(char.isdigit() for char in record["name"]) or record["count"] == 1
    if record["count"] > 1:
        assert str(record["count"]) in record["name"]


@pytest.mark.parametrize("record", SEEDS + DEV_RECORDS)
def test_record_is_well_formed(record: Record) -> None:
    assert record["count"] >= 1 and record["stage"] in STAGES
    assert record["regions"] or record["companies"] or record["amounts"], "nothing is known of it"
    assert record["regions"] == sorted(set(record["regions"]))
    assert any(start <= record["start"] < end for start, end in record["sentences"])
    assert record["sentences"] == sorted(record["sentences"])
    places = [[record["start"], record["end"]], *record["mentions"]]
    assert not any(overlap(a, b) for i, a in enumerate(places) for b in places[:i])


def test_names_of_different_records_do_not_overlap() -> None:
    by_row: dict[str, list[list[int]]] = {}
    for record in SEEDS:
        by_row.setdefault(record["row"], []).extend([[record["start"], record["end"]], *record["mentions"]])
    for row, places in by_row.items():
        places.sort()
        assert not any(overlap(a, b) for a, b in pairwise(places)), row


def test_an_investment_belongs_to_some_project() -> None:
    # No project has the bars of clusters, a district's statistic, and a bar without a count.
    used = {(r["row"], i) for r in SEEDS for linked in r["amounts"].values() for i in linked}
    left = [
        span["text"]
        for row in ROWS.values()
        for i, span in enumerate(row["spans"])
        if span["label"] == "MONEY" and (row["id"], i) not in used
    ]
    assert left == ["300亿元至500亿元", "百亿元", "1.4亿元", "亿元"]


def test_dev_is_stand_off() -> None:
    assert [article["id"] for article in DEV] == [f"dev{n:02d}" for n in range(20)]
    for record in DEV_RECORDS:
        assert set(record) == FIELDS


def test_counts_are_those_of_the_readme() -> None:
    readme = (CORPUS / "README.md").read_text(encoding="utf-8")
    for title, records in (
        ("seeds 通化", [r for r in SEEDS if r["row"].startswith("000")]),
        ("seeds 白山", [r for r in SEEDS if r["row"].startswith("003")]),
        ("news-dev, dev00–dev19", DEV_RECORDS),
    ):
        figures = (
            len(records),
            sum(r["count"] > 1 for r in records),
            sum(len(r["regions"]) for r in records),
            sum(len(r["companies"]) for r in records),
            sum(len(linked) for r in records for linked in r["amounts"].values()),
            sum(len(r["quantities"]) for r in records),
        )
        assert f"| {title} | " + " | ".join(map(str, figures)) + " |" in readme
