"""Which companies build, own or finance a project."""

from __future__ import annotations

import re

from projner.project.drafts import Draft, Drafts
from projner.project.model import Name
from projner.project.passage import Passage

_PARTNER = re.compile("(?:与|和|同|跟)$")
_BUILDS = re.compile("投资|建设|承建|施工|斥资|兴建|新建|开发|建厂|签|中标|动工|扩建")


def companies_of(passage: Passage, draft: Draft, drafts: Drafts) -> list[int]:
    """Who builds, owns or invests: named with the project, or the subject of its sentence."""
    found: list[int] = []
    for name in draft.names:
        found += _own_companies(passage, name)
    if not found and draft.part and draft.whole is not None:
        return companies_of(passage, draft.whole, drafts)
    if not found and not draft.first.group:
        for name in draft.names:
            found += _acting_companies(passage, name, drafts)
    out: list[int] = []
    for i in found:
        if all(passage.entities[j].key != passage.entities[i].key for j in out):
            out.append(i)
    return out


def _own_companies(passage: Passage, name: Name) -> list[int]:
    out = passage.within((name.start, name.end), "COMPANY")
    at = name.start
    while (i := passage.until.get(at)) is not None and passage.entities[i].label in ("REGION", "COMPANY"):
        if passage.entities[i].label == "COMPANY":
            out.append(i)
        at = passage.entities[i].start
    return out


def _acting_companies(passage: Passage, name: Name, drafts: Drafts) -> list[int]:
    """The last company before the name in its sentence that builds or invests, or 由X建设 behind it."""
    text, entities = passage.text, passage.entities
    start, end = passage.sentence(name.start)
    before = [
        i
        for i in passage.within((start, name.start), "COMPANY")
        if not drafts.between(entities[i].end, name.start)
    ]
    for i in reversed(before):
        words = text[entities[i].end : name.start]
        if _BUILDS.search(words) and not _PARTNER.search(text, start, entities[i].start):
            return [i]
    following = drafts.next_start(name.end, end)
    return [
        i
        for i in passage.within((name.end, min(end, following)), "COMPANY")
        if re.search("由$", text[name.end : entities[i].start]) and _BUILDS.search(text, entities[i].end, end)
    ]
