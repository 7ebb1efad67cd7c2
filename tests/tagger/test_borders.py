import itertools

import pytest

from projner.tagger.borders import mend

LISTED = {"吉林省": {"province"}, "通化": {"city_short"}, "德国": {"country"}, "南郑区": {"county"}}


def joined(text, *names):
    spans, at = [], 0
    for name, label in names:
        start = text.index(name, at)
        at = start + len(name)
        spans.append((start, at, label))
    found = mend(text, spans, lambda name: LISTED.get(name, set()))
    return [(text[start:end], label) for start, end, label in found]


@pytest.mark.parametrize("brackets", ["()", "（）"])
def test_a_place_in_brackets_belongs_to_the_company(brackets):
    name = f"中溢集团{brackets[0]}吉林{brackets[1]}新能源科技有限公司"
    text = f"由{name}投资"
    assert joined(text, ("中溢集团", "COMPANY")) == [(name, "COMPANY")]
    pieces = (("中溢集团", "COMPANY"), (f"吉林{brackets[1]}新能源科技有限公司", "COMPANY"))
    assert joined(text, *pieces) == [(name, "COMPANY")]


def test_a_remark_in_brackets_does_not():
    text = "农夫山泉(靖宇)的项目和万科(000002)"
    assert joined(text, ("农夫山泉", "COMPANY"), ("万科", "COMPANY")) == [
        ("农夫山泉", "COMPANY"),
        ("万科", "COMPANY"),
    ]
    text = "鞍山钢铁集团(下称鞍钢)在澳大利亚的参股公司"
    assert joined(text, ("鞍山钢铁集团", "COMPANY"), ("鞍钢", "COMPANY")) == [
        ("鞍山钢铁集团", "COMPANY"),
        ("鞍钢", "COMPANY"),
    ]


def test_a_province_or_city_is_the_head_of_a_company_name():
    assert joined("吉林省俊逸药业", ("吉林省", "REGION"), ("俊逸药业", "COMPANY")) == [
        ("吉林省俊逸药业", "COMPANY")
    ]
    assert joined("通化安宇特生物", ("通化", "REGION"), ("安宇特生物", "COMPANY")) == [
        ("通化安宇特生物", "COMPANY")
    ]


def test_a_branch_is_one_name_with_its_company_and_two_companies_are_two():
    text = "中国石化广东石油分公司"
    pieces = (("中国石化", "COMPANY"), ("广东石油分公司", "COMPANY"))
    assert joined(text, *pieces) == [(text, "COMPANY")]
    pieces = (("中石油", "COMPANY"), ("中石化", "COMPANY"))
    assert joined("中石油中石化", *pieces) == list(pieces)


def test_a_country_or_a_district_is_not():
    spans = (("德国", "REGION"), ("萨固密集团", "COMPANY"))
    assert joined("德国萨固密集团", *spans) == list(spans)
    spans = (("南郑区", "REGION"), ("碧茗", "COMPANY"))
    assert joined("南郑区碧茗", *spans) == list(spans)


def test_other_spans_stay():
    spans = (("通化", "REGION"), ("5亿元", "MONEY"))
    assert joined("通化投资5亿元", *spans) == list(spans)


def test_regions_side_by_side_are_a_chain_if_the_first_is_larger():
    listed = {
        "中国": {"country"},
        "南京": {"city_short"},
        "宁波": {"city_short"},
        "舟山": {"city_short"},
        "桂林街道": {"town"},
    }

    def spans(*names):
        text = "".join(names)
        at = [sum(map(len, names[:i])) for i in range(len(names) + 1)]
        found = mend(
            text, [(a, b, "REGION") for a, b in itertools.pairwise(at)], lambda n: listed.get(n, set())
        )
        return [text[start:end] for start, end, _ in found]

    assert spans("中国", "南京") == ["中国南京"]
    assert spans("大阪府", "守口市") == ["大阪府守口市"]
    assert spans("宁波", "舟山") == ["宁波", "舟山"]
    assert spans("桂林街道", "南京") == ["桂林街道", "南京"]


@pytest.mark.parametrize(
    "text, place",
    [
        ("据《哈尔滨日报》报道", "哈尔滨"),
        ("接受中国证券报记者采访", "中国"),
        ("告诉《中国电子报》记者", "中国"),
        ("湖北卫视播出", "湖北"),
        ("吉林电视台记者", "吉林"),
    ],
)
def test_a_place_in_the_name_of_a_newspaper_or_station_is_no_region(text, place):
    assert joined(text, (place, "REGION")) == []


@pytest.mark.parametrize(
    "text, place", [("吉林今日报价上调", "吉林"), ("德国电视台报道", "德国"), ("吉林早报告", "吉林")]
)
def test_a_place_before_other_words_stays(text, place):
    assert joined(text, (place, "REGION")) == [(place, "REGION")]


@pytest.mark.parametrize("tagged, place", [("江苏省省", "江苏省"), ("柳河县县", "柳河县"), ("神州", "神州")])
def test_a_generic_said_twice_belongs_to_what_follows(tagged, place):
    assert joined(f"{tagged}委宣传部", (tagged, "REGION")) == [(place, "REGION")]
