from __future__ import annotations

import json

import pytest

from projner.errors import ProjnerError
from projner.region import Context, Mention, Region, link, summarise


def regions(text: str, *names: str, place: str | None = None) -> list[Region]:
    """The regions of names as they come in the text, each looked for after the one before."""
    mentions, at = [], 0
    for name in names:
        at = text.index(name, at)
        mentions.append(Mention(name, at, at + len(name)))
        at += len(name)
    return link(mentions, Context(text, place=place))


def test_village_in_a_chain() -> None:
    (region,) = regions("二道江区鸭园镇头沟村养殖基地", "二道江区鸭园镇头沟村")
    assert region.to_dict() == {
        "code": "220503",
        "name": "头沟村",
        "level": "village",
        "path": ["吉林省", "通化市", "二道江区", "鸭园镇", "头沟村"],
        "former": None,
        "candidates": [],
        "notes": [],
    }


def test_open_case_lists_every_candidate() -> None:
    (region,) = regions("朝阳区开工项目12个", "朝阳区")
    assert (region.code, region.name, region.level, region.path) == (None, "朝阳区", None, ())
    assert {c.code for c in region.candidates} == {"110105", "220104"}
    assert region.notes == ("ambiguous",)


def test_all_four_drum_tower_districts_are_candidates() -> None:
    (region,) = regions("鼓楼区开工", "鼓楼区")
    assert {c.code for c in region.candidates} == {"320106", "320302", "350102", "410204"}


def test_level_breaks_a_tie_only_with_candidates() -> None:
    (region,) = regions("朝阳的项目", "朝阳")
    assert region.code == "211300"
    assert "by_level" in region.notes
    assert {"110105", "220104"} <= {c.code for c in region.candidates}


def test_former_name_is_said() -> None:
    (region,) = regions("襄樊市的汽车城", "襄樊市")
    assert (region.code, region.name, region.former) == ("420600", "襄阳市", "襄樊市")
    assert region.notes == ("name_out_of_date",)


def test_page_error_is_met_with_a_note() -> None:
    (region,) = regions("白山市江源县抢抓时间", "白山市江源县")
    assert (region.code, region.name, region.former) == ("220605", "江源区", "江源县")
    (region,) = regions("和龙县的项目", "和龙县")
    assert (region.code, region.name) == ("222406", "和龙市")
    assert region.notes == ("name_out_of_date",)


def test_wrong_hierarchy_is_met_with_a_note() -> None:
    (region,) = regions("四平公主岭市的项目", "四平公主岭市")
    assert region.code == "220184"
    assert "path_corrected" in region.notes


def test_zone_takes_the_code_of_what_holds_it_and_never_a_pseudo_code() -> None:
    (region,) = regions("长春经开区签约", "长春经开区")
    assert (region.code, region.level, region.name) == ("220100", "zone", "长春经济技术开发区")
    (region,) = regions("石家庄高新技术产业开发区", "石家庄高新技术产业开发区")
    assert region.code == "130100"


def test_places_abroad_and_macro_regions_have_no_code() -> None:
    first, second, third = regions("美国亚利桑那州、东京和长三角", "美国亚利桑那州", "东京", "长三角")
    assert (first.code, first.path) == (None, ("美国", "亚利桑那州"))
    assert (second.code, second.path) == (None, ("日本", "东京"))
    assert (third.code, third.level) == (None, "macro")


def test_unknown_name_is_no_guess() -> None:
    (region,) = regions("乌有之乡开工", "乌有之乡")
    assert (region.code, region.path, region.candidates) == (None, (), ())


def test_place_hint_decides() -> None:
    assert regions("朝阳区开工", "朝阳区", place="110000")[0].code == "110105"
    assert regions("朝阳区开工", "朝阳区", place="长春")[0].code == "220104"


def test_the_text_goes_before_the_place_hint() -> None:
    assert regions("长春市朝阳区开工", "长春市朝阳区", place="110000")[0].code == "220104"


def test_bad_place_is_named() -> None:
    with pytest.raises(ProjnerError, match="P207"):
        regions("朝阳区开工", "朝阳区", place="朝阳区")


