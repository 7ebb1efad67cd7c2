"""Lists: what one member lacks, its neighbours have (2.48亿、1.36亿和0.16亿美元; 分别为3、5和8亿元)."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from projner.money.amount import Amount
from projner.money.grammar import Term, read_term
from projner.money.patterns import CN_SCALE, CN_UNIT, D

NOTE = "unit_from_list"
_MOST = 12  # members looked at, so that a long list without any currency stays cheap

_LINK = re.compile("[ 　]?(?:[、和及与或]|以及|或者)[ 　]?(?:近|约)?")
_BARE_END = frozenset(CN_SCALE + CN_UNIT)
_NUMBER = f"(?<![{D}.．,，%A-Za-z])[{D}]{{1,7}}(?:[.．][{D}]{{1,4}})?"
_MEMBERS = re.compile(f"((?:{_NUMBER}[、])*{_NUMBER})(、|和|及|与|以及)\\Z")
_ONE = re.compile(f"[{D}]+(?:[.．][{D}]+)?")
_RESPECTIVELY = re.compile("(?:分别|各|依次)[^，。；\\d]{0,6}\\Z")
_SCALED = re.compile(f"[{D}]{{1,7}}(?:[.．][{D}]{{1,4}})?([百千]?[万亿]{{0,2}})")


def list_currency(text: str, term: Term) -> tuple[bool, int]:
    """Whether the term is a member of a list whose last member has the currency, and how far it was read."""
    end = term.end
    for _ in range(_MOST):
        link = _LINK.match(text, end)
        following = read_term(text, link.end(), floor=link.end()) if link else None
        if following is None:
            return False, end
        if following.unit is not None:
            return following.kind in ("name", "yuan", "code"), end
        if not following.scaled:
            return False, end
        end = following.end
    return False, end


def share_currency(text: str, found: list[Amount]) -> list[Amount]:
    """What has no currency of its own takes that of the next in the list."""
    result = list(found)
    for index in range(len(found) - 2, -1, -1):
        one, following = result[index], result[index + 1]
        if one.end is None or following.start is None or following.currency == "CNY" or one.currency != "CNY":
            continue
        if text[one.end - 1] in _BARE_END and _LINK.fullmatch(text, one.end, following.start):
            result[index] = replace(one, currency=following.currency)
    return result


def share_unit(text: str, found: list[Amount]) -> list[Amount]:
    """分别为3、5和8亿元: the digits before are amounts too, noted as `unit_from_list`."""
    result: list[Amount] = []
    for one in found:
        result.extend(_members(text, one, result[-1].end or 0 if result else 0))
        result.append(one)
    return result


def _members(text: str, last: Amount, floor: int) -> list[Amount]:
    if (
        last.start is None
        or last.low is None
        or last.low != last.high
        or not text[last.start - 1 : last.start].strip()
    ):
        return []
    if text[last.start - 1] not in "、和及与":
        return []
    scaled = _SCALED.match(text, last.start)
    match = _MEMBERS.search(text, max(floor, last.start - 48), last.start)
    if scaled is None or match is None:
        return []
    numbers = list(_ONE.finditer(text, match.start(1), match.end(1)))
    respectively = _RESPECTIVELY.search(text, max(0, match.start() - 12), match.start())
    if not respectively and (match[2] == "、" or not scaled[1]):
        return []  # 1、44元, 2、3元
    size = last.low / Decimal(_ONE.match(text, last.start)[0])  # type: ignore[index]
    return [
        replace(
            last,
            low=Decimal(number[0]) * size,
            high=Decimal(number[0]) * size,
            bound="exact",
            approximate=False,
            notes=(*last.notes, NOTE),
            start=number.start(),
            end=number.end(),
        )
        for number in numbers
    ]
