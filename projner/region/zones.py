"""Names of functional zones: their generic endings in one spelling each."""

from __future__ import annotations

import re

# Longest first: each group is replaced by its first member.
_GENERICS = (
    ("经开区", "经济技术开发区", "经济开发区", "经济技术产业开发区", "经技开发区"),
    (
        "高新区",
        "高新技术产业开发区",
        "高新技术产业园区",
        "高新技术开发区",
        "高技术产业开发区",
        "新技术产业开发区",
        "新技术开发区",
    ),
    ("综保区", "综合保税区"),
    ("自贸区", "自由贸易试验区", "自贸试验区", "自由贸易区"),
    ("自贸港", "自由贸易港"),
)
_TO_SHORT = {name: group[0] for group in _GENERICS for name in group}
_LONG = re.compile("|".join(sorted((n for g in _GENERICS for n in g[1:]), key=len, reverse=True)))
_ENDING = re.compile(
    r"(?:开发区|高新区|经开区|新区|港务区|保税区|保税港区|综保区|自贸区|自贸试验区|自贸港|合作区|工业园区|"
    r"产业园区|管理区|实验区|试验区|示范区|生态城|新城|产业园|工业区|开发园区|科技城|新片区)(?:[东西南北中]区)?$"
)
_GENERIC_ONLY = re.compile(
    r"^(?:国家级?|省级)?(?:经济|技术|产业|工业|综合|现代|国际|高新|高新技术|生态|循环|经济技术)*"
    r"(?:开发区|高新区|经开区|新区|港务区|保税区|保税港区|综保区|自贸区|自贸港|合作区|工业园区|产业园区|"
    r"管理区|实验区|试验区|示范区|生态城|新城|产业园|工业区|开发园区|科技城|新片区|园区)$"
)


def is_zone(name: str) -> bool:
    """True where a name ends like a functional zone (开发区, 高新区, 新区, ...)."""
    return _ENDING.search(name) is not None


def is_generic(name: str) -> bool:
    """True where nothing but the generic is there (经济开发区), so that only a division in front names
    the zone."""
    return _GENERIC_ONLY.match(name) is not None


_HEAD = re.compile("(?:" + "|".join(name for g in _GENERICS[:2] for name in (*g[1:], g[0])) + ")")


def generic_head(rest: str) -> int:
    """The length of a generic that stands before a town: 2 or more for 红安|经开区|觅儿寺镇; 0 for none."""
    match = _HEAD.match(rest)
    return match.end() if match else 0


def canonical(name: str) -> str:
    """The zone's name with its generic in the short spelling: 长春经济技术开发区 -> 长春经开区."""
    return _LONG.sub(lambda m: _TO_SHORT[m.group()], name)
