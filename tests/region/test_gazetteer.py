from __future__ import annotations

from pathlib import Path

import pytest

from projner.errors import ProjnerError
from projner.region import Context, Gazetteer, Mention, link


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def test_packed_table_is_small() -> None:
    import projner.region.gazetteer as module

    assert module._PACKED.stat().st_size <= 2_000_000


def test_every_code_is_a_division_or_country(gazetteer: Gazetteer) -> None:
    codes = [code for code in gazetteer.codes if code and code != "--"]
    assert len(codes) == len(set(codes))
    for code in codes:
        assert len(code) == 2 or (len(code) == 6 and code.isdigit())
        assert len(code) == 2 or code[4] != "7", f"{code} is a statistical pseudo-code"


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("220503", ("吉林省", "通化市", "二道江区")),
        ("110105", ("北京市", "朝阳区")),
        ("429004", ("湖北省", "仙桃市")),
        ("659001", ("新疆维吾尔自治区", "石河子市")),
        ("441900", ("广东省", "东莞市")),
        ("620200", ("甘肃省", "嘉峪关市")),
        ("630106", ("青海省", "西宁市", "湟中区")),
        ("500240", ("重庆市", "石柱土家族自治县")),
        ("810000", ("香港特别行政区",)),
        ("AE", ("阿联酋",)),
    ],
)
def test_paths_have_no_filler_levels(gazetteer: Gazetteer, code: str, path: tuple[str, ...]) -> None:
    assert gazetteer.path(gazetteer.by_code[code]) == path


def test_parents_hold_their_children_by_code(gazetteer: Gazetteer) -> None:
    for row, code in enumerate(gazetteer.codes):
        upper = gazetteer.parents[row]
        if code.isdigit() and upper >= 0:
            width = 2 if gazetteer.levels[upper] == "province" else 4
            assert code[:width] == gazetteer.codes[upper][:width]


def test_all_iso_countries_are_there(gazetteer: Gazetteer) -> None:
    nations = {gazetteer.codes[row] for row, level in enumerate(gazetteer.levels) if level == "country"}
    assert len(nations) >= 195
    assert {"CN", "US", "GB", "KR", "RU", "AE", "SS", "TL", "CD", "CG"} <= nations


def test_surfaces_give_short_forms_former_names_zones_and_countries(gazetteer: Gazetteer) -> None:
    surfaces = set(gazetteer.surfaces())
    for pair in [
        ("浑江", "county"),
        ("延边", "city"),
        ("海西州", "city"),
        ("长白县", "county"),
        ("襄樊", "city"),
        ("鹿泉市", "county"),
        ("雄安新区", "zone"),
        ("长三角", "macro"),
        ("英国", "country"),
        ("鸭园镇", "town"),
        ("鸭园", "town"),
        ("科右前旗", "county"),
        ("吉林", "province"),
        ("吉林市", "city"),
    ]:
        assert pair in surfaces, pair


def test_former_names_know_their_year(gazetteer: Gazetteer) -> None:
    (row,) = gazetteer.former["襄樊市"]
    assert gazetteer.codes[row] == "420600"
    assert gazetteer.years["襄樊市", row] == "2010"


def test_bytes_and_disk_round_trip(gazetteer: Gazetteer, tmp_path: Path) -> None:
    own = gazetteer.copy()
    own.extend([{"name": "云谷新区", "level": "zone", "parent": "220503", "aliases": "云谷"}])
    own.to_disk(tmp_path / "own.bin")
    again = Gazetteer.from_disk(tmp_path / "own.bin")
    assert again.to_bytes() == own.to_bytes()
    assert again.extended
    assert not gazetteer.extended, "the table that ships is shared and stays as it is"
    (region,) = link([Mention("云谷", 0, 2)], Context("云谷新建厂房", gazetteer=again))
    assert (region.code, region.name, region.path) == (
        "220503",
        "云谷新区",
        ("吉林省", "通化市", "二道江区", "云谷新区"),
    )


def test_extend_from_csv(gazetteer: Gazetteer, tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("name,level,parent,former\n桃园社区,hamlet,220503,\n", encoding="utf-8-sig")
    with pytest.raises(ProjnerError, match="P203"):
        gazetteer.copy().extend(table)
    table.write_text("name,level,parent,former\n河口县,county,通化市,老河口县\n", encoding="utf8")
    own = gazetteer.copy()
    assert own.extend(table) == 1
    (region,) = link([Mention("老河口县", 0, 4)], Context("老河口县开工", place="220500", gazetteer=own))
    assert region.former == "老河口县"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"name": "甲区", "level": "county", "colour": "red"}, "P202"),
        ({"name": "甲区", "level": "district"}, "P203"),
        ({"name": "甲区", "level": "county", "parent": "朝阳区"}, "P204"),
        ({"name": "甲区", "level": "county", "code": "22050"}, "P205"),
        ({"name": "", "level": "county"}, "P206"),
    ],
)
def test_bad_rows_are_named(gazetteer: Gazetteer, row: dict[str, str], code: str) -> None:
    own = gazetteer.copy()
    with pytest.raises(ProjnerError) as caught:
        own.extend([row])
    assert caught.value.code == code
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"PRG1-abc", b"\x00" * 40])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ProjnerError, match="P201"):
        Gazetteer.from_bytes(data)


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("220500", "220500"),
        ("通化市", "220500"),
        ("吉林", "220000"),
        ("朝阳", "211300"),
        ("朝阳区", None),
        ("某地", None),
    ],
)
def test_resolve(gazetteer: Gazetteer, place: str, code: str | None) -> None:
    row = gazetteer.resolve(place)
    assert (None if row is None else gazetteer.code(row)) == code


def test_importing_reads_nothing() -> None:
    import subprocess
    import sys

    code = (
        "import projner.region, projner.region.gazetteer as g, sys;"
        "assert g._shipped.cache_info().currsize == 0; assert 'spacy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
