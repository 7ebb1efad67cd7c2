"""From a mention to its readings: the chain of divisions that it may name, checked against the hierarchy."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from projner.region.gazetteer import Gazetteer
from projner.region.zones import canonical, generic_head, is_zone

_VILLAGE = re.compile(r"(?:村|社区|屯|嘎查|村委会|居委会|行政村|自然村|家属院|新村|居民区)$")
_TOWNLIKE = re.compile(
    r"(?:镇|乡|街道|街道办|街道办事处|苏木|农场|林场|牧场|渔场|茶场|繁育场|总场|公社|管理处|经营所|管委会|"
    r"[零〇一二三四五六七八九十百\d]+团)$"
)
_TOWN_TAIL = re.compile(r"(?:镇|乡|街道|苏木|农场|林场|牧场|团)$")
_SPACE = re.compile(r"[\s·・‧/\-－—]+")
_WRONG_GENERIC = re.compile(r"^(.{2,}?)(省|自治州|地区|市|县|区|州|盟|旗|镇|乡|街道|街)$")
_LOOSE = re.compile(r"^(.{2,}?)(?:地区|[东西]?[东南西北中]部|大部|沿海|境内|郊区|城区|市区)$")
_TO = re.compile(r"^[东西南北]至(?=.{4})")
_OLDER = {"县": "市区", "地区": "市州", "市": "区市", "盟": "市", "专区": "市", "区": "区"}
_TOWN_GENERICS = ("镇", "乡", "街道", "街")
_LONGEST = 16  # characters of the longest division name
_CACHE = 50_000


class Reading(NamedTuple):
    """One way to read a mention.

    row is the deepest division of the gazetteer that is named (-1: none); tail what is left below it,
    with its level.
    rank: 0 as it stands, 1 with a village or zone that no table has, 2 with a generic put right or an
        unknown tail,
    3 against the hierarchy. short: the name stands without its generic. chain: the rows above it that are
    named.
    """

    row: int
    tail: str = ""
    tail_level: str = ""
    rank: int = 0
    short: bool = False
    former: str = ""
    notes: tuple[str, ...] = ()
    chain: tuple[int, ...] = ()


def clean(gazetteer: Gazetteer, text: str) -> str:
    """The text of a mention in half width and simplified characters, without spaces and joints."""
    text = unicodedata.normalize("NFKC", text)
    return _SPACE.sub("", text.translate(gazetteer.simplified))


def readings(gazetteer: Gazetteer, text: str) -> tuple[Reading, ...]:
    """All readings of the best rank; none where nothing in the text is known."""
    cache: dict[str, tuple[Reading, ...]] = gazetteer.cache.setdefault("readings", {})
    found = cache.get(text)
    if found is None:
        if len(cache) > _CACHE:
            cache.clear()
        found = cache[text] = _readings(gazetteer, text)
    return found


def _readings(gazetteer: Gazetteer, text: str) -> tuple[Reading, ...]:
    surface = text if text in gazetteer.index else clean(gazetteer, text)
    if surface not in gazetteer.index and is_zone(surface) and canonical(surface) in gazetteer.index:
        surface = canonical(surface)
    found = _best(_chains(gazetteer, surface, 0, (), False))
    if not found and (match := _TO.match(surface)):  # 东至莱阳团旺镇 says how far a road goes, not 东至县
        found = readings(gazetteer, surface[match.end() :])
    if not found:  # only then what may be left below a chain
        found = _best(_chains(gazetteer, surface, 0, (), True))
        found = tuple(_named_whole(gazetteer, reading, surface) for reading in found)
    if not found and (match := _LOOSE.match(surface)):
        found = _loose(gazetteer, match[1], surface.endswith("地区"))
    if not found and (match := _WRONG_GENERIC.match(surface)):
        found = _best(_wrong_generic(gazetteer, match, surface, ()))
    if not found and is_zone(surface):
        return (Reading(-1, surface, "zone", 1),)
    if not found and _VILLAGE.search(surface):
        return (Reading(-1, surface, "village", 1),)
    if not found and _TOWNLIKE.search(surface):
        return (Reading(-1, surface, "town", 1),)
    return found


def _best(found: Iterable[Reading]) -> tuple[Reading, ...]:
    unique: dict[tuple[int, str], Reading] = {}
    for reading in found:
        key = (reading.row, reading.tail)
        if key not in unique or unique[key].rank > reading.rank:
            unique[key] = reading
    if not unique:
        return ()
    rank = min(reading.rank for reading in unique.values())
    best = [reading for reading in unique.values() if reading.rank == rank]
    if rank:  # with something left over, the reading that knows more of it
        least = min(len(reading.tail) for reading in best)
        best = [reading for reading in best if len(reading.tail) == least]
    return tuple(best)


def _lies_in(gazetteer: Gazetteer, upper: int, row: int) -> bool:
    if gazetteer.codes[upper] == "CN" if upper < len(gazetteer.codes) else False:
        top = gazetteer.path_rows(row)[0]
        return gazetteer.levels[top] == "province"
    return upper != row and gazetteer.contains(upper, row)


def _loose(gazetteer: Gazetteer, stem: str, area: bool) -> tuple[Reading, ...]:
    """河北地区, 陕西南部: a part of the division, or the area around it; a prefecture may be a former one."""
    levels = ("province",) if area else ("province", "city", "county")
    return tuple(r for r in _best(_chains(gazetteer, stem, 0, (), False)) if gazetteer.level(r.row) in levels)


def _rows(
    gazetteer: Gazetteer, name: str, chain: tuple[int, ...], last: bool
) -> list[tuple[int, bool, bool]]:
    """(row, short, former) for a piece of the text."""
    rows = [(row, gazetteer.names[row] != name, False) for row in gazetteer.index.get(name, ())]
    rows += [
        (row, False, True)
        for row in gazetteer.former.get(name, ())
        if not chain or _lies_in(gazetteer, chain[-1], row)
    ]
    if chain or last or name.endswith(("镇", "乡", "街道")):
        rows += [(row, gazetteer.name(row) != name, False) for row in gazetteer.towns(name)]
    return rows


def _chains(
    gazetteer: Gazetteer, text: str, start: int, chain: tuple[int, ...], tails: bool
) -> Iterable[Reading]:
    """Readings of text[start:] below the divisions of `chain`; tails: also with a rest that no table has."""
    size = len(text)
    for end in range(size, start + 1, -1):
        if end - start > _LONGEST and end < size:
            continue
        name = text[start:end]
        last = end == size
        rows = _rows(gazetteer, name, chain, last)
        fitting = [item for item in rows if not chain or _lies_in(gazetteer, chain[-1], item[0])]
        for row, short, former in fitting:
            notes = ("name_out_of_date",) if former else ()
            if last:
                yield Reading(row, short=short, former=name if former else "", notes=notes, chain=chain)
                continue
            for reading in _chains(gazetteer, text, end, (*chain, row), tails):
                yield reading._replace(notes=(*notes, *reading.notes)) if notes else reading
        if last and not start and rows:
            return  # the whole text is one name
        if tails and rows and not fitting and last and chain:
            # 四平市公主岭市: the parts are right, the hierarchy is not, or no longer
            for row, short, _ in rows:
                level = gazetteer.level(row)
                if (level in ("city", "county") and _same_top(gazetteer, chain[-1], row)) or (
                    # 琼山永兴: a town that has since gone to the next county of the same city
                    level == "town"
                    and gazetteer.level(chain[-1]) == "county"
                    and gazetteer.path_rows(row)[:-2] == gazetteer.path_rows(chain[-1])[:-1]
                ):
                    yield Reading(row, rank=3, short=short, notes=("path_corrected",), chain=chain[:1])
    if chain and tails:
        whole = text[start - 1] in (gazetteer.name(chain[-1])[-1], "县", "市")
        yield from _tail(gazetteer, text[start:], chain, whole)


def _named_whole(gazetteer: Gazetteer, reading: Reading, surface: str) -> Reading:
    """二道江村: a village that bears its division's short name is not just 村."""
    if len(reading.tail) != 1:
        return reading
    name, before = gazetteer.name(reading.row), surface[:-1]
    stem = next((name[:n] for n in range(len(name), 1, -1) if before.endswith(name[:n])), "")
    return reading._replace(tail=stem + reading.tail)


