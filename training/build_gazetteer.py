"""Pack the gazetteer that ships in the wheel: `python training/build_gazetteer.py DIVISIONS [OUT]`.

DIVISIONS is the folder with the public tables (provinces, cities, areas, streets .csv of 2023;
divisions_4level.txt,
china_location_change.txt, world_location.txt of 2025-11). The tables of this project lie in
`training/gazetteer/`.
Where the tables differ the 2023 CSV files give the code.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from projner.region.gazetteer import Gazetteer
from projner.region.zones import canonical, is_generic, is_zone

# name -> its code, short form and divisions (sub)
Tree = dict[str, dict[str, Any]]
OWN = Path(__file__).parent / "gazetteer"
OUT = Path(__file__).parent.parent / "projner" / "data" / "gazetteer.bin"

_FILLER = re.compile(r"市辖区|直辖|^县$")
_GENERIC = re.compile(r"(?:特别行政区|自治区|自治州|自治县|自治旗|地区|林区|矿区|新区|省|市|盟|县|区|旗)$")
_ETHNIC = re.compile(
    r"(?:蒙古族?|回族?|藏族?|维吾尔族?|苗族?|彝族?|壮族?|布依族?|朝鲜族?|满族?|侗族?|瑶族?|白族?|土家族?|哈尼族?|哈萨克族?|"
    r"傣族?|黎族?|傈僳族?|佤族?|畲族?|拉祜族?|水族?|东乡族?|纳西族?|景颇族?|柯尔克孜族?|土族?|达斡尔族?|仫佬族?|羌族?|"
    r"布朗族?|撒拉族?|毛南族?|仡佬族?|锡伯族?|普米族?|塔吉克族?|怒族?|鄂温克族?|保安族?|裕固族?|独龙族?|各族)+$"
)
_TOWN = re.compile(
    r"(?:街道办事处|街道|民族乡|镇|乡|苏木|地区|农场|林场|牧场|种畜场|渔场|团场|[一二三四五六七八九十百]团|\d团|"
    r"民族苏木|管理区|林业局|茶场|垦殖场|原种场|良种场|果园场|园艺场|盐场|种羊场|养殖场)$"
)
_TOWN_JUNK = re.compile(
    r"监狱|戒毒|服务中心|公司|管理局|筹备|社区建设|兵团$|直属|虚拟|[()（）]|工矿区|监管|劳教"
)
_TOWN_GENERIC = ("街道办事处", "街道", "苏木", "地区", "镇", "乡", "农场", "林场", "牧场")

# Names that the tables still spell as they were, and slips in them.
_RENAMED = {"西沙群岛": ("西沙区", "460302"), "南沙群岛": ("南沙区", "460303")}
_TAIWAN_SLIPS = {"苗粟县": "苗栗县", "芦洲市": "芦洲区", "新小区": "新社区"}
_TAIWAN_REPLACED = {
    "桃园市": [
        "桃园区",
        "中坜区",
        "平镇区",
        "八德区",
        "杨梅区",
        "芦竹区",
        "大溪区",
        "龙潭区",
        "龟山区",
        "大园区",
        "观音区",
        "新屋区",
        "复兴区",
    ]
}
_HONG_KONG_SLIPS = {"奎青区": "葵青区"}
_CITY_WITHOUT_COUNTIES = {"441900", "442000", "460400", "620201"}


def short_forms(name: str, given: str = "") -> list[str]:
    """Short forms of a division: 长白朝鲜族自治县 -> 长白, 长白县."""
    forms = [part for part in given.split("/") if len(part) > 1]
    stem = _GENERIC.sub("", name)
    if name.endswith(("自治县", "自治旗", "自治州", "自治区", "族区")) and _ETHNIC.search(stem):
        stem = _ETHNIC.sub("", stem)
        if len(stem) < 2:
            stem = next((form for form in forms if form[-1] not in "县旗州"), stem)
        generic = {"县": "县", "旗": "旗", "州": "州"}.get(name[-1])
        if generic and stem:
            forms += [stem + generic, stem + name[-3:]]
    if len(stem) > 1:
        forms.append(stem)
    return [form for form in dict.fromkeys(forms) if form != name and len(form) > 1]


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def read_tree(path: Path) -> Tree:
    """divisions_4level.txt as nested dicts: name -> (code, short form, children)."""
    root: Tree = {}
    stack: list[Tree] = [root]
    for line in path.read_text(encoding="utf8").splitlines():
        depth = len(line) - len(line.lstrip("\t"))
        fields = line.strip().split("\t")
        node: dict[str, Any] = {
            "code": fields[1] if len(fields) > 1 else "",
            "short": fields[2] if len(fields) > 2 else "",
            "sub": {},
        }
        del stack[depth + 1 :]
        stack[depth][fields[0]] = node
        stack.append(node["sub"])
    return root


def town_entry(parent: int, name: str) -> str:
    """A town as the packed table has it: its name, cut before the generic, and the row of its county."""
    generic = next((g for g in _TOWN_GENERIC if name.endswith(g)), "")
    stem = name.removesuffix(generic)
    if generic == "乡":
        plain = _ETHNIC.sub("", stem)
        stem = plain if len(plain) > 1 else stem
    plain = f"{stem}/{name[len(stem) :]}" if 1 < len(stem) < len(name) else name
    return f"{plain}:{parent}"


class Packer:
    """Packed lines, with the bookkeeping needed to refer to rows."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: list[str] = []
        self.parents: list[int] = []
        self.codes: dict[str, int] = {}
        self.towns: list[str] = []
        self.cities: list[int] = []
        self.places: dict[tuple[int, str], list[int]] = defaultdict(list)

    def add(self, letter: str, parent: int, code: str, name: str, aliases: list[str]) -> int:
        row = len(self.names)
        self.lines.append("\t".join((letter, str(parent), code, name, "|".join(dict.fromkeys(aliases)))))
        self.names.append(name)
        self.parents.append(parent)
        if code:
            self.codes.setdefault(code, row)
        if letter == "C":
            self.cities.append(row)
        top = row
        while top >= 0:
            self.places[top, name].append(row)
            top = self.parents[top]
        return row

    def add_towns(self, parent: int, towns: list[str]) -> None:
        self.towns += [town_entry(parent, name) for name in towns]

    def place(self, province: str, name: str) -> int:
        """The row of a division of a province; "南京市/鼓楼区" where the name alone does not say it."""
        top = next(
            row for row in range(len(self.names)) if self.names[row] == province and self.parents[row] < 0
        )
        rows = list(self.places[top, name.split("/")[0]])
        if len(rows) > 1:  # the shallowest
            depth = {row: self._depth(row) for row in rows}
            rows = [row for row in rows if depth[row] == min(depth.values())]
        if len(rows) != 1:
            raise SystemExit(f"{province}/{name}: {len(rows)} divisions of this name")
        if "/" in name:
            (row,) = self.places[rows[0], name.split("/")[1]]
            return row
        return rows[0]

    def _depth(self, row: int) -> int:
        depth = 0
        while self.parents[row] >= 0:
            row, depth = self.parents[row], depth + 1
        return depth

    def ancestors(self, row: int) -> list[str]:
        names = []
        while row >= 0:
            names.append(self.names[row])
            row = self.parents[row]
        return names


