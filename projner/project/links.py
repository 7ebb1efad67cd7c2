"""Which places, companies and amounts belong to which project."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from projner.project.model import Span
from projner.project.names import Name
from projner.project.passage import Passage

if TYPE_CHECKING:
    from projner.project.build import Draft

_LINKED = {
    "total_investment",
    "annual_investment",
    "completed_investment",
    "output_value",
    "revenue",
    "profit_tax",
    "trade",
    "financing",
    "fixed_asset_investment",
    "threshold",
}
_COUNTRY = ("中国", "中华人民共和国", "CN")
_GOES_ON = re.compile(
    r"[\s“\"]*(?:目前|今年预计|据悉|据介绍|据了解|其中|预计|全部|届时|同时|今年)?[，,]?(?:预计)?(?:该|本|整个|上述|此)?(?:项目|工程|园区|基地|生产线)"
)
_CONTINUED = re.compile(r"[\s“\"]*(?:今年)?(?:预计|可|全部|全面|建成|投产|达产|投入|其中|届时)")
_TELLS = re.compile(r"[^，,。]{0,40}(?:告诉记者|介绍说?|说|表示)[，,：:][^。]{0,20}(?:项目|工程)")
_OTHER_TOPIC = re.compile("全市|全县|全区|全省|我市|我县|固定资产投资")
_WHOLE = re.compile("(?:预计|该|整个|本)*项目(?:总|预计|计划|静态)*投资")
_CONSISTS = re.compile("(?:主要)?(?:包括|包含|分为|由)")
_OF_WHICH = re.compile("其中")
_PARTNER = re.compile("(?:与|和|同|跟)$")
_BUILDS = re.compile("投资|建设|承建|施工|斥资|兴建|新建|开发|建厂|签|中标|动工|扩建")


def spread_amounts(passage: Passage, drafts: Sequence[Draft]) -> None:
    """Give every amount to the projects that it measures, under its role; amounts of nothing stay out."""
    previous: tuple[int, list[Draft]] = (0, [])
    for i, entity in enumerate(passage.entities):
        if entity.label != "MONEY" or entity.role not in _LINKED:
            continue
        sentence = passage.sentence(entity.start)
        owners = _owners(passage, i, drafts)
        part = _OF_WHICH.match(passage.text, passage.clause(entity.start)[0])
        named = any(n.start <= entity.start < n.end for d in drafts for n in d.names)
        if (
            part
            and not named
            and sentence[0] <= previous[0]
            and not _named_between(drafts, previous[0], entity.start)
        ):
            owners = previous[1]
        for owner in owners:
            owner.amounts.setdefault(entity.role, []).append(i)
            if not any(sentence[0] <= n.start < sentence[1] for n in owner.names):
                owner.sentences = sorted({*owner.sentences, sentence})
        previous = (entity.end, owners)


def _named_between(drafts: Sequence[Draft], start: int, end: int) -> bool:
    return any(start <= n.start < end for d in drafts for n in d.names)


def _owners(passage: Passage, index: int, drafts: Sequence[Draft]) -> list[Draft]:
    """The project of an amount; two groups in a row (16项,重大前期项目8项,总投资75亿元) share it."""
    owner = _owner(passage, index, drafts)
    if owner is None:
        return []
    amount = passage.entities[index]
    name = next((n for n in owner.names if n.end <= amount.start and n.group), None)
    if name is None or amount.start < name.end or passage.sentence(name.start)[1] <= amount.start:
        return [owner]
    beside = [
        d for d in drafts for n in d.names if n.group and 0 < name.start - n.end <= 1 and d is not owner
    ]
    return [*beside, owner]


def _owner(passage: Passage, index: int, drafts: Sequence[Draft]) -> Draft | None:
    entity = passage.entities[index]
    places = sorted(((n, d) for d in drafts for n in d.names), key=lambda p: p[0].start)
    for name, draft in places:
        if name.start <= entity.start and entity.end <= name.end:
            return draft
    if entity.role == "threshold":
        return None
    start, end = passage.sentence(entity.start)
    here = [(n, d) for n, d in places if start <= n.start < end]
    ahead = next(((n, d) for n, d in here if n.start >= entity.end), None)
    behind = next(((n, d) for n, d in reversed(here) if n.end <= entity.start), None)
    if ahead is not None and _leads_to(passage, entity.end, ahead[0]):
        return ahead[1]
    if behind is not None:
        first = next((n, d) for n, d in here if n.end <= entity.start)
        whole = _WHOLE.match(passage.text, passage.clause(entity.start)[0])
        if whole and _CONSISTS.match(passage.text, first[0].end):
            behind = first
        if _turned(passage, behind[0].end, entity.start):
            return None
        return behind[1] if _suits(entity.role, behind[0]) else None
    if ahead is not None and _acts_on(passage, entity.end, ahead[0]) and _suits(entity.role, ahead[0]):
        return ahead[1]
    return _told_before(passage, entity.start, entity.role, places)


def _turned(passage: Passage, start: int, end: int) -> bool:
    """Whether the sentence has gone over to somebody else behind a semicolon."""
    at = max(passage.text.rfind(c, start, end) for c in ";；")
    return at >= 0 and any(e.label != "MONEY" and at < e.start < end for e in passage.entities)


def _suits(role: str, name: Name) -> bool:
    if name.group:
        return role.endswith("investment")
    return role != "fixed_asset_investment"


def _leads_to(passage: Passage, end: int, name: Name) -> bool:
    """总投资1.14亿元的二道江区鸭园镇头沟村|冷水鱼…项目: nothing but 的 and entities between amount and
    name."""
    between = passage.text[end : name.start]
    if not re.match(r"(?:元|人民币|左右|以上|[）)])*的", between):
        return False
    return not re.search("[，,；;、：:]", between)


def _acts_on(passage: Passage, end: int, name: Name) -> bool:
    """斥资2亿美元在印度尼西亚建厂: the amount and the name in one clause."""
    return not re.search("[，,；;：:]", passage.text[end : name.start])


def _told_before(passage: Passage, at: int, role: str, places: Sequence[tuple[Name, Draft]]) -> Draft | None:
    """The project that the sentences before were about, where this one goes on about it (该项目…,
    项目建成后…)."""
    article = passage.article(at)
    before = [p for p in places if article[0] <= p[0].start < at]
    whole = [p for p in before if not p[1].part]
    if not before:
        return None
    name, draft = (whole or before)[-1]
    if role == "fixed_asset_investment":
        return None
    between = [s for s in passage.sentences if name.end <= s[1] and s[0] <= at]
    inner = [s for s in between if s[0] > name.start]
    if len(inner) > 4 or name.group:
        return None
    for start, end in inner:
        sentence = passage.text[start:end]
        if _OTHER_TOPIC.search(sentence):
            return None
    own = inner[-1] if inner else (at, at)
    if role in ("trade", "financing") and "项目" not in passage.text[own[0] : at]:
        return None
    goes_on = [
        bool(
            _GOES_ON.match(passage.text, s) or _TELLS.match(passage.text[s:e]) or "项目" in passage.text[s:e]
        )
        for s, e in inner
    ]
    if goes_on and any(goes_on):
        return draft
    return draft if inner and _CONTINUED.match(passage.text, inner[-1][0]) else None


def tell_more(passage: Passage, drafts: Sequence[Draft]) -> None:
    """Sentences behind a name that go on about it (该项目占地…) belong to its record."""
    starts = sorted(n.start for d in drafts for n in d.names)
    for draft in drafts:
        if draft.first.group:
            continue
        more: set[Span] = set()
        for name in draft.names:
            following = min((s for s in starts if s >= name.end), default=len(passage.text))
            until = min(following, passage.article(name.start)[1])
            for start, end in passage.sentences:
                if start < name.end or end > until:
                    continue
                if not (_GOES_ON.match(passage.text, start) or _CONTINUED.match(passage.text, start)):
                    break
                more.add((start, end))
        draft.sentences = sorted({*draft.sentences, *more})


# --- places


def regions_of(passage: Passage, draft: Draft, drafts: Sequence[Draft]) -> list[int]:
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


def _own_regions(passage: Passage, name: Name, drafts: Sequence[Draft]) -> list[int]:
    """Inside the name, right before it (a company may stand between), or as the site in its clause."""
    text, entities = passage.text, passage.entities
    attached = _attached(passage, name)
    clause = passage.clause(name.start)
    site = [
        i
        for i in passage.within((clause[0], name.start), "REGION")
        if re.search(
            "(?:位于|坐落于|落户|选址|在|来到|走进|是)$",
            text[max(0, entities[i].start - 3) : entities[i].start],
        )
        and not _taken(entities[i].end, name, drafts)
    ]
    after = [
        i
        for i in passage.within((name.end, min(len(text), name.end + 25)), "REGION")
        if re.match(
            r"(?:项目|工程)?(?:将|已|也)?(?:在|落户|选址|位于|落地)", text[name.end : entities[i].start]
        )
        and not re.search("[。，,；;、]", text[name.end : entities[i].start])
    ]
    return [*attached, *(i for i in (*site, *after) if i not in attached)]


def _taken(end: int, name: Name, drafts: Sequence[Draft]) -> bool:
    return any(end <= n.start < name.start for d in drafts for n in d.names)


def _sentence_regions(passage: Passage, name: Name, drafts: Sequence[Draft]) -> list[int]:
    """The subject of the sentence: the nearest division before the name that belongs to no other name."""
    start, _ = passage.sentence(name.start)
    owned = {
        i
        for d in drafts
        for n in d.names
        if n is not name and start <= n.start < name.start
        for i in _attached(passage, n)
    }
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
    at = name.start - 1 if name.group and text[: name.start].endswith("等") else name.start
    listed = at < name.start
    while (i := passage.until.get(at)) is not None and entities[i].label in ("REGION", "COMPANY"):
        if entities[i].label == "REGION":
            out.append(i)
        at = entities[i].start
        if text[:at].endswith("的") or (listed and text[:at].endswith(("、", "和"))):
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


# --- companies


def companies_of(passage: Passage, draft: Draft, drafts: Sequence[Draft]) -> list[int]:
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


def _acting_companies(passage: Passage, name: Name, drafts: Sequence[Draft]) -> list[int]:
    """The last company before the name in its sentence that builds, invests or signs, or 由X建设 behind
    it."""
    text, entities = passage.text, passage.entities
    start, end = passage.sentence(name.start)
    before = [
        i for i in passage.within((start, name.start), "COMPANY") if not _taken(entities[i].end, name, drafts)
    ]
    for i in reversed(before):
        words = text[entities[i].end : name.start]
        if _BUILDS.search(words) and not _PARTNER.search(text[start : entities[i].start]):
            return [i]
    following = min((n.start for d in drafts for n in d.names if n.start >= name.end), default=end)
    return [
        i
        for i in passage.within((name.end, min(end, following)), "COMPANY")
        if re.search("由$", text[name.end : entities[i].start]) and _BUILDS.search(text, entities[i].end, end)
    ]
