"""Text as arrays: code points, character classes, and the pieces that are decoded on their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

MAX_SEGMENT = 300
_SENTENCE = re.compile(r"[^\n。！？!?]*[\n。！？!?]+")

# Classes that the shape of a character gives; anything else is a letter of some other script.
CLASSES = ("other", "han", "digit", "latin", "space", "newline", "punct", "han_digit", "unit")
_HAN_DIGITS = "〇零一二三四五六七八九十百千万亿两几数半壹贰叁肆伍陆柒捌玖拾佰仟萬億"
_UNITS = "元圆块角分%％‰吨亩米年月日时点度瓦股户个家"


def _class_table() -> NDArray[np.uint8]:
    table = np.zeros(0x10000, dtype=np.uint8)
    for code in range(0x10000):
        char = chr(code)
        if 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF:
            table[code] = 1
        elif char.isdigit():
            table[code] = 2
        elif char == "\n":
            table[code] = 5
        elif char.isspace():
            table[code] = 4
        elif char.isalpha() and (code < 0x250 or 0xFF00 < code < 0xFF5F):
            table[code] = 3
        elif not char.isalpha():
            table[code] = 6
    for char in _HAN_DIGITS:
        table[ord(char)] = 7
    for char in _UNITS:
        table[ord(char)] = 8
    return table


_CLASS: NDArray[np.uint8] | None = None


def codepoints(text: str) -> NDArray[np.uint32]:
    """The text as one unsigned integer a character; full-width ASCII is folded onto its half-width form."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).copy()
    wide = (codes > 0xFF00) & (codes < 0xFF5F)
    codes[wide] -= 0xFEE0
    return codes


def classes(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """An index into CLASSES for every code point."""
    global _CLASS
    if _CLASS is None:
        _CLASS = _class_table()
    return _CLASS[np.minimum(codes, 0xFFFF)]


def segments(text: str) -> Iterator[tuple[int, int]]:
    """Sentences and lines as (start, end), at most MAX_SEGMENT characters each, that cover the text."""
    end = 0
    for match in _SENTENCE.finditer(text):
        yield from _cut(match.start(), match.end())
        end = match.end()
    if end < len(text):
        yield from _cut(end, len(text))


def _cut(start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MAX_SEGMENT:
        yield start, start + MAX_SEGMENT
        start += MAX_SEGMENT
    yield start, end
