"""What an amount of money is: exact ends, currency, and how sure the text is about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Context, Decimal, InvalidOperation
from typing import Any

from projner.errors import Errors
from projner.money.currencies import display_name, is_code

BOUNDS = ("exact", "at_least", "at_most")
_WIDE = Context(prec=60)
_SCALES = ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))


def plain(value: Decimal) -> str:
    """An exact decimal without exponent and without trailing zeros: 150000000, 0.0167."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


# What an amount measures; the annotation of every corpus uses these twelve.
ROLES = (
    "total_investment",
    "annual_investment",
    "completed_investment",
    "fixed_asset_investment",
    "output_value",
    "revenue",
    "profit_tax",
    "financing",
    "trade",
    "price",
    "threshold",
    "other",
)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money as the text states it.

    `low` and `high` are in the base unit of the currency (元, not 万元), equal for a point and None where the
    text gives no number to rely on. `bound` is exact, at_least or at_most and never changes the numbers.
    `start` and `end` are offsets (Unicode code points) into the text, None for an amount from no text;
    `cue` is where the words stand that gave the role.
    """

    low: Decimal | None
    high: Decimal | None
    currency: str = "CNY"
    bound: str = "exact"
    approximate: bool = False
    role: str = "other"
    cue: tuple[int, int] | None = None
    notes: tuple[str, ...] = ()
    start: int | None = None
    end: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of the output format; `low` and `high` are strings of exact decimals."""
        return {
            "low": None if self.low is None else plain(self.low),
            "high": None if self.high is None else plain(self.high),
            "currency": self.currency,
            "bound": self.bound,
            "approximate": self.approximate,
            "role": self.role,
            "cue": None if self.cue is None else list(self.cue),
            "notes": list(self.notes),
        }

    @classmethod
    def from_dict(
        cls, data: Mapping[str, Any], *, start: int | None = None, end: int | None = None
    ) -> Amount:
        """The way back from `to_dict`.

        Raises:
            ProjnerError: P104 where a field is missing or is no decimal.
        """
        try:
            low, high, cue = data["low"], data["high"], data["cue"]
            return cls(
                low=None if low is None else Decimal(low),
                high=None if high is None else Decimal(high),
                currency=data["currency"],
                bound=data["bound"],
                approximate=data["approximate"],
                role=data["role"],
                cue=None if cue is None else (cue[0], cue[1]),
                notes=tuple(data["notes"]),
                start=start,
                end=end,
            )
        except (KeyError, TypeError, IndexError, InvalidOperation) as error:
            raise Errors.P104.format(problem=repr(error)) from error

    def format(self) -> str:
        """The amount as people write it: 1.47亿元, 3亿元至5亿元, 约20亿元, 5000万元以上; 数额不详 if None."""
        if self.low is None or self.high is None:
            return "数额不详"
        text = _written(self.low, self.currency)
        if self.high != self.low:
            text += "至" + _written(self.high, self.currency)
        after = {"at_least": "以上", "at_most": "以下"}.get(self.bound, "")
        return ("约" if self.approximate else "") + text + after

    def to(self, currency: str, rates: Mapping[str, Decimal | str | int | float]) -> Amount:
        """The amount in another currency, at your own rates.

        Args:
            currency: ISO 4217 code of the target.
            rates: what one unit of a currency costs in the target, by code: {"USD": "7.1"} for "CNY".

        Raises:
            ProjnerError: P102 for an unknown code, P103 where the rate is missing or no positive number.
        """
        if not is_code(currency):
            raise Errors.P102.format(code=currency)
        if currency == self.currency:
            return self
        try:
            rate = Decimal(str(rates[self.currency]))
        except (KeyError, InvalidOperation):
            rate = Decimal(0)
        if not (rate.is_finite() and rate > 0):
            raise Errors.P103.format(source=self.currency, target=currency)
        low = None if self.low is None else _WIDE.multiply(self.low, rate)
        high = None if self.high is None else _WIDE.multiply(self.high, rate)
        return replace(self, low=low, high=high, currency=currency, notes=(*self.notes, "converted"))


def _written(value: Decimal, currency: str) -> str:
    for scale, word in _SCALES:
        if abs(value) >= scale:
            return plain(_WIDE.divide(value, scale)) + word + display_name(currency)
    return plain(value) + display_name(currency)
