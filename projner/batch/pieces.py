"""Long documents: cut at sentence ends, and the rows of the pieces put together again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from projner.rows import Row

# A 2 MB report takes memory by its length in every step of the pipeline; a piece of this many characters does
# not, and is long enough for what is read from a whole page (where it is from, what a company is called).
LIMIT = 50_000
# Where to cut, best first: a line end, a sentence end with its closing marks, a clause end, a blank.
_ENDS = tuple(
    re.compile(pattern)
    for pattern in (r"[\r\n]+", r"[。！？!?…；;]+[”’」』）)\"']*[^\S\r\n]*", r"[，,、：:][^\S\r\n]*", r"\s+")
)


def cut(text: str, limit: int = LIMIT) -> Iterator[tuple[int, str]]:
    """A text in pieces of at most `limit` characters, cut where a sentence ends if one does.

    Yields:
        (start, piece); the pieces joined are the text. A text within the limit is one piece.
    """
    start = 0
    while len(text) - start > limit:
        end = _end(text, start, start + limit)
        yield start, text[start:end]
        start = end
    yield start, text[start:]


def _end(text: str, start: int, stop: int) -> int:
    # First in the last fifth: a worse kind of end there beats a better one far away.
    for since in (stop - (stop - start) // 5, start + (stop - start) // 2):
        for pattern in _ENDS:
            end = max((match.end() for match in pattern.finditer(text, since, stop)), default=None)
            if end is not None:
                return _whole_line_end(text, end)
    return _whole_line_end(text, stop)


def _whole_line_end(text: str, end: int) -> int:
    """\\r\\n is never parted."""
    return end - 1 if text[end - 1 : end + 1] == "\r\n" else end


def join(rows: Sequence[tuple[int, Row]]) -> tuple[list[Row], list[Row]]:
    """The entities and projects of a document out of those of its pieces.

    Args:
        rows: (where the piece starts, its row), in order.

    Returns:
        Entities and projects; offsets, cues and indexes count in the document. A company that one piece knows
        by its short name alone is the one whose full name stands in another.
    """
    entities: list[Row] = []
    projects: list[Row] = []
    companies = _full_names(entity for _, row in rows for entity in row["entities"])
    for start, row in rows:
        first = len(entities)
        entities.extend(_moved_entity(entity, start, companies) for entity in row["entities"])
        projects.extend(_moved_project(project, start, first) for project in row["projects"])
    return entities, projects


def _full_names(entities: Iterable[Row]) -> dict[str, Row]:
    """The companies by their short names, where a short name has only one."""
    found: dict[str, list[Row]] = {}
    for company in (entity["company"] for entity in entities if entity.get("company")):
        if company["short"] and company["short"] != company["name"]:
            known = found.setdefault(company["short"], [])
            if company not in known:
                known.append(company)
    return {short: known[0] for short, known in found.items() if len(known) == 1}


def _moved_entity(entity: Row, by: int, companies: dict[str, Row]) -> Row:
    entity = entity | {"start": entity["start"] + by, "end": entity["end"] + by}
    amount, company = entity.get("amount"), entity.get("company")
    if amount and amount["cue"]:
        entity["amount"] = amount | {"cue": [offset + by for offset in amount["cue"]]}
    if company:
        entity["company"] = companies.get(company["name"], company)
    return entity


def _moved_project(project: Row, by: int, first: int) -> Row:
    moved = dict(project)
    for name in ("start", "end"):
        moved[name] = None if project[name] is None else project[name] + by
    for name in ("regions", "companies"):
        moved[name] = [index + first for index in project[name] or ()]
    moved["amounts"] = {
        role: [index + first for index in found] for role, found in (project["amounts"] or {}).items()
    }
    for name in ("sentences", "quantities"):
        moved[name] = [[start + by, end + by] for start, end in project[name] or ()]
    return moved
