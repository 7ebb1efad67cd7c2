"""From characters to amounts: number, scale and currency; ranges, lists, signs, small change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal

from projner.money import context
from projner.money.amount import Amount
from projner.money.currencies import COLLOQUIAL, PARTS, Unit, table
from projner.money.numerals import AMBIGUOUS, NotANumeral, Numeral, evaluate, normalise
from projner.money.patterns import CN_DIGIT, CN_SCALE, CN_UNIT, patterns

_WIDE = Context(prec=80)
_VAGUE_PREFIX = frozenset("数數几上")
_NOT_VAGUE = frozenset("以之线网地身路市车船岸海陆水纸桌冲迈登踏跃站升跨")
_MINUS = frozenset("-－−负負")
_BEFORE_MINUS = frozenset(' \u3000\n\t为是约、:：，,(（“"~～|至到在达于率额润损失')
_CNY = Unit("CNY")
_XXX = "ambiguous_currency"
_SCALE_LETTERS = CN_SCALE + CN_UNIT + "wWkK个個"
_LITERAL_FROM = 100
_RESPECTIVELY = re.compile("(?:分别|各|依次)[^，。；]{0,4}\\Z")


@dataclass(slots=True)
class Term:
    """One number with what belongs to it; `unit` is None where no currency is written."""

    start: int
    end: int
    number: Numeral
    written: str
    unit: Unit | None
    kind: str  # name, yuan, block, piece, code, sign, prefix or ""
    negative: bool = False
    number_end: int = 0

    @property
    def scaled(self) -> bool:
        """Whether the number counts ten thousands or more by a word: 5000万, 3亿, 15w."""
        return any(char in CN_SCALE for char in self.written) or self.written[-1:] in "wWkKn"

    @property
    def bare_unit(self) -> bool:
        """Whether the number has no digit: 亿, 百亿."""
        return all(char in CN_UNIT + CN_SCALE for char in self.written)


def read_term(text: str, start: int, *, floor: int = 0) -> Term | None:
    """The number that starts here, with sign, currency before or behind; None where it is no numeral.

    Nothing before `floor` is taken.
    """
    rules = patterns()
    match = rules.term.match(text, start)
    if match is None:
        return None
    number_end = match.end("number")
    end = match.end()
    kind = match.lastgroup or ""
    unit: Unit | None = None
    if match["name"]:
        kind, unit = "name", table().names[match["name"]]
    elif match["yuan"]:
        kind, unit = "yuan", _CNY
        coin = match["coin"] or match["paren"]
        if coin:
            unit = table().names[coin]
    elif match["block"]:
        kind, unit = "block", _CNY
    elif match["piece"]:
        kind, unit = "piece", Unit("CNY", PARTS[match["piece"][0]])
    elif match["code"]:
        kind, unit = "code", table().codes[match["code"]]
    elif match["sign"]:
        kind, unit = "sign", table().signs.get(match["sign"], Unit("JPY"))
    else:
        kind, end = "", number_end
    written = match["number"]
    if unit is None:
        stripped = written.rstrip("余餘多来个個半 \u3000\xa0" if not written.endswith("亿半") else " ")
        if len(stripped) > 1 and stripped[-1] in "两兩" and stripped[-2] in CN_UNIT + CN_SCALE:
            return None  # 一百万两: taels
        end = number_end = start + len(stripped)
        written = stripped
    begin = _reach_back(text, start, floor, written)
    if begin < start:
        written = text[begin:number_end]
    try:
        number = evaluate(written)
    except NotANumeral:
        return None
    term = Term(begin, end, number, written, unit, kind, number_end=number_end)
    _look_back(text, term, floor)
    return term


def _reach_back(text: str, start: int, floor: int, written: str) -> int:
    """Where a number really begins: 数百万, 好几千, 上亿, 半个亿, 几个亿, 两、三亿."""
    if start <= floor:
        return start
    before, two = text[start - 1], text[max(floor, start - 2) : start]
    if before == "、" and written[0] in CN_DIGIT:
        return _pair_start(text, start, floor, written)
    if written[0] == "几" and before == "好":
        return start - 1
    if written[0] not in CN_UNIT + CN_SCALE:
        return start
    if two in ("几个", "幾個"):
        return start - 3 if text[max(floor, start - 3) : start - 2] == "好" else start - 2
    if two == "半个":
        return start - 2
    if before == "半":
        return start - 1
    if before not in _VAGUE_PREFIX or (before == "上" and two[0] in _NOT_VAGUE):
        return start
    return start - 2 if two == "好几" else start - 1


def _pair_start(text: str, start: int, floor: int, written: str) -> int:
    """Where 两、三亿 and 十七、八万 begin; 一、三亿元 at the start of a line is a heading and stays apart."""
    begin = start - 1
    while begin > max(floor, start - 6) and text[begin - 1] in CN_DIGIT + CN_UNIT:
        begin -= 1
    spoken = start - begin > 2 or text[begin] in "两兩"
    if begin == start - 1 or (not spoken and (begin == 0 or not text[begin - 1].isalpha())):
        return start
    if (text[max(0, begin - 1) : begin] in "、第" and begin) or _RESPECTIVELY.search(
        text, max(0, begin - 8), begin
    ):
        return start
    try:
        number = evaluate(text[begin:start] + written)
    except NotANumeral:
        return start
    return start if number.low == number.high else begin


def _look_back(text: str, term: Term, floor: int) -> None:
    """Take a sign and a currency in front of the number."""
    rules = patterns()
    start = term.start
    if start > floor and text[start - 1] in _MINUS:
        before = text[start - 2] if start - 2 >= floor else ""
        if text[start - 1] in "负負":
            if not before or before not in "减減肩抱自胜担背":
                term.negative, term.start = True, start - 1
        elif start - 1 == floor or before in _BEFORE_MINUS:
            term.negative, term.start = True, start - 1
    start = term.start
    if start > floor and text[start - 1] in "+＋" and (start - 1 == floor or not text[start - 2].isalnum()):
        start -= 1
    probe = start - 1 if start > floor and text[start - 1] in " \u3000\xa0:：" else start
    if probe > floor and text[probe - 1] in rules.prefix_last:
        found = rules.prefix.search(text, max(floor, start - 7), start)
        if found:
            if found["name"]:
                unit = table().names[found["name"]]
            elif found["sign"]:
                unit = table().signs[found["sign"]]
            else:
                unit = table().codes[found["code"]]
            if term.unit is None or term.kind == "yuan":
                term.unit = unit
                term.kind = term.kind or "prefix"
                term.start = found.start()
            elif term.unit.code == unit.code:
                term.start = found.start()
            if not term.negative and term.start > floor and text[term.start - 1] in "-－−":
                before = text[term.start - 2] if term.start - 2 >= floor else ""
                if term.start - 1 == floor or before in _BEFORE_MINUS:
                    term.negative, term.start = True, term.start - 1


def read_second(text: str, link: re.Match[str]) -> Term | None:
    """The number behind 至 or a dash, its minus sign or 数, 上 included."""
    begin = link.start("minus") if link["minus"] else link.end()
    number = link.end()
    if text[number : number + 1] in _VAGUE_PREFIX and text[number + 1 : number + 2] in CN_UNIT + CN_SCALE:
        number += 1
    return read_term(text, number, floor=begin)


def value_of(term: Term) -> tuple[Decimal | None, Decimal | None]:
    """Low and high of one term in the base unit."""
    low, high = term.number.low, term.number.high
    if low is None or high is None:
        return None, None
    size = term.unit.size if term.unit else Decimal(1)
    low, high = _WIDE.multiply(low, size), _WIDE.multiply(high, size)
    return (-high, -low) if term.negative else (low, high)


def add_change(text: str, term: Term) -> tuple[Decimal, int] | None:
    """角 and 分 behind 元 or 块: 3元5角, 三块二, 两块八毛五, 4角5分; the value to add and where it ends."""
    if term.number.low is None or term.number.low != term.number.high:
        return None
    if term.kind == "piece":
        return _coin_change(text, term)
    if term.kind not in ("yuan", "block"):
        return None
    match = patterns().part.match(text, term.end)
    if match is None:
        return None
    if match["tail"]:
        follow = text[match.end() : match.end() + 1]
        if term.kind != "block" or text[term.end - 1] not in COLLOQUIAL or follow in _CLASSIFIERS:
            return None
        digits = normalise_digits(match["tail"])
        return Decimal(f"0.{digits}"), match.end()
    if match["cents"]:
        return Decimal(f"0.0{normalise_digits(match['cents'])}"), match.end()
    fen = normalise_digits(match["fen"]) if match["fen"] else "0"
    return Decimal(f"0.{normalise_digits(match['jiao'])}{fen}"), match.end()


def _coin_change(text: str, term: Term) -> tuple[Decimal, int] | None:
    """What stands behind 角, 毛, 分: 4角5分, 二毛五, 4分5."""
    match = patterns().coin_part.match(text, term.end)
    if match is None or (
        text[match.end() - 1] not in "分钱錢厘" and text[match.end() : match.end() + 1] in _CLASSIFIERS
    ):
        return None
    if match["fen"]:
        mil = normalise_digits(match["mil"]) if match["mil"] else ""
        return Decimal(f"0.0{normalise_digits(match['fen'])}{mil}"), match.end()
    return Decimal(f"0.00{normalise_digits(match['li'])}"), match.end()


_CLASSIFIERS = frozenset("个家条块台项只号次种名位件辆亩米吨年月日天")


def normalise_digits(text: str) -> str:
    """Digits as 0-9, whether Chinese, full width or half width."""
    return "".join(
        str("零一二三四五六七八九".find(char)) if char in CN_DIGIT else char for char in normalise(text)
    )


def amount_of(text: str, term: Term) -> Amount:
    """The amount of a single term, small change included."""
    low, high = value_of(term)
    end = term.end
    change = add_change(text, term)
    if change and low is not None and high is not None:
        add = -change[0] if term.negative else change[0]
        low, high, end = low + add, high + add, change[1]
    return _finish(
        text, term.start, end, low, high, term.unit or _CNY, term.number.approximate, term.number.notes
    )


def range_of(text: str, first: Term, second: Term) -> Amount:
    """The amount of two terms with 至 or - between them; each takes what it lacks from the other."""
    unit = second.unit or first.unit or _CNY
    if not first.scaled and second.scaled and (first.unit is None or first.kind == "prefix"):
        first = _borrow_scale(first, second)
    a, b = value_of(replace(first, unit=first.unit or unit)), value_of(replace(second, unit=unit))
    notes = tuple(dict.fromkeys(first.number.notes + second.number.notes))
    low = high = None
    if a[0] is not None and a[1] is not None and b[0] is not None and b[1] is not None:
        low, high = min(a[0], b[0]), max(a[1], b[1])
    approximate = first.number.approximate or second.number.approximate
    return _finish(text, first.start, second.end, low, high, unit, approximate, notes)


def _borrow_scale(first: Term, second: Term) -> Term:
    """3-5亿元: the 3 counts 亿 as well; 9500-1.2万元 means what it says; 8000-1.2亿元 is open."""
    tail = len(second.written)
    while tail and (second.written[tail - 1] in _SCALE_LETTERS or second.written[tail - 1].isspace()):
        tail -= 1
    scale = second.written[tail:]
    try:
        mantissa = evaluate(second.written[:tail]).low if tail else None
        if first.written[-1:] in CN_UNIT and scale[:1] in CN_UNIT:
            scale = scale.lstrip(CN_UNIT)
        own = first.number.low
        if mantissa is not None and own is not None and own >= mantissa and first.written[-1:] not in CN_UNIT:
            if scale in ("万", "萬") and own >= _LITERAL_FROM:
                return first
            raise NotANumeral(first.written)
        return replace(first, number=evaluate(first.written + scale))
    except NotANumeral:
        return replace(first, number=Numeral(None, None, notes=(AMBIGUOUS,)))


def _finish(
    text: str,
    start: int,
    end: int,
    low: Decimal | None,
    high: Decimal | None,
    unit: Unit,
    approximate: bool,
    notes: Sequence[str],
) -> Amount:
    if unit.ambiguous:
        notes = (*notes, _XXX)
    return Amount(
        low=low,
        high=high,
        currency=unit.code,
        bound=context.bound_of(text, start, end),
        approximate=approximate or context.is_approximate(text, start, end),
        notes=tuple(notes),
        start=start,
        end=end,
    )
