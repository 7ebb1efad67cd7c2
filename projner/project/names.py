"""Where a text names a project."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from projner.project.borders import HEAD, left, outermost, right
from projner.project.groups import find_groups
from projner.project.lexicon import is_facility, is_generic, is_management, pattern
from projner.project.model import Name
from projner.project.passage import Passage

_INVESTED = re.compile(
    r"(?:投资|概算|造价|耗资|斥资|投入|投资额)(?:约|近|达|超|为|超过|总额|规模|额|高达|逾|达到|人民币)*$"
)
_OF = re.compile(r"(?:元)?(?:左右|以上|人民币|\)|）)*(?:的|、打造的|建设的|兴建的)")
_ETC = re.compile(
    r"等(?:一批|一系列|[0-9一二三四五六七八九十]+个)?(?P<kind>[^，,。；;、\n]{0,12}?(?:项目|工程|基础设施建设))"
)
_SITE = re.compile(r"(?:项目|工程)?(?:建设|施工|工地|项目)*(?:的)?现场")
_MEASURES = re.compile("(?:预计|计划)?总?投资|占地|规划|总建筑")
_COMPANY_PHASE = re.compile("[一二三四首]期(?:工程|项目)?")
_PHASES = re.compile("[^，,。]{0,4}[一二三四]期(?:项目|工程)?(?:主要)?包括")
_AT = re.compile("(?:在|位于|落户|选址)$")
_BUILD = re.compile(r"(?:斥资|投资|投|出资|耗资)(?:约|近|超|逾|超过)*$")
_BUILT = re.compile(
    r"[^，,。；;\n]{0,12}?(?P<name>建厂|建(?:成|设|起)?(?P<what>[^，,。；;\n]{2,14}?(?:厂|基地|生产线|中心|园|电站|项目)))"
)
_PARTS = re.compile("主体|单体|附属|配套|建筑")
_ITEMS = re.compile(
    r"项目[^。\n]{0,18}?[，,](?:如|包括|包含|分别[是为])(?P<items>[^。\n]{6,120}?)等(?:[。，,；;]|$)"
)
_COUNTED = re.compile("^[0-9０-９一二三四五六七八九十百两]+[个项家座]")
_PHASE = re.compile(
    r"(?P<phase>[一二三四首]期(?:工程|项目)?)(?:预计|计划|总|拟|共)*投资(?:额|总额)?(?:约|近|达|超|为|超过)*$"
)
_HAPPENS = "(?:已|将|正|已经|全面|正式|顺利|主体|基本|如期|提前|工程)*(?:{}|大修|总投资|占地|总建筑面积)"


def find_names(passage: Passage) -> list[Name]:
    """The projects that a text names, in order, apart from one another."""
    # The surest comes first and keeps the words for itself; so does a bar without a count (count 0).
    finders = (
        find_groups,
        _headed,
        _invested,
        _listed,
        _sites,
        _phases,
        _facilities,
        _built,
        _company_phases,
    )
    found: list[Name] = []
    taken: set[int] = set()

    def take(names: Iterable[Name]) -> None:
        for name in names:
            places = range(name.start, name.end)
            if places and taken.isdisjoint(places):
                found.append(name)
                taken.update(places)

    for finder in finders:
        take(finder(passage))
    for name in [n for n in found if n.count == 1]:
        take(_beside(passage, name))
    return sorted((n for n in found if n.count), key=lambda n: n.start)


def _beside(passage: Passage, name: Name) -> Iterator[Name]:
    """确保农夫山泉二期项目、万顺鞋业、海宇鞋业竣工: companies and facilities in one list with a project."""
    text, at = passage.text, name.end
    while text[at : at + 1] == "、":
        start = at + 1
        i = passage.at.get(start)
        company = i is not None and passage.entities[i].label == "COMPANY"
        at = passage.entities[i].end if i is not None and company else right(passage, start)
        if company and not (text[at : at + 1] == "、" or pattern("turns").match(text, at)):
            return
        written = text[start:at]
        if not company and (len(written) < 4 or is_management(text, at)):
            return
        if not company and not (is_facility(written) or HEAD.search(written)):
            return
        yield Name(start, at)


def _headed(passage: Passage) -> Iterator[Name]:
    text = passage.text
    for match in HEAD.finditer(text):
        end = match.end()
        if match.start() in passage.at or is_management(text, end) or _in_title(text, end):
            continue
        if _PHASES.match(text, passage.clause(end - 1)[0]):
            continue
        start = left(passage, end)
        start += text[start:end].startswith("的")
        i = passage.until.get(start)
        company = i is not None and passage.entities[i].label == "COMPANY"
        if is_generic(text[start:end]):
            if i is None or not company or end - start < 2:
                continue
            start = passage.entities[i].start
        elif not _anchored(passage, start, end):
            continue
        yield Name(start, end)


def _anchored(passage: Passage, start: int, end: int) -> bool:
    """Whether something ties a name down: a place or company in or before it, an amount, a number, its
    site."""
    text = passage.text
    name, behind = text[start:end], text[end : end + 8]
    i = passage.until.get(start)
    if i is not None or passage.starts_within(start, end):
        return True
    if text.startswith("的", start - 1) and passage.until.get(start - 1) is not None:
        return True
    if re.search("[0-9A-Za-z０-９]", name) or "现场" in behind or _MEASURES.match(behind):
        return True
    if text[start - 1 : start] in ("、", "和") or behind[:1] == "、":
        return len(name) > 5
    clause = passage.clause(start)
    nearby = passage.within((clause[0], start), "REGION") or passage.within((clause[0], start), "COMPANY")
    return bool(nearby) and len(name) > 6


def _in_title(text: str, at: int) -> bool:
    opened = text.rfind("《", 0, at)
    return opened >= 0 and text.find("》", opened) >= at


def _invested(passage: Passage) -> Iterator[Name]:
    """投资16亿元的沿边开放旅游大通道: what an invested amount is of."""
    text = passage.text
    for entity in passage.entities:
        if entity.label != "MONEY" or not _INVESTED.search(text, max(0, entity.start - 12), entity.start):
            continue
        of = _OF.match(text, entity.end)
        if not of:
            continue
        start, end = of.end(), right(passage, of.end())
        while (i := passage.at.get(start)) is not None and passage.entities[i].label in ("REGION", "COMPANY"):
            if passage.entities[i].end >= end:
                break
            start = passage.entities[i].end
        if not is_generic(text[start:end]) and not _COUNTED.match(text[start:end]):
            yield Name(start, end)


def _listed(passage: Passage) -> Iterator[Name]:
    """A、B、C等一批项目: the items of a list that says what they are."""
    text = passage.text
    ends = [m.start() for m in _ETC.finditer(text) if not _PARTS.search(m["kind"])]
    ends += [m.end("items") for m in _ITEMS.finditer(text)]
    for end in ends:
        while end > 0:
            start = left(passage, end)
            begin = start
            if start < end and is_generic(text[start:end]):
                i = passage.until.get(start)
                if i is None or passage.entities[i].label != "COMPANY":
                    break
                begin = passage.entities[i].start
            if start == end:
                i = passage.until.get(end)
                if i is None or passage.entities[i].label != "COMPANY":
                    break
                begin = passage.entities[i].start
            if end - begin < 3:
                break
            yield Name(begin, end)
            before = _before_item(passage, begin)
            if before is None:
                break
            end = before


def _before_item(passage: Passage, start: int) -> int | None:
    """The end of the item before one in a list, or None where the list begins."""
    text = passage.text
    while (i := passage.until.get(start)) is not None and passage.entities[i].label in ("REGION", "COMPANY"):
        start = passage.entities[i].start
    if text.startswith("的", start - 1) and (i := passage.until.get(start - 1)) is not None:
        start = passage.entities[i].start
        start -= len(m.group()) if (m := _INVESTED.search(text, max(0, start - 12), start)) else 0
    return start - 1 if text[start - 1 : start] in ("、", "和") else None


def _sites(passage: Passage) -> Iterator[Name]:
    """A caption: 湾沟特大桥施工现场."""
    text = passage.text
    for match in _SITE.finditer(text):
        end = match.start()
        start = left(passage, end)
        if (
            end - start >= 4
            and not is_generic(text[start:end])
            and not text[start:end].endswith(("仪式", "活动", "会议"))
        ):
            yield Name(start, end)


def _phases(passage: Passage) -> Iterator[Name]:
    """一期工程投资33亿元: a phase with its own amount."""
    for entity in passage.entities:
        if entity.label == "MONEY":
            match = _PHASE.search(passage.text, max(0, entity.start - 16), entity.start)
            if match:
                yield Name(*match.span("phase"), phase=True)


def _facilities(passage: Passage) -> Iterator[Name]:
    """建成了陆港物流园, 国药集团医药物流通化产业园总投资4.2亿元: a facility that is begun, built or
    measured."""
    text = passage.text
    starts, turn = pattern("starts", "{}(?:了)?"), pattern("turns", _HAPPENS)
    seen: set[int] = set()
    for match in starts.finditer(text):
        at = match.end()
        if text[at : at + 1] == "的":
            continue
        while at < len(text):
            end = right(passage, at)
            start = at
            while (i := passage.at.get(start)) is not None and passage.entities[i].end < end:
                start = passage.entities[i].end
            written = text[start:end]
            if end - start < 3 or is_generic(written) or not (is_facility(written) or HEAD.search(written)):
                break
            seen.add(end)
            yield Name(start, end)
            if text[end : end + 1] != "、":
                break
            at = end + 1
    for match in turn.finditer(text):
        end = match.start()
        if end in seen or end in passage.at:
            continue
        start = left(passage, end)
        tied = passage.until.get(start) is not None or passage.starts_within(start, end)
        tied = tied or match.group().endswith(("总投资", "占地", "总建筑面积"))
        if (
            tied
            and not _AT.search(text, max(0, outermost(passage, start) - 4), outermost(passage, start))
            and end - start >= 4
            and is_facility(text[start:end])
            and not is_generic(text[start:end])
        ):
            yield Name(start, end)


def _built(passage: Passage) -> Iterator[Name]:
    """斥资2亿美元在印度尼西亚建厂: what a company spends an amount on."""
    for entity in passage.entities:
        if entity.label == "MONEY" and _BUILD.search(passage.text, max(0, entity.start - 8), entity.start):
            match = _BUILT.match(passage.text, entity.end)
            if match:
                part = "name" if match["what"] is None else "what"
                yield Name(*match.span(part))


def _company_phases(passage: Passage) -> Iterator[Name]:
    """农夫山泉二期: a company and the phase of what it builds."""
    for entity in passage.entities:
        if entity.label == "COMPANY" and (match := _COMPANY_PHASE.match(passage.text, entity.end)):
            yield Name(entity.start, match.end())
