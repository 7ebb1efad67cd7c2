"""The records of the seed pages, with the gold entities given."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from projner.company import cluster
from projner.project import Entity, Record, build

SEEDS = Path(__file__).parents[2] / "corpus" / "seeds"
PAGES = sorted(path.name for path in SEEDS.glob("0*.jsonl"))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def entities(row: dict[str, Any]) -> list[Entity]:
    mentions = [(s["start"], s["end"]) for s in row["spans"] if s["label"] == "COMPANY"]
    names = iter(cluster(mentions, row["text"]))
    return [
        Entity(
            s["start"],
            s["end"],
            s["label"],
            next(names).name if s["label"] == "COMPANY" else s.get("path") or s["text"],
            s.get("role") or "",
        )
        for s in row["spans"]
    ]


def links(record: dict[str, Any], given: list[Entity]) -> set[tuple[object, ...]]:
    return {
        *(("region", given[i].key) for i in record["regions"]),
        *(("company", given[i].key) for i in record["companies"]),
        *(("amount", i, role) for role, found in record["amounts"].items() for i in found),
    }


def same(found: Record, gold: dict[str, Any]) -> bool:
    mine = [(found.start, found.end), *found.mentions]
    theirs = [(gold["start"], gold["end"]), *map(tuple, gold["mentions"])]
    return any(a[0] < b[1] and b[0] < a[1] for a in mine for b in theirs)


@pytest.mark.parametrize("page", PAGES)
def test_links(page: str) -> None:
    projects = lines(SEEDS / "projects.jsonl")
    counts: Counter[str] = Counter()
    for row in lines(SEEDS / page):
        given = entities(row)
        found = build(row["text"], given)
        gold = [p for p in projects if p["row"] == row["id"]]
        for wanted in gold:
            linked = set().union(*(links(r.to_dict(), given) for r in found if same(r, wanted)))
            counts["right"] += len(linked & links(wanted, given))
            counts["found"] += len(linked)
            counts["gold"] += len(links(wanted, given))
        counts["found"] += sum(
            len(links(r.to_dict(), given)) for r in found if not any(same(r, wanted) for wanted in gold)
        )
    assert counts["gold"] > 70
    assert counts["right"] / counts["found"] >= 0.9
    assert counts["right"] / counts["gold"] >= 0.9
