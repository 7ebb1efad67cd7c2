from __future__ import annotations

import pytest

from projner.company import normalise, parts, short_forms


@pytest.mark.parametrize(
    ("name", "region", "brand", "industry", "form"),
    [
        ("吉林铭邦新型材料科技有限公司", "吉林", "铭邦", "新型材料科技", "有限公司"),
        ("通化安宇特生物制药股份有限公司", "通化", "安宇特", "生物制药", "股份有限公司"),
        ("吉林省俊逸药业", "吉林省", "俊逸", "药业", ""),
        ("河南新乡岚桥纸业集团", "河南新乡", "岚桥", "纸业", "集团"),
        ("三一重工", "", "三一", "重工", ""),
        ("三一集团", "", "三一", "", "集团"),
        ("中国宝武钢铁集团有限公司", "中国", "宝武", "钢铁", "集团有限公司"),
        ("洪池红苹果农民专业合作社", "", "洪池红苹果", "", "农民专业合作社"),
        ("净源污水处理厂", "", "净源", "污水处理厂", ""),
        ("LG", "", "LG", "", ""),
    ],
)
def test_parts(name: str, region: str, brand: str, industry: str, form: str) -> None:
    found = parts(name)
    assert (found.region, found.brand, found.industry, found.form) == (region, brand, industry, form)


def test_a_division_in_brackets() -> None:
    found = parts("中溢集团（吉林）新能源科技有限公司")
    assert (found.brand, found.bracketed, found.group) == ("中溢", "吉林", True)
    assert found.industry == "新能源科技"


def test_a_division_before_a_bare_industry_is_the_brand() -> None:
    assert parts("吉林银行").brand == "吉林"
    assert parts("吉林银行").region == ""
    assert "吉林" not in short_forms("吉林银行股份有限公司")


def test_a_common_word_is_no_division() -> None:
    assert parts("太平洋建设集团有限公司").region == ""
    assert parts("东方红岭药业有限公司").brand == "东方红岭"


@pytest.mark.parametrize(
    ("name", "brand", "branch"),
    [
        ("农业银行保山分行", "农业银行", "保山分行"),
        ("农夫山泉临江公司", "农夫山泉", "临江公司"),
        ("武威公司", "", "武威公司"),
        ("人保财险托里支公司", "人保财险", "托里支公司"),
    ],
)
def test_branches(name: str, brand: str, branch: str) -> None:
    assert (parts(name).brand, parts(name).branch) == (brand, branch)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("中溢集团（吉林）新能源", "中溢集团(吉林)新能源"),
        ("ＬＧ 化学", "LG化学"),
        ("“三一重工”", "三一重工"),
        ("General Electric", "General Electric"),
        ("吉林 铭邦", "吉林铭邦"),
    ],
)
def test_normalise(written: str, normal: str) -> None:
    assert normalise(written) == normal


def test_short_forms_are_the_ones_that_news_uses() -> None:
    short = short_forms("吉林铭邦新型材料科技有限公司")
    assert short[0] == "铭邦"
    assert {"吉林铭邦", "铭邦公司", "铭邦新型材料科技"} <= set(short)
    assert "中溢集团" in short_forms("中溢集团(吉林)新能源科技有限公司")
    assert short_forms("武威公司") == []
    assert "三一" not in short_forms("三一")


def test_an_empty_name_has_no_parts() -> None:
    assert parts("").brand == ""
    assert short_forms("") == []
