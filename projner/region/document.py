"""What a document says about places: its mentions, what is settled, and how much that speaks for a
division."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from projner.errors import Errors
from projner.region.gazetteer import Gazetteer
from projner.region.parse import Reading

# What it counts that the document names an upper division, or the division itself.
_WEIGHT = {"province": 2.0, "city": 3.0, "county": 4.0, "town": 3.0, "zone": 3.0}
_WEIGHT_MUNICIPALITY = 5.0  # province and city in one
_WEIGHT_SELF = 4.0
_NEAR = 80.0  # characters
_WINDOW = 4  # mentions
_ADJACENT = 3.0  # 连云港海州区, 连云港的海州区
_SECTION = 4.0  # 临江：破解瓶颈加速度 heads what follows
LIST_SAME_PARENT = 10.0
_LIST_SAME_LEVEL = 1.5
_STATION_CITY = 3.0  # 吉林站 is named after the city
HINT = 3.0
_MUNICIPALITIES = ("110000", "120000", "310000", "500000")
_ORIGIN = "来自"
_LISTED = re.compile(r"^\s*(?:[、,，/和与及]|以及)\s*$")
_OF = re.compile(r"^\s*[的市]?\s*$")
_DATELINE = re.compile(r"^\s*(?:\d{1,2}月\d{1,2}日)?\s*(?:电|讯)")
_STATION = re.compile(r"(?:火车|高铁|客运)?站")
_HEAD = re.compile(r"^\s*[：:]")
_MEDIA = re.compile(r"日报|晚报|晨报|早报|商报|都市报|快报|新闻网|电视台|广播电台")
_BEFORE_MEDIA = re.compile(r"[\u4e00-\u9fff]{2,7}$")


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
class Case:
    """A mention on its way to a division."""

    mention: Mention
    readings: tuple[Reading, ...]
    chosen: Reading | None = None
    notes: tuple[str, ...] = ()
    candidates: tuple[Reading, ...] = ()
    weight: float = 1.0


class Document:
    """What the document says about places: counts by row and the resolved mentions in order."""

    def __init__(self, gazetteer: Gazetteer, context: Context, cases: list[Case]) -> None:
        self.gazetteer = gazetteer
        self.path = gazetteer.path_rows
        self._relations: dict[tuple[int, int], float] = {}
        self.text = context.text
        self.cases = cases
        self.municipalities = {
            gazetteer.by_code[code] for code in _MUNICIPALITIES if code in gazetteer.by_code
        }
        self.position = {id(case): number for number, case in enumerate(cases)}
        self._counts: dict[int, float] = {}
        self._total = 0.0
        self._given: list[tuple[int, float]] | None = None
        self._stale = True
        self.named: set[int] = set()  # rows that stand in the text in full or as the end of a chain
        title_end = context.title_end
        if title_end is None:
            head = self.text.strip()[:200].partition("\n")
            title_end = self.text.find(head[0]) + len(head[0]) if head[1] else 0
        self.heads: dict[int, Case] = {}  # by the number of a case: the head of the section that it stands in
        head_case: Case | None = None
        for number, case in enumerate(cases):
            if head_case is not None:
                self.heads[number] = head_case
            start, end = case.mention.start, case.mention.end
            line = self.text.rfind("\n", 0, start) + 1
            if not self.text[line:start].strip() and _HEAD.match(self.text[end : end + 3]):
                head_case = case
            if case.mention.end <= title_end:
                case.weight = 2.0
            elif _DATELINE.match(self.text[case.mention.end : case.mention.end + 10]):
                case.weight = 1.5
        self._place: int | None = None
        if context.place is not None:
            self._place = gazetteer.resolve(context.place)
            if self._place is None:
                raise Errors.P207.format(place=context.place)

    def choose(self, case: Case, reading: Reading, notes: tuple[str, ...]) -> None:
        """Settle a case; what comes after it may lean on it."""
        case.chosen, case.notes = reading, notes
        if reading.chain or not reading.short:
            self.named.add(reading.row)
        self._stale = True

    @property
    def given(self) -> list[tuple[int, float]]:
        """Rows that speak for the document from outside its mentions, with weights: the place hint,
        newspapers."""
        if self._given is None:
            self._given = [(row, 1.0) for row in newspapers(self.gazetteer, self.text)]
            if self._place is not None:
                self._given.append((self._place, HINT))
        return self._given

    @property
    def counts(self) -> dict[int, float]:
        """What is settled, by row: each row counts for all that hold it, a repeated one little more than
        once."""
        if self._stale:
            self._count()
        return self._counts

    @property
    def total(self) -> float:
        """The weight of all that is settled."""
        if self._stale:
            self._count()
        return self._total

    def _count(self) -> None:
        weights: dict[int, float] = {}
        seen: dict[int, int] = {}
        for case in self.cases:
            if case.chosen is not None and case.chosen.row >= 0:
                row = case.chosen.row
                seen[row] = seen.get(row, 0) + 1
                weights[row] = weights.get(row, 0.0) + case.weight / seen[row]
        for row, weight in self.given:
            weights[row] = weights.get(row, 0.0) + weight
        counts: dict[int, float] = {}
        for row, weight in weights.items():
            for upper in self.path(row):
                counts[upper] = counts.get(upper, 0.0) + weight
        self._counts, self._total, self._stale = counts, sum(weights.values()), False

    def evidence(self, row: int) -> float:
        """How much the whole document speaks for a row."""
        counts, total = self.counts, self.total
        if not total:
            return 0.0
        value = 0.0
        for upper in self.path(row):
            count = counts.get(upper, 0.0)
            if not count:
                continue
            share = count / total
            strength = 0.5 * (count / (count + 1.0)) + 0.5 * share
            if upper == row:
                weight = _WEIGHT_SELF
            else:
                level = self.gazetteer.level(upper)
                weight = _WEIGHT.get(level, 0.0)
                if level == "province" and upper in self.municipalities:
                    weight = _WEIGHT_MUNICIPALITY
            value += weight * strength
        return value

    def nearness(self, case: Case, row: int, scale: float = _NEAR, origins: bool = True) -> float:
        """How much the mentions around speak for a row, the ones before more than those after.

        origins: those that say where somebody is from (来自湖北利川的游客) count too.
        """
        here = self.position[id(case)]
        value = 0.0
        for numbers, factor in (
            (range(here - 1, max(-1, here - 1 - _WINDOW), -1), 1.0),
            (range(here + 1, min(len(self.cases), here + 1 + _WINDOW // 2)), 0.7),
        ):
            best = 0.0
            for number in numbers:
                other = self.cases[number]
                if other.chosen is None or other.chosen.row < 0 or not (origins or self._is_here(other)):
                    continue
                relation = self.relation(row, other.chosen.row)
                if relation > best:
                    gap = max(
                        case.mention.start - other.mention.end, other.mention.start - case.mention.end, 0
                    )
                    best = max(best, relation * math.exp(-gap / scale))
            value += factor * best
        if here:
            before = self.cases[here - 1]
            if before.chosen is not None and before.chosen.row in self.path(row)[:-1]:
                between = self.text[before.mention.end : case.mention.start]
                value += _ADJACENT if _OF.match(between) else 0.0
        return value

    def section(self, case: Case, row: int) -> float:
        """Where a line starts with a place and a colon, what follows lies in it."""
        head = self.heads.get(self.position[id(case)])
        if head is None or head.chosen is None or head.chosen.row not in self.path(row):
            return 0.0
        return _SECTION

    def station(self, case: Case, row: int) -> float:
        """A station is named after a city, not after a province."""
        after = _STATION.match(self.text, case.mention.end)
        return _STATION_CITY if after and self.gazetteer.level(row) == "city" else 0.0

    def speaks_for(self, case: Case, row: int) -> bool:
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

    def _is_here(self, case: Case) -> bool:
        """False where a mention says where somebody is from, not where the text is."""
        return not self.text.endswith(_ORIGIN, 0, case.mention.start)

    def stands_in(self, case: Case, row: int) -> bool:
        """True where the last place named before, in the same line, is the row or lies in it."""
        for number in range(self.position[id(case)] - 1, -1, -1):
            other = self.cases[number]
            if "\n" in self.text[other.mention.end : case.mention.start]:
                return False
            if other.chosen is not None and other.chosen.row >= 0 and self._is_here(other):
                return self.gazetteer.contains(row, other.chosen.row)
        return False

    def relation(self, row: int, other: int) -> float:
        """How close two rows are: 3 where one holds the other, less where they share a city or a province."""
        found = self._relations.get((row, other))
        if found is None:
            found = self._relations[row, other] = self._relation(row, other)
        return found

    def _relation(self, row: int, other: int) -> float:
        mine, theirs = self.path(row), self.path(other)
        if mine[0] != theirs[0]:
            return 0.0
        shared = 0
        for a, b in zip(mine, theirs, strict=False):
            if a != b:
                break
            shared += 1
        if shared == len(mine) or shared == len(theirs):
            deep = min(len(mine), len(theirs))
            return 2.0 if deep == 1 and mine[0] not in self.municipalities else 3.0
        return 1.2 if shared == 1 and mine[0] not in self.municipalities else 2.5

    def listed(self, case: Case, row: int) -> float:
        """Names in one list are of one kind: 长春、吉林、四平."""
        level, parent = self.gazetteer.level(row), self.gazetteer.parent(row)
        best = 0.0
        for other in self._list_mates(case, 3):
            if other is None or other.row < 0 or other.chain or other.tail:
                continue
            if self.gazetteer.level(other.row) == level:
                same = self.gazetteer.parent(other.row) == parent
                best = max(best, LIST_SAME_PARENT if same else _LIST_SAME_LEVEL)
        return best

    def _list_mates(self, case: Case, reach: int) -> Iterator[Reading | None]:
        """What is chosen for the names in one list with this one, at most `reach` on either side."""
        here = self.position[id(case)]
        for step in (-1, 1):
            for number in range(here + step, here + step * (reach + 1), step):
                if not 0 <= number < len(self.cases):
                    break
                one, two = self.cases[min(number, number - step)], self.cases[max(number, number - step)]
                if not _LISTED.match(self.text[one.mention.end : two.mention.start]):
                    break
                yield self.cases[number].chosen

    def names_beside(self, row: int) -> bool:
        """True where the document names another division next to the row, in what holds both."""
        parent = self.gazetteer.parent(row)
        return any(
            upper != row and upper < len(self.gazetteer.parents) and self.gazetteer.parents[upper] == parent
            for upper in self.counts
        )

    def listed_below(self, case: Case, row: int) -> bool:
        """True where two names in one list with this one are counties in a row."""
        found = sum(
            other is not None and other.row >= 0 and self.gazetteer.parent(other.row) == row
            for other in self._list_mates(case, 2)
        )
        return found > 1


def newspapers(gazetteer: Gazetteer, text: str) -> list[int]:
    """Where the newspapers and stations named in the text are at home."""
    rows = [row for name, row in gazetteer.media.items() if name in text] if "报" in text else []
    for match in _MEDIA.finditer(text):
        before = _BEFORE_MEDIA.search(text[max(0, match.start() - 7) : match.start()])
        if before is None:
            continue
        for size in range(len(before[0]), 1, -1):
            found = [
                row
                for row in gazetteer.index.get(before[0][-size:], ())
                if gazetteer.levels[row] in ("province", "city", "county")
            ]
            if found:
                tops = [row for row in found if all(gazetteer.contains(row, other) for other in found)]
                rows += tops[:1]
                break
    return list(dict.fromkeys(rows))
