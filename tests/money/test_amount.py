"""The value object: JSON form, writing for people, conversion."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from projner.errors import ProjnerError
from projner.money import Amount, parse


def test_json_form_is_the_contract() -> None:
    amount = Amount(Decimal("114000000"), Decimal("114000000.00"), role="total_investment", cue=(0, 3))
    assert json.loads(json.dumps(amount.to_dict())) == {
        "low": "114000000",
        "high": "114000000",
        "currency": "CNY",
        "bound": "exact",
        "approximate": False,
        "role": "total_investment",
        "cue": [0, 3],
        "notes": [],
    }


def test_json_form_is_read_back() -> None:
    amount = Amount(None, None, "USD", approximate=True, notes=("ambiguous_numeral",), start=3, end=9)
    assert Amount.from_dict(amount.to_dict(), start=3, end=9) == amount


@pytest.mark.parametrize("data", [{}, {"low": "x"}, {"low": "1,5", "high": "1", "cue": None}])
def test_broken_json_is_named(data: dict[str, object]) -> None:
    with pytest.raises(ProjnerError) as caught:
        Amount.from_dict(data)
    assert caught.value.code == "P104"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("14700万元", "1.47亿元"),
        ("300000万元", "30亿元"),
        ("5000元", "5000元"),
        ("0.0167元", "0.0167元"),
        ("3.5万亿美元", "3.5万亿美元"),
        ("3亿元至5亿元", "3亿元至5亿元"),
        ("约20亿元", "约20亿元"),
        ("5000万元以上", "5000万元以上"),
        ("不超过300万元", "300万元以下"),
        ("-1.46元", "-1.46元"),
        ("负5亿元", "-5亿元"),
        ("数百万元", "数额不详"),
    ],
)
def test_format(text: str, written: str) -> None:
    assert parse(text).format() == written


def test_values_are_decimals_and_exact() -> None:
    amount = parse("0.1亿元")
    assert isinstance(amount.low, Decimal)
    assert amount.low == 10**7


def test_conversion_at_given_rates() -> None:
    amount = parse("5亿美元").to("CNY", {"USD": "7.1"})
    assert (amount.low, amount.high, amount.currency) == (Decimal(3550000000), Decimal(3550000000), "CNY")
    assert "converted" in amount.notes


def test_conversion_keeps_what_has_no_value() -> None:
    amount = parse("数千万美元").to("CNY", {"USD": 7})
    assert (amount.low, amount.currency, amount.approximate) == (None, "CNY", True)


def test_conversion_to_itself_needs_no_rate() -> None:
    amount = parse("5亿元")
    assert amount.to("CNY", {}) is amount


@pytest.mark.parametrize("rates", [{}, {"EUR": 8}, {"USD": 0}, {"USD": "-1"}, {"USD": "abc"}, {"USD": "nan"}])
def test_conversion_needs_a_rate(rates: dict[str, object]) -> None:
    with pytest.raises(ProjnerError) as caught:
        parse("5亿美元").to("CNY", rates)  # type: ignore[arg-type]
    assert caught.value.code == "P103"


def test_conversion_needs_a_known_currency() -> None:
    with pytest.raises(ProjnerError) as caught:
        parse("5亿美元").to("RMB", {"USD": 7})
    assert caught.value.code == "P102"


@pytest.mark.parametrize("code", ["CNY", "USD", "JPY", "VND", "BRL"])
def test_every_currency_is_written_and_read_back(code: str) -> None:
    amount = Amount(Decimal(250000000), Decimal(250000000), code)
    assert parse(amount.format()).currency == code
