from __future__ import annotations

from itertools import pairwise

import pytest

from projner.company import Company, CompanyList, cluster, normalise
from projner.errors import ProjnerError


def companies(text: str, *names: str, known: CompanyList | None = None) -> list[Company]:
    spans, at = [], 0
    for name in names:
        start = text.index(name, at)
        at = start + len(name)
        spans.append((start, at))
    return cluster(spans, text, known)


def one(text: str, *names: str) -> Company:
    found = companies(text, *names)
    assert all(a == b for a, b in pairwise(found)), found
    return found[0]


def two(text: str, *names: str) -> None:
    assert len(set(companies(text, *names))) == len(names)


def test_full_name_and_group() -> None:
    text = "中溢集团(吉林)新能源科技有限公司开工。中溢集团说,中溢将扩产。"
    found = one(text, "中溢集团(吉林)新能源科技有限公司", "中溢集团", "中溢")
    assert found.name == "中溢集团(吉林)新能源科技有限公司"
    assert found.short in ("中溢集团", "中溢")
    assert found.mentions == ((0, 17), (20, 24), (26, 28))


def test_the_short_form_may_come_first() -> None:
    found = one(
        "图为铭邦的厂房。吉林铭邦新型材料科技有限公司今年投产。", "铭邦", "吉林铭邦新型材料科技有限公司"
    )
    assert (found.name, found.short) == ("吉林铭邦新型材料科技有限公司", "铭邦")


def test_a_listed_arm_and_its_group_stay_two() -> None:
    two("三一重工与三一集团签约。", "三一重工", "三一集团")
    two("三一重工股份有限公司与三一集团有限公司签约。", "三一重工股份有限公司", "三一集团有限公司")
    two("宝钢股份与宝钢集团签约。", "宝钢股份", "宝钢集团")


def test_the_bare_brand_goes_with_the_group() -> None:
    arm, group, bare = companies("三一重工与三一集团签约,三一表示满意。", "三一重工", "三一集团", "三一")
    assert bare == group != arm


def test_a_brand_that_suits_two_companies_stays_by_itself() -> None:
    text = "澜山药业有限公司与澜山水泥有限公司开工,澜山很忙。"
    two(text, "澜山药业有限公司", "澜山水泥有限公司", "澜山")


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("安徽九垄农业装备有限公司", "九垄农装"),
        ("四会市柏域日用化工有限公司", "柏域日化"),
        ("苏州迈创精密机械集团有限公司", "迈创集团"),
        ("瑞辰（西安）重型装备有限公司", "西安瑞辰"),
        ("岚桥股份有限公司", "岚桥公司"),
        ("中国工商银行", "工行"),
        ("中国石油天然气集团公司", "中石油"),
    ],
)
def test_short_forms(full: str, short: str) -> None:
    text = f"{full}开工,{short}表示满意。"
    assert one(text, full, short).name == normalise(full)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("农业银行保山分行", "农业银行"),
        ("农业银行保山分行", "农业银行大理分行"),
        ("农夫山泉临江公司", "农夫山泉"),
        ("广西岚桥建设有限公司", "云南岚桥"),
        ("吉林银行", "吉林燃气"),
    ],
)
def test_different_companies(first: str, second: str) -> None:
    two(f"{first}开工,{second}表示满意。", first, second)


@pytest.mark.parametrize(
    "words", ["(以下简称“中建三局”)", "（下称:中建三局）", "(简称中建三局)", "（以下简称“公司”或“中建三局”）"]
)
def test_a_short_form_that_the_text_states(words: str) -> None:
    text = f"中国建筑第三工程局有限公司{words}中标。中建三局表示满意。"
    found = companies(text, "中国建筑第三工程局有限公司", "中建三局", "中建三局")
    assert len(set(found)) == 1
    assert found[0].short == "中建三局"


def test_a_name_in_brackets_behind_another() -> None:
    found = one("瑞辰信贷银行（瑞信）亏损,瑞信的股价下跌。", "瑞辰信贷银行", "瑞信", "瑞信")
    assert found.short == "瑞信"


def test_width_case_and_brackets_make_no_difference() -> None:
    assert one("岚桥（通化）公司与岚桥(通化)公司", "岚桥（通化）公司", "岚桥(通化)公司").short is None
    one("ＬＧ化学与lg化学", "ＬＧ化学", "lg化学")


def test_a_list_of_ones_own() -> None:
    known = CompanyList.from_rows(
        [{"name": "吉林铭邦新型材料科技有限公司", "aliases": "铭邦新材|铭邦厂", "id": "91220000000000000X"}]
    )
    text = "铭邦厂投产,铭邦新材增资,铭邦说话,别家沉默。"
    found = companies(text, "铭邦厂", "铭邦新材", "别家", known=known)
    assert found[0] == found[1]
    assert (found[0].name, found[0].id) == ("吉林铭邦新型材料科技有限公司", "91220000000000000X")
    assert found[2].id is None


def test_two_entries_of_a_list_are_never_one() -> None:
    known = CompanyList.from_rows(
        [{"name": "中溢集团", "id": "1"}, {"name": "中溢集团(吉林)新能源科技有限公司", "id": "2"}]
    )
    text = "中溢集团(吉林)新能源科技有限公司与中溢集团"
    found = companies(text, "中溢集团(吉林)新能源科技有限公司", "中溢集团", known=known)
    assert [c.id for c in found] == ["2", "1"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([{"name": " "}], "P302"),
        ([{"title": "x"}], "P303"),
        ([{"name": "甲公司", "credit": "1"}], "P303"),
        ([{"name": "甲公司", "aliases": "甲"}, {"name": "甲集团", "aliases": "甲"}], "P304"),
    ],
)
def test_a_list_with_a_mistake_is_refused(rows: list[dict[str, str | None]], code: str) -> None:
    with pytest.raises(ProjnerError) as caught:
        CompanyList.from_rows(rows)
    assert caught.value.code == code


def test_a_missing_or_damaged_list_is_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ProjnerError, match=r"none\.csv"):
        CompanyList.from_csv(tmp_path / "none.csv")
    with pytest.raises(ProjnerError) as caught:
        CompanyList.from_bytes(b"[1]")
    assert caught.value.code == "P306"


def test_companies_survive_a_round_trip() -> None:
    company = Company("甲公司", "甲", ((0, 3), (5, 6)), "1")
    assert Company.from_dict(company.to_dict()) == company
    assert Company.from_dict({"name": "甲公司", "short": None, "id": None}) == Company("甲公司")
    with pytest.raises(ProjnerError):
        Company.from_dict({"name": "甲公司"})


def test_no_mentions() -> None:
    assert cluster([], "没有公司。") == []