def _same_top(gazetteer: Gazetteer, one: int, other: int) -> bool:
    return gazetteer.path_rows(one)[0] == gazetteer.path_rows(other)[0]


def _tail(gazetteer: Gazetteer, rest: str, chain: tuple[int, ...], whole: bool) -> Iterable[Reading]:
    """What is left below the last division: a zone, a town under another generic, a village, anything else;
    whole: the last division stands with its generic."""
    row = chain[-1]
    level = gazetteer.level(row)
    if level in ("macro", "zone") and not is_zone(rest):
        return
    if is_zone(rest):
        core = canonical(rest)
        known = gazetteer.generic_zones.get((row, core), -1)
        if known >= 0:
            yield Reading(known, chain=chain)
        yield Reading(row, rest, "zone", 1, short=not whole, chain=chain)
        return
    if head := generic_head(rest):  # 红安经开区觅儿寺: the town says where in the county
        for inner in _chains(gazetteer, rest, head, chain, False):
            if gazetteer.level(inner.row) == "town":
                yield inner._replace(rank=1)
    for end in range(len(rest), 2, -1):
        if match := _WRONG_GENERIC.match(rest[:end]):
            for reading in _wrong_generic(gazetteer, match, rest[:end], chain):
                left = rest[end:]
                if not left:
                    yield reading
                elif _VILLAGE.search(left):
                    yield reading._replace(tail=left, tail_level="village")
    if level == "country" and gazetteer.codes[row] != "CN":
        yield Reading(row, rest, "city", 1, chain=chain)
    elif _VILLAGE.search(rest):
        yield Reading(row, rest, "village", 1, chain=chain)
    elif level != "country" and len(rest) > 1 and (whole or _TOWN_TAIL.search(rest)):
        below = "village" if level == "town" else "town"
        yield Reading(row, rest, below, 2, notes=("unknown",), chain=chain)


def _wrong_generic(
    gazetteer: Gazetteer, match: re.Match[str], name: str, chain: tuple[int, ...]
) -> Iterable[Reading]:
    """江源县 for 江源区, 三十里铺乡 for 三十里铺镇: the stem is known under another generic."""
    stem, generic = match[1], match[2]
    if generic in _TOWN_GENERICS:
        for row in gazetteer.towns(stem):
            if not chain or _lies_in(gazetteer, chain[-1], row):
                yield Reading(row, rank=2, notes=("generic_corrected",), chain=chain)
        return
    for row in gazetteer.index.get(stem, ()):
        level = gazetteer.level(row)
        if chain and not _lies_in(gazetteer, chain[-1], row):
            continue
        abroad = gazetteer.codes[row] == "--"
        if level not in ("city", "county") or (generic in "县区旗" and level == "city" and not abroad):
            continue
        if abroad:  # 平壤市: abroad the generic is as one likes
            yield Reading(row, rank=2, chain=chain)
            continue
        if generic == "省":
            continue
        older = gazetteer.names[row][-1] in _OLDER.get(generic, "")
        yield Reading(
            row,
            rank=2,
            former=name if older else "",
            notes=("name_out_of_date",) if older else ("generic_corrected",),
            chain=chain,
        )
