"""Hints, line ends, and cost on hostile input."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from projner.money import find

HOSTILE = (
    *(
        "亿",
        "1",
        "1,",
        "点",
        "一点",
        "1.",
        "1,111,",
        "1亿、",
        "1元",
        "万元",
        "1-",
        "1至",
        "1元至",
        "1和",
        "半",
    ),
    *(
        "数",
        "两",
        "投资1亿",
        "(万元)",
        "投资额(万元)\n3\n",
        "多",
        "1个",
        "¥1",
        "-1",
        "百分之",
        "1 ",
        "|",
        "1万-",
    ),
    *("三四", "人民币"),
    *("几", "几个亿", "两、", "一毛五", "千把"),
    *("单位:元\n甲乙20，丙丁30，戊己40\n", "甲　3\n单位:元　丙\n", "价格(元) 涨跌\n3 涨1\n"),
)


def cost(text: str) -> float:
    start = time.process_time()
    find(text)
    return time.process_time() - start


def test_a_hint_lets_blocks_be_yuan_where_no_thing_follows() -> None:
    text = "掌柜悄悄退了30块。"
    assert find(text) == []
    assert [text[a.start : a.end] for a in find(text, hints=[(6, 9)])] == ["30块"]
    assert find("切成30块石料。", hints=[(2, 5)]) == []


def test_a_hint_lets_a_scaled_number_count() -> None:
    text = "双方谈妥的数字是2.4亿。"
    assert find(text) == []
    assert [(a.start, a.end) for a in find(text, hints=[(8, 12)])] == [(8, 12)]


@pytest.mark.parametrize(
    "text",
    [
        "假日观影人次已经超过2.9亿，",
        "放映场次超过3450万，",
        "注册人数将达1.2亿。",
        "登记在册的户数约3万",
        "轴承需求量明年会升到12亿。",
        "水稻总产量再过5亿，",
        "获得票数2.3万，",
        "展出3万件，",
        "占地2万平方米",
        "发电9亿千瓦时",
        "门票卖了3万张",
        "送走旅客2亿人次",
        "投资者人数升到3万，",
    ],
)
def test_a_hint_never_overrules_what_is_counted(text: str) -> None:
    assert find(text, hints=[(0, len(text))]) == []


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("设备投资规模将达1250亿。", "1250亿"),
        ("大批量采购花了5亿，", "5亿"),
        ("采购量大，账单到了5亿，", "5亿"),
    ],
)
def test_a_hint_counts_where_money_is_named_after_what_is_counted(text: str, span: str) -> None:
    assert [text[a.start : a.end] for a in find(text, hints=[(0, len(text))])] == [span]


@pytest.mark.parametrize("text", ["年产5万吨", "用户达3亿人", "三元里", "百亿级产业集群", "2024元旦"])
def test_a_hint_never_overrules_a_look_alike(text: str) -> None:
    assert find(text, hints=[(0, len(text))]) == []


def test_an_amount_never_crosses_a_line() -> None:
    text = "投资3亿\n元旦开工；1.5\n亿元"
    assert all("\n" not in text[a.start : a.end] for a in find(text))


def test_carriage_returns_and_astral_characters_keep_offsets() -> None:
    text = "𠮷林\r\n投资5亿元\r\n"
    (amount,) = find(text)
    assert text[amount.start : amount.end] == "5亿元"


@pytest.mark.parametrize("unit", HOSTILE)
def test_cost_grows_with_length(unit: str) -> None:
    """Sixteen times the text: 16 times the work where it is linear, 256 times where it is quadratic."""
    small = (unit * 2500)[:2500]
    find(small)
    base = max(min(cost(small) for _ in range(3)), 1e-4)
    assert cost((unit * 40000)[:40000]) < 100 * base


def test_money_never_imports_spacy() -> None:
    code = "import sys, projner.money as m; m.find('投资五亿元'); sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
