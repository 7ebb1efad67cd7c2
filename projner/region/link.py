"""From mentions to divisions, using the document: names in it, its head, the newspaper, nesting and nearness."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from projner.errors import Errors
from projner.region.gazetteer import LEVELS, Gazetteer
from projner.region.model import Region
from projner.region.parse import Reading, readings

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
_PENALTY_OUTSIDE = 2.0  # wards of Hong Kong, Macao and Taiwan; places abroad
_PRIOR_FORMER = 1.0
_NAMED_IN_FULL = 3.0  # the chain that names it stands elsewhere in the document
# What it counts that the document names an upper division, or the division itself.
_WEIGHT = {"province": 2.0, "city": 3.0, "county": 4.0, "town": 3.0, "zone": 3.0}
_WEIGHT_MUNICIPALITY = 3.5
_WEIGHT_SELF = 4.0
_NEAR = 80.0  # characters
_NEAR_UNLISTED = 400.0
_LOCAL = 2.5  # where a village lies is said by what stands before it
_WINDOW = 4  # mentions
_MARGIN = 1.2
_EVIDENCE = 0.8
_LIST_SAME_PARENT = 10.0
_ADJACENT = 3.0  # 连云港海州区, 连云港的海州区
_LIST_SAME_LEVEL = 1.5
_HINT = 3.0
_LISTED = re.compile(r"^\s*(?:[、,，/和与及]|以及|和|与)\s*$")
_OF = re.compile(r"^\s*[的市]?\s*$")
_MEDIA = re.compile(r"([\u4e00-\u9fff]{2,7}?)(?:日报|晚报|晨报|早报|商报|都市报|快报|新闻网|电视台|广播电台)")
_DATELINE = re.compile(r"^\s*(?:\d{1,2}月\d{1,2}日)?\s*(?:电|讯)")
_CHINA = "CN"
_CACHE = 50_000


class Mention(NamedTuple):
    """A REGION as it stands in the text; offsets are code points, end exclusive."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about the document that the mentions stand in.

    Attributes:
        text: the document's text, which the mentions' offsets refer to.
        title_end: where the title ends; None takes the first line of a text that has several.
        place: a code (220500) or a name that only one division has: where the page is from.
        gazetteer: the table; None takes the one that ships with projner.
    """

    text: str = ""
    title_end: int | None = None
    place: str | None = None
    gazetteer: Gazetteer | None = None


@dataclass(slots=True)
class _Case:
    """A mention on its way to a division."""

    mention: Mention
    readings: tuple[Reading, ...]
    chosen: Reading | None = None
    notes: tuple[str, ...] = ()
    candidates: tuple[Reading, ...] = ()
    weight: float = 1.0
    scores: list[float] = field(default_factory=list)


def link(names: Sequence[Mention | tuple[str, int, int]], context: Context | None = None) -> list[Region]:
    """The division that each mention means, in the order given.

    Args:
        names: mentions in document order; (text, start, end).
        context: the document around them.

    Returns:
        One Region a mention. Where the text leaves it open, code is None and candidates holds every reading.

    Raises:
        ProjnerError: P207 for a place that is no code and no unique name.
    """
    context = context or Context()
    gazetteer = context.gazetteer or Gazetteer.load()
    cases = [
        _Case(mention, _narrow(gazetteer, mention.text, context.text))
        for mention in map(Mention._make, names)
    ]
    document = _Document(gazetteer, context, cases)
    for case in cases:
        _settle_single(document, case)
    document.count()
    for case in cases:
        _settle_high(document, case)
    document.count()
    for turn in range(4):
        pending = [
            case for case in cases if case.chosen is None and case.readings and case.readings[0].row >= 0
        ]
        if turn == 0:  # names in full first, for the short ones lean on them
            pending = [case for case in pending if not all(reading.short for reading in case.readings)]
        elif turn == 1:  # then counties, for towns lean on them
            pending = [
                case for case in pending if not all(gazetteer.level(r.row) == "town" for r in case.readings)
            ]
        decisions = [(case, _decide(document, case)) for case in pending]
        for case, (chosen, notes, candidates) in decisions:
            case.chosen, case.notes, case.candidates = chosen, notes, candidates
        document.count()
    _place_lower(document, cases)
    return [_region(gazetteer, case) for case in cases]


def _narrow(gazetteer: Gazetteer, name: str, text: str) -> tuple[Reading, ...]:
    """Readings without those that a reader never thinks of: a county inside the city of the same short name."""
    found, nested = _nesting(gazetteer, name)
    if not nested:
        return found
    hidden = {
        found[upper].row
        if _only_lower_named(gazetteer, found[upper].row, found[lower].row, text)
        else found[lower].row
        for upper, lower in nested
    }
    return tuple(reading for reading in found if reading.row not in hidden)


def _nesting(gazetteer: Gazetteer, name: str) -> tuple[tuple[Reading, ...], tuple[tuple[int, int], ...]]:
    """The readings of a name, and which of them (by number) lies in which; a province hides nothing in it."""
    cache: dict[str, tuple[tuple[Reading, ...], tuple[tuple[int, int], ...]]]
    cache = gazetteer.cache.setdefault("nesting", {})
    known = cache.get(name)
    if known is None:
        if len(cache) > _CACHE:
            cache.clear()
        found = readings(gazetteer, name)
        numbers = {
            r.row: n for n, r in enumerate(found) if r.row >= 0 and gazetteer.level(r.row) != "province"
        }
        pairs = tuple(
            (numbers[upper], lower)
            for lower, reading in enumerate(found)
            if reading.row >= 0 and reading.short
            for upper in gazetteer.path_rows(reading.row)[:-1]
            if upper in numbers
        )
        known = cache[name] = (found, pairs)
    return known


def _only_lower_named(gazetteer: Gazetteer, upper: int, lower: int, text: str) -> bool:
    """大理市 stands in the text and no 大理州: then 大理 is the city."""
    name = gazetteer.name(lower)
    others = (gazetteer.name(upper), name[:-1] + "州", name[:-1] + "地区")
    return (
        gazetteer.level(lower) == "county"
        and name.endswith("市")
        and name in text
        and not any(other in text for other in others)
    )


class _Document:
    """What the document says about places: counts by row and the resolved mentions in order."""

    def __init__(self, gazetteer: Gazetteer, context: Context, cases: list[_Case]) -> None:
        self.gazetteer = gazetteer
        self.text = context.text
        self.cases = cases
        self.position = {id(case): number for number, case in enumerate(cases)}
        self.counts: dict[int, float] = {}
        self.total = 0.0
        self.named: set[int] = set()  # rows that stand in the text in full or as the end of a chain
        title_end = context.title_end
        if title_end is None:
            head = self.text.strip()[:200].partition("\n")
            title_end = self.text.find(head[0]) + len(head[0]) if head[1] else 0
        for case in cases:
            if case.mention.end <= title_end:
                case.weight = 2.0
            elif _DATELINE.match(self.text[case.mention.end : case.mention.end + 10]):
                case.weight = 1.5
        self.given: list[tuple[int, float]] = []
        if context.place is not None:
            row = gazetteer.resolve(context.place)
            if row is None:
                raise Errors.P207.format(place=context.place)
            self.given.append((row, _HINT))
        self.given += [(row, 1.0) for row in _newspapers(gazetteer, self.text)]

    def path(self, row: int) -> tuple[int, ...]:
        return self.gazetteer.path_rows(row)

    def count(self) -> None:
        """Count what is resolved: every row that holds a resolved one, each distinct row once and a little more."""
        weights: dict[int, float] = {}
        seen: dict[int, int] = {}
        for case in self.cases:
            if case.chosen is not None and case.chosen.row >= 0:
                row = case.chosen.row
                seen[row] = seen.get(row, 0) + 1
                if case.chosen.chain or not case.chosen.short:
                    self.named.add(row)
                weights[row] = weights.get(row, 0.0) + case.weight / seen[row]
        for row, weight in self.given:
            weights[row] = weights.get(row, 0.0) + weight
        counts: dict[int, float] = {}
        for row, weight in weights.items():
            for upper in self.path(row):
                counts[upper] = counts.get(upper, 0.0) + weight
        self.counts, self.total = counts, sum(weights.values())

    def evidence(self, row: int) -> float:
        """How much the whole document speaks for a row."""
        levels = self.gazetteer
        path = self.path(row)
        value = 0.0
        for upper in path:
            count = self.counts.get(upper, 0.0)
            if not count:
                continue
            share = count / self.total
            strength = 0.5 * (count / (count + 1.0)) + 0.5 * share
            if upper == row:
                weight = _WEIGHT_SELF
            else:
                level = levels.level(upper)
                weight = _WEIGHT.get(level, 0.0)
                if level == "province" and self.gazetteer.codes[upper] in _MUNICIPALITIES:
                    weight = _WEIGHT_MUNICIPALITY
            value += weight * strength
        return value

    def nearness(self, case: _Case, row: int, scale: float = _NEAR) -> float:
        """How much the mentions around speak for a row, the ones before more than those after."""
        here = self.position[id(case)]
        value = 0.0
        for numbers, factor in (
            (range(here - 1, max(-1, here - 1 - _WINDOW), -1), 1.0),
            (range(here + 1, min(len(self.cases), here + 1 + _WINDOW // 2)), 0.7),
        ):
            best = 0.0
            for number in numbers:
                other = self.cases[number]
                if other.chosen is None or other.chosen.row < 0:
                    continue
                gap = max(case.mention.start - other.mention.end, other.mention.start - case.mention.end, 0)
                best = max(best, self.relation(row, other.chosen.row) * math.exp(-gap / scale))
            value += factor * best
        if here:
            before = self.cases[here - 1]
            if before.chosen is not None and before.chosen.row in self.path(row)[:-1]:
                between = self.text[before.mention.end : case.mention.start]
                value += _ADJACENT if _OF.match(between) else 0.0
        return value

    def speaks_for(self, case: _Case, row: int) -> bool:
        """True where other mentions lie in the same province."""
        own = case.weight if case.chosen is not None and case.chosen.row == row else 0.0
        return self.counts.get(self.path(row)[0], 0.0) - own > 0.0

    def mostly_in(self, row: int) -> bool:
        """True where at least half of what the document names lies in the row's province."""
        here = self.counts.get(self.path(row)[0], 0.0)
        abroad = sum(
            count
            for upper, count in self.counts.items()
            if self.gazetteer.parent(upper) < 0 and not self.gazetteer.codes[upper].isdigit()
        )
        return here >= 0.5 * (self.total - abroad)

    def relation(self, row: int, other: int) -> float:
        mine, theirs = self.path(row), self.path(other)
        shared = 0
        for a, b in zip(mine, theirs, strict=False):
            if a != b:
                break
            shared += 1
        if not shared:
            return 0.0
        if shared == len(mine) or shared == len(theirs):
            deep = min(len(mine), len(theirs))
            return 2.0 if deep == 1 and self.gazetteer.codes[mine[0]] not in _MUNICIPALITIES else 3.0
        return 1.2 if shared == 1 and self.gazetteer.codes[mine[0]] not in _MUNICIPALITIES else 2.5

    def listed(self, case: _Case, row: int) -> float:
        """Names in one list are of one kind: 长春、吉林、四平."""
        here = self.position[id(case)]
        level, parent = self.gazetteer.level(row), self.gazetteer.parent(row)
        best = 0.0
        for step in (-1, 1):
            number = here
            for _ in range(3):
                number += step
                if not 0 <= number < len(self.cases):
                    break
                one, two = self.cases[min(number, number - step)], self.cases[max(number, number - step)]
                if not _LISTED.match(self.text[one.mention.end : two.mention.start]):
                    break
                other = self.cases[number].chosen
                if other is None or other.row < 0 or other.chain or other.tail:
                    continue
                if self.gazetteer.level(other.row) == level:
                    same = self.gazetteer.parent(other.row) == parent
                    best = max(best, _LIST_SAME_PARENT if same else _LIST_SAME_LEVEL)
        return best


