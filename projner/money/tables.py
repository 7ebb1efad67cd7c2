"""Table cells whose header, or a line above or below the table, carries the unit: 投资额(万元) above 3200."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import product

from projner.money.amount import Amount
from projner.money.currencies import Unit, table
from projner.money.numerals import evaluate, normalise

NOTE = "unit_from_header"
_MOST_ROWS = 500  # of a table above its unit, so that long texts stay cheap

Cells = list[tuple[int, int]]

_DIGITS = r"[0-9０-９]+(?:[,，][0-9０-９]{3})*(?:[.．][0-9０-９]+)?"
_NUMBER = re.compile(f"[ 　]*([-－−]?{_DIGITS})[ 　]*\\Z")
_STEP = re.compile(f"[ 　]*[涨跌升降↑↓▲▼+＋]?([-－−]?{_DIGITS})[ 　]*\\Z")
_BESIDE = re.compile(f"[ 　]*[:：]?[ 　]*([-－−]?{_DIGITS})(?![0-9０-９.．万亿元%％])")
_MINUS = str.maketrans("－−", "--")

# How the cells of a line are parted; a row follows its header where one of these gives as many cells.
_SEPARATORS = tuple(
    re.compile(pattern)
    for pattern in (
        r"[ 　]*(?:\t|[|｜]|　|[ 　]{2,})[ 　]*",
        r"[ 　]+[/／][ 　]+",
        r"[ 　]+",
    )
)
_RULE = re.compile(r"[\s|｜\-:：+=—]*\Z")
_MONEY = re.compile(
    "投资|金额|额|产值|收入|资金|价|利润|税|预算|概算|造价|成本|费|款|贷|营收|支出"
    "|计划|完成|累计|预计|实际|合计|小计|总计|到位|下达|支付|拨付|本年|上年|去年|今年|当月|本月"
)
# Columns that hold no money though the unit of the table is one.
_OTHER = re.compile(
    "序号|编号|代码|名次|排名|位次|年份|年度$|月份|日期|时间|电话|同比|环比|增长|增速|增幅|涨幅|跌幅|幅度|比重|占比|比例|率|[%％‰]"
    "|数量|户数|人数|家数|个数|台数|件数|套数|笔数|次数|项目数|面积|产量|销量|产能|重量|里程|规格|材质|型号|[(（\\[【]"
)
_CHANGE = re.compile("涨跌(?:额|值|情况)?|升跌|变化|变动|较昨日|较上日|较上周|增减额?")
_ITEM = r"[^\d０-９，,、；;。：:！？!?()（）]{1,12}"
_QUOTES = re.compile(f"(?:{_ITEM}[:：])?{_ITEM}(?:{_DIGITS})?(?:[，,、；;]{_ITEM}(?:{_DIGITS})?)*[。；;]?\\Z")
_QUOTE = re.compile(f"(?P<name>{_ITEM})(?P<number>{_DIGITS})(?=[，,、；;。]|\\Z)")
_NO_PRICE = re.compile(
    "同比|环比|增长|增幅|[人户家个台件套吨亩]数|产量|销量|面积|库存|指数|排名|第|[年月日]$"
)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns with money: their units, which of them only say a change, how many there are in all."""

    units: dict[int, Unit]
    steps: frozenset[int]
    width: int


@cache
def _units() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    names = "|".join(re.escape(name) for name in sorted(table().names, key=len, reverse=True))
    unit = f"(?P<scale>[十百千拾佰仟]?[万亿萬億]{{0,2}})[ 　]?(?P<name>元|圆|{names})"
    unit += "(?:[ 　]?[/／][ 　]?[^)）\\s/／]{1,4})?"
    header = re.compile(f"[(（\\[【](?:单位[:：]?|單位[:：]?)?[ 　]?(?:人民币)?[ 　]?{unit}[)）\\]】]")
    line = re.compile(f"(?:单位|單位)[ 　]?[:：][ 　]?(?:人民币)?{unit}")
    foot = re.compile(f"[ 　]*[(（\\[【]?(?:注[:：])?{line.pattern}(?=[)）\\]】\\s，；;。]|\\Z)")
    return header, line, foot


def cells(text: str) -> list[Amount]:
    """The amounts of all table cells and quotations whose unit is said apart from them."""
    header, general, foot = _units()
    if header.search(text) is None and general.search(text) is None:
        return []
    lines = list(_lines(text))
    found: list[Amount] = []
    columns: list[_Columns] = []  # the ways to read the header at hand
    common: Unit | None = None
    listed = False  # whether quotations may stand here: right below their unit
    for index, line in enumerate(lines):
        stated = general.search(line.text)
        if stated:
            unit = _size(stated)
            above = _above(lines, index, unit) if not columns and foot.match(line.text) else []
            found.extend(above)
            common, columns, listed = (None if above else unit), [], not above
            found.extend(_beside(header, line))
            continue
        heading = _headed(line.text) or (_plain(line.text, common) if common and not columns else [])
        if heading:
            columns = heading
        elif columns and (row := _row(line, columns)) is not None:
            found.extend(row)
            continue
        elif common and listed and len(quotes := _quoted(line, common)) > 1:
            found.extend(quotes)
            continue
        elif not _RULE.match(line.text):
            columns, listed = [], False
        if not columns or heading:
            found.extend(_beside(header, line))
    return sorted(found, key=lambda one: one.start or 0)


