"""Project records out of a text and its entities."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from projner.project import facts
from projner.project.links import companies_of, regions_of, spread_amounts, tell_more
from projner.project.model import Entity, Record, Span
from projner.project.names import Name, find_names
from projner.project.passage import Passage

_DROPPED = re.compile('建设|项目|工程|现场|的|[“”"\\s（）()]')


@dataclass
class Draft:
    """A record in the making: all places where one project is named; a part (a phase) knows its whole."""

    names: list[Name]
    amounts: dict[str, list[int]] = field(default_factory=dict)
    sentences: list[Span] = field(default_factory=list)
    part: bool = False
    whole: Draft | None = None

    @property
    def first(self) -> Name:
        return self.names[0]


def build(text: str, entities: Sequence[Entity]) -> list[Record]:
    """Put together the records of the projects that a text tells of.

    Args:
        text: the text.
        entities: its REGION, COMPANY and MONEY entities, sorted by start, apart from one another.

    Returns:
        The records in the order of their names; indexes are those of `entities`.
    """
    passage = Passage(text, entities)
    drafts = _merge(passage, find_names(passage))
    spread_amounts(passage, drafts)
    tell_more(passage, drafts)
    records = []
    for draft in drafts:
        name = draft.first
        sentences = sorted({passage.sentence(n.start) for n in draft.names} | set(draft.sentences))
        regions = regions_of(passage, draft, drafts)
        companies = companies_of(passage, draft, drafts)
        if not (regions or companies or draft.amounts):
            continue
        records.append(
            Record(
                name=text[name.start : name.end],
                count=name.count,
                start=name.start,
                end=name.end,
                regions=tuple(regions),
                companies=tuple(companies),
                amounts={role: tuple(sorted(i)) for role, i in draft.amounts.items()},
                quantities=tuple(_sizes(passage, draft, drafts)),
                stage=facts.stage(text, _stretches(passage, draft, drafts)),
                sentences=tuple(sentences),
                mentions=tuple((n.start, n.end) for n in draft.names[1:]),
            )
        )
    return records


def _merge(passage: Passage, names: Sequence[Name]) -> list[Draft]:
    """One draft a project: named again, with or without 项目 or 建设, it is the same within an article."""
    drafts: dict[tuple[object, ...], Draft] = {}
    for name in names:
        key = _key(passage, name)
        if key in drafts:
            drafts[key].names.append(name)
        else:
            part = name.phase or passage.text[: name.start].endswith(("配套建设", "配套"))
            article = passage.article(name.start)[0]
            wholes = [
                d for d in drafts.values() if not d.part and d.first.start >= article and not d.first.group
            ]
            drafts[key] = Draft([name], part=part, whole=wholes[-1] if part and wholes else None)
    return list(drafts.values())


def _key(passage: Passage, name: Name) -> tuple[object, ...]:
    article = passage.article(name.start)[0]
    if name.group:
        return article, "group", name.count
    if name.phase:
        return article, "phase", name.start
    return article, _DROPPED.sub("", passage.text[name.start : name.end])


def _stretches(passage: Passage, draft: Draft, drafts: Sequence[Draft]) -> list[Span]:
    """From each place where the project is named to the end of its sentence or the next name, with the
    words of the clause before it, and the sentences that tell more of it."""
    starts = sorted(n.start for d in drafts for n in d.names)
    out: list[Span] = []
    for name in draft.names:
        end = passage.sentence(name.start)[1]
        following = min((s for s in starts if s >= name.end), default=end)
        out.append((passage.clause(name.start)[0], name.start))
        out.append((name.end, min(end, following)))
    return out + draft.sentences


def _sizes(passage: Passage, draft: Draft, drafts: Sequence[Draft]) -> list[Span]:
    text = passage.text
    if draft.first.group:
        return [size for n in draft.names for size in facts.together(text, n.end)]
    found = [size for n in draft.names for size in facts.leading(text, n.start, n.end)]
    for span in [(n.start, n.end) for n in draft.names] + _stretches(passage, draft, drafts):
        found += [
            size
            for size in facts.quantities(text, span)
            if all(size[0] >= e or size[1] <= s for s, e in found)
        ]
    written: dict[str, Span] = {}
    for start, end in sorted(found):
        written.setdefault(text[start:end], (start, end))
    return sorted(written.values())
