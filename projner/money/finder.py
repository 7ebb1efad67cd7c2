"""Find every amount of a text in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from projner.errors import Errors
from projner.money import context
from projner.money.amount import Amount
from projner.money.grammar import Term, amount_of, range_of, read_term
from projner.money.patterns import CN_SCALE, CN_UNIT, patterns

_VAGUE_PREFIX = frozenset("数數几上")
_LONGEST = 100
_BARE_END = frozenset(CN_SCALE + CN_UNIT + "0123456789")
_LIST = re.compile(r"[ 　]?(?:[、和及与或]|以及|或者)(?:近|约)?")


def find(text: str, *, hints: Iterable[tuple[int, int]] = ()) -> list[Amount]:
    """Every amount of money in a text, sorted, with offsets; never overlapping.

    Args:
        text: the text; offsets are code points of it as given.
        hints: (start, end) of spans where something else (a trained tagger) sees an amount. A hint lets a number
            with scale but without currency unit count; it never overrules a clear look-alike.
    """
    hinted = {start: end for start, end in hints}
    rules = patterns()
    found: list[Amount] = []
    position = 0
    floor = 0
    scan = rules.scan.search
    match = scan(text, position)
    while match:
        start, end = match.span()
        position = end
        if (
            match.lastindex
            or (start and text[start - 1] in rules.prefix_last)
            or (end - start > 2 and ("亿" in match[0] or "万" in match[0]))
        ):
            amount = _read(text, start, floor, hinted, found[-1] if found else None)
            if amount is not None and amount.end is not None:
                found.append(amount)
                position = floor = max(end if amount.end < end else amount.end, amount.end)
        match = scan(text, position)
    return _share_currency(text, found)


def _share_currency(text: str, found: list[Amount]) -> list[Amount]:
    """2.48亿、1.36亿和0.16亿美元: what has no currency of its own takes that of the next in the list."""
    for index in range(len(found) - 2, -1, -1):
        one, following = found[index], found[index + 1]
        if following.currency != "CNY" and one.currency == "CNY" and text[one.end - 1] in _BARE_END:
            if _LIST.fullmatch(text, one.end, following.start):
                found[index] = replace(one, currency=following.currency)
    return found


def _read(text: str, start: int, floor: int, hinted: dict[int, int], last: Amount | None) -> Amount | None:
    first = read_term(text, start, floor=floor)
    if first is None:
        return None
    link = patterns().link.match(text, first.end)
    if link:
        second = _second(text, link)
        if second is not None and _is_range(text, first, second, link["word"], hinted, last):
            return range_of(text, first, second)
    if _is_money(text, first, hinted, last):
        return amount_of(text, first)
    return None


def _second(text: str, link: re.Match[str]) -> Term | None:
    """The number behind 至 or a dash, its minus sign or 数/上 included."""
    begin = link.start("minus") if link["minus"] else link.end()
    number = link.end()
    if text[number : number + 1] in _VAGUE_PREFIX and text[number + 1 : number + 2] in CN_UNIT + CN_SCALE:
        number += 1
    return read_term(text, number, floor=begin)


def _is_range(
    text: str, first: Term, second: Term, word: str | None, hinted: dict[int, int], last: Amount | None
) -> bool:
    if first.unit is not None and word and context.is_change(text, first.start):
        return False  # 上涨8元至784元: the step, then the level reached
    if first.written == "零":
        return False
    return _is_money(text, _whole(second, first), hinted, last)


def _whole(second: Term, first: Term) -> Term:
    """The second end of a range, judged by what stands before the first."""
    return replace(second, start=first.start, unit=second.unit or first.unit, kind=second.kind or first.kind)


def _is_money(text: str, term: Term, hinted: dict[int, int], last: Amount | None = None) -> bool:
    if term.kind in ("name", "code", "sign", "prefix"):
        return True
    if term.kind == "yuan":
        return _is_yuan(text, term)
    if term.kind == "block":
        return text[term.end - 1] in "钱錢" or context.colloquial(text, term.start, term.end) or _has_change(text, term)
    if term.kind == "piece":
        return context.colloquial(text, term.start, term.end)
    if not term.scaled and term.written[-1:] not in CN_UNIT:
        return False
    if term.scaled and not context.is_counted(text, term.end) and any(term.start <= s < term.end for s in hinted):
        return True
    if not term.scaled:
        return False
    if context.licensed(text, term.start, term.end):
        return True
    return last is not None and last.end is not None and context.continues(text, last.end, term.start, term.end)


def _has_change(text: str, term: Term) -> bool:
    change = patterns().part.match(text, term.end)
    return change is not None and context.colloquial(text, term.start, change.end())


def _is_yuan(text: str, term: Term) -> bool:
    if term.scaled:
        return True
    if context.YUAN_WORD.match(text, term.end - 1):
        return False
    return True


def parse(text: str) -> Amount:
    """Read a text that is one amount: 1.47亿元, 约3-5亿元, ￥3,000, 5000万元以上.

    Returns:
        The amount; without values and with a note where readers would disagree about the number.

    Raises:
        ProjnerError: P101 where the text is no amount, or more than one.
    """
    stripped = text.strip(" \u3000\t\r\n")
    start = len(text) - len(text.lstrip(" \u3000\t\r\n"))
    end = start + len(stripped)
    match = patterns().scan.search(text)
    if match is None or len(stripped) > _LONGEST:
        raise Errors.P101.format(text=text[:_LONGEST])
    first = read_term(text, match.start())
    if first is None:
        raise Errors.P101.format(text=text[:_LONGEST])
    amount = amount_of(text, first)
    link = patterns().link.match(text, first.end)
    if link:
        second = _second(text, link)
        if second is not None:
            amount = range_of(text, first, second)
    if amount.start is None or amount.end is None:
        raise Errors.P101.format(text=text)
    before, after = text[start : amount.start], text[amount.end : end]
    if not context.is_qualifier(before, after):
        raise Errors.P101.format(text=text[:_LONGEST])
    return amount