_MUNICIPALITIES = frozenset(("110000", "120000", "310000", "500000"))


def _newspapers(gazetteer: Gazetteer, text: str) -> list[int]:
    """Where the newspapers and stations named in the text are at home."""
    rows = [row for name, row in gazetteer.media.items() if name in text]
    for match in _MEDIA.finditer(text):
        for size in range(len(match[1]), 1, -1):
            found = [
                row
                for row in gazetteer.index.get(match[1][-size:], ())
                if gazetteer.levels[row] in ("province", "city", "county")
            ]
            if found:
                tops = [row for row in found if all(gazetteer.contains(row, other) for other in found)]
                rows += tops[:1]
                break
    return list(dict.fromkeys(rows))


def _prior(gazetteer: Gazetteer, reading: Reading) -> float:
    level = gazetteer.level(reading.row)
    if reading.short:
        value = _PRIOR[level]
    elif level in ("town", "zone"):
        value = _PRIOR_FULL_LOW
    else:
        value = _PRIOR_FULL if level != "country" else _PRIOR["country"]
    if level in ("county", "city", "province") and not gazetteer.codes[reading.row].isdigit():
        value -= _PENALTY_OUTSIDE if level == "county" else 0.5
    return min(value, _PRIOR_FORMER) if reading.former else value


