"""Find every amount of a text in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from projner.errors import Errors
from projner.money import context
from projner.money.amount import Amount
from projner.money.grammar import Term, add_change, amount_of, range_of, read_second, read_term
from projner.money.lists import list_currency, share_currency, share_unit
from projner.money.numerals import normalise
from projner.money.patterns import CN, CN_DIGIT, CN_SCALE, CN_UNIT, D, patterns
from projner.money.tables import cells

_LONGEST = 100
_TRANSCRIBED = frozenset("普尔特拉扎亚索姆尼")  # 一基普努克: transcribed names that open other names
_STEP_RATIO = Decimal(6)
_TORN = re.compile(
    f"(?:[{CN}{D}]|[{CN_UNIT}{CN_SCALE}][来余几]|好几)\\Z"
)  # 九百十来万元: no 万元 stands here
_SPACE = " \u3000\xa0\t\r\n"
_NO_CORNER = frozenset("长珠金河洲铁死直大黄長")


def find(text: str, *, hints: Iterable[tuple[int, int]] = ()) -> list[Amount]:
    """Every amount of money in a text, sorted, with offsets; never overlapping.

    Args:
        text: the text; offsets are code points of it as given.
        hints: (start, end) of spans where something else (a trained tagger) sees an amount. A hint lets a
            number with scale but without currency unit count; it never overrules a clear look-alike.
    """
    reader = _Reader(text, hints)
    found = share_unit(text, share_currency(text, reader.read()))
    return _merge(found, cells(text))


def _merge(found: list[Amount], table: list[Amount]) -> list[Amount]:
    """Both sorted lists as one; a cell of a table wins over what it overlaps."""
    if not table:
        return found
    merged: list[Amount] = []
    cell = 0
    for one in found:
        while cell < len(table) and (table[cell].end or 0) <= (one.start or 0):
            merged.append(table[cell])
            cell += 1
        if cell == len(table) or (one.end or 0) <= (table[cell].start or 0):
            merged.append(one)
    return merged + table[cell:]


def parse(text: str) -> Amount:
    """Read a text that is one amount: 1.47亿元, 约3-5亿元, ￥3,000, 5000万元以上.

    Returns:
        The amount, in yuan where no currency is written; without values and with a note where readers would
        disagree about the number. `start` and `end` are offsets into the text given.

    Raises:
        ProjnerError: P101 where the text is no amount, or more than an amount.
    """
    amount = _only(text)
    if amount is None:
        raise Errors.P101.format(text=text if len(text) <= _LONGEST else text[:_LONGEST] + "…")
    return amount


def _only(text: str) -> Amount | None:
    if len(text.strip(_SPACE)) > _LONGEST:
        return None
    match = patterns().scan.search(text)
    first = read_term(text, match.start()) if match else None
    if first is None:
        return None
    if text[first.end : first.end + 1] == "、" and (match := patterns().scan.search(text, first.end)):
        later = read_term(text, match.start())
        first = later if later is not None and later.start <= first.start else first  # 两、三亿元
    amount = amount_of(text, first)
    link = patterns().link.match(text, first.end)
    second = read_second(text, link) if link else None
    if second is not None:
        amount = range_of(text, first, second)
    return amount if context.is_qualifier(text[: amount.start], text[amount.end :]) else None


class _Reader:
    """One pass over one text."""

    def __init__(self, text: str, hints: Iterable[tuple[int, int]]) -> None:
        self.text = text
        self.hints = sorted(hints)
        self.found: list[Amount] = []
        self.listed = (False, -1)  # what the list at hand says, and where it ends

    def read(self) -> list[Amount]:
        """All amounts that carry their own unit or that the clause governs."""
        text, rules = self.text, patterns()
        scan, prefix_last = rules.scan.search, rules.prefix_last
        floor = 0
        match = scan(text)
        while match:
            start, position = match.span()
            if (
                match.lastindex
                or (start and text[start - 1] in prefix_last)
                or (start > 1 and text[start - 1] in _SPACE and text[start - 2] in prefix_last)
                or (position - start > 2 and ("亿" in match[0] or "万" in match[0]))
                or self.hints
            ):
                amount = self._amount(start, floor)
                if amount is not None and amount.end is not None:
                    self.found.append(amount)
                    floor = amount.end
                    position = max(position, floor)
            match = scan(text, position)
        return self.found

    def _amount(self, start: int, floor: int) -> Amount | None:
        first = read_term(self.text, start, floor=floor)
        if first is None:
            return None
        link = patterns().link.match(self.text, first.end)
        second = read_second(self.text, link) if link else None
        if link and second is not None:
            if self._is_range(first, second, link["word"]):
                return range_of(self.text, first, second)
            if first.unit is None:
                return None  # 20万~30万件
        return amount_of(self.text, first) if self._is_money(first) else None

    def _is_range(self, first: Term, second: Term, word: str | None) -> bool:
        if first.unit is None and first.written in ("零", "0"):
            return False
        if first.unit is not None and second.unit is None and not second.scaled and first.kind != "prefix":
            return False
        if first.unit and second.unit and first.unit.code != second.unit.code and second.kind != "yuan":
            return False
        if second.unit is None and context.is_counted(self.text, second.end):
            return False
        whole = replace(
            second, start=first.start, unit=second.unit or first.unit, kind=second.kind or first.kind
        )
        if not self._is_money(whole):
            return False
        if first.unit is not None and word and context.is_change(self.text, first.start):
            low, high = first.number.low, second.number.low
            if low is not None and high is not None and high > low * _STEP_RATIO:
                return False  # 上涨8元至784元: the step, then the level reached
        return True

    def _is_money(self, term: Term) -> bool:
        text = self.text
        bare = len(term.written) == 1 and term.written in CN_DIGIT
        if term.kind == "code":
            return not (term.start and text[term.start - 1].isascii() and text[term.start - 1].isalnum())
        if term.bare_unit and (
            context.is_heading(text, term.start, term.end)
            or _TORN.search(text, max(0, term.start - 2), term.start)
        ):
            return False
        if term.kind == "prefix" and context.is_latin(text, term.end):
            return False
        if term.kind in ("name", "sign", "prefix"):
            return not bare or text[term.end - 1] not in _TRANSCRIBED or context.ends_phrase(text, term.end)
        if term.kind == "yuan":
            return term.scaled or self._is_yuan(term)
        if term.kind == "block":
            return text[term.end - 1] in "钱錢" or (
                term.written[-1:] not in "亿億" and self._is_block(term, bare)
            )
        if term.kind == "piece":
            if text[term.end - 1] == "角" and term.start and text[term.start - 1] in _NO_CORNER:
                return False
            change = add_change(text, term)
            end = change[1] if change else term.end
            if (
                change
                and text[term.end - 1] != "分"
                and (text[end - 1] in "分钱錢厘" or text[term.end - 1] == "毛")
            ):
                return not context.is_counted(text, end)
            if text[term.end - 1] in "分厘" or (term.written == "一" and text[term.end - 1] in "钱錢"):
                return context.is_cents(text, term.start, end)
            if text[term.end - 1] in "钱錢" and term.written != "一":
                return True
            return context.colloquial(text, term.start, end, bare=bare)
        if term.written in ("万", "亿", "萬", "億") and not context.ends_phrase(text, term.end):
            return False  # 万隆, 亿阳
        if not term.scaled:
            return self._hinted(term) and term.written[-1:] in CN_UNIT
        if self._hinted(term) and not context.is_count(text, term.start, term.end):
            return True
        if context.licensed(text, term.start, term.end, colloquial_scale="个" in term.written):
            return True
        if self.found and context.continues(text, self.found[-1].end or 0, term.start, term.end):
            return True
        if term.end > self.listed[1]:
            self.listed = list_currency(text, term)
        return self.listed[0]

    def _is_yuan(self, term: Term) -> bool:
        at = term.end - 1
        while self.text[at] not in "元圆圓":
            at -= 1
        if context.is_yuan_word(self.text, at):
            return False
        if len(normalise(term.written)) == 1 and term.written in CN_DIGIT:
            return context.is_single_yuan(self.text, term.start, term.end)
        return True

    def _is_block(self, term: Term, bare: bool) -> bool:
        change = patterns().part.match(self.text, term.end)
        if change and (change["jiao"] or change["cents"] or context.is_loose(self.text, change.end())):
            return True
        if not bare and self._hinted(term) and context.is_loose(self.text, term.end):
            return True
        if bare:
            return context.is_price(self.text, term.start, term.end)
        return context.colloquial(self.text, term.start, term.end)

    def _hinted(self, term: Term) -> bool:
        return any(term.start <= start < term.end or start <= term.start < end for start, end in self.hints)
