"""Rows for the tests of the report: the seed pages as they are annotated, one row by hand, many made up."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).parents[2] / "corpus" / "seeds"
Row = dict[str, Any]


def read_jsonl(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


# --- the seed pages

_LEVELS = ("province", "city", "county", "town", "village")
_CUES = ("年度计划投资", "总投资", "计划投资", "实现产值", "利税", "投资")
_PROJECT = (
    "name",
    "count",
    "start",
    "end",
    "regions",
    "companies",
    "amounts",
    "quantities",
    "stage",
    "sentences",
)


def seed_rows() -> list[Row]:
    """The articles of the two seed pages as `projner tag` would write them."""
    projects = read_jsonl(SEEDS / "projects.jsonl")
    articles = [row for path in sorted(SEEDS.glob("0*.jsonl")) for row in read_jsonl(path)]
    return [
        {
            "id": row["id"],
            "text": row["text"],
            "file": row["file"],
            "entities": [_entity(span, row["text"]) for span in row["spans"]],
            "projects": [{name: p[name] for name in _PROJECT} for p in projects if p["row"] == row["id"]],
        }
        for row in articles
    ]


def _entity(span: Row, text: str) -> Row:
    entity = {name: span[name] for name in ("start", "end", "label", "text")} | {"score": 1.0}
    start = span["start"]
    if span["label"] == "MONEY":
        cue = next((word for word in _CUES if text[:start].endswith(word)), "")
        place = [start - len(cue), start] if cue else None
        entity["amount"] = amount(
            span["low"] or None, span["high"] or None, span["role"], currency=span["currency"], cue=place
        )
    elif span["label"] == "REGION":
        path = span["path"].split("/")
        level = "country" if len(span["code"] or "") == 2 else _LEVELS[len(path) - 1]
        entity["region"] = region(path, span["code"], level)
    else:
        entity["company"] = company(span["text"])
    return entity


# --- by hand


def amount(low: str | None, high: str | None, role: str, **more: Any) -> Row:
    plain = {"currency": "CNY", "bound": "exact", "approximate": False, "cue": None, "notes": []}
    return {"low": low, "high": high, "role": role, **plain, **more}


def region(path: list[str], code: str | None, level: str, **more: Any) -> Row:
    plain = {"former": None, "candidates": [], "notes": []}
    return {"code": code, "name": path[-1], "level": level, "path": path, **plain, **more}


def company(name: str, short: str | None = None) -> Row:
    return {"name": name, "short": short or name, "id": name}


def entity(start: int, words: str, label: str, **meaning: Any) -> Row:
    end = start + len(words)
    return {"start": start, "end": end, "label": label, "text": words, "score": 0.97, **meaning}


def emoji_row() -> Row:
    """Characters of two UTF-16 units before, inside and between all that is annotated; markup in the text."""
    text = (
        "🎉🎉<img src=x onerror=document.title='hacked'></script>"
        "<script>document.title='hacked'</script><!-- {{data}}\r\n\r\n"
        "　　𠮷𠮷报道👍：总投资约1.14亿元的二道江区鸭园镇🐟冷水鱼养殖基地建设项目开工，"
        "由&amp;吉林🐟渔业有限公司承建，另获补助300万美元至500万美元。\u2028完"
    )
    name = "🐟冷水鱼养殖基地建设项目"
    start, cue = text.index(name), text.index("总投资")
    path = ["吉林省", "通化市", "二道江区", "鸭园镇"]
    meanings: list[tuple[str, str, Row]] = [
        (
            "1.14亿元",
            "MONEY",
            {
                "amount": amount(
                    "114000000", "114000000", "total_investment", approximate=True, cue=[cue, cue + 3]
                )
            },
        ),
        (
            "二道江区鸭园镇",
            "REGION",
            {"region": region(path, "220503", "town", notes=["from_context"])},
        ),
        ("吉林🐟渔业有限公司", "COMPANY", {"company": company("吉林🐟渔业有限公司", "🐟渔业")}),
        (
            "300万美元至500万美元",
            "MONEY",
            {"amount": amount("3000000", "5000000", "financing", currency="USD")},
        ),
    ]
    project = {
        "name": name,
        "count": 1,
        "start": start,
        "end": start + len(name),
        "regions": [1],
        "companies": [2],
        "amounts": {"total_investment": [0], "financing": [3]},
        "quantities": [],
        "stage": "开工",
        "sentences": [[text.index("𠮷"), text.index("。") + 1]],
    }
    entities = [entity(text.index(words), words, label, **meaning) for words, label, meaning in meanings]
    return {"id": "=emoji", "text": text, "entities": entities, "projects": [project]}


# --- many

_PLACES = (
    ("广西壮族自治区", "河池市", "451200"),
    ("吉林省", "通化市", "220500"),
    ("四川省", "泸州市", "510500"),
    ("甘肃省", "陇南市", "621200"),
)
_MAKERS = ("蓝岭", "启川", "禾丰源", "星渡", "云栈", "金穗达", "瑞桥", "东麓")
_FORMS = ("科技有限公司", "集团", "实业股份有限公司")
_KINDS = (
    "新能源电池",
    "智慧物流园",
    "中药饮片加工",
    "冷链仓储",
    "供热管网改造",
    "抽水蓄能电站",
    "标准化厂房",
)
_FILLER = "项目建成后将带动周边群众就业，完善当地产业链条，为县域经济高质量发展提供有力支撑。"


def many_rows(count: int, *, seed: int = 8) -> Iterator[Row]:
    """Made-up articles of some 1,300 characters with 3 to 8 projects and three entities a project."""
    dice = random.Random(seed)
    for number in range(1, count + 1):
        row: Row = {"id": f"d{number}", "text": f"重点项目建设情况通报（第{number}期）\n\n", "source": "通报"}
        row |= {"entities": [], "projects": []}
        for _ in range(dice.randint(3, 8)):
            _add_project(row, dice)
        yield row


def _add_project(row: Row, dice: random.Random) -> None:
    province, city, code = dice.choice(_PLACES)
    maker = dice.choice(_MAKERS) + dice.choice(_FORMS)
    name = dice.choice(_KINDS) + "项目"
    value = dice.randint(50, 90_000)
    at, first = len(row["entities"]), len(row["text"])

    def write(words: str, label: str = "", **meaning: Any) -> int:
        start = len(row["text"])
        if label:
            row["entities"].append(entity(start, words, label, **meaning))
        row["text"] += words
        return start

    write(province + city, "REGION", region=region([province, city], code, "city"))
    write("，")
    write(maker, "COMPANY", company=company(maker))
    write("投资建设的")
    start = write(name)
    write("总投资")
    write(f"{value}万元", "MONEY", amount=amount(f"{value}0000", f"{value}0000", "total_investment"))
    write("，计划用地80亩。")
    row["projects"].append(
        {
            "name": name,
            "count": 1,
            "start": start,
            "end": start + len(name),
            "regions": [at],
            "companies": [at + 1],
            "amounts": {"total_investment": [at + 2]},
            "quantities": [],
            "stage": None,
            "sentences": [[first, len(row["text"])]],
        }
    )
    write(_FILLER * dice.randint(2, 7) + "\n\n")