def _lines(text: str) -> Iterator[_Line]:
    position = 0
    for whole in text.splitlines(keepends=True):
        yield _Line(position, whole.rstrip("\r\n"))
        position += len(whole)


def _split(line: str, separator: re.Pattern[str]) -> Cells:
    begin = len(line) - len(line.lstrip(" 　"))
    end = len(line.rstrip(" 　"))
    spans, start = [], begin
    for match in separator.finditer(line, begin, end):
        spans.append((start, match.start()))
        start = match.end()
    return [*spans, (start, end)]


def _has_number(line: str, spans: Cells) -> bool:
    return any(_NUMBER.match(line[start:end]) for start, end in spans)


def _headed(line: str) -> list[_Columns]:
    """The header of a table whose cells end with their unit, 投资额(万元): each way to part it."""
    header = _units()[0]
    found: list[_Columns] = []
    if header.search(line) is None:
        return found
    for separator in _SEPARATORS:
        spans = _split(line, separator)
        units = {
            index: _size(match)
            for index, (start, end) in enumerate(spans)
            if (match := header.search(line[start:end])) and not line[start + match.end() : end].strip()
        }
        if units and not _has_number(line, spans) and (len(spans) > 1 or separator is _SEPARATORS[0]):
            steps = {
                index
                for index, (start, end) in enumerate(spans)
                if index - 1 in units and index not in units and _CHANGE.fullmatch(line[start:end])
            }
            units |= {index: units[index - 1] for index in steps}
            found.append(_Columns(units, frozenset(steps), len(spans)))
    return [one for one in found if one.width > 1] or found


def _plain(line: str, unit: Unit) -> list[_Columns]:
    """The header of a table whose unit stands in a line of its own."""
    spans = _split(line, _SEPARATORS[0])
    if len(spans) < 2 or _has_number(line, spans):
        return []
    units = {
        index: unit
        for index, (start, end) in enumerate(spans)
        if _MONEY.search(line[start:end]) and not _OTHER.search(line[start:end])
    }
    return [_Columns(units, frozenset(), len(spans))] if units else []


def _row(line: _Line, ways: list[_Columns]) -> list[Amount] | None:
    """The amounts of one row; None where the line is no row of the table."""
    splits = [_split(line.text, separator) for separator in _SEPARATORS]
    fits = False
    for columns, spans in product(ways, splits):
        if len(spans) != columns.width:
            continue
        found = []
        for index, unit in columns.units.items():
            start, end = spans[index]
            number = (_STEP if index in columns.steps else _NUMBER).match(line.text[start:end])
            if number:
                found.append(_amount(number[1], unit, line.start + start + number.start(1)))
        if found:
            return found
        fits = True
    return [] if fits else None


def _above(lines: list[_Line], foot: int, unit: Unit) -> list[Amount]:
    """The amounts of the table, or of the list of quotations, that ends right above its unit."""
    following = next((line.text for line in lines[foot + 1 : foot + 3] if line.text.strip()), "")
    if len(_split(following, _SEPARATORS[0])) > 1 or _QUOTES.match(following):
        return []  # the unit of what comes below
    last = max(0, foot - _MOST_ROWS)
    first = foot
    while first > last and _quoted(lines[first - 1], unit):
        first -= 1
    if first < foot:
        quotes = [amount for line in lines[first:foot] for amount in _quoted(line, unit)]
        return quotes if len(quotes) > 2 else []
    while first > last and len(_split(lines[first - 1].text, _SEPARATORS[0])) > 1:
        first -= 1
        if columns := _plain(lines[first].text, unit):
            rows = [_row(line, columns) for line in lines[first + 1 : foot]]
            return [] if None in rows else [amount for row in rows if row for amount in row]
    return []


def _quoted(line: _Line, unit: Unit) -> list[Amount]:
    """山东：甲厂2720，乙厂2710，丙厂停机: names with a number each and nothing else."""
    if _QUOTES.match(line.text) is None:
        return []
    return [
        _amount(match["number"], unit, line.start + match.start("number"))
        for match in _QUOTE.finditer(line.text)
        if not _NO_PRICE.search(match["name"])
    ]


def _size(match: re.Match[str]) -> Unit:
    unit = table().names.get(match["name"], Unit("CNY"))
    scale = evaluate(match["scale"]).low if match["scale"] else Decimal(1)
    return Unit(unit.code, unit.size * (scale or 1), unit.ambiguous)


def _beside(header: re.Pattern[str], line: _Line) -> list[Amount]:
    """总投资(万元)：3200 in one line."""
    found = []
    for match in header.finditer(line.text):
        number = _BESIDE.match(line.text, match.end())
        if number and number.end() > match.end():
            found.append(_amount(number[1], _size(match), line.start + number.start(1)))
    return found


def _amount(digits: str, unit: Unit, start: int) -> Amount:
    value = Decimal(normalise(digits.translate(_MINUS))) * unit.size
    return Amount(value, value, unit.code, notes=(NOTE,), start=start, end=start + len(digits))
