"""Table cells whose header carries the unit: 投资额(万元) above 3200."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from projner.money.amount import Amount
from projner.money.currencies import Unit, table
from projner.money.numerals import evaluate, normalise

NOTE = "unit_from_header"

_SEPARATOR = re.compile(r"[ 　]*(?:\t|[|｜]|[ 　]{2,})[ 　]*")
_DIGIT_RUN = r"([-－−]?[0-9０-９]+(?:[,，][0-9０-９]{3})*(?:[.．][0-9０-９]+)?)"
_NUMBER = re.compile(f"[ 　]*{_DIGIT_RUN}[ 　]*\\Z")
_DIGITS = re.compile(f"[ 　]*[:：]?[ 　]*{_DIGIT_RUN}(?![0-9０-９.．万亿元%％])")
_MONEY = re.compile("投资|金额|额|产值|收入|资金|价|利润|税|预算|概算|造价|成本|费|款|贷|营收|支出")
_MINUS = str.maketrans("－−", "--")


@cache
def _units() -> tuple[re.Pattern[str], re.Pattern[str]]:
    names = "|".join(re.escape(name) for name in sorted(table().names, key=len, reverse=True))
    unit = f"(?P<scale>[十百千拾佰仟]?[万亿萬億]{{0,2}})[ 　]?(?P<name>元|圆|{names})(?:/[^)）\\s]{{1,4}})?"
    header = re.compile(f"[(（\\[【](?:单位[:：]?|單位[:：]?)?[ 　]?(?:人民币)?[ 　]?{unit}[)）\\]】]")
    line = re.compile(f"(?:单位|單位)[ 　]?[:：][ 　]?(?:人民币)?{unit}")
    return header, line


def cells(text: str) -> list[Amount]:
    """The amounts of all table cells below (or right behind) a header with a unit in brackets."""
    header, general = _units()
    if header.search(text) is None and general.search(text) is None:
        return []
    found: list[Amount] = []
    columns: dict[int, Unit] = {}
    width = 0
    common: Unit | None = None
    position = 0
    for line in text.splitlines(keepends=True):
        body = line.rstrip("\r\n")
        spans = _split(body)
        units = {
            index: unit
            for index, (start, end) in enumerate(spans)
            if (unit := _unit(header, body[start:end]))
        }
        stated = general.search(body)
        if stated:
            common = _size(stated)
        elif units and not any(_NUMBER.match(body[start:end]) for start, end in spans):
            columns, width = units, len(spans)
        elif (
            common and not columns and len(spans) > 1 and not any(_NUMBER.match(body[s:e]) for s, e in spans)
        ):
            columns = {index: common for index, (s, e) in enumerate(spans) if _MONEY.search(body[s:e])}
            width = len(spans)
        elif columns and len(spans) == width and not units:
            for index, unit in columns.items():
                start, end = spans[index]
                number = _NUMBER.match(body[start:end])
                if number:
                    found.append(_amount(number[1], unit, position + start + number.start(1)))
        elif body.strip(" 　|｜-:+\t"):
            columns, width = {}, 0
        if not columns or units:
            found.extend(_beside(header, body, position))
        position += len(line)
    return found


def _split(line: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for match in _SEPARATOR.finditer(line):
        spans.append((start, match.start()))
        start = match.end()
    spans.append((start, len(line)))
    return spans


def _unit(header: re.Pattern[str], cell: str) -> Unit | None:
    match = header.search(cell)
    return _size(match) if match and not cell[match.end() :].strip() else None


def _size(match: re.Match[str]) -> Unit:
    unit = table().names.get(match["name"], Unit("CNY"))
    scale = evaluate(match["scale"]).low if match["scale"] else Decimal(1)
    return Unit(unit.code, unit.size * (scale or 1), unit.ambiguous)


def _beside(header: re.Pattern[str], body: str, position: int) -> list[Amount]:
    """总投资(万元)：3200 in one line."""
    found = []
    for match in header.finditer(body):
        number = _DIGITS.match(body, match.end())
        if number and number.end() > match.end():
            found.append(_amount(number[1], _size(match), position + number.start(1)))
    return found


def _amount(digits: str, unit: Unit, start: int) -> Amount:
    value = Decimal(normalise(digits.translate(_MINUS))) * unit.size
    return Amount(value, value, unit.code, notes=(NOTE,), start=start, end=start + len(digits))
