"""What a Chinese, Arabic or mixed numeral is worth: 1亿5000万, 三点五亿, 十几万, 叁佰万, 三四百.

A numeral that readers would understand differently (三千万五, 三亿二千) has no value and a note; a string
that is no numeral raises `NotANumeral`. All arithmetic is on Decimals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache

MAX_LENGTH = 64  # longer than any amount; keeps hostile input cheap
AMBIGUOUS = "ambiguous_numeral"

_WIDE = Context(prec=80)
_NORMAL = str.maketrans(
    "０１２３４５６７８９．，〇○Ｏ壹弌貳贰弍叁參参弎肆伍陆陸柒捌玖两兩俩倆拾佰仟萬億幺餘幾數個點仨",
    "0123456789.,零零零一一二二二三三三三四五六六七八九二二二二十百千万亿一余几数个点三",
)
_DIGIT = {char: value for value, char in enumerate("零一二三四五六七八九")}
_UNIT = {"十": 10, "百": 100, "千": 1000}
_TENS = {"廿": "二十", "卅": "三十", "卌": "四十"}
_SCALES = {
    "": Decimal(1),
    "万": Decimal(10) ** 4,
    "亿": Decimal(10) ** 8,
    "万亿": Decimal(10) ** 12,
    "兆": Decimal(10) ** 12,
    "亿亿": Decimal(10) ** 16,
}
_MULTIPLIER = {
    "k": Decimal(1000),
    "w": Decimal(10000),
    "thousand": Decimal(10) ** 3,
    "million": Decimal(10) ** 6,
    "mn": Decimal(10) ** 6,
    "billion": Decimal(10) ** 9,
    "bn": Decimal(10) ** 9,
    "trillion": Decimal(10) ** 12,
}

_ARABIC = re.compile(r"\d+(?:\.\d*)?(?:e[+-]?\d{1,2})?\Z", re.I)
_SIMPLE = re.compile(r"(\d+(?:\.\d*)?)(万亿|[万亿]?)\Z")
_LATIN = re.compile(r"(\d+(?:\.\d+)?)(k|w|thousand|million|mn|billion|bn|trillion)\Z", re.I)
_GROUP = re.compile(r"([^万亿兆]*+)(万亿|[万亿兆])")
_NESTED = re.compile(r"([^亿兆]*万[^亿兆]+)亿([^亿兆]*)\Z")
_SECTION = re.compile(
    r"(?:[一二三四五六七八九]千)?(?:零?[一二三四五六七八九]百)?(?:零?[一二三四五六七八九]?十)?(?:零?[一二三四五六七八九])?\Z"
)
_DIGITS = re.compile(r"[零一二三四五六七八九]+\Z")
_SPOKEN_DIGITS = re.compile(r"[一二三四五六七八九]{2,3}\Z")  # 二〇〇 is read out, 三四五 may be 3 to 5
_DECIMAL = re.compile(r"([^点]+)点([零一二三四五六七八九]+|\d+)\Z")
_MIXED = re.compile(r"(?:\d+(?:\.\d+)?[千百十])+(?:\d+)?\Z")
_MIXED_PART = re.compile(r"(\d+(?:\.\d+)?)([千百十]?)")
_PAIR = re.compile(r"(.*?)([一二三四五六七八九])[、]?([一二三四五六七八九])([十百千]?)(.*)\Z")


class NotANumeral(ValueError):
    """The string is no numeral."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """The worth of a numeral; both ends None where it gives no number to rely on."""

    low: Decimal | None
    high: Decimal | None
    approximate: bool = False
    notes: tuple[str, ...] = ()


_VAGUE = Numeral(None, None, approximate=True)
_DOUBTFUL = Numeral(None, None, notes=(AMBIGUOUS,))


class _Doubtful(Exception):
    """Readers would disagree."""


def normalise(text: str) -> str:
    """Half width, simplified, lower numerals, without spaces and thousands separators."""
    text = text.translate(_NORMAL).replace(",", "")
    text = "".join(text.split())
    for char, tens in _TENS.items():
        text = text.replace(char, tens)
    return text


@lru_cache(maxsize=8192)
def evaluate(text: str) -> Numeral:
    """The worth of one numeral without sign and currency.

    Raises:
        NotANumeral: where the string is none, or is longer than MAX_LENGTH.
    """
    if len(text) > MAX_LENGTH:
        raise NotANumeral(text[:MAX_LENGTH])
    text = normalise(text)
    simple = _SIMPLE.match(text)
    if simple:
        value = _WIDE.multiply(Decimal(simple[1]), _SCALES[simple[2]])
        return Numeral(value, value)
    approximate = False
    vague = text.lstrip("上好成")
    if vague != text or "数" in text or "几" in text:
        rest = re.sub("[数几余多来个]", "", vague)
        if not rest or re.fullmatch("[0-9.零一二三四五六七八九十百千万亿兆]+", rest):
            return _VAGUE
        raise NotANumeral(text)
    bare = re.sub("[个余多来]|(?<=[百千万亿])把", "", text)
    if len(bare) != len(text.replace("个", "")):
        approximate = True
    if bare.rstrip("万亿") in ("百十", "百八十", "千八百", "万八千", "千百", "万千"):
        return _VAGUE
    try:
        low, high = _ends(bare)
    except _Doubtful:
        return _DOUBTFUL
    return Numeral(low, high, approximate or low != high)


def _ends(text: str) -> tuple[Decimal, Decimal]:
    """Low and high; they differ for two neighbouring digits (三四百, 两三千万)."""
    pair = _PAIR.match(text)
    if pair:
        head, first, second, unit, tail = pair.groups()
        a, b = _DIGIT[first], _DIGIT[second]
        single = not head or head[-1] in "十百千万亿"
        if (
            single
            and (b == a + 1 or (not head and (a, b) == (3, 5)))
            and not re.match("[零一二三四五六七八九点]", tail)
        ):
            return _value(head + first + unit + tail), _value(head + second + unit + tail)
    value = _value(text)
    return value, value


def _value(text: str) -> Decimal:
    half = _half(text)
    if half is not None:
        return half
    latin = _LATIN.match(text)
    if latin:
        return _WIDE.multiply(Decimal(latin[1]), _MULTIPLIER[latin[2].lower()])
    nested = _NESTED.match(text)
    if nested is None:
        return _sum(text, Decimal(0), None)
    yi = _SCALES["亿"]  # 三万五千亿: the 亿 counts all before it
    head = _WIDE.multiply(_value(nested[1]), yi)
    return _sum(nested[2], head, yi) if nested[2] else head


def _sum(text: str, total: Decimal, last: Decimal | None) -> Decimal:
    """Add the parts with 万 and 亿 and the rest; `last` is the scale before, None at the start."""
    groups = _GROUP.findall(text)
    tail = text[sum(len(head) + len(scale) for head, scale in groups) :]
    if not groups and last is None:
        return _group(text)
    fraction_seen = False
    for head, scale in groups:
        size = _SCALES[scale]
        if last is not None and (head == "" or size >= last):
            raise NotANumeral(text)  # 万万, 亿亿: no amount is written like that
        if fraction_seen:
            raise _Doubtful
        zero = last is not None and head.startswith("零")
        value = Decimal(1) if head == "" else _group(head[1:] if zero else head)
        fraction_seen = value != value.to_integral_value()
        part = _WIDE.multiply(value, size)
        if last is not None and part >= last:
            raise _Doubtful
        total, last = _WIDE.add(total, part), size
    if tail and last is not None:
        if fraction_seen:
            raise _Doubtful
        total = _WIDE.add(total, _tail(tail, last, groups[-1][0] if groups else ""))
    return total


def _tail(tail: str, size: Decimal, head: str) -> Decimal:
    """What stands behind the last 万 or 亿: the rest, or the spoken short form (一亿五 = 1.5亿)."""
    if tail.startswith("零"):
        if len(tail) == 1:
            raise NotANumeral(tail)
        value = _group(tail[1:])
    elif tail in _DIGIT or (tail.isdigit() and len(tail) == 1):
        if _ends_round(head):
            raise _Doubtful  # 三千万五: 3500万 to the ear, 30005000 to the letter
        digit = _DIGIT[tail] if tail in _DIGIT else int(tail)
        return _WIDE.multiply(Decimal(digit), _WIDE.divide(size, Decimal(10)))
    else:
        value = _group(tail)
        large = size > 10**4
        if _ARABIC.match(tail):
            whole = tail.partition(".")[0]
            digits = len(whole)
            if digits == 2 or (large and digits != 8):
                raise _Doubtful  # 1亿5000: 万 forgotten?
        elif large and tail[-1] in _UNIT:
            raise _Doubtful  # 三亿二千: 3.2亿 to the ear, 300002000 to the letter
    if value >= size:
        raise _Doubtful
    return value


def _ends_round(head: str) -> bool:
    if head[-1:].isdigit() and head[-1:] not in _DIGIT:
        return head.endswith("00")
    return head[-1:] in ("百", "千")


def _group(text: str) -> Decimal:
    """A part without 万 and 亿."""
    if _ARABIC.match(text):
        return Decimal(text)
    if _MIXED.match(text):
        return _mixed(text)
    decimal = _DECIMAL.match(text)
    if decimal:
        whole, fraction = decimal.groups()
        digits = "".join(str(_DIGIT.get(char, char)) for char in fraction)
        if whole.isdigit() and whole.isascii():
            return Decimal(f"{whole}.{digits}")
        return Decimal(f"{_integer(whole)}.{digits}")
    return Decimal(_integer(text))


def _mixed(text: str) -> Decimal:
    """Digits with small units: 3千5百, 1.2千, 8百."""
    total, last = Decimal(0), Decimal("Infinity")
    parts = _MIXED_PART.findall(text)
    for number, unit in parts:
        size = Decimal(_UNIT.get(unit, 1))
        if size >= last or ("." in number and len(parts) > 1):
            raise _Doubtful
        value = _WIDE.multiply(Decimal(number), size)
        if value >= last or (not unit and len(number) == 1 and last > 10):
            raise _Doubtful
        total, last = _WIDE.add(total, value), size
    return total


@lru_cache(maxsize=8192)
def _integer(text: str) -> int:
    """A Chinese integer below 10^4, or digits read one by one (二〇〇)."""
    if text in _UNIT:
        return _UNIT[text]
    if _SPOKEN_DIGITS.match(text):
        raise _Doubtful  # 二五元, 三四五元
    if _DIGITS.match(text):
        return int("".join(str(_DIGIT[char]) for char in text))
    if not text or not _SECTION.match(text):
        raise NotANumeral(text)
    from cn2an import cn2an  # type: ignore[import-untyped]  # 0.1 s to import; right for well-formed sections, which is all it sees

    return int(cn2an(text, "normal"))


def _half(text: str) -> Decimal | None:
    """半亿 = 0.5亿, 一亿半 = 1.5亿, 两块半 is the grammar's; None without 半."""
    if "半" not in text:
        return None
    head, _, tail = text.partition("半")
    if tail and tail not in _SCALES and tail not in _UNIT:
        raise NotANumeral(text)
    half = Decimal("0.5")
    if tail:
        size = _SCALES[tail] if tail in _SCALES else Decimal(_UNIT[tail])
        return _WIDE.multiply(_WIDE.add(_value(head), half) if head else half, size)
    if not head:
        return half
    for scale in ("万亿", "万", "亿"):
        if head.endswith(scale):
            return _WIDE.add(_value(head), _WIDE.multiply(half, _SCALES[scale]))
    return _WIDE.add(_value(head), half)
