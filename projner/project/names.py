"""Where a text names a project or counts a group of projects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from projner.project.model import Span
from projner.project.passage import Passage

_NUMERAL = "[0-9０-９一二三四五六七八九十百两]+"
_KIND = r"[^，,。；;、：:！？\s“”\"]"
_GROUP_AFTER = re.compile(
    rf"(?P<kind>{_KIND}{{0,12}}?(?:项目|专项债券?|工程))(?:约|共|达|有)?(?P<count>{_NUMERAL})(?:多|余)?[个项]"
)
_BAR_AFTER = re.compile(
    rf"(?:\)|）|元)?(?:及?以上|及?以下|级)?的?(?P<kind>{_KIND}{{0,12}}?(?:项目|工程))(?:约|共|达|有)?(?:(?P<count>{_NUMERAL})(?:多|余)?[个项])?"
)
_BAR_BEFORE = re.compile(rf"(?P<count>{_NUMERAL})(?:多|余)?[个项](?:总?投资)?(?:额)?(?:超|超过|达|达到|在)?$")
_PLANS = re.compile("(?:实施|谋划|安排|储备|推进|建设|列入|引进|共有|确定|新上)$")
_TOTAL = re.compile("[，,]?(?:合计|共)?(?:计划|预计|协议|概算|签约|估算|匡算)?总?投资")
_BEGUN = re.compile("(?:开工|竣工|投产|完工|入库|签约|开复工)$")
_KINDS = re.compile("重点|重大|示范|产业|工业|交通|水利|民生|风电|光伏|亿元|省级|市级")
_GROUP_BEFORE = re.compile(
    rf"(?P<count>{_NUMERAL})(?:多|余)?[个项](?P<kind>[^，,。；;、：:！？\s“”\"0-9]{{0,14}}?项目)(?!负责人|中心|秘书)"
)
_HEAD = re.compile(r"(?:项目|工程)(?!机械|师|院|队|量|车|技术|学院|公司|负责|中心[+]|秘书|专员|为王|化|款)")
_PHASE = re.compile(
    r"(?P<phase>[一二三四首]期(?:工程|项目)?)(?:预计|计划|总|拟|共)*投资(?:额|总额)?(?:约|近|达|超|为|超过)*$"
)
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
_COUNTED = re.compile(rf"^{_NUMERAL}[个项家座]")
_BRACKETS = {")": "(", "）": "（"}
_BORDER = '，,。；;！？!?：:\n\r“”"‘’《》、〈〉…—→← 　|'
_CONTINUES = ("港", "段", "至", "机场", "高铁", "公路", "铁路", "高速", "—", "-", "）", ")")


@dataclass(frozen=True, slots=True)
class Name:
    """A project named at text[start:end]; `count` is above 1 for a group; `bar` marks a group with a
    threshold."""

    start: int
    end: int
    count: int = 1
    group: bool = False
    phase: bool = False


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(
        files("projner.project").joinpath("words.json").read_text(encoding="utf-8")
    )
    return data


@lru_cache(maxsize=8)
def _alternatives(section: str) -> str:
    return "|".join(sorted(map(re.escape, set(_words()[section])), key=lambda w: (-len(w), w)))


@lru_cache(maxsize=1)
def _generic() -> re.Pattern[str]:
    return re.compile(f"(?:{_alternatives('generic')})*(?:建设)?(?:项目|工程)?(?:建设)?")


@lru_cache(maxsize=1)
def _stop() -> re.Pattern[str]:
    return re.compile(f"(?:{_alternatives('stops')})$")


@lru_cache(maxsize=1)
def _facility() -> re.Pattern[str]:
    return re.compile(
        f"(?:{_alternatives('facilities')})(?:[（(][^）)]{{1,6}}[）)])?(?:[一二三四首]期)?(?:建设|改造|扩建|整治|大修|升级)?$"
    )


def find_names(passage: Passage) -> list[Name]:
    """The projects that a text names, in order, apart from one another."""
    found: list[Name] = []
    taken: list[Span] = []
    # What counts more precisely comes first and keeps the words for itself, a bar without a count (count 0)
    # too.
    for finder in (
        _groups,
        _headed,
        _invested,
        _listed,
        _sites,
        _phases,
        _facilities,
        _built,
        _company_phases,
    ):
        for name in finder(passage):
            if name.end > name.start and not any(s < name.end and name.start < e for s, e in taken):
                found.append(name)
                taken.append((name.start, name.end))
    for name in [n for n in found if n.count == 1]:
        for item in _beside(passage, name):
            if not any(s < item.end and item.start < e for s, e in taken):
                found.append(item)
                taken.append((item.start, item.end))
    return sorted((n for n in found if n.count), key=lambda n: n.start)


def _beside(passage: Passage, name: Name) -> Iterator[Name]:
    """确保农夫山泉二期项目、万顺鞋业、海宇鞋业竣工: companies and facilities in one list with a project."""
    text, at = passage.text, name.end
    while text[at : at + 1] == "、":
        start = at + 1
        i = passage.at.get(start)
        company = i is not None and passage.entities[i].label == "COMPANY"
        at = passage.entities[i].end if i is not None and company else _right(passage, start)
        if company and not (text[at : at + 1] == "、" or re.compile(_alternatives("turns")).match(text, at)):
            return
        written = text[start:at]
        if not company and (len(written) < 4 or _management(text, at)):
            return
        if not company and not (_facility().search(written) or _HEAD.search(written)):
            return
        yield Name(start, at)


# --- groups


def _groups(passage: Passage) -> Iterator[Name]:
    """5000万元以上重点项目33个, 100个投资5000万元以上项目, 重点项目465个, 16个重点交通项目,
    大丰、滨海等4个项目."""
    text = passage.text
    for entity in passage.entities:
        if entity.label != "MONEY":
            continue
        bar = entity.role == "threshold" or text.startswith(("以上", "及以上", "以下", "元以上"), entity.end)
        if bar and (found := _barred(passage, entity.start, entity.end)):
            yield found
    for match in _GROUP_AFTER.finditer(text):
        count = _number(match["count"])
        start = _left(passage, match.end("kind"))
        begun = _BEGUN.search(text[:start])
        if count is not None and count > 1 and start < match.end("kind") and not begun:
            kind = text[start : match.end("kind")]
            planned = _KINDS.search(kind) and _PLANS.search(text[:start])
            if planned or kind.endswith(("专项债", "专项债券")) or _measured(passage, match.end()):
                yield Name(start, match.end(), count, group=True)
    for match in _GROUP_BEFORE.finditer(text):
        count = _number(match["count"])
        if count is None or count < 2 or "子项目" in match["kind"] or _management(text, match.end()):
            continue
        listed = text[: match.start()].endswith("等") and _ends_in_region(passage, match.start() - 1)
        if listed or _KINDS.search(match["kind"]) or _measured(passage, match.end()):
            yield Name(match.start(), match.end(), count, group=True)


def _barred(passage: Passage, start: int, end: int) -> Name | None:
    """A group with its bar at start:end and a count, which is of one project where the count is missing."""
    text = passage.text
    behind = _BAR_AFTER.match(text, end)
    if not behind:
        return None
    if (count := _number(behind["count"] or "")) and behind["count"]:
        return Name(start, behind.end(), count, group=True)
    before = _BAR_BEFORE.search(text, max(0, start - 16), start)
    if before and (count := _number(before["count"])):
        return Name(before.start(), behind.end("kind"), count, group=True)
    return Name(start, behind.end("kind"), 0, group=True)


def _ends_in_region(passage: Passage, at: int) -> bool:
    i = passage.until.get(at)
    return i is not None and passage.entities[i].label == "REGION"


def _management(text: str, end: int) -> bool:
    """Whether 项目 is but the head of 项目中心, 项目进度, 项目审批."""
    return text.startswith(tuple(_words()["after"]), end)


def _measured(passage: Passage, end: int) -> bool:
    """Whether the investment of the group follows at once: 重点项目465个,总投资4071亿元."""
    return _TOTAL.match(passage.text, end) is not None


def _number(written: str) -> int | None:
    digits = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
    plain = written.translate({0xFF10 + i: 0x30 + i for i in range(10)})
    if plain.isdigit():
        return int(plain)
    total = current = 0
    for c in plain:
        if c in digits:
            current = digits[c]
        elif c in "十百":
            total += (current or 1) * (10 if c == "十" else 100)
            current = 0
        else:
            return None
    return total + current


# --- names that end in 项目 or 工程


def _headed(passage: Passage) -> Iterator[Name]:
    text = passage.text
    for match in _HEAD.finditer(text):
        end = match.end()
        if match.start() in passage.at or _management(text, end) or _in_title(text, end):
            continue
        if _PHASES.match(text, passage.clause(end - 1)[0]):
            continue
        start = _left(passage, end)
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
    if i is not None or any(start <= e.start < end for e in passage.entities):
        return True
    if text[:start].endswith("的") and passage.until.get(start - 1) is not None:
        return True
    if re.search("[0-9A-Za-z０-９]", name) or "现场" in behind or _MEASURES.match(behind):
        return True
    if text[start - 1 : start] in ("、", "和") or behind[:1] == "、":
        return len(name) > 5
    clause = passage.clause(start)
    nearby = [
        e for e in passage.entities if e.label in ("REGION", "COMPANY") and clause[0] <= e.start < start
    ]
    return bool(nearby) and len(name) > 6


def _outermost(passage: Passage, start: int) -> int:
    """The start of the places and companies that stand right before a name."""
    while (i := passage.until.get(start)) is not None and passage.entities[i].label in ("REGION", "COMPANY"):
        start = passage.entities[i].start
    return start


def _in_title(text: str, at: int) -> bool:
    opened = text.rfind("《", 0, at)
    return opened >= 0 and text.find("》", opened) >= at


def is_generic(name: str) -> bool:
    """Whether a name says nothing by itself: 重点项目, 新建项目, 项目建设."""
    core = re.sub('[“”"（）()0-9]', "", name)
    return len(core) < 3 or _generic().fullmatch(core) is not None


def _left(passage: Passage, end: int) -> int:
    """Where the name that ends at `end` begins: behind a border, an entity or a word that belongs to no
    name."""
    text = passage.text
    at = end
    tail = re.search("(?:建设|改造|扩建|新建|施工)*(?:项目|工程)$", text[max(0, end - 12) : end])
    at = end - len(tail.group()) if tail else end
    closing: list[str] = []
    while at > 0:
        char = text[at - 1]
        i = passage.until.get(at)
        if i is not None and not closing:
            entity = passage.entities[i]
            if entity.label == "MONEY":
                return at
            if entity.label == "COMPANY" or not _goes_through(passage, entity.start, text[at:end]):
                return at
            at = entity.start
            continue
        if char in _BRACKETS:
            closing.append(_BRACKETS[char])
        elif closing and char == closing[-1]:
            closing.pop()
        elif not (char == " " and text[at - 2 : at - 1].isdigit()) and (
            char in _BORDER
            or (char in "(（" and not closing)
            or (char == "和" and (text[at : at + 1].isdigit() or at in passage.at))
            or (not closing and _stops(text, at))
        ):
            return at
        at -= 1
        if end - at > 45:
            return end
    return at


def _stops(text: str, at: int) -> bool:
    """Whether a word that belongs to no name ends at `at`, and is not part of a longer word (参加 in
    人参加工)."""
    match = _stop().search(text[max(0, at - 4) : at])
    if match is None:
        return False
    start = at - len(match.group())
    return not any(s < start or at < e for s, e in _kept_words(text, start, at))


def _kept_words(text: str, start: int, end: int) -> Iterator[Span]:
    first = max(0, start - 4)
    for match in re.finditer(_alternatives("kept"), text[first : end + 4]):
        if first + match.start() < end and start < first + match.end():
            yield first + match.start(), first + match.end()


def _goes_through(passage: Passage, start: int, rest: str) -> bool:
    """Whether a division is inside the name: 沈白高铁|吉林|段, 医药物流|通化|产业园."""
    if rest.startswith(_CONTINUES):
        return True
    head = passage.text[max(0, start - 8) : start]
    for i in range(len(head) - 1, -1, -1):
        j = passage.until.get(start - len(head) + i + 1)
        if head[i] in _BORDER:
            return False
        if j is not None:
            return passage.entities[j].label == "COMPANY" and i < len(head) - 1
    return False


# --- names after an amount, in lists, before 现场


def _invested(passage: Passage) -> Iterator[Name]:
    """投资16亿元的沿边开放旅游大通道: what an invested amount is of."""
    text = passage.text
    for entity in passage.entities:
        if entity.label != "MONEY" or not _INVESTED.search(text[max(0, entity.start - 12) : entity.start]):
            continue
        of = _OF.match(text, entity.end)
        if not of:
            continue
        start, end = of.end(), _right(passage, of.end())
        while (i := passage.at.get(start)) is not None and passage.entities[i].label in ("REGION", "COMPANY"):
            if passage.entities[i].end >= end:
                break
            start = passage.entities[i].end
        if not is_generic(text[start:end]) and not _COUNTED.match(text[start:end]):
            yield Name(start, end)


def _right(passage: Passage, start: int) -> int:
    """Where a name that begins at `start` ends: at a border or at a word that tells what happens to it."""
    text = passage.text
    turn = re.compile(
        _alternatives("turns") + "|等|现场|已|也|正|将|在|于|为|是|全面|顺利|由|和投资|总投资|占地|建设现场"
    )
    at = start
    depth = 0
    while at < len(text) and at - start < 45:
        if text[at] in "(（":
            depth += 1
        elif text[at] in ")）":
            if depth == 0:
                break
            depth -= 1
        elif depth == 0 and at not in passage.at and (text[at] in _BORDER or turn.match(text, at)):
            break
        at += 1
    head = _HEAD.search(text, start, at)
    return head.end() if head else at


def _listed(passage: Passage) -> Iterator[Name]:
    """A、B、C等一批项目: the items of a list that says what they are."""
    text = passage.text
    ends = [m.start() for m in _ETC.finditer(text) if not _PARTS.search(m["kind"])]
    ends += [m.end("items") for m in _ITEMS.finditer(text)]
    for end in ends:
        while end > 0:
            start = _left(passage, end)
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
    if text[:start].endswith("的") and (i := passage.until.get(start - 1)) is not None:
        start = passage.entities[i].start
        start -= len(m.group()) if (m := _INVESTED.search(text[max(0, start - 12) : start])) else 0
    return start - 1 if text[start - 1 : start] in ("、", "和") else None


def _sites(passage: Passage) -> Iterator[Name]:
    """A caption: 湾沟特大桥施工现场."""
    text = passage.text
    for match in _SITE.finditer(text):
        end = match.start()
        start = _left(passage, end)
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
    starts = re.compile(f"(?:{_alternatives('starts')})(?:了)?")
    turn = re.compile(
        rf"(?:已|将|正|已经|全面|正式|顺利|主体|基本|如期|提前|工程)*(?:{_alternatives('turns')}|大修|总投资|占地|总建筑面积)"
    )
    seen: set[int] = set()
    for match in starts.finditer(text):
        at = match.end()
        if text[at : at + 1] == "的":
            continue
        while at < len(text):
            end = _right(passage, at)
            start = at
            while (i := passage.at.get(start)) is not None and passage.entities[i].end < end:
                start = passage.entities[i].end
            written = text[start:end]
            if (
                end - start < 3
                or is_generic(written)
                or not (_facility().search(written) or _HEAD.search(written))
            ):
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
        start = _left(passage, end)
        tied = passage.until.get(start) is not None or any(start <= e.start < end for e in passage.entities)
        tied = tied or match.group().endswith(("总投资", "占地", "总建筑面积"))
        if (
            tied
            and not _AT.search(text[: _outermost(passage, start)])
            and end - start >= 4
            and _facility().search(text[start:end])
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
