"""Copies of training texts whose companies have other names.

A tagger that has seen 三一重工 a hundred times knows the name; here it has to learn the words around names. A
swapped copy has coined names (海诺重工, 塔沃, Brakotech), some of well-known companies, each at all places of
the text; the region at the head of a name, the words of its industry and its legal form stay.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

Row = dict[str, Any]

_LATIN = re.compile(r"[A-Za-z][A-Za-z .&'-]*")
_HAN = re.compile(r"[\u4e00-\u9fff]{2,5}")
_FORM = re.compile(
    "(?:有限责任公司|股份有限公司|有限公司|公司|集团|总厂|厂|银行|合作社|股份|研究院|设计院|事务所|酒店|超市|商场|分行|支行|基金|证券|保险|电厂|中心)$"
)
_INDUSTRY_IN = 12  # names of the list that end in the same two characters
_KEPT = 0.25  # share of the names that stay
_ANYWHERE = 3  # a name so long is changed outside the spans too: as goods, in a project
# Characters of foreign names in Chinese, and sounds of Latin ones.
_SOUNDS = (
    "阿埃艾安巴贝比博布查达丹德迪顿多厄尔法菲费弗福戈格古哈海赫亨霍基加卡凯坎科克肯库拉莱兰劳勒雷里利林隆卢鲁伦罗洛马麦曼米"
    "莫姆穆纳内尼诺帕佩皮普奇切乔瑞萨塞森沙尚史斯苏塔泰坦特蒂图托瓦威维温沃乌西希夏辛雅亚扬耶伊英约扎泽朱"
)
_ONSETS = (*"BCDFGHKLMNPRSTVZ", "Br", "Cr", "Dr", "Fl", "Gr", "Kl", "Pl", "St", "Tr", "Sch", "Ch", "Sh")
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "ou")
_ENDS = ("n", "r", "s", "x", "l", "tech", "corp", "lex", "na", "co", "m", "ton", "son", "via")
_CAPITALS = "ABCDEFGHIKLMNPRSTVWX"


class Coiner:
    """New names after the pattern of others.

    Args:
        companies: names of companies, to take parts from.
        regions: names of divisions, which may stand at the head of a name.
        seed: of the random choices.
    """

    def __init__(self, companies: Iterable[str], regions: Iterable[str], seed: int = 0) -> None:
        self.random = random.Random(seed)
        names = sorted(set(companies))
        self.regions = frozenset(regions)
        self.taken = self.regions.union(names)
        self.short = [name for name in names if len(name) <= 4 and _HAN.fullmatch(name)]
        ends = Counter(name[-2:] for name in names if len(name) >= 4)
        self.industries = {end for end, n in ends.items() if n >= _INDUSTRY_IN and _HAN.fullmatch(end)}

    def rename(self, name: str) -> str | None:
        """Another name of the same form, None where there is no core to change."""
        if _LATIN.fullmatch(name):
            return self._latin(name)
        core, tail = name, ""
        while (form := _FORM.search(core)) and form.start():
            core, tail = core[: form.start()], core[form.start() :] + tail
        head = next((core[:n] for n in range(6, 1, -1) if n < len(core) and core[:n] in self.regions), "")
        core = core[len(head) :]
        if len(core) >= 4 and core[-2:] in self.industries:
            core, tail = core[:-2], core[-2:] + tail
        if not _HAN.fullmatch(core):
            return None
        return head + self._core(len(core)) + tail

    def _core(self, length: int) -> str:
        choose = self.random.choice
        kind = self.random.random()
        if kind < 0.2:
            return "".join(choose(_SOUNDS) for _ in range(min(5, length + choose((0, 1)))))
        if kind < 0.35:
            return choose(self.short)
        length = max(2, min(4, length + choose((-1, 0, 0, 0, 1))))
        while True:
            first = (length + 1) // 2
            name = choose(self.short)[:first] + choose(self.short)[-(length - first) :]
            if len(name) == length and name not in self.taken:
                return name

    def _latin(self, name: str) -> str:
        choose = self.random.choice
        if name.isupper() and len(name) <= 5:
            return "".join(choose(_CAPITALS) for _ in range(max(2, len(name) + choose((-1, 0, 0, 1)))))
        return choose(_ONSETS) + choose(_VOWELS) + choose(_ONSETS).lower() + choose(_VOWELS) + choose(_ENDS)


def swapped(rows: Iterable[Row], coiner: Coiner) -> list[Row]:
    """Copies of the rows that name a company, with other names; ids end in -swapped."""
    copies = (_swap(row, coiner) for row in rows)
    return [copy for copy in copies if copy is not None]


def _swap(row: Row, coiner: Coiner) -> Row | None:
    spans = sorted(row["spans"], key=lambda span: span["start"])
    text = row["text"]
    names = _renamed([text[s["start"] : s["end"]] for s in spans if s["label"] == "COMPANY"], coiner)
    if not names:
        return None
    anywhere = sorted((name for name in names if len(name) >= _ANYWHERE), key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, anywhere))) if anywhere else None

    def between(piece: str) -> str:
        return pattern.sub(lambda match: names[match[0]], piece) if pattern else piece

    out, at, moved = "", 0, []
    for span in spans:
        name = text[span["start"] : span["end"]]
        if span["label"] == "COMPANY":
            name = names.get(name, name)
        out += between(text[at : span["start"]])
        moved.append({"start": len(out), "end": len(out) + len(name), "label": span["label"], "text": name})
        out += name
        at = span["end"]
    return {"id": f"{row['id']}-swapped", "text": out + between(text[at:]), "spans": moved}


def _renamed(names: Sequence[str], coiner: Coiner) -> dict[str, str]:
    """Old to new names; one that holds another (三一重工, 三一) holds the other's new name."""
    new: dict[str, str] = {}
    for name in sorted(set(names), key=lambda n: (len(n), n)):
        part = next((old for old in new if old in name), None)
        if part:
            new[name] = name.replace(part, new[part])
        elif coiner.random.random() >= _KEPT and (other := coiner.rename(name)):
            new[name] = other
    return new