def _settle_single(document: _Document, case: _Case) -> None:
    """Settle what has one reading only."""
    gazetteer = document.gazetteer
    if len(case.readings) == 1 and case.readings[0].row >= 0:
        reading = case.readings[0]
        if not (reading.short and gazetteer.level(reading.row) == "town"):
            case.chosen, case.notes = reading, reading.notes


def _settle_high(document: _Document, case: _Case) -> None:
    """Settle a city, province or country that has only towns and former names beside it."""
    gazetteer = document.gazetteer
    if case.chosen is not None or any(reading.row in document.named for reading in case.readings):
        return
    upper = [r for r in case.readings if r.row >= 0 and gazetteer.level(r.row) != "town" and not r.former]
    if len(upper) == 1 and gazetteer.level(upper[0].row) in ("province", "city", "country"):
        case.chosen, case.notes = upper[0], upper[0].notes


def _decide(document: _Document, case: _Case) -> tuple[Reading | None, tuple[str, ...], tuple[Reading, ...]]:
    """The reading that the document speaks for; None and all readings where it does not say."""
    gazetteer = document.gazetteer
    ranked = []
    for reading in _worth_weighing(document, case.readings):
        support = (
            document.evidence(reading.row)
            + document.nearness(case, reading.row)
            + document.listed(case, reading.row)
            + (_NAMED_IN_FULL if reading.row in document.named else 0.0)
        )
        ranked.append((support + _prior(gazetteer, reading), support, reading))
    ranked.sort(key=lambda item: (-item[0], LEVELS.index(gazetteer.level(item[2].row)), item[2].row))
    best, support, reading = ranked[0]
    if len(ranked) == 1 and (len(case.readings) == 1 or support >= _EVIDENCE):
        return reading, reading.notes, ()
    if len(ranked) == 1:
        return None, ("ambiguous",), case.readings
    if gazetteer.level(reading.row) == "town" and not any(
        upper in document.counts for upper in document.path(reading.row)[1:]
    ):
        return None, ("ambiguous",), case.readings
    others = tuple(r for _, _, r in ranked[1:])
    second, second_support, _ = ranked[1]
    if (
        best - second < _MARGIN
        and len({gazetteer.code(r.row) for s, _, r in ranked if best - s < _MARGIN}) > 1
    ):
        close = tuple(r for score, _, r in ranked if best - score < _PRIOR_FULL)
        return None, ("ambiguous",), close
    if support - second_support < _EVIDENCE and _rivals(gazetteer, reading, others):
        return reading, (*reading.notes, "by_level"), _rivals(gazetteer, reading, others)
    return reading, reading.notes, ()


