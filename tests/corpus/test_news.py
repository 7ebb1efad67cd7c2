"""Stand-off annotation of news: offsets that can be right, and no text that is not ours."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from projner.money.amount import ROLES

SOURCE = {"repository", "commit", "path", "cut", "sha256", "article", "start", "end"}
SPAN = {"start", "end", "label", "path", "code", "low", "high", "currency", "role"}
CORPUS = Path(__file__).resolve().parents[2] / "corpus"


def read(name):
    return [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module", params=["news/news-train", "news/passages", "amounts/amounts"])
def rows(request):
    return read(request.param)


def test_spans_are_flat_sorted_and_inside(rows):
    for row in rows:
        end = 0
        for span in row["spans"]:
            assert end <= span["start"] < span["end"], row["id"]
            assert span["label"] in ("REGION", "COMPANY", "MONEY"), row["id"]
            end = span["end"]
        if "article" in row["source"]:
            assert end <= row["source"]["end"] - row["source"]["start"], row["id"]


def test_no_text_is_copied(rows):
    for row in rows:
        assert row.keys() == {"id", "source", "spans"}, row["id"]
        assert row["source"].keys() <= SOURCE, row["id"]
        assert all(span.keys() <= SPAN for span in row["spans"]), row["id"]
        assert re.fullmatch("[0-9a-f]{64}", row["source"]["sha256"]), row["id"]


def test_the_readme_counts_what_is_there():
    rows = read("news/passages")
    counts = Counter(span["label"] for row in rows for span in row["spans"])
    characters = sum(row["source"]["end"] - row["source"]["start"] for row in rows)
    said = (
        f"{len(rows):,} passages ({characters:,} characters: {counts['REGION']:,} REGION, "
        f"{counts['COMPANY']:,} COMPANY, {counts['MONEY']:,} MONEY)"
    )
    readme = (CORPUS / "README.md").read_text(encoding="utf-8")
    assert said in readme
    assert len({row["id"] for row in rows}) == len(rows)
    rows = read("amounts/amounts")
    assert f"{sum(len(row['spans']) for row in rows):,} amounts in {len(rows):,} passages" in readme


def test_an_amount_has_a_currency_and_a_role_that_there_is():
    for row in read("amounts/amounts"):
        for span in row["spans"]:
            assert span["label"] == "MONEY" and re.fullmatch("[A-Z]{3}", span["currency"]), row["id"]
            assert span["role"] in ROLES, row["id"]


def test_passages_do_not_overlap():
    rows = read("news/passages")
    ends: dict[str, int] = {}
    for source in sorted((r["source"] for r in rows), key=lambda s: (s["article"], s["start"])):
        assert source["start"] >= ends.get(source["article"], 0)
        ends[source["article"]] = source["end"]
