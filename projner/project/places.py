"""Which divisions a project is in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from projner.project.drafts import Draft, Drafts
from projner.project.model import Name
from projner.project.passage import Passage

_COUNTRY = ("中国", "中华人民共和国", "CN")
_SITE = re.compile("(?:位于|坐落于|落户|选址|在|来到|走进|是)$")
_SETTLES = re.compile("(?:项目|工程)?(?:将|已|也)?(?:在|落户|选址|位于|落地)")


def regions_of(passage: Passage, draft: Draft, drafts: Drafts) -> list[int]:
    """The divisions where a project is: named with it, else what its sentence or its article speaks of."""
    found: list[int] = []
    for name in draft.names:
        found += _own_regions(passage, name, drafts)
        if found:
            break
    if not found and draft.part and draft.whole is not None:
        return regions_of(passage, draft.whole, drafts)
    if not found:
        for name in draft.names:
            found = _sentence_regions(passage, name, drafts)
            if found:
                break
    if not found:
        found = _topic(passage, draft.first)
    return _smallest(passage, found)


def _own_regions(passage: Passage, name: Name, drafts: Drafts) -> list[int]:
    """Inside the name, right before it (a company may stand between), or as the site in its clause."""
    text, entities = passage.text, passage.entities
    attached = _attached(passage, name)
    clause = passage.clause(name.start)
    site = [
        i
        for i in passage.within((clause[0], name.start), "REGION")
        if _SITE.search(text, max(0, entities[i].start - 3), entities[i].start)
        and not drafts.between(entities[i].end, name.start)
    ]
    after = [
        i
        for i in passage.within((name.end, min(len(text), name.end + 25)), "REGION")
        if _SETTLES.match(text, name.end, entities[i].start)
        and not re.search("[。，,；;、]", text[name.end : entities[i].start])
    ]
    return [*attached, *(i for i in (*site, *after) if i not in attached)]


def _sentence_regions(passage: Passage, name: Name, drafts: Drafts) -> list[int]:
    """The subject of the sentence: the nearest division before the name that belongs to no other name."""
    start, _ = passage.sentence(name.start)
    owned = {i for n, _ in drafts.between(start, name.start) for i in _attached(passage, n)}
    free = [
        i
        for i in passage.within((start, name.start), "REGION")
        if i not in owned and passage.entities[i].key not in _COUNTRY
    ]
    if not free:
        return []
    nearest = free[-1]
    out = [nearest]
    for i in reversed(free[:-1]):  # a list of places: 大丰、滨海、射阳
        if passage.text[passage.entities[i].end : passage.entities[out[-1]].start] in ("、", "和"):
            out.append(i)
        else:
            break
    return out[::-1]


def _attached(passage: Passage, name: Name) -> list[int]:
    """Divisions in the name and right before it; a company, 的, or 等 after a list may stand between."""
    text, entities = passage.text, passage.entities
    out = passage.within((name.start, name.end), "REGION")
    at = name.start - 1 if name.group and text.startswith("等", name.start - 1) else name.start
    listed = at < name.start
    while (i := passage.until.get(at)) is not None and entities[i].label in ("REGION", "COMPANY"):
        if entities[i].label == "REGION":
            out.append(i)
        at = entities[i].start
        if text.startswith("的", at - 1) or (listed and text.startswith(("、", "和"), at - 1)):
            at -= 1
    return out


def _topic(passage: Passage, name: Name) -> list[int]:
    """The division that the article is about: named in its head line, else the one it names most."""
    article = passage.article(name.start)
    inside = [i for i in passage.within(article, "REGION") if passage.entities[i].key not in _COUNTRY]
    if not inside:
        return []
    line = passage.text.find("\n", article[0])
    head = [i for i in inside if passage.entities[i].start < (line if line > 0 else article[0])]
    counts = Counter(passage.entities[i].key for i in inside)
    key = passage.entities[head[0]].key if head else max(counts, key=lambda k: counts[k])
    same = [i for i in inside if passage.entities[i].key == key]
    before = [i for i in same if passage.entities[i].end <= name.start]
    return [before[-1] if before else same[0]]


def _smallest(passage: Passage, found: Sequence[int]) -> list[int]:
    """Without repetitions, and without a division that holds another of them."""
    keys = [passage.entities[i].key for i in found]
    out: list[int] = []
    for i, key in zip(found, keys, strict=True):
        holds = any(other != key and other.startswith(key + "/") for other in keys)
        if not holds and all(passage.entities[j].key != key for j in out):
            out.append(i)
    return out