def zone_aliases(packer: Packer, parent: int, name: str, extra: list[str]) -> list[str]:
    """Canonical spellings of a zone; "@经开区" marks one that only its division's name tells apart."""
    heads: list[str] = []
    for ancestor in packer.ancestors(parent):
        heads += [ancestor, *short_forms(ancestor)]
    heads.sort(key=len, reverse=True)
    aliases = list(extra)
    for form in (name, *extra):
        core = canonical(form)
        aliases.append(core)
        stripped = True
        while stripped:
            stripped = False
            for head in heads:
                if core.startswith(head) and len(core) > len(head) + 1:
                    core, stripped = core.removeprefix(head), True
                    break
        if is_generic(core):
            aliases.append("@" + core)
        elif is_zone(core) and len(core) > 3:
            aliases.append(core)
    return [alias for alias in dict.fromkeys(aliases) if alias != name]


def is_wider(packer: Packer, county: int, name: str) -> bool:
    """True for a zone that the statistics count in one county but that is named after the city
    (三明高新区), and for
    a bare generic: the division in front of it says where it is."""
    core = canonical(name)
    for ancestor in packer.ancestors(county)[1:]:
        for head in (ancestor, *short_forms(ancestor)):
            if core.startswith(head) and is_generic(core.removeprefix(head)):
                return True
    known = {name for city in packer.cities for name in short_forms(packer.names[city])}
    above = {form for ancestor in packer.ancestors(county) for form in short_forms(ancestor)}
    # 长春经济开发区 in 益阳 (from 长春镇) would pass for the one in 长春
    return is_generic(core) or any(
        core.startswith(head) and is_generic(core[len(head) :]) for head in known - above
    )


