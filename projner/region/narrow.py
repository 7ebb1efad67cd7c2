"""The readings of a mention without those that no reader thinks of."""

from __future__ import annotations

from projner.region.gazetteer import Gazetteer
from projner.region.parse import Reading, readings

_CACHE = 50_000


def narrow(gazetteer: Gazetteer, name: str, text: str) -> tuple[Reading, ...]:
    """Readings without those that a reader never thinks of: a county inside the city of the same short
    name."""
    found, pairs = _nesting(gazetteer, name)
    if not pairs:
        return found
    hidden = {
        found[upper].row
        if _only_lower_named(gazetteer, found[upper].row, found[lower].row, text)
        else found[lower].row
        for upper, lower in pairs
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


def nested(gazetteer: Gazetteer, name: str) -> tuple[tuple[Reading, Reading], ...]:
    """The readings of a name of which one lies in the other: 红河州 and 红河县."""
    found, pairs = _nesting(gazetteer, name)
    return tuple((found[upper], found[lower]) for upper, lower in pairs)


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
