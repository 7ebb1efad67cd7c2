"""Records out of a text whose entities are marked: [通化市|R], [中溢集团|C], [5亿元|total_investment]."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from projner.project import Entity, Record, build

_MARK = re.compile(r"\[([^\[\]|]+)\|(\w+)(?:=([^\]]*))?\]")


@dataclass
class Read:
    text: str
    entities: list[Entity]
    records: list[Record]

    def of(self, name: str) -> Record:
        found = [r for r in self.records if r.name == name]
        assert len(found) == 1, [r.name for r in self.records]
        return found[0]

    def words(self, indexes: tuple[int, ...]) -> list[str]:
        return [self.text[self.entities[i].start : self.entities[i].end] for i in indexes]

    def regions(self, name: str) -> list[str]:
        return self.words(self.of(name).regions)

    def companies(self, name: str) -> list[str]:
        return self.words(self.of(name).companies)

    def amounts(self, name: str) -> dict[str, list[str]]:
        return {role: self.words(found) for role, found in self.of(name).amounts.items()}

    def names(self) -> list[str]:
        return [r.name for r in self.records]


def read(marked: str) -> Read:
    text, entities, last = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[last : match.start()]
        written, kind, key = match.groups()
        label = {"R": "REGION", "C": "COMPANY"}.get(kind, "MONEY")
        role = kind if label == "MONEY" else ""
        entities.append(Entity(len(text), len(text) + len(written), label, key or written, role))
        text += written
        last = match.end()
    text += marked[last:]
    return Read(text, entities, build(text, entities))


def test_a_group_with_its_bar_count_and_amounts() -> None:
    found = read(
        "今年,[岚山县|R]计划实施[5000万元|threshold]以上重点项目33个,总投资[187.6亿元|total_investment],"
        "年度计划投资[40.6亿元|annual_investment]。截至4月,全县开工项目20个。"
    )
    (group,) = found.records
    assert (group.name, group.count) == ("5000万元以上重点项目33个", 33)
    assert found.regions(group.name) == ["岚山县"]
    assert found.amounts(group.name) == {
        "threshold": ["5000万元"],
        "total_investment": ["187.6亿元"],
        "annual_investment": ["40.6亿元"],
    }


@pytest.mark.parametrize(
    ("text", "name", "count"),
    [
        ("[岚山县|R]推进100个投资[5000万元|threshold]以上项目建设。", "100个投资5000万元以上项目", 100),
        ("[岚山县|R]谋划重点项目465个,总投资[40亿元|total_investment]。", "重点项目465个", 465),
        ("[岚山县|R]完成十六个重点交通项目。", "十六个重点交通项目", 16),
    ],
)
def test_counted_groups(text: str, name: str, count: int) -> None:
    assert read(text).of(name).count == count


def test_a_group_without_a_count_and_bare_project_words_are_no_records() -> None:
    found = read(
        "[岚山县|R]储备[亿元|threshold]以上项目。抓项目就是抓发展,项目秘书推进项目建设,重点项目加快建设,该项目顺利。"
        "发挥项目中心作用,完善项目进度台账。"
    )
    assert found.names() == []


def test_an_amount_leads_to_the_name_behind_it() -> None:
    found = read(
        "加快推进投资[35.3亿元|total_investment]的[柳溪县|R]年产50万吨负极材料项目,"
        "投资[16亿元|total_investment]的沿江旅游大通道,投资[148亿元|total_investment]的沈江高铁([岚城|R]段)建设项目等一批项目。"
    )
    assert found.amounts("年产50万吨负极材料项目") == {"total_investment": ["35.3亿元"]}
    assert found.regions("年产50万吨负极材料项目") == ["柳溪县"]
    assert found.amounts("沿江旅游大通道") == {"total_investment": ["16亿元"]}
    assert found.amounts("沈江高铁(岚城段)建设项目") == {"total_investment": ["148亿元"]}
    assert found.regions("沈江高铁(岚城段)建设项目") == ["岚城"]


def test_sentences_that_go_on_belong_to_the_record() -> None:
    found = read(
        "来到总投资[6.2亿元|total_investment]的[清江镇|R]人参加工园建设项目现场,厂房已经封顶。该项目占地110亩。\n"
        "项目建成后,可带动就业。预计可实现产值[20亿元|output_value]、利税[3亿元|profit_tax]。\n"
        "一季度,全县完成固定资产投资[9亿元|fixed_asset_investment]。"
    )
    record = found.of("人参加工园建设项目")
    assert found.amounts(record.name) == {
        "total_investment": ["6.2亿元"],
        "output_value": ["20亿元"],
        "profit_tax": ["3亿元"],
    }
    assert record.stage == "在建"
    assert [found.text[s:e] for s, e in record.quantities] == ["占地110亩"]
    assert len(record.sentences) >= 3


def test_company_and_place_before_the_name_are_linked_and_left_out_of_it() -> None:
    found = read("位于[三河村|R]的[岚桥新材料有限公司|C]年处理120万吨矿渣项目现已投入生产。")
    name = "年处理120万吨矿渣项目"
    assert (found.regions(name), found.companies(name)) == (["三河村"], ["岚桥新材料有限公司"])
    assert found.of(name).stage == "投产"


def test_a_company_stays_in_a_name_that_says_nothing_without_it() -> None:
    found = read("[临溪市|R]确保[农夫山泉|C]二期项目、[万岚鞋业|C]、中朝贸易加工园竣工投入运营。")
    assert found.names() == ["农夫山泉二期项目", "万岚鞋业", "中朝贸易加工园"]
    assert found.companies("农夫山泉二期项目") == ["农夫山泉"]
    assert {r.stage for r in found.records} == {None}


def test_a_partner_is_no_owner() -> None:
    found = read("[岚桥集团|C]在[柳溪县|R]投资建设年产5万吨电解液项目。公司正与[联通|C]沟通。")
    assert found.companies("年产5万吨电解液项目") == ["岚桥集团"]
    assert found.regions("年产5万吨电解液项目") == ["柳溪县"]


def test_the_place_of_the_article_where_the_sentence_names_none() -> None:
    found = read(
        "[辉江县|R]:掀起建设热潮\n总投资[7000万元|total_investment]的城区道路综合改建工程已于4月动工。"
    )
    assert found.regions("城区道路综合改建工程") == ["辉江县"]
    assert found.of("城区道路综合改建工程").stage == "开工"


def test_the_smallest_place_only() -> None:
    found = read(
        "[辉江县|R=吉林省/岚城市/辉江县][柳镇|R=吉林省/岚城市/辉江县/柳镇]冷水鱼养殖基地建设项目开工。"
    )
    assert found.regions("冷水鱼养殖基地建设项目") == ["柳镇"]


def test_named_twice_is_one_record() -> None:
    found = read(
        "走进[辉江县|R]农林产品交易中心项目施工现场,一片忙碌。\n农林产品交易中心建设项目总投资[33亿元|total_investment]。"
    )
    (record,) = found.records
    assert len(record.mentions) == 1
    assert found.amounts(record.name) == {"total_investment": ["33亿元"]}


def test_a_phase_with_its_own_amount_shares_place_and_company() -> None:
    found = read(
        "近日,[岚桥煤化工公司|C]年产100万吨多联产项目在[奇山县|R]动工。\n"
        "该项目总投资[135亿元|total_investment],一期工程投资[33亿元|total_investment]。"
    )
    assert found.amounts("年产100万吨多联产项目") == {"total_investment": ["135亿元"]}
    assert found.amounts("一期工程") == {"total_investment": ["33亿元"]}
    assert found.companies("一期工程") == ["岚桥煤化工公司"]
    assert found.regions("一期工程") == ["奇山县"]


def test_an_amount_behind_a_semicolon_with_its_own_company_is_not_the_projects() -> None:
    found = read(
        "[晨岚|C]岩板项目总投资[6.2亿元|total_investment];[陶岚|C]在[柳镇|R]建原料库,拟投[1.8亿元|total_investment]。"
    )
    assert found.amounts("岩板项目") == {"total_investment": ["6.2亿元"]}


def test_prices_and_other_amounts_are_never_linked() -> None:
    found = read("[辉江县|R]冷水鱼养殖基地建设项目开工,鱼价每斤[30元|price],企业捐款[5万元|other]。")
    assert found.amounts("冷水鱼养殖基地建设项目") == {}


def test_planned_is_not_reached() -> None:
    found = read("[辉江县|R]冷水鱼养殖基地建设项目预计年底投产。")
    assert found.of("冷水鱼养殖基地建设项目").stage is None


def test_full_width_and_an_empty_text() -> None:
    assert read("").records == []
    assert read("　\n\n").records == []
    found = read("[辉江县|R]实施[５０００万元|threshold]以上项目３３个，总投资[５亿元|total_investment]。")
    assert found.records[0].count == 33


def test_offsets_and_indexes_hold() -> None:
    found = read("[辉江县|R]冷水鱼养殖基地建设项目总投资[5亿元|total_investment]。")
    record = found.records[0]
    assert found.text[record.start : record.end] == record.name
    data = record.to_dict()
    assert data["regions"] == [0] and data["amounts"] == {"total_investment": [1]}
