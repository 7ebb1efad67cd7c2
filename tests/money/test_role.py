"""Roles of amounts: cue words, coordination, bars, prices, and the words kept as evidence."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from projner.money.amount import Amount
from projner.money.role import ROLES, RoleModel, assign

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


@pytest.mark.parametrize(
    ("text", "written", "expected"),
    [
        ("该集团斥资3亿元收购邻省一家果汁厂。", "3亿元", "trade"),
        ("一季度,全县外贸规模达9.2亿元。", "9.2亿元", "trade"),
        ("前三季度,两市追回医保资金1.6亿元。", "1.6亿元", "other"),
        ("到2015年,国内轮椅市场规模将达到70亿元。", "70亿元", "other"),
        ("厂里工人的底薪只有1200元。", "1200元", "other"),
        ("今年1月,全省实际使用外资金额9.5亿元。", "9.5亿元", "completed_investment"),
        ("危桥改造工程计划投入资金320万元,加固两座桥。", "320万元", "total_investment"),
        ("该市采购额超过2亿元的县有3个。", "2亿元", "threshold"),
    ],
)
def test_the_word_that_decides_is_not_always_the_nearest(text: str, written: str, expected: str) -> None:
    assert roles(text, written) == [expected]


def test_a_cue_of_the_next_amount_in_a_list_does_not_count() -> None:
    text = "投产后年总产值60亿元、利税8亿元、工业增加值17亿元。"
    found = roles(text, "60亿元", "8亿元", "17亿元")
    assert found == ["output_value", "profit_tax", "output_value"]


def test_the_subject_may_stand_in_a_clause_of_its_own() -> None:
    text = "全行业的利润总额,2003年为12亿元,2009年已增长至45亿元。"
    assert roles(text, "12亿元", "45亿元") == ["profit_tax", "profit_tax"]


@pytest.mark.parametrize(
    "text",
    [
        "注册资本由3000万元变更为6000万元。",
        "县里的采购单上列着3000万元、6000万元两笔。",
        "单项预算达到3000万元以上(含6000万元)的,公开招标。",
    ],
)
def test_amounts_of_a_list_or_a_change_measure_the_same(text: str) -> None:
    first, second = roles(text, "3000万元", "6000万元")
    assert first == second


def test_another_model_may_be_given() -> None:
    weights = np.zeros((1, len(ROLES)), dtype=np.float32)
    weights[0, ROLES.index("financing")] = 1
    (found,) = assign("总投资5亿元。", amounts("总投资5亿元。", "5亿元"), RoleModel({"bias": 0}, weights))
    assert found.role == "financing"


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
