"""Roles of amounts: cue words, coordination, bars, prices, and the words kept as evidence."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from projner.money.amount import Amount
from projner.money.role import ROLES, assign

SEEDS = sorted((Path(__file__).parents[2] / "corpus" / "seeds").glob("00*.jsonl"))


def amounts(text: str, *written: str) -> list[Amount]:
    found, at = [], 0
    for one in written:
        start = text.index(one, at)
        at = start + len(one)
        found.append(Amount(Decimal(1), Decimal(1), start=start, end=at))
    return found


def roles(text: str, *written: str) -> list[str]:
    return [a.role for a in assign(text, amounts(text, *written))]


@pytest.mark.parametrize(
    ("text", "written", "expected"),
    [
        (
            "全市实施重点项目12个,总投资187.6亿元,年度计划投资40.6亿元。",
            ["187.6亿元", "40.6亿元"],
            ["total", "annual"],
        ),
        ("总投资达8054万元的污水厂改造工程已开工。", ["8054万元"], ["total"]),
        ("加快推进投资5亿元的冷链物流园项目。", ["5亿元"], ["total"]),
        ("今年计划实施5000万元以上重点项目33个。", ["5000万元"], ["threshold"]),
        ("建成后可实现年产值20亿元、利税3亿元。", ["20亿元", "3亿元"], ["output_value", "profit_tax"]),
        (
            "预计可实现年销售收入1.6亿元以上,年利税2400万元。",
            ["1.6亿元", "2400万元"],
            ["revenue", "profit_tax"],
        ),
        ("项目已完成投资32亿元。", ["32亿元"], ["completed"]),
        ("一季度完成固定资产投资1.4亿元。", ["1.4亿元"], ["fixed_asset"]),
        ("县里获得专项债2.3亿元。", ["2.3亿元"], ["financing"]),
        ("玉米收购价每吨2300元,较上周上涨20元/吨。", ["2300元", "20元"], ["price", "price"]),
        ("双方签订采购合同,合同金额1.2亿元。", ["1.2亿元"], ["trade"]),
        ("企业向灾区捐款500万元。", ["500万元"], ["other"]),
    ],
)
def test_the_words_around_an_amount_give_its_role(text: str, written: list[str], expected: list[str]) -> None:
    found = [r.removesuffix("_investment") for r in roles(text, *written)]
    assert found == expected


def test_investment_planned_for_this_year_is_annual() -> None:
    assert roles("今年,该省将完成公路建设投资85亿元。", "85亿元") == ["annual_investment"]
    assert roles("五年来,该省累计完成公路建设投资85亿元。", "85亿元") == ["completed_investment"]


def test_a_headline_follows_the_story_that_names_the_year() -> None:
    text = "投资22亿建设16条公路\n今年,全市计划投资22亿元建设公路。"
    assert roles(text, "22亿", "22亿元") == ["annual_investment", "annual_investment"]


def test_a_converted_value_follows_the_one_before_it() -> None:
    text = "公司第一季度净亏损13亿欧元(约合18亿美元)。"
    first, second = assign(text, amounts(text, "13亿欧元", "18亿美元"))
    assert (second.role, second.cue) == (first.role, first.cue) == ("profit_tax", first.cue)


def test_the_cue_is_the_span_of_the_words_in_the_text() -> None:
    text = "项目占地110亩，总投资１.1４亿元，年度计划投资9000万元，建成后年产值约3亿元。"
    found = assign(text, amounts(text, "１.1４亿元", "9000万元", "3亿元"))
    assert [text[a.cue[0] : a.cue[1]] for a in found if a.cue] == ["总投资", "年度计划投资", "年产值"]


def test_the_cue_of_a_price_may_stand_behind() -> None:
    text = "钢坯报3200元/吨。"
    (found,) = assign(text, amounts(text, "3200元"))
    assert found.role == "price"
    assert found.cue is not None


def test_the_order_of_the_amounts_is_kept_and_nothing_else_changes() -> None:
    text = "总投资5亿元,年产值8亿元。"
    given = [Amount(Decimal(8), Decimal(9), "USD", notes=("x",), start=10, end=13), *amounts(text, "5亿元")]
    found = assign(text, given)
    assert [a.role for a in found] == ["output_value", "total_investment"]
    assert (found[0].low, found[0].high, found[0].currency, found[0].notes) == (8, 9, "USD", ("x",))


def test_no_amounts_and_amounts_from_nowhere() -> None:
    loose = Amount(Decimal(1), Decimal(1))
    assert assign("没有金额。", []) == []
    assert assign("没有金额。", [loose]) == [loose]


def test_every_role_is_one_of_the_twelve_even_without_words() -> None:
    (found,) = assign("5亿元", amounts("5亿元", "5亿元"))
    assert found.role in ROLES and len(ROLES) == 12


def test_the_seeds() -> None:
    right = total = 0
    for path in SEEDS:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            gold = [s for s in row["spans"] if s["label"] == "MONEY"]
            given = [Amount(None, None, s["currency"], start=s["start"], end=s["end"]) for s in gold]
            right += sum(a.role == s["role"] for a, s in zip(assign(row["text"], given), gold, strict=True))
            total += len(gold)
    assert total == 79
    assert right / total >= 0.95
