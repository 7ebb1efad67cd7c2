"""The divisions of a document with counts, and the place that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from projner.region.model import Region

_ABOUT = 0.5  # the share of the document's places in China that a place has to hold to be its subject


@dataclass(frozen=True, slots=True)
class RegionCount:
    """A division and how often the document names it (the division itself, not what lies in it)."""

    code: str | None
    name: str
    level: str | None
    path: tuple[str, ...]
    count: int

    def to_dict(self) -> dict[str, Any]:
        """A JSON object."""
        return {
            "code": self.code,
            "name": self.name,
            "level": self.level,
            "path": list(self.path),
            "count": self.count,
        }


@dataclass(frozen=True, slots=True)
class RegionSummary:
    """`doc._.regions`: `divisions`, most frequent first, and `place`, what the document is most likely about.

    `place` is the deepest division, county at the lowest, that holds more than half of the mentions of
    places in
    China, with the number of those mentions as its count; None where no division does.
    """

    divisions: tuple[RegionCount, ...]
    place: RegionCount | None

    def to_dict(self) -> dict[str, Any]:
        """A JSON object."""
        return {
            "divisions": [division.to_dict() for division in self.divisions],
            "place": None if self.place is None else self.place.to_dict(),
        }


def summarise(regions: Sequence[Region]) -> RegionSummary:
    """Count the regions of a document and find the place that it is about."""
    counts: dict[tuple[str, ...], int] = {}
    first: dict[tuple[str, ...], Region] = {}
    for region in regions:
        if region.path:
            counts[region.path] = counts.get(region.path, 0) + 1
            first.setdefault(region.path, region)
    divisions = [
        RegionCount(first[path].code, first[path].name, first[path].level, path, count)
        for path, count in counts.items()
    ]
    divisions.sort(key=lambda division: -division.count)
    return RegionSummary(tuple(divisions), _subject(first, counts))


def _subject(first: dict[tuple[str, ...], Region], counts: dict[tuple[str, ...], int]) -> RegionCount | None:
    held: dict[tuple[str, ...], int] = {}
    total = 0
    for path, count in counts.items():
        if not (first[path].code or "").isdigit():
            continue
        total += count
        for depth in range(1, len(path) + 1):
            held[path[:depth]] = held.get(path[:depth], 0) + count
    usable = [
        path
        for path, count in held.items()
        if count > _ABOUT * total
        and path in first
        and first[path].level in ("province", "city", "county", "zone")
    ]
    if not usable:
        return None
    path = max(usable, key=len)
    region = first[path]
    return RegionCount(region.code, region.name, region.level, path, held[path])
