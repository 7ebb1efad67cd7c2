"""Which of its readings a mention has: by the document, and by level only where the document gives
nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from projner.region.document import LIST_SAME_PARENT, Case, Document
from projner.region.gazetteer import LEVELS, Gazetteer
from projner.region.narrow import nested
from projner.region.parse import Reading

# How likely a bare name is to mean a division of a level, where nothing else is known.
_PRIOR = {
    "country": 6.5,
    "province": 8.0,
    "city": 5.0,
    "county": 3.0,
    "zone": 2.5,
    "macro": 4.0,
    "town": 0.0,
    "village": 2.0,
}
_PRIOR_FULL = 5.0
_PRIOR_FULL_LOW = 3.5
_PRIOR_FORMER = 1.0
_PRIOR_KNOWN_TOWN = 2.0  # 枫桥 is first of all the one in 诸暨
_PENALTY_OUTSIDE = 2.0  # wards of Hong Kong, Macao and Taiwan; places abroad
_PENALTY_TAIWAN = 3.5  # 连江 and 新北 are first of all those on the mainland
_PENALTY_DISTRICT = 1.5  # 象山 is 象山县 before it is 桂林's 象山区
_NAMED_IN_FULL = 3.0  # the document names it in full elsewhere
EVIDENCE = 0.8
MARGIN = 1.2


def settle_single(document: Document, case: Case) -> None:
    """Settle what has one reading only."""
    gazetteer = document.gazetteer
    if len(case.readings) == 1 and case.readings[0].row >= 0:
        reading = case.readings[0]
        if reading.chain or not (reading.short and gazetteer.level(reading.row) == "town"):
            document.choose(case, reading, reading.notes)


def settle_high(document: Document, case: Case) -> None:
    """Settle a city, province or country that has only towns and former names beside it."""
    gazetteer = document.gazetteer
    if case.chosen is not None or any(reading.row in document.named for reading in case.readings):
        return
    upper = [r for r in case.readings if r.row >= 0 and gazetteer.level(r.row) != "town" and not r.former]
    if len(upper) == 1 and gazetteer.level(upper[0].row) in ("province", "city", "country"):
        document.choose(case, upper[0], upper[0].notes)


def settle_nested(document: Document, case: Case) -> None:
    """红河、元阳、绿春: beside counties of 红河州 the name means the county; 文山, before there is 文山市 and
    with 丘北 in the text, means 文山州."""
    chosen, gazetteer = case.chosen, document.gazetteer
    if chosen is None or not chosen.short or chosen.chain or chosen.tail:
        return
    if gazetteer.level(chosen.row) == "county" and (former := _prefecture(document, case, chosen.row)):
        return document.choose(case, former, ("name_out_of_date",))
    for upper, lower in nested(document.gazetteer, case.mention.text):
        if chosen.row == upper.row and document.listed_below(case, upper.row):
            return document.choose(case, lower, lower.notes)
        if chosen.row == lower.row and document.gazetteer.level(upper.row) == "city":
            before = document.gazetteer.name(lower.row) in document.text[: case.mention.start]
            if not before and document.names_beside(lower.row):
                return document.choose(case, upper, upper.notes)


def _prefecture(document: Document, case: Case, row: int) -> Reading | None:
    """徽州, 思茅: the former prefecture of that name where the text has it, and not the district (row)."""
    name = case.mention.text + "地区"
    upper = document.gazetteer.parent(row)
    if upper not in document.gazetteer.former.get(name, ()) or name not in document.text:
        return None
    if document.gazetteer.name(row) in document.text:
        return None
    return Reading(upper, short=True, former=case.mention.text)


_OLDER_NAME = re.compile(r"[，,（(]?(?:[古旧原曾史]称|[古旧原曾]名)[“「]?$")
_BEFORE_OLDER_NAME = frozenset("称名级的“「")
_COUNTY_LEVEL = "县级"


def settle_older(document: Document) -> None:
    """康县旧称永康县, 古称长宁的新丰: the text says of which division that is the older name; 县级宜春市 is
    what 袁州区 was."""
    text = document.text
    for case in document.cases:
        start = case.mention.start
        if text[start - 1 : start] in _BEFORE_OLDER_NAME:
            _settle_older(document, case)


def _settle_older(document: Document, case: Case) -> None:
    mention, text = case.mention, document.text
    before = text[max(0, mention.start - 6) : mention.start]
    if match := _OLDER_NAME.search(before):
        here = document.position[id(case)]
        other = None
        if text.startswith("的", mention.end) and here + 1 < len(document.cases):
            after = document.cases[here + 1]
            other = after if after.mention.start == mention.end + 1 else None
        elif here and document.cases[here - 1].mention.end == mention.start - len(match[0]):
            other = document.cases[here - 1]
        if other is not None and other.chosen is not None and not other.chosen.tail:
            reading = Reading(other.chosen.row, former=mention.text)
            document.choose(case, reading, ("name_out_of_date",))
    elif before.removesuffix("的").endswith(_COUNTY_LEVEL):
        rows = document.gazetteer.former.get(_COUNTY_LEVEL + mention.text, ())
        if len(rows) == 1:
            document.choose(case, Reading(rows[0], former=mention.text), ("name_out_of_date",))


def decide(document: Document, case: Case) -> tuple[Reading | None, tuple[str, ...], tuple[Reading, ...]]:
    """The reading that the document speaks for; None and all readings where it does not say."""
    gazetteer = document.gazetteer
    ranked = []
    for reading in _worth_weighing(document, case):
        support = (
            document.evidence(reading.row)
            + document.nearness(case, reading.row)
            + document.listed(case, reading.row)
            + (_NAMED_IN_FULL if reading.short and reading.row in document.named else 0.0)
            + document.section(case, reading.row)
            + document.station(case, reading.row)
        )
        ranked.append((support + _prior(gazetteer, reading), support, reading))
    ranked.sort(key=lambda item: (-item[0], LEVELS.index(gazetteer.level(item[2].row)), item[2].row))
    best, support, reading = ranked[0]
    if len(ranked) == 1:
        # nothing else to go by, and nothing against it; or only towns that the text does not speak for
        alone = not document.total if len(case.readings) == 1 else gazetteer.level(reading.row) != "town"
        alone = alone or reading.row in gazetteer.known_towns
        if alone or support >= EVIDENCE:
            return reading, reading.notes, ()
        return None, ("ambiguous",), case.readings
    if (
        gazetteer.level(reading.row) == "town"
        and reading.row not in gazetteer.known_towns
        and not any(upper in document.counts for upper in document.path(reading.row)[1:])
    ):
        return None, ("ambiguous",), case.readings
    others = tuple(r for _, _, r in ranked[1:])
    second_support = ranked[1][1]
    tied = tuple(r for score, _, r in ranked if best - score < MARGIN)
    if len({gazetteer.code(r.row) for r in tied}) > 1:
        close = tuple(r for score, _, r in ranked if best - score < _PRIOR_FULL)
        higher = [r for r in tied if gazetteer.level(r.row) != "town"]
        if len(higher) == 1 and higher[0].short and gazetteer.level(higher[0].row) == "county":
            # 东阿 is the county before it is the town of 平阴
            rest = tuple(r for r in close if r is not higher[0])
            return higher[0], (*higher[0].notes, "by_level"), rest
        if (first := _of_siblings(gazetteer, tied)) is not None:
            rest = tuple(r for r in close if r is not first)
            return first, (*first.notes, "by_level"), rest
        return None, ("ambiguous",), close
    if support - second_support < EVIDENCE and _rivals(gazetteer, reading, others):
        return reading, (*reading.notes, "by_level"), _rivals(gazetteer, reading, others)
    return reading, reading.notes, ()


def _of_siblings(gazetteer: Gazetteer, tied: Sequence[Reading]) -> Reading | None:
    """伊宁 is 伊宁市 before it is the county around it, 井陉 the county before the mining district."""
    if len({gazetteer.parent(r.row) for r in tied}) > 1:
        return None
    if not all(r.short and gazetteer.level(r.row) == "county" for r in tied):
        return None
    for generic in ("市", "县"):
        found = [r for r in tied if gazetteer.name(r.row).endswith(generic)]
        if len(found) == 1:
            return found[0]
    return None


def _worth_weighing(document: Document, case: Case) -> Sequence[Reading]:
    """Without the readings that nothing in the document speaks for, where there are better known ones."""
    found = case.readings
    gazetteer, counts = document.gazetteer, document.counts
    provinces = [r.row for r in found if r.short and gazetteer.level(r.row) == "province"]
    if len(provinces) == 1:
        # 海南 is the province, in a text about 青海 too, where nothing in 海南州 nor a list of prefectures is
        found = tuple(
            r
            for r in found
            if r.row in counts
            or gazetteer.contains(provinces[0], r.row)
            or document.listed(case, r.row) >= LIST_SAME_PARENT
        )
    # A bare 昆山 is no town of a province that is named, only of a city or county.
    named = any(r.short and not r.former and gazetteer.level(r.row) != "town" for r in found)
    if len(found) < 8 and not named:
        return found
    likely = []
    for reading in found:
        if gazetteer.level(reading.row) == "town":
            path = document.path(reading.row)
            wide = len(found) < 8 and (not reading.short or (path[-3:-2] and path[-3] in counts))
            wide = wide or (not named and reading.row in gazetteer.known_towns)
            if not wide and path[-2] not in counts:
                continue
        likely.append(reading)
    return likely if any(not r.former for r in likely) else found


def _rivals(gazetteer: Gazetteer, reading: Reading, others: Sequence[Reading]) -> tuple[Reading, ...]:
    """The other readings worth naming: no towns where the one taken is above them, nothing inside it."""
    level = gazetteer.level(reading.row)
    return tuple(
        other
        for other in others
        if (level == "town" or gazetteer.level(other.row) != "town")
        and not gazetteer.contains(reading.row, other.row)
        and not other.former
    )


def _prior(gazetteer: Gazetteer, reading: Reading) -> float:
    level = gazetteer.level(reading.row)
    if reading.short:
        value = _PRIOR[level]
        if level == "town" and reading.row in gazetteer.known_towns:
            value += _PRIOR_KNOWN_TOWN
    elif level in ("town", "zone"):
        value = _PRIOR_FULL_LOW
    else:
        value = _PRIOR_FULL if level != "country" else _PRIOR["country"]
    if level in ("county", "city", "province") and not gazetteer.codes[reading.row].isdigit():
        in_taiwan = reading.short and not gazetteer.codes[reading.row]
        value -= _PENALTY_OUTSIDE if level == "county" else _PENALTY_TAIWAN if in_taiwan else 0.5
    elif (
        reading.short
        and level == "county"
        and gazetteer.names[reading.row].endswith("区")
        and gazetteer.level(gazetteer.parent(reading.row)) == "city"  # those of Beijing are as well known
    ):
        value -= _PENALTY_DISTRICT
    return min(value, _PRIOR_FORMER) if reading.former else value