def _worth_weighing(document: _Document, found: tuple[Reading, ...]) -> Sequence[Reading]:
    """Without the towns that nothing in the document speaks for, where there is anything else."""
    if len(found) < 8:
        return found
    gazetteer, counts = document.gazetteer, document.counts
    likely = [
        reading
        for reading in found
        if gazetteer.level(reading.row) != "town" or gazetteer.parent(reading.row) in counts
    ]
    return likely or found


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


def _place_lower(document: _Document, cases: list[_Case]) -> None:
    """Towns, villages and zones that no table has where the text is: they lie in what the text is about there."""
    placed: dict[str, Reading] = {}
    for case in cases:
        if case.chosen is not None and case.chosen.tail:
            placed.setdefault(case.chosen.tail, case.chosen)
    for case in cases:
        if not case.readings:
            continue
        reading = case.readings[0]
        if reading.row < 0:
            if reading.tail in placed:
                case.chosen, case.notes = placed[reading.tail], ("from_context",)
            else:
                _place_unlisted(document, case, reading)
        elif reading.tail_level == "zone" and reading.short and len(case.readings) == 1:
            # 南部新区 in a text about 亳州 is no zone of 南部县
            if document.gazetteer.level(reading.row) == "county" and not document.speaks_for(
                case, reading.row
            ):
                whole = Reading(-1, case.mention.text, "zone")
                before = case.chosen, case.notes
                case.chosen = None
                _place_unlisted(document, case, whole)
                if case.chosen is None:
                    case.chosen, case.notes = before
        elif _TOWN_NAME.search(case.mention.text) and document.gazetteer.level(reading.row) == "town":
            _place_town(document, case)


