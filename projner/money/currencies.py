"""The table of currencies (currencies.json) as look-ups; read once, at first use."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

# Words of the Chinese yuan that the grammar treats on its own, with their size in yuan.
YUAN = {"元": Decimal(1), "圆": Decimal(1), "圓": Decimal(1)}
COLLOQUIAL = {"块": Decimal(1), "塊": Decimal(1)}
PARTS = {"角": Decimal("0.1"), "毛": Decimal("0.1"), "分": Decimal("0.01"), "厘": Decimal("0.001")}


@dataclass(frozen=True, slots=True)
class Unit:
    """One word or sign of a currency: its code, its size in the base unit, whether readers could differ."""

    code: str
    size: Decimal = Decimal(1)
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """All words and signs, by what they look like."""

    names: dict[str, Unit]
    signs: dict[str, Unit]
    codes: dict[str, Unit]
    display: dict[str, str]


@cache
def table() -> Table:
    """The table of currencies."""
    data = json.loads(files("projner.money").joinpath("currencies.json").read_text(encoding="utf-8"))
    names: dict[str, Unit] = {}
    signs: dict[str, Unit] = {}
    codes: dict[str, Unit] = {"RMB": Unit("CNY")}
    display: dict[str, str] = {}
    for row in data["currencies"]:
        code = row["code"]
        codes[code] = Unit(code)
        display[code] = row["names"][0]
        names.update({name: Unit(code) for name in row["names"]})
        names.update({name: Unit(code, Decimal(size)) for name, size in row["subunits"].items()})
        signs.update({sign: Unit(code) for sign in row["signs"]})
    names.update({name: Unit(code, ambiguous=True) for name, code in data["ambiguous"].items()})
    display["CNY"] = "元"
    return Table(names, signs, codes, display)


def is_code(code: str) -> bool:
    """Whether the table knows this ISO 4217 code."""
    return code in table().display


def display_name(code: str) -> str:
    """The word that people write behind the number: 元, 美元; the code itself where the table has no word."""
    return table().display.get(code, code)
