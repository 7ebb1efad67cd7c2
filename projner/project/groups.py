"""Groups of projects that a text counts: 5000万元以上重点项目33个."""

from __future__ import annotations

import re
from collections.abc import Iterator

from projner.project.borders import left
from projner.project.lexicon import is_management, number
from projner.project.model import Name
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


def find_groups(passage: Passage) -> Iterator[Name]:
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
        count = number(match["count"])
        start = left(passage, match.end("kind"))
        begun = _BEGUN.search(text, max(0, start - 6), start)
        if count is not None and count > 1 and start < match.end("kind") and not begun:
            kind = text[start : match.end("kind")]
            planned = _KINDS.search(kind) and _PLANS.search(text, max(0, start - 6), start)
            if planned or kind.endswith(("专项债", "专项债券")) or _measured(passage, match.end()):
                yield Name(start, match.end(), count, group=True)
    for match in _GROUP_BEFORE.finditer(text):
        count = number(match["count"])
        if count is None or count < 2 or "子项目" in match["kind"] or is_management(text, match.end()):
            continue
        listed = text.startswith("等", match.start() - 1) and _ends_in_region(passage, match.start() - 1)
        if listed or _KINDS.search(match["kind"]) or _measured(passage, match.end()):
            yield Name(match.start(), match.end(), count, group=True)


def _barred(passage: Passage, start: int, end: int) -> Name | None:
    """A group with its bar at start:end and a count, which is of one project where the count is missing."""
    text = passage.text
    behind = _BAR_AFTER.match(text, end)
    if not behind:
        return None
    if (count := number(behind["count"] or "")) and behind["count"]:
        return Name(start, behind.end(), count, group=True)
    before = _BAR_BEFORE.search(text, max(0, start - 16), start)
    if before and (count := number(before["count"])):
        return Name(before.start(), behind.end("kind"), count, group=True)
    return Name(start, behind.end("kind"), 0, group=True)


def _ends_in_region(passage: Passage, at: int) -> bool:
    i = passage.until.get(at)
    return i is not None and passage.entities[i].label == "REGION"


def _measured(passage: Passage, end: int) -> bool:
    """Whether the investment of the group follows at once: 重点项目465个,总投资4071亿元."""
    return _TOTAL.match(passage.text, end) is not None
