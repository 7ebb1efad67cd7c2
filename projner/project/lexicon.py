"""The words that tell names of projects from the text around them, out of words.json."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.resources import files

_FACILITY = r"{}(?:[（(][^）)]{1,6}[）)])?(?:[一二三四首]期)?(?:建设|改造|扩建|整治|大修|升级)?$"
_TAIL = re.compile('[“”"（）()0-9]')


@lru_cache(maxsize=1)
def _data() -> dict[str, list[str]]:
    text = files("projner.project").joinpath("words.json").read_text(encoding="utf-8")
    data: dict[str, list[str]] = json.loads(text)
    return data


@lru_cache(maxsize=16)
def words(section: str) -> tuple[str, ...]:
    """The words of a section, longest first."""
    return tuple(sorted(set(_data()[section]), key=lambda w: (-len(w), w)))


@lru_cache(maxsize=32)
def pattern(section: str, template: str = "{}") -> re.Pattern[str]:
    """A pattern in which {} stands for any word of a section."""
    return re.compile(template.replace("{}", "(?:" + "|".join(map(re.escape, words(section))) + ")"))


def is_generic(name: str) -> bool:
    """Whether a name says nothing by itself: 重点项目, 新建项目, 项目建设."""
    core = _TAIL.sub("", name)
    generic = pattern("generic", "{}*(?:建设)?(?:项目|工程)?(?:建设)?")
    return len(core) < 3 or generic.fullmatch(core) is not None


def is_facility(name: str) -> bool:
    """Whether a name ends in something that is built: 产业园, 电站, 大桥(二期)."""
    ends = pattern(
        "facilities", r"{}(?:[（(][^）)]{1,6}[）)])?(?:[一二三四首]期)?(?:建设|改造|扩建|整治|大修|升级)?$"
    )
    return ends.search(name) is not None


def is_management(text: str, end: int) -> bool:
    """Whether the 项目 that ends at `end` is but the head of 项目中心, 项目进度, 项目审批."""
    return text.startswith(words("after"), end)


def number(written: str) -> int | None:
    """A whole number in digits of any width or in Chinese below ten thousand; None for anything else."""
    digits = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
    plain = written.translate({0xFF10 + i: 0x30 + i for i in range(10)})
    if plain.isdecimal():
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
