"""Project records out of a text and its entities."""

from __future__ import annotations

from collections.abc import Sequence

from projner.project import facts
from projner.project.amounts import spread_amounts, tell_more
from projner.project.drafts import Draft, Drafts
from projner.project.makers import companies_of
from projner.project.model import Entity, Record, Span
from projner.project.names import find_names
from projner.project.passage import Passage
from projner.project.places import regions_of


def build(text: str, entities: Sequence[Entity]) -> list[Record]:
    """Put together the records of the projects that a text tells of.

    Args:
        text: the text.
        entities: its REGION, COMPANY and MONEY entities, sorted by start, apart from one another.

    Returns:
        The records in the order of their names; indexes are those of `entities`.
    """
    passage = Passage(text, entities)
    drafts = Drafts(passage, find_names(passage))
    spread_amounts(passage, drafts)
    tell_more(passage, drafts)
    records = []
    for draft in drafts.all:
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


def _stretches(passage: Passage, draft: Draft, drafts: Drafts) -> list[Span]:
    """What the text says of a project: the clause before a name, the sentence behind it up to the next name,
    and the sentences that tell more."""
    out: list[Span] = []
    for name in draft.names:
        end = passage.sentence(name.start)[1]
        following = drafts.next_start(name.end, end)
        out.append((passage.clause(name.start)[0], name.start))
        out.append((name.end, min(end, following)))
    return out + draft.sentences


def _sizes(passage: Passage, draft: Draft, drafts: Drafts) -> list[Span]:
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