def pack(folder: Path) -> list[str]:
    packer = Packer()
    tree = read_tree(folder / "divisions_4level.txt")
    shorts: dict[tuple[str, str], str] = {}
    old_towns: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for province, node in tree.items():
        shorts[province, province] = node["short"]
        for city, sub in node["sub"].items():
            shorts[province, city] = sub["short"]
            direct = city == province or city.startswith("省直辖")
            for county, leaf in sub["sub"].items():
                shorts[province, county] = leaf["short"]
                path = [province] if direct else [province, city]
                path += [] if county.startswith("市直辖") else [county]
                old_towns[tuple(path)] += list(leaf["sub"])

    streets: dict[str, list[str]] = defaultdict(list)
    for row in read_csv(folder / "streets.csv"):
        streets[row["areaCode"]].append(row["name"])

    variants: dict[str, list[str]] = defaultdict(list)
    for row in read_csv(OWN / "variants.csv"):
        variants[row["code"]].append(row["name"])

    world = read_world(folder / "world_location.txt")
    nations: dict[str, int] = {}
    for row in read_csv(OWN / "countries.csv"):
        full, _cities = world.pop(row["name"], ("", []))
        aliases = [a for a in [full, *row["aliases"].split("|")] if a and a != row["name"]]
        nations[row["code"]] = packer.add("N", -1, row["code"], row["name"], aliases)
    if world:
        raise SystemExit(f"countries without a code: {', '.join(world)}")

    provinces: dict[str, int] = {}
    for row in read_csv(folder / "provinces.csv"):
        name, code = row["name"], row["code"] + "0000"
        given = shorts[name, name]
        provinces[row["code"]] = packer.add("P", -1, code, name, short_forms(name, given) + variants[code])
    cities: dict[str, int] = {}
    zone_lines: list[tuple[int, str]] = []
    for row in read_csv(folder / "cities.csv"):
        above = provinces[row["provinceCode"]]
        if _FILLER.search(row["name"]):
            cities[row["code"]] = above
            continue
        code = row["code"] + "00"
        given = shorts.get((packer.names[above], row["name"]), "")
        aliases = short_forms(row["name"], given if given != row["name"] else "")
        cities[row["code"]] = packer.add("C", above, code, row["name"], aliases + variants[code])
    counties: dict[str, int] = {}
    for row in read_csv(folder / "areas.csv"):
        city, code, name = cities[row["cityCode"]], row["code"], row["name"]
        name, code = _RENAMED.get(name, (name, code))
        if row["code"] in _CITY_WITHOUT_COUNTIES:
            counties[row["code"]] = city
        elif code[4] == "7" or (is_zone(name) and code == "320576"):
            zone_lines.append((city, name))
            counties[row["code"]] = city
        else:
            given = shorts.get((packer.names[provinces[row["provinceCode"]]], name), "")
            aliases = short_forms(name, given if given != name else "")
            counties[row["code"]] = packer.add("A", city, code, name, aliases + variants[code])
    add_outside_tables(packer, tree)

    for code, parent in counties.items():
        whole = tuple(reversed(packer.ancestors(parent)))
        names = streets[code] + (old_towns[whole] if code[4] != "7" else [])
        names = [n.replace("街道办事处", "街道") for n in dict.fromkeys(names) if not _TOWN_JUNK.search(n)]
        zone_lines += [
            (parent, n) for n in dict.fromkeys(names) if is_zone(n) and not is_wider(packer, parent, n)
        ]
        towns = [
            n
            for n in dict.fromkeys(names)
            if _TOWN.search(n) and not is_zone(n) and " " not in n and "/" not in n
        ]
        if towns:
            packer.add_towns(parent, towns)

    for row in read_csv(OWN / "towns.csv"):
        packer.add_towns(packer.place(row["province"], row["place"]), [row["name"]])
    own_zones = read_csv(OWN / "zones.csv")
    taken = set()
    for row in own_zones:
        parent = packer.place(row["province"], row["place"])
        extra = [a for a in row["aliases"].split("|") if a]
        aliases = zone_aliases(packer, parent, row["name"], extra)
        packer.add("Z", parent, "", row["name"], aliases)
        taken |= {row["name"], *extra}
    for parent, name in dict.fromkeys(zone_lines):
        if name not in taken and canonical(name) not in taken:
            packer.add("Z", parent, "", name, zone_aliases(packer, parent, name, []))

    for row in read_csv(OWN / "villages.csv"):
        packer.add("V", packer.place(row["province"], row["place"]), "", row["name"], [])
    for row in read_csv(OWN / "macro.csv"):
        packer.add("M", -1, "", row["name"], [a for a in row["aliases"].split("|") if a])
    for row in read_csv(OWN / "foreign.csv"):
        letter = {"province": "P", "city": "C"}[row["level"]]
        aliases = [a for a in row["aliases"].split("|") if a]
        packer.add(letter, nations[row["country"]], "--", row["name"], aliases)
    known = {name for name in packer.names}
    for short, (_full, places) in read_world(folder / "world_location.txt").items():
        nation = next(row for row in nations.values() if packer.names[row] == short)
        for place in places:
            if short != "中国" and place not in known and place != short:
                packer.add("C", nation, "--", place, [])
                known.add(place)

    packer.lines.append("\t".join(["TOWNS", *sorted(packer.towns)]))
    packer.lines.append("\t".join(["K", *known_towns(packer)]))
    add_former(packer, folder)
    for row in read_csv(OWN / "media.csv"):
        packer.lines.append("\t".join(("J", str(packer.place(row["province"], row["place"])), row["name"])))
    pairs = read_csv(OWN / "traditional.csv")
    packer.lines.append(
        "\t".join(("S", "".join(p["traditional"] for p in pairs), "".join(p["simplified"] for p in pairs)))
    )
    return packer.lines


