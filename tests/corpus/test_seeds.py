"""The gold of the two seed pages says nothing that the pages do not say."""

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from projner.money import parse
from projner.region.gazetteer import Gazetteer

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "corpus" / "seeds"
PAGES = ("000_93d1be965e94c206", "003_ac5196cfa2f515dd")
ROLES = {
    "total_investment",
    "annual_investment",
    "completed_investment",
    "fixed_asset_investment",
    "output_value",
    "revenue",
    "profit_tax",
    "financing",
    "trade",
    "price",
    "threshold",
    "other",
}
# GB/T 2260 codes of every division that the two pages name, by the official names of its path.
CODES = {
    "中国": "CN",
    "吉林省": "220000",
    "吉林省/长春市": "220100",
    "吉林省/通化市": "220500",
    "吉林省/通化市/东昌区": "220502",
    "吉林省/通化市/二道江区": "220503",
    "吉林省/通化市/通化县": "220521",
    "吉林省/通化市/辉南县": "220523",
    "吉林省/通化市/柳河县": "220524",
    "吉林省/通化市/集安市": "220582",
    "吉林省/白山市": "220600",
    "吉林省/白山市/浑江区": "220602",
    "吉林省/白山市/江源区": "220605",
    "吉林省/白山市/抚松县": "220621",
    "吉林省/白山市/靖宇县": "220622",
    "吉林省/白山市/长白朝鲜族自治县": "220623",
    "吉林省/白山市/临江市": "220681",
}
FIELDS = {
    "REGION": {"start", "end", "label", "text", "path", "code"},
    "COMPANY": {"start", "end", "label", "text"},
    "MONEY": {"start", "end", "label", "text", "low", "high", "currency", "role"},
}

Row = dict[str, Any]


def read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def seed_text(page: str) -> str:
    return (ROOT / "seeds" / f"{page}.txt").read_bytes().decode("utf-8")


def all_rows() -> list[Row]:
    return [row for page in PAGES for row in read(SEEDS / f"{page}.jsonl")]


def all_spans(label: str) -> list[Row]:
    return [span for row in all_rows() for span in row["spans"] if span["label"] == label]


def smallest_division(path: str) -> str:
    """The code of the deepest division of the path down to the county: towns and zones carry it."""
    names = path.split("/")
    return next(CODES[key] for n in range(len(names), 0, -1) if (key := "/".join(names[:n])) in CODES)


@pytest.mark.parametrize("page", PAGES)
def test_rows_are_verbatim_slices_that_cover_the_page(page: str) -> None:
    text, end = seed_text(page), 0
    for row in read(SEEDS / f"{page}.jsonl"):
        assert row["file"] == f"seeds/{page}.txt"
        assert row["start"] == end
        end += len(row["text"])
        assert text[row["start"] : end] == row["text"], row["id"]
    assert end == len(text)


def test_ids_are_unique() -> None:
    ids = [row["id"] for row in all_rows()]
    assert len(ids) == len(set(ids)) == 16


@pytest.mark.parametrize("row", all_rows(), ids=lambda row: row["id"])
def test_spans_are_slices_flat_sorted_and_on_one_line(row: Row) -> None:
    end = 0
    for span in row["spans"]:
        assert set(span) == FIELDS[span["label"]]
        assert row["text"][span["start"] : span["end"]] == span["text"]
        assert span["text"] and span["text"] == span["text"].strip() and "\n" not in span["text"]
        assert span["start"] >= end
        end = span["end"]


@pytest.mark.parametrize("row", all_rows(), ids=lambda row: row["id"])
def test_no_mention_of_a_tagged_name_was_forgotten(row: Row) -> None:
    # 长白山 is a mountain; every other place where a tagged name stands is a mention.
    names = {s["text"] for s in row["spans"] if s["label"] != "MONEY"}
    for name in names:
        for found in re.finditer(re.escape(name), row["text"].replace("长白山", "□□□")):
            inside = any(s["start"] <= found.start() and found.end() <= s["end"] for s in row["spans"])
            assert inside, f"{name} at {found.start()}"


def test_every_amount_of_the_pages_is_tagged() -> None:
    for row in all_rows():
        for found in re.finditer(r"[\d.]+[百千万亿]*元|[百千万亿]+元", row["text"]):
            assert any(
                s["label"] == "MONEY" and s["start"] <= found.start() and found.end() <= s["end"]
                for s in row["spans"]
            ), found[0]


@pytest.mark.parametrize("span", all_spans("REGION"), ids=lambda span: span["text"])
def test_codes_are_those_of_the_path(span: Row) -> None:
    assert span["code"] == smallest_division(span["path"])


def test_a_town_without_a_generic_leads_to_its_official_name() -> None:
    paths = {s["text"]: s["path"] for s in all_spans("REGION")}
    assert paths["漫江"] == "吉林省/白山市/抚松县/漫江镇"
    # a slip of the page: 江源 has been a district since 2006
    assert paths["白山市江源县"] == "吉林省/白山市/江源区"


def test_amounts_are_yuan_with_a_role() -> None:
    for span in all_spans("MONEY"):
        assert span["currency"] == "CNY" and span["role"] in ROLES
        assert re.fullmatch(r"\d+", span["low"]) and int(span["low"]) <= int(span["high"])
        assert (span["low"] != span["high"]) == ("至" in span["text"])


@pytest.mark.parametrize("span", all_spans("MONEY"), ids=lambda span: span["text"])
def test_values_are_what_the_span_says(span: Row) -> None:
    amount = parse(span["text"])
    assert (amount.low, amount.high) == (Decimal(span["low"]), Decimal(span["high"]))
    assert amount.currency == span["currency"]


def test_every_code_exists() -> None:
    known = set(Gazetteer.load().codes)
    missing = {span["code"] for span in all_spans("REGION")} - known
    assert not missing


def test_counts_are_those_of_the_readme() -> None:
    counts = Counter(span["label"] for row in all_rows() for span in row["spans"])
    readme = (ROOT / "corpus" / "README.md").read_text(encoding="utf-8")
    for label, count in counts.items():
        assert re.search(rf"\| {label} \|.*\| {count} \|", readme), label