_TOWN_NAME = re.compile(r"^.{2,}(?:镇|乡|街道)$")


def _place_town(document: _Document, case: _Case) -> None:
    """A town of a frequent name where the counties that have one are not in the text: the county that is in it."""
    gazetteer = document.gazetteer
    if len(case.readings) < 2 or any(reading.chain for reading in case.readings):
        return
    counties = [gazetteer.parent(reading.row) for reading in case.readings]
    if any(document.counts.get(county, 0.0) > (0.0 if case.chosen is None else 1.0) for county in counties):
        return
    stem = re.sub(r"(?:镇|乡|街道)$", "", case.mention.text)
    before = case.chosen, case.notes, case.candidates
    case.chosen = None
    _place_unlisted(document, case, Reading(-1, case.mention.text, "town"))
    found: Reading | None = case.chosen
    if found is None:
        case.chosen, case.notes, case.candidates = before
        return
    same = [row for row in gazetteer.towns(stem) if gazetteer.contains(found.row, row)]
    if len(same) == 1:
        case.chosen, case.notes = Reading(same[0]), ("generic_corrected",)
    case.candidates = ()


def _place_unlisted(document: _Document, case: _Case, reading: Reading) -> None:
    """The division that a village, town or zone of no table lies in; left open where two are as likely."""
    gazetteer = document.gazetteer
    wanted = ("county", "city") if reading.tail_level == "zone" else ("county",)
    rows = {
        upper
        for other in document.cases
        if other is not case and other.chosen is not None and other.chosen.row >= 0
        for upper in document.path(other.chosen.row)
        if gazetteer.level(upper) in wanted and (gazetteer.code(upper) or "").isdigit()
    }
    rows |= {row for row, _ in document.given if gazetteer.level(row) in wanted}
    if not rows:
        return
    scored = sorted(
        ((document.evidence(r) + _LOCAL * document.nearness(case, r, _NEAR_UNLISTED), r) for r in rows),
        reverse=True,
    )
    top, row = scored[0]
    rivals = [
        r
        for score, r in scored[1:]
        if top - score < _MARGIN and not gazetteer.contains(r, row) and not gazetteer.contains(row, r)
    ]
    if rivals:
        case.notes = ("ambiguous",)
        case.candidates = tuple(reading._replace(row=r) for r in (row, *rivals))
    elif document.mostly_in(row):
        case.chosen, case.notes = reading._replace(row=row), ("from_context",)


def _region(gazetteer: Gazetteer, case: _Case) -> Region:
    if case.chosen is None:
        if not case.readings:
            return Region(None, case.mention.text, None, notes=("unknown",))
        unlisted = case.readings[0] if case.readings[0].row < 0 else None
        listed = case.candidates or tuple(r for r in case.readings if r.row >= 0)
        return Region(
            None,
            case.mention.text,
            unlisted.tail_level if unlisted else None,
            candidates=tuple(_plain(gazetteer, reading) for reading in listed),
            notes=case.notes or ("unknown",),
        )
    plain = _plain(gazetteer, case.chosen)
    return Region(
        plain.code,
        plain.name,
        plain.level,
        plain.path,
        former=case.chosen.former or None,
        candidates=tuple(_plain(gazetteer, reading) for reading in case.candidates),
        notes=tuple(dict.fromkeys(case.notes)),
    )


def _plain(gazetteer: Gazetteer, reading: Reading) -> Region:
    path = gazetteer.path(reading.row)
    code = gazetteer.code(reading.row)
    if not reading.tail:
        return Region(code, path[-1], gazetteer.level(reading.row), path)
    if gazetteer.level(reading.row) == "country" and code != _CHINA:
        code = None
    return Region(code, reading.tail, reading.tail_level, (*path, reading.tail))