def test_every_mention_gets_an_answer_in_order() -> None:
    names = ["北海市", "兴安盟", "某某", "元阳县"]
    text = "".join(names)
    assert [r.name for r in regions(text, *names)] == ["北海市", "兴安盟", "某某", "元阳县"]
    assert link([], Context("")) == []


def test_same_name_twice_in_one_text_may_be_two_places() -> None:
    text = "北京市的朝阳区与长春市的朝阳区签约。"
    assert [r.code for r in regions(text, "北京市", "朝阳区", "长春市", "朝阳区")] == [
        "110000",
        "110105",
        "220100",
        "220104",
    ]


def test_page_of_several_articles() -> None:
    text = "长春：汽车走廊提速\n朝阳区新开工9个项目。" + "项目建设有序推进。" * 30
    text += "\n北京：城市更新\n朝阳区新开工7个项目。"
    assert [r.code for r in regions(text, "长春", "朝阳区", "北京", "朝阳区")] == [
        "220100",
        "220104",
        "110000",
        "110105",
    ]


def test_village_lies_where_its_paragraph_is_in_a_text_about_three_counties() -> None:
    text = "专题走进石泉县、玛纳斯县和桂阳县。\n石泉县的桑园扩到7万亩，栗树湾村的大户代养小蚕。\n"
    text += "玛纳斯县今年丰收，玛纳斯县的玉米、玛纳斯县的番茄都卖得好，玛纳斯县还新建冷库两座。"
    counties = ["玛纳斯县"] * 4
    found = regions(text, "石泉县", "玛纳斯县", "桂阳县", "石泉县", "栗树湾村", *counties)
    assert (found[4].code, found[4].level, found[4].notes) == ("610922", "village", ("from_context",))


def test_where_a_visitor_is_from_is_not_where_the_text_is() -> None:
    text = "伊美区的雪场开业，来自利川市的游客在白桦坡村住了一晚。"
    found = regions(text, "伊美区", "利川市", "白桦坡村")
    assert [region.code for region in found] == ["230717", "422802", "230717"]


def test_known_town_gives_way_to_the_text() -> None:
    assert regions("枫桥经验", "枫桥")[0].path == ("浙江省", "绍兴市", "诸暨市", "枫桥镇")
    assert regions("虎丘区的枫桥开工", "虎丘区", "枫桥")[1].path[-1] == "枫桥街道"


def test_full_width_traditional_and_spaces_are_read_as_they_are() -> None:
    first, second = regions("廣東省深圳市與吉林省 通化市", "廣東省深圳市", "吉林省 通化市")
    assert (first.code, second.code) == ("440300", "220500")


def test_line_of_dots_and_long_rubbish_end() -> None:
    for rubbish in ("·" * 5000, "市" * 300, "朝阳" * 200, ""):
        (region,) = link([Mention(rubbish, 0, len(rubbish))], Context(rubbish))
        assert region.name == rubbish or region.path


def test_dict_round_trip_is_json() -> None:
    for region in regions("朝阳区、江源县、长三角、美国", "朝阳区", "江源县", "长三角", "美国"):
        assert Region.from_dict(json.loads(json.dumps(region.to_dict()))) == region


def test_summary_counts_and_finds_the_place() -> None:
    text = "通化市二道江区开会。二道江区鸭园镇的项目和二道江区的企业，与美国企业签约。"
    found = regions(text, "通化市二道江区", "二道江区鸭园镇", "二道江区", "美国")
    summary = summarise(found)
    assert [(d.name, d.count) for d in summary.divisions] == [("二道江区", 2), ("鸭园镇", 1), ("美国", 1)]
    assert summary.place is not None
    assert (summary.place.code, summary.place.count) == ("220503", 3)
    assert json.dumps(summary.to_dict(), ensure_ascii=False)
    assert summarise([]).place is None


def test_a_village_that_bears_the_name_of_its_district_is_named_whole():
    text = "二道江村的污水处理厂。通化市二道江区开会。"
    village, _ = link([Mention("二道江村", 0, 4), Mention("通化市二道江区", 11, 18)], Context(text))
    assert village.name == "二道江村" and village.code == "220503"
    assert village.path == ("吉林省", "通化市", "二道江区", "二道江村")
