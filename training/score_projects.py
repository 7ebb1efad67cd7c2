"""Score project records: python training/score_projects.py [--pipeline NAME_OR_FOLDER] [--dev NEWS_DEV.jsonl]

Precision and recall of the links project–region, project–company, project–amount by the rules of
corpus/README.md, on the seed pages and, where the texts are given, on the articles of
corpus/dev-projects.jsonl. Without --pipeline the gold entities go in, so that only the records are
measured; with it the pipeline finds everything by itself.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from projner.company import cluster
from projner.project import Entity, build

CORPUS = Path(__file__).parent.parent / "corpus"
LINKS = ("region", "company", "amount")
Row = dict[str, Any]
Meaning = tuple[str, Any]
Records = Sequence[Mapping[str, Any]]


def read_seeds() -> dict[str, list[Row]]:
    """Rows of the seed pages with their projects, by page."""
    pages: dict[str, list[Row]] = {}
    rows: dict[str, Row] = {}
    for path in sorted((CORPUS / "seeds").glob("0*.jsonl")):
        pages[path.stem] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        rows |= {row["id"]: row | {"projects": []} for row in pages[path.stem]}
    for line in (CORPUS / "seeds" / "projects.jsonl").read_text(encoding="utf-8").splitlines():
        project = json.loads(line)
        rows[project["row"]]["projects"].append(project)
    return {name: [rows[row["id"]] for row in page] for name, page in pages.items()}


def read_dev(path: Path) -> list[Row]:
    """The articles of dev-projects.jsonl with their texts out of `path`."""
    rows = {row["id"]: row for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
    lines = (CORPUS / "dev-projects.jsonl").read_text(encoding="utf-8").splitlines()
    return [rows[stand_off["id"]] | stand_off for stand_off in map(json.loads, lines)]


def gold_entities(row: Row) -> list[Entity]:
    spans = row["spans"]
    companies = [(s["start"], s["end"]) for s in spans if s["label"] == "COMPANY"]
    names = iter(cluster(companies, row["text"]))
    out = []
    for span in spans:
        key = next(names).name if span["label"] == "COMPANY" else span.get("path") or span["text"]
        out.append(Entity(span["start"], span["end"], span["label"], key, span.get("role") or ""))
    return out


def pipeline_entities(doc: Any) -> list[Entity]:
    from projner.project.component import _entity

    return [_entity(ent) for ent in doc.ents]


def meanings(record: Mapping[str, Any], entities: Sequence[Entity]) -> dict[str, set[Any]]:
    """What a record is linked to: paths, companies, and (start, end, role) of amounts."""
    return {
        "region": {entities[i].key for i in record["regions"]},
        "company": {entities[i].key for i in record["companies"]},
        "amount": {
            (entities[i].start, entities[i].end, role) for role, ids in record["amounts"].items() for i in ids
        },
    }


def places(record: Mapping[str, Any]) -> list[tuple[int, int]]:
    return [(record["start"], record["end"]), *((s, e) for s, e in record["mentions"])]


def overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    return sum(a[0] < b[1] and b[0] < a[1] for a in places(one) for b in places(other))


def count(
    row: Row, entities: Sequence[Entity], codes: Sequence[str | None], counts: dict[str, list[int]]
) -> None:
    """Add right, found and gold links of a row; links of a record that no gold record has are wrong."""
    gold_ents = gold_entities(row)
    region_of = _same_regions(row, gold_ents, entities, codes)
    found = [record.to_dict() for record in build(row["text"], entities)]
    company_of = _same_companies(row["text"], gold_ents, entities)
    union: dict[int, dict[str, set[Any]]] = defaultdict(lambda: {link: set() for link in LINKS})
    for record in found:
        linked = meanings(record, entities)
        linked["region"] = {region_of.get(key, key) for key in linked["region"]}
        linked["company"] = {company_of.get(key, key) for key in linked["company"]}
        scores = [overlap(record, gold) for gold in row["projects"]]
        best = max(scores, default=0)
        if best:
            for link in LINKS:
                union[scores.index(best)][link] |= linked[link]
            continue
        for link in LINKS:
            counts[link][1] += len(linked[link])
    counts["record"][0] += len(union)
    counts["record"][1] += len(found)
    counts["record"][2] += len(row["projects"])
    for i, gold in enumerate(row["projects"]):
        wanted = meanings(gold, gold_ents)
        for link in LINKS:
            counts[link][0] += len(union[i][link] & wanted[link])
            counts[link][1] += len(union[i][link])
            counts[link][2] += len(wanted[link])


def _same_companies(text: str, gold: Sequence[Entity], found: Sequence[Entity]) -> dict[str, str]:
    """The gold's name of every company found, where a mention of both overlaps."""
    return {
        f.key: g.key
        for f in found
        for g in gold
        if f.label == g.label == "COMPANY" and f.start < g.end and g.start < f.end
    }


def _same_regions(
    row: Row, gold: Sequence[Entity], found: Sequence[Entity], codes: Sequence[str | None]
) -> dict[str, str]:
    """The gold's path of every division found, where a mention of both overlaps and the codes are the same:
    the gold has the names of the text's time (大丰市), the pipeline today's (大丰区)."""
    known = {g.key for g in gold}
    return {
        f.key: g.key
        for f, code in zip(found, codes, strict=True)
        for g, span in zip(gold, row["spans"], strict=True)
        if f.label == g.label == "REGION"
        and f.start < g.end
        and g.start < f.end
        and f.key not in known
        and code == span.get("code")
    }


def score(name: str, rows: Sequence[Row], nlp: Any) -> None:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in rows:
        if nlp is None:
            entities = gold_entities(row)
            count(row, entities, [None] * len(entities), counts)
        else:
            doc = nlp(row["text"])
            codes = [(ent._.region_data or {}).get("code") for ent in doc.ents]
            count(row, pipeline_entities(doc), codes, counts)
    counts["links"] = [sum(counts[link][i] for link in LINKS) for i in range(3)]
    for link in ("record", *LINKS, "links"):
        right, found, gold = counts[link]
        precision, recall = right / max(found, 1), right / max(gold, 1)
        counted = f"{right}/{found} {right}/{gold}"
        print(f"{name}  {link:8} precision {precision:.3f} recall {recall:.3f} ({counted})")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pipeline", help="a pipeline; without it the gold entities go in")
    parser.add_argument("--dev", type=Path, help="news-dev.jsonl, the texts of corpus/dev-projects.jsonl")
    options = parser.parse_args(arguments)
    nlp = None
    if options.pipeline:
        import projner

        nlp = projner.load(options.pipeline)
    for name, rows in read_seeds().items():
        score(name, rows, nlp)
    if options.dev:
        score("dev", read_dev(options.dev), nlp)


if __name__ == "__main__":
    main()
