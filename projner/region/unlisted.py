"""Villages, towns and zones that no table has: they lie in the division that the text is about there."""

from __future__ import annotations

import re

from projner.region.decide import MARGIN
from projner.region.document import Case, Document
from projner.region.parse import Reading

_NEAR_UNLISTED = 400.0  # characters
_SAME_LINE = 8.0  # where the place named last in the line lies in it, for a village
_LOCAL = 2.5  # where a village lies is said by what stands before it
_TOWN_GENERICS = ("镇", "乡", "街道")


def place_lower(document: Document, cases: list[Case]) -> None:
    """Towns, villages and zones that no table has where the text is: they lie in what the text is about
    there."""
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
        elif case.mention.text.endswith(_TOWN_GENERICS) and document.gazetteer.level(reading.row) == "town":
            _place_town(document, case)


def _place_town(document: Document, case: Case) -> None:
    """A town of a frequent name where the counties that have one are not in the text: the county that is
    in it."""
    gazetteer = document.gazetteer
    if len(case.readings) < 2 or any(reading.chain for reading in case.readings):
        return
    counties = [gazetteer.parent(reading.row) for reading in case.readings]
    if any(document.counts.get(county, 0.0) > (0.0 if case.chosen is None else 1.0) for county in counties):
        return
    if case.chosen is not None:
        path = document.path(case.chosen.row)
        if len(path) == 4 and document.counts.get(path[1], 0.0) > case.weight:
            return  # the city that it lies in is in the text
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


def _place_unlisted(document: Document, case: Case, reading: Reading) -> None:
    """The division that a village, town or zone of no table lies in; left open where two are as likely."""
    gazetteer = document.gazetteer
    village = reading.tail_level == "village"
    wanted = ("county", "city") if reading.tail_level == "zone" else ("county",)
    rows = [
        row
        for row in document.counts
        if gazetteer.level(row) in wanted and (gazetteer.code(row) or "").isdigit()
    ]
    if not rows:
        return
    scored = sorted(
        (
            (
                document.evidence(r)
                + _LOCAL * document.nearness(case, r, _NEAR_UNLISTED, origins=False)
                + (_SAME_LINE if village and document.stands_in(case, r) else 0.0),
                r,
            )
            for r in rows
        ),
        reverse=True,
    )
    top, row = scored[0]
    rivals = [
        r
        for score, r in scored[1:]
        if top - score < MARGIN and not gazetteer.contains(r, row) and not gazetteer.contains(row, r)
    ]
    if rivals:
        case.notes = ("ambiguous",)
        case.candidates = tuple(reading._replace(row=r) for r in (row, *rivals))
    elif document.mostly_in(row) or (village and document.stands_in(case, row)):
        case.chosen, case.notes = reading._replace(row=row), ("from_context",)