def known_towns(packer: Packer) -> list[str]:
    """The entries of the towns that news means by a name which several towns have."""
    listed = set(packer.towns)
    entries = []
    for row in read_csv(OWN / "known_towns.csv"):
        entry = town_entry(packer.place(row["province"], row["place"]), row["name"])
        if entry not in listed:
            raise SystemExit(f"{row['place']}/{row['name']}: no such town")
        entries.append(entry)
    return entries


def read_world(path: Path) -> dict[str, tuple[str, list[str]]]:
    """world_location.txt: short name -> (full name, capital and cities)."""
    table = {}
    for line in path.read_text(encoding="utf8").splitlines():
        fields = line.split("\t")
        if len(fields) > 2:
            cities = [fields[2], *(fields[3].split("/") if len(fields) > 3 else [])]
            table[fields[0]] = (fields[1], [c for c in cities if len(c) > 1])
    return table


def add_outside_tables(packer: Packer, tree: Tree) -> None:
    """Hong Kong, Macao and Taiwan; what lies in them has no code of its own."""
    for name, code in (("香港特别行政区", "810000"), ("澳门特别行政区", "820000"), ("台湾省", "710000")):
        extra = {"810000": ["香港特区", "中国香港"], "820000": ["澳门特区", "中国澳门"]}.get(
            code, ["台湾地区", "中国台湾"]
        )
        top = packer.add("P", -1, code, name, [tree[name]["short"], *extra])
        for city, sub in tree[name]["sub"].items():
            direct = city in (tree[name]["short"],) or "直辖" in city
            parent = top if direct else packer.add("C", top, "", city, short_forms(city))
            names: list[str] = _TAIWAN_REPLACED.get(city, list(sub["sub"]))
            names = [name for name in names if name != "金门县"]  # 350527 in the tables
            for county in names:
                county = _TAIWAN_SLIPS.get(county, _HONG_KONG_SLIPS.get(county, county))
                forms = short_forms(county) if len(county) > 2 else []
                level = "C" if code == "710000" and direct else "A"
                packer.add(level, parent, "", county, forms)


def add_former(packer: Packer, folder: Path) -> None:
    """Former names: the table of this project, then the public one of changes."""
    done: set[tuple[str, int]] = set()

    own = read_csv(OWN / "former.csv")
    taken = set(packer.names) | {item["name"] for item in own}  # 达县 is no short form of 达县地区
    for line in packer.lines:
        if line[0] in "PCA":
            taken.update(line.split("\t")[4].split("|"))

    def add(name: str, row: int, year: str) -> None:
        current = packer.names[row]
        forms = [name]
        stem = _GENERIC.sub("", name)
        if len(stem) > 1 and name != stem and stem not in taken:
            forms.append(stem)
        if name != current and (name, row) not in done:
            done.add((name, row))
            packer.lines.append("\t".join(("F", str(row), "|".join(forms), year)))

    for item in own:
        add(item["name"], packer.place(item["province"], item["successor"]), item["year"])
    slips = {
        "玉环区": "玉环市",
        "凤翔市": "凤翔区",
        "大菁山县": "大箐山县",
        "大青山县": "大箐山县",
        "云岗区": "云冈区",
    }
    for line in (folder / "china_location_change.txt").read_text(encoding="utf8").splitlines():
        old, new = line.split("=>")
        fields = old.split("\t")
        year, path = fields[0][:4], fields[2:]
        target = new.strip().split("\t")
        name, successor = path[-2], slips.get(target[-1], target[-1])
        if name != successor:
            add(name, packer.place(target[0], successor), year)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("divisions", help="folder with the public tables; empty keeps what is packed")
    parser.add_argument(
        "out", type=Path, nargs="?", default=OUT, help="where to write (default: into the package)"
    )
    options = parser.parse_args()
    if not options.divisions:
        if not options.out.is_file():
            raise SystemExit(f"{options.out} does not exist: give the folder with the public tables")
        print(f"No tables of divisions given: {options.out.name} stays as it is.")
        return
    gazetteer = Gazetteer.from_lines(pack(Path(options.divisions)))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    gazetteer.to_disk(options.out)
    print(
        f"{len(gazetteer.names)} rows, {len(gazetteer.town_rows)} towns, {options.out.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()
