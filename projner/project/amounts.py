"""Which amounts, and which further sentences, belong to which project."""

from __future__ import annotations

import re

from projner.project.drafts import Draft, Drafts
from projner.project.model import Entity, Name, Span
from projner.project.passage import Passage

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
_GOES_ON = re.compile(
    r"[\s“\"]*(?:目前|今年预计|据悉|据介绍|据了解|其中|预计|全部|届时|同时|今年)?[，,]?(?:预计)?(?:该|本|整个|上述|此)?(?:项目|工程|园区|基地|生产线)"
)
_CONTINUED = re.compile(r"[\s“\"]*(?:今年)?(?:预计|可|全部|全面|建成|投产|达产|投入|其中|届时)")
_TELLS = re.compile(r"[^，,。]{0,40}(?:告诉记者|介绍说?|说|表示)[，,：:][^。]{0,20}(?:项目|工程)")
_OTHER_TOPIC = re.compile("全市|全县|全区|全省|我市|我县|固定资产投资")
_WHOLE = re.compile("(?:预计|该|整个|本)*项目(?:总|预计|计划|静态)*投资")
_CONSISTS = re.compile("(?:主要)?(?:包括|包含|分为|由)")
_OF_WHICH = re.compile("其中")
_OF = re.compile(r"(?:元|人民币|左右|以上|[）)])*的")
_NEARBY = 4  # sentences


def spread_amounts(passage: Passage, drafts: Drafts) -> None:
    """Give every amount to the projects that it measures, under its role; amounts of nothing stay out."""
    previous: tuple[int, list[Draft]] = (0, [])
    for i, entity in enumerate(passage.entities):
        if entity.label != "MONEY" or entity.role not in _LINKED:
            continue
        sentence = passage.sentence(entity.start)
        if _is_part(passage, entity, drafts, previous[0]):
            owners = previous[1]
        else:
            owners = _owners(passage, entity, drafts)
        for owner in owners:
            owner.amounts.setdefault(entity.role, []).append(i)
            if not any(sentence[0] <= n.start < sentence[1] for n in owner.names):
                owner.sentences = sorted({*owner.sentences, sentence})
        previous = (entity.end, owners)


def _is_part(passage: Passage, entity: Entity, drafts: Drafts, previous: int) -> bool:
    """其中银行贷款1亿美元: part of the amount before it in the sentence."""
    of_which = _OF_WHICH.match(passage.text, passage.clause(entity.start)[0])
    if not of_which or drafts.holding(entity.start, entity.end):
        return False
    same_sentence = passage.sentence(entity.start)[0] <= previous
    return same_sentence and not drafts.between(previous, entity.start)


def _owners(passage: Passage, entity: Entity, drafts: Drafts) -> list[Draft]:
    """The project of an amount; two groups in a row (16项,重大前期项目8项,总投资75亿元) share it."""
    owner = _owner(passage, entity, drafts)
    if owner is None:
        return []
    start = passage.sentence(entity.start)[0]
    groups = [n for n in owner.names if n.group and start <= n.start and n.end <= entity.start]
    if not groups:
        return [owner]
    name = groups[-1]
    before = drafts.between(start, name.start)
    beside = [d for n, d in before if n.group and 0 < name.start - n.end <= 1 and d is not owner]
    return [*beside, owner]


def _owner(passage: Passage, entity: Entity, drafts: Drafts) -> Draft | None:
    held = drafts.holding(entity.start, entity.end)
    if held is not None or entity.role == "threshold":
        return held
    start, end = passage.sentence(entity.start)
    before = [(n, d) for n, d in drafts.between(start, entity.start) if n.end <= entity.start]
    ahead = next(iter(drafts.between(entity.end, end)), None)
    if ahead is not None and _leads_to(passage, entity.end, ahead[0]):
        return ahead[1]
    if before:
        whole = _WHOLE.match(passage.text, passage.clause(entity.start)[0])
        consists = whole and _CONSISTS.match(passage.text, before[0][0].end)
        name, draft = before[0] if consists else before[-1]
        turned = _turned(passage, name.end, entity.start)
        return draft if not turned and _suits(entity.role, name) else None
    if ahead is not None and _acts_on(passage, entity.end, ahead[0]) and _suits(entity.role, ahead[0]):
        return ahead[1]
    return _told_before(passage, entity.start, entity.role, drafts)


def _turned(passage: Passage, start: int, end: int) -> bool:
    """Whether the sentence has gone over to somebody else behind a semicolon."""
    at = max(passage.text.rfind(c, start, end) for c in ";；")
    return at >= 0 and bool(passage.within((at, end), "REGION") or passage.within((at, end), "COMPANY"))


def _suits(role: str, name: Name) -> bool:
    if name.group:
        return role.endswith("investment")
    return role != "fixed_asset_investment"


def _leads_to(passage: Passage, end: int, name: Name) -> bool:
    """总投资1.14亿元的|二道江区冷水鱼…项目: nothing but 的 and entities between amount and name."""
    of = _OF.match(passage.text, end, name.start)
    return of is not None and not re.search("[，,；;、：:]", passage.text[end : name.start])


def _acts_on(passage: Passage, end: int, name: Name) -> bool:
    """斥资2亿美元在印度尼西亚建厂: the amount and the name in one clause."""
    return not re.search("[，,；;：:]", passage.text[end : name.start])


def _told_before(passage: Passage, at: int, role: str, drafts: Drafts) -> Draft | None:
    """The project of the sentences before, where this one goes on about it (该项目…, 项目建成后…)."""
    if role == "fixed_asset_investment":
        return None
    nearby = passage.sentences_between(passage.article(at)[0], at + 1)[-_NEARBY - 2 :]
    before = drafts.between(nearby[0][0], at) if nearby else []
    if not before:
        return None
    name, draft = ([p for p in before if not p[1].part] or before)[-1]
    inner = [s for s in nearby if s[0] > name.start]
    if not inner or len(inner) > _NEARBY or name.group:
        return None
    told = [passage.text[start:end] for start, end in inner]
    if any(_OTHER_TOPIC.search(sentence) for sentence in told):
        return None
    if role in ("trade", "financing") and "项目" not in passage.text[inner[-1][0] : at]:
        return None
    if any(_GOES_ON.match(s) or _TELLS.match(s) or "项目" in s for s in told) or _CONTINUED.match(told[-1]):
        return draft
    return None


def tell_more(passage: Passage, drafts: Drafts) -> None:
    """Sentences behind a name that go on about it (该项目占地…) belong to its record."""
    for draft in drafts.all:
        if draft.first.group:
            continue
        more: set[Span] = set()
        for name in draft.names:
            until = drafts.next_start(name.end, len(passage.text))
            until = min(until, passage.article(name.start)[1])
            for start, end in passage.sentences_between(name.end, until):
                going_on = _GOES_ON.match(passage.text, start) or _CONTINUED.match(passage.text, start)
                if end > until or not going_on:
                    break
                more.add((start, end))
        draft.sentences = sorted({*draft.sentences, *more})
