"""Copies of texts with other names of companies."""

import re

import pytest

COMPANIES = ("三一重工", "中联重科", "徐工", "柳工", "海尔", "格力", "万向", "长虹", "中国石油", "Intel")
REGIONS = {"吉林", "长沙", "德国"}


@pytest.fixture
def coiner(script):
    return script("swap_names").Coiner(COMPANIES, REGIONS, seed=1)


@pytest.fixture
def swapped(script, coiner, monkeypatch):
    module = script("swap_names")
    monkeypatch.setattr(module, "_KEPT", 0.0)
    return lambda *rows: module.swapped(rows, coiner)


def row(text, *names, label="COMPANY"):
    spans = [
        {"start": m.start(), "end": m.end(), "label": label, "text": name}
        for name in names
        for m in re.finditer(re.escape(name) + (r"(?!科技)" if len(name) == 2 else ""), text)
    ]
    return {"id": "r", "text": text, "spans": sorted(spans, key=lambda s: s["start"])}


def test_a_name_is_the_same_new_one_at_all_its_places_and_the_rest_stays(swapped):
    text = "三一重工在长沙建厂，投资5亿元。三一重工称年内投产。"
    first = row(text, "三一重工")
    first["spans"].append({"start": 5, "end": 7, "label": "REGION", "text": "长沙"})
    first["spans"].sort(key=lambda s: s["start"])
    (copy,) = swapped(first)
    names = {s["text"] for s in copy["spans"] if s["label"] == "COMPANY"}
    assert len(names) == 1 and names != {"三一重工"}
    assert copy["text"] == text.replace("三一重工", names.pop())
    assert all(copy["text"][s["start"] : s["end"]] == s["text"] for s in copy["spans"])
    assert [s["text"] for s in copy["spans"] if s["label"] == "REGION"] == ["长沙"]


def test_a_name_within_another_changes_with_it(swapped):
    (copy,) = swapped(row("昆盛科技集团有限公司(昆盛)开工", "昆盛科技集团有限公司", "昆盛"))
    long, short = (s["text"] for s in copy["spans"])
    assert short != "昆盛" and long == f"{short}科技集团有限公司"


def test_as_goods_it_changes_too_but_a_short_word_stays(swapped):
    (copy,) = swapped({**row("农夫山泉投产", "农夫山泉"), "text": "农夫山泉投产，一瓶农夫山泉两元"})
    assert "农夫山泉" not in copy["text"]
    short = row("大众投产，大众消费", "大众")
    short["spans"] = short["spans"][:1]
    (copy,) = swapped(short)
    assert copy["text"].endswith("投产，大众消费")


@pytest.mark.parametrize(
    "name, pattern",
    [
        ("吉林昆盛药业有限公司", r"吉林[\u4e00-\u9fff]+有限公司"),
        ("吉林昆盛银行", r"吉林[\u4e00-\u9fff]+银行"),
        ("GE", r"[A-Z]{2,3}"),
        ("Samsung", r"[A-Z][a-z]+"),
    ],
)
def test_region_and_form_of_a_name_stay(coiner, name, pattern):
    new = coiner.rename(name)
    assert new != name and re.fullmatch(pattern, new)


@pytest.mark.parametrize("name", ["3M", "中国石油化工集团大庆第三采油厂附属机械"])
def test_what_has_no_core_keeps_its_name(coiner, name):
    assert coiner.rename(name) is None


def test_rows_without_a_company_have_no_copy(swapped):
    assert swapped(row("通化开工", "通化", label="REGION")) == []


def test_the_same_seed_gives_the_same_names(script):
    module = script("swap_names")
    rows = [row(f"{name}投产", name) for name in COMPANIES]
    twice = [module.swapped(rows, module.Coiner(COMPANIES, REGIONS, seed=3)) for _ in range(2)]
    assert twice[0] == twice[1]
