"""The parts of a company's name, its normal form, and the short forms it is likely to have."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

_FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20}
_BRACKETS = str.maketrans({"〔": "(", "〕": ")", "【": "(", "】": ")", "﹙": "(", "﹚": ")"})
_QUOTES = re.compile("[\"'“”‘’「」『』《》〈〉]")
_BLANK = re.compile(r"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])")
_BRACKETED = re.compile(r"\(([^()]*)\)")
_DIVISION = re.compile("[省市县区旗州盟]$")
_HEAD_LEVELS = ("province", "city", "county")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a name is made of; an empty string for a part that it lacks.

    中溢集团(吉林)新能源科技有限公司 is a group (`group`) with brand 中溢, industry 新能源科技, form
    有限公司 and the division 吉林 in brackets (`bracketed`).
    """

    region: str
    brand: str
    industry: str
    form: str
    branch: str
    bracketed: str
    group: bool

    @property
    def registered(self) -> bool:
        """Whether the name ends as registered names do."""
        return self.form.endswith(("有限公司", "有限责任公司", "合作社", "总公司"))


def normalise(name: str) -> str:
    """The normal form of a name: half width, round brackets, no quotes, no blanks but between Latin words."""
    name = _QUOTES.sub("", name.translate(_FULL_WIDTH).translate(_BRACKETS))
    return _BLANK.sub("", name.strip())


def fold(name: str) -> str:
    """What two spellings of one name share: the normal form without case and brackets."""
    return normalise(name).casefold().replace("(", "").replace(")", "").replace(" ", "")


@lru_cache(maxsize=4096)
def parts(name: str) -> Parts:
    """Take a company's name apart.

    Args:
        name: a registered or short name, in any width.

    Returns:
        Its parts; the brand is never empty unless the name is (or is a bare branch such as 武威公司).
    """
    rest = normalise(name)
    bracketed = next((b for b in _BRACKETED.findall(rest) if _is_region(b)), "")
    group = "集团" in rest
    rest = _BRACKETED.sub("", rest)
    rest, branch = _split_branch(rest)
    rest, form = _split_suffix(rest, _words()["forms"])
    if rest in _known():
        return Parts("", rest, "", form, branch, bracketed, group)
    region, rest = _split_region(rest, bool(form))
    head, inside, tail = rest.partition("集团")
    brand, industry = _split_industry(head)
    return Parts(region, brand, industry + tail, form, branch, bracketed, bool(inside) or group)


def short_forms(name: str) -> list[str]:
    """Short forms that a text may use for a company, the likeliest first; the name itself is not among
    them."""
    found = parts(name)
    if not found.brand or found.branch:
        return []
    region = found.region or found.bracketed
    first = next((w for w in _by_length("industries") if w and found.industry.startswith(w)), "")
    out = [] if _is_region(found.brand) else [found.brand]
    out += [found.brand + "集团"] if found.group else []
    out += [found.brand + first] if first else []
    out += [found.brand + found.industry] if found.industry else []
    out += [region + found.brand] if region else []
    out += [found.brand + "公司"]
    out += [region + found.brand + found.industry] if region and found.industry else []
    own = fold(name)
    return [short for short in dict.fromkeys(out) if fold(short) != own and len(short) > 1]


def known_name(name: str) -> str:
    """The full name of a well-known company for one of its short names, without its form; else the name
    itself."""
    stem = normalise(name)
    found = _known()
    if stem in found:
        return found[stem]
    cut, _ = _split_suffix(stem, _words()["forms"])
    return found.get(cut, stem)


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(
        files("projner.company").joinpath("words.json").read_text(encoding="utf-8")
    )
    return data


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    pairs = _words()["known"].items()
    return {short: name for name, shorts in pairs for short in (name, *shorts)}


@lru_cache(maxsize=8)
def _by_length(section: str) -> tuple[str, ...]:
    return tuple(sorted(_words()[section], key=lambda w: (-len(w), w)))


@lru_cache(maxsize=1)
def _industry_words() -> frozenset[str]:
    return frozenset(_words()["industries"])


@lru_cache(maxsize=1)
def _regions() -> frozenset[str]:
    """Names of provinces, cities and counties that may head a company's name; 中国 as well."""
    from projner.region.gazetteer import Gazetteer

    table = Gazetteer.load()
    surfaces = (s for s, rows in table.index.items() if any(table.level(r) in _HEAD_LEVELS for r in rows))
    return (frozenset(s for s in surfaces if len(s) > 1) | {"中国"}) - set(_words()["no_regions"])


def _is_region(name: str) -> bool:
    return name in _regions()


def _split_suffix(name: str, suffixes: Sequence[str]) -> tuple[str, str]:
    best = max((s for s in suffixes if name.endswith(s) and len(s) < len(name)), key=len, default="")
    return name[: len(name) - len(best)], best


def _split_branch(name: str) -> tuple[str, str]:
    """A branch at the end: 农业银行|保山分行, 农夫山泉|临江公司; a bare 武威公司 is all branch."""
    kind = next((k for k in _by_length("branches") if name.endswith(k)), "")
    stem = name[: len(name) - len(kind)] if kind else name.removesuffix("公司")
    if not kind and stem == name:
        return name, ""
    for start in range(len(stem)):
        place = stem[start:]
        if _is_region(place) or (kind and len(place) == 2):
            whole = start == 0
            if kind or (not whole and not _split_suffix(stem[:start], _words()["forms"])[1]):
                return stem[:start], name[start:]
            return ("", name) if whole and place != "中国" else (name, "")
    return (stem, kind) if kind else (name, "")


def _split_region(name: str, formal: bool) -> tuple[str, str]:
    """The divisions at the head (河南新乡), unless nothing but an industry follows (青岛啤酒, 长安汽车):
    the last of them is the brand then."""
    taken = 0
    while length := _region_length(name[taken:], formal):
        taken += length
    return name[:taken], name[taken:]


def _region_length(name: str, formal: bool) -> int:
    for length in range(min(len(name) - 2, 12), 1, -1):
        head, rest = name[:length], name[length:]
        named = _is_region(head) and (formal or _DIVISION.search(head) or _above_county(head))
        if named and _industry_from(rest) != 0:
            return length
    return 0


@lru_cache(maxsize=2048)
def _above_county(name: str) -> bool:
    from projner.region.gazetteer import Gazetteer

    table = Gazetteer.load()
    return any(table.level(row) in ("province", "city") for row in table.index.get(name, ()))


def _split_industry(name: str) -> tuple[str, str]:
    at = _industry_from(name, least=2)
    if _industry_from(name) == 0:
        at = len(name)
    return name[:at], name[at:]


def _industry_from(name: str, least: int = 0) -> int:
    """Where the industry words that end a name begin, no earlier than `least`; its length where there are
    none."""
    words = _industry_words()
    reach = {len(name)}
    for start in range(len(name) - 1, least - 1, -1):
        if any(name[start:end] in words for end in list(reach)):
            reach.add(start)
    return min(reach)
