"""From mentions to divisions, with the help of the document around them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from projner.region.decide import decide, settle_high, settle_nested, settle_older, settle_single
from projner.region.document import Case, Context, Document, Mention
from projner.region.gazetteer import Gazetteer
from projner.region.model import Region
from projner.region.narrow import narrow
from projner.region.parse import Reading
from projner.region.unlisted import place_lower

__all__ = ["Context", "Mention", "link"]

_CHINA = "CN"


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
    mentions = [Mention._make(name) for name in names]
    found = {name: narrow(gazetteer, name, context.text) for name in {mention.text for mention in mentions}}
    cases = [Case(mention, found[mention.text]) for mention in mentions]
    document = Document(gazetteer, context, cases)
    for case in cases:
        settle_single(document, case)
    for case in cases:
        settle_high(document, case)
    for ready in _TURNS:
        pending = [
            case for case in cases if case.chosen is None and case.readings and case.readings[0].row >= 0
        ]
        decisions = [(case, *decide(document, case)) for case in pending if ready(gazetteer, case)]
        for case, chosen, notes, candidates in decisions:
            case.notes, case.candidates = notes, candidates
            if chosen is not None:
                document.choose(case, chosen, notes)
    for case in cases:
        settle_nested(document, case)
    settle_older(document)
    place_lower(document, cases)
    return [_region(gazetteer, case) for case in cases]


# Names in full are decided first and towns last, for the others lean on them; then once more what was
# left open.
_TURNS: tuple[Callable[[Gazetteer, Case], bool], ...] = (
    lambda gazetteer, case: not all(reading.short for reading in case.readings),
    lambda gazetteer, case: not all(gazetteer.level(reading.row) == "town" for reading in case.readings),
    lambda gazetteer, case: True,
    lambda gazetteer, case: True,
)


def _region(gazetteer: Gazetteer, case: Case) -> Region:
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
    if not (case.notes or case.candidates or case.chosen.former):
        return plain
    return Region(
        plain.code,
        plain.name,
        plain.level,
        plain.path,
        former=case.chosen.former or None,
        candidates=tuple(_plain(gazetteer, reading) for reading in case.candidates),
        notes=tuple(dict.fromkeys(case.notes)),
    )


_CACHE = 50_000


def _plain(gazetteer: Gazetteer, reading: Reading) -> Region:
    cache: dict[tuple[int, str, str], Region] = gazetteer.cache.setdefault("regions", {})
    key = (reading.row, reading.tail, reading.tail_level)
    region = cache.get(key)
    if region is None:
        if len(cache) > _CACHE:
            cache.clear()
        region = cache[key] = _described(gazetteer, reading)
    return region


def _described(gazetteer: Gazetteer, reading: Reading) -> Region:
    path = gazetteer.path(reading.row)
    code = gazetteer.code(reading.row)
    if not reading.tail:
        return Region(code, path[-1], gazetteer.level(reading.row), path)
    if gazetteer.level(reading.row) == "country" and code != _CHINA:
        code = None
    return Region(code, reading.tail, reading.tail_level, (*path, reading.tail))
