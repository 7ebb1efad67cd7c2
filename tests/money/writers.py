"""Writers of numerals for the property tests; independent of the parser and of cn2an."""

from __future__ import annotations

from decimal import Decimal

LOWER = "零一二三四五六七八九"
CAPITAL = "零壹贰叁肆伍陆柒捌玖"
UNITS = {"lower": ("", "十", "百", "千"), "capital": ("", "拾", "佰", "仟")}


def section(value: int, style: str = "lower") -> str:
    """1 to 9999 in Chinese, every unit with its digit, zeros where a unit is missing."""
    digits = LOWER if style == "lower" else CAPITAL
    out, gap = "", False
    for power in (3, 2, 1, 0):
        digit = value // 10**power % 10
        if digit:
            out += ("零" if gap and out else "") + digits[digit] + UNITS[style][power]
            gap = False
        else:
            gap = True
    return out


def chinese(value: int, style: str = "lower") -> str:
    """0 to 10^16 - 1 in Chinese."""
    if value == 0:
        return "零"
    head, rest = divmod(value, 10**8)
    out = below_yi(head, style) + "亿" if head else ""
    if rest:
        out += ("零" if head and rest < 10**7 else "") + below_yi(rest, style)
    return out


def below_yi(value: int, style: str) -> str:
    head, rest = divmod(value, 10**4)
    out = section(head, style) + "万" if head else ""
    if rest:
        out += ("零" if head and rest < 1000 else "") + section(rest, style)
    return out


def mixed(value: int) -> str:
    """Digits with 亿 and 万: 1亿5000万, 12亿3456万7890 with 零 where a place is missing."""
    yi, rest = divmod(value, 10**8)
    wan, ones = divmod(rest, 10**4)
    out = f"{yi}亿" if yi else ""
    if wan:
        out += f"{wan}万"
    if ones:
        out += ("零" if out and (ones < 1000 or not wan) else "") + str(ones)
    return out or "0"


def grouped(value: Decimal) -> str:
    """Thousands separators: 1,234,567.89."""
    return f"{value:,f}"


def full_width(text: str) -> str:
    return text.translate(str.maketrans("0123456789.,", "０１２３４５６７８９．，"))
