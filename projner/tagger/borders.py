"""Borders of regions and companies that one rule settles better than statistics do."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Span = tuple[int, int, str]
Categories = Callable[[str], set[str]]

# 东方红西洋参药业(通化)股份有限公司: the place in brackets and the legal form belong to the name before them.
# A remark in the brackets (鞍山钢铁集团(下称鞍钢)在澳大利亚的参股公司) is no part of it.
_BRACKETED = re.compile(
    r"[(（](?!以?下称|以?下?简称|又称|全称|原名|即)[\u4e00-\u9fff]{2,8}[)）](?:(?![的在与和])[\u4e00-\u9fff]){0,12}?"
    r"(?:有限责任公司|股份有限公司|有限公司|集团公司|分公司|公司)"
)
# What makes a place the head of a newspaper's or station's name: 哈尔滨|日报, 中国|证券报, 《中国|电子报》.
_MEDIUM = re.compile(
    r"[日晚晨早商]报(?![道告价名收出警送])|卫视|[\u4e00-\u9fff]{1,6}(?:报|周刊|杂志)》"
    r"|[\u4e00-\u9fff]{0,4}?(?:证券报|企业报|青年报|都市报|工人报|广播电台|电视台)"
)
# A part of the company that stands right before it: 中国石化|广东石油分公司.
_BRANCH = ("分公司", "支公司", "子公司", "分行", "支行")
# The second is the head of what follows: 江苏省|省政府, 柳河县|县委.
_TWICE = ("省省", "市市", "县县", "区区", "镇镇", "乡乡", "旗旗", "州州")
_HEAD_LEVELS = {"province", "province_short", "city", "city_short", "county_short"}
_NOT_HEAD = ("区", "县", "镇", "乡", "村", "旗", "街道", "中国")
_RANKS = {
    "country": 0,
    "province": 1,
    "province_short": 1,
    "city": 2,
    "city_short": 2,
    "county": 3,
    "county_short": 3,
    "town": 4,
    "village": 5,
}


def mend(text: str, spans: Sequence[Span], categories: Categories) -> list[Span]:
    """Spans with chains of regions and names of companies made whole.

    - Regions side by side, the first the larger, are one chain (中国南京, 大阪府守口市);
      those of one level are a list.
    - A place in brackets with a legal form behind it is joined to the company before it:
      中溢集团(吉林)科技有限公司.
    - A branch right behind its company is one name with it (中国石化|广东石油分公司).
    - A province or city right before a company is the head of its name (吉林省俊逸药业); a country is not.
    - A place at the head of a Chinese newspaper's or station's name is dropped (哈尔滨日报, 中国证券报); a
      foreign country before one stays (巴西旗手电视台).
    - A generic said twice ends the place once (江苏省|省政府).

    Args:
        text: the text.
        spans: (start, end, label), sorted, flat.
        categories: which categories of the lexicon a string is listed in.
    """
    joined: list[Span] = []
    for start, end, label in spans:
        if joined and start < joined[-1][1]:
            continue  # swallowed by a bracketed company name
        if label == "REGION" and text.endswith(_TWICE, start, end):
            end -= 1
        touching = bool(joined) and joined[-1][1] == start
        if touching and _is_one(text, joined[-1], (start, end, label), categories):
            start = joined.pop()[0]
        bracketed = _BRACKETED.match(text, end) if label == "COMPANY" else None
        joined.append((start, bracketed.end() if bracketed else end, label))
    return [span for span in joined if not _is_in_medium(text, span, categories)]


def _is_one(text: str, left: Span, right: Span, categories: Categories) -> bool:
    """True where two spans side by side are one name."""
    before, after = (text[start:end] for start, end, _ in (left, right))
    match left[2], right[2]:
        case "REGION", "REGION":
            return _is_chain(before, after, categories)
        case "REGION", "COMPANY":
            return _is_head(before, categories)
        case "COMPANY", "COMPANY":
            return after.endswith(_BRANCH)
    return False


def _is_in_medium(text: str, span: Span, categories: Categories) -> bool:
    start, end, label = span
    if label != "REGION" or not _MEDIUM.match(text, end):
        return False
    name = text[start:end]
    return name == "中国" or "country" not in categories(name)


def _is_head(region: str, categories: Categories) -> bool:
    return bool(categories(region) & _HEAD_LEVELS) and not region.endswith(_NOT_HEAD)


def _is_chain(upper: str, lower: str, categories: Categories) -> bool:
    if categories(upper) & {"zone", "macro"}:
        return False
    ranks = [{_RANKS[c] for c in categories(name) if c in _RANKS} for name in (upper, lower)]
    if not ranks[0] or not ranks[1]:
        return True  # a foreign or unlisted place
    return not ranks[0] & ranks[1] and min(ranks[0]) < max(ranks[1])
