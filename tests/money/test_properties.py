"""What holds for every number and every text."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from writers import chinese, full_width, grouped, mixed

from projner.money import Amount, find, parse

INTEGERS = st.one_of(
    st.integers(0, 10**16 - 1),
    st.integers(0, 10**5),
    st.integers(1, 9999).flatmap(lambda n: st.sampled_from([n * 10**k for k in range(13)])),
)
DECIMALS = st.decimals(min_value=0, max_value=10**15, places=4, allow_nan=False, allow_infinity=False)
SCALES = st.sampled_from(
    [("", 1), ("万", 10**4), ("亿", 10**8), ("万亿", 10**12), ("千万", 10**7), ("百亿", 10**10)]
)
HARD = "0123456789１,，.．点一二三两十百千万亿元美块角分半个多余几数上-至到约近超（）()￥$ \n投资总额以的"
PADDING = st.text(alphabet="的在，。 \n甲乙丙abc（）", max_size=12)


def exact(amount: Amount) -> Decimal:
    assert amount.low is not None
    assert amount.low == amount.high
    assert not amount.notes
    return amount.low


@given(INTEGERS)
@settings(max_examples=300, deadline=None)
def test_chinese_integers(value: int) -> None:
    assert exact(parse(chinese(value) + "元")) == value


@given(INTEGERS)
@settings(max_examples=200, deadline=None)
def test_financial_capitals(value: int) -> None:
    assert exact(parse(f"人民币{chinese(value, 'capital')}元整")) == value


@given(INTEGERS)
@settings(max_examples=200, deadline=None)
def test_mixed_numerals(value: int) -> None:
    assert exact(parse(mixed(value) + "元")) == value


@given(DECIMALS, SCALES)
@settings(max_examples=300, deadline=None)
def test_decimals_with_scale(value: Decimal, scale: tuple[str, int]) -> None:
    word, size = scale
    want = value * size
    assert exact(parse(f"{value:f}{word}元")) == want
    assert exact(parse(f"{grouped(value)}{word}美元")) == want
    assert exact(parse(full_width(f"{value:f}") + word + "元")) == want


@given(st.integers(0, 9999), st.text(alphabet="0123456789", min_size=1, max_size=6), SCALES)
@settings(max_examples=200, deadline=None)
def test_chinese_decimals(whole: int, fraction: str, scale: tuple[str, int]) -> None:
    written = "".join("零一二三四五六七八九"[int(char)] for char in fraction)
    word, size = scale
    if word in ("千万", "百亿"):
        word, size = "万", 10**4
    assert exact(parse(f"{chinese(whole)}点{written}{word}元")) == Decimal(f"{whole}.{fraction}") * size


@given(DECIMALS)
@settings(max_examples=200, deadline=None)
def test_format_is_read_back(value: Decimal) -> None:
    amount = Amount(value, value)
    assert exact(parse(amount.format())) == value


@given(INTEGERS, INTEGERS)
@settings(max_examples=100, deadline=None)
def test_ranges_keep_both_ends(first: int, second: int) -> None:
    amount = parse(f"{first}元至{second}元")
    assert (amount.low, amount.high) == (min(first, second), max(first, second))


@pytest.mark.parametrize(
    "core", ["总投资1.5亿元", "投资3-5亿元", "￥3,000整", "一亿五千万元", "数百万元", "5000万元以上项目"]
)
@given(PADDING, PADDING)
@settings(max_examples=40, deadline=None)
def test_padding_moves_offsets_only(core: str, before: str, after: str) -> None:
    plain = find(core)
    padded = find(f"{before}。{core}。{after}")
    shift = len(before) + 1
    assert [(a.to_dict(), (a.start or 0) + shift, (a.end or 0) + shift) for a in plain] == [
        (a.to_dict(), a.start, a.end) for a in padded
    ]


@given(st.text(alphabet=HARD, max_size=60))
@settings(max_examples=400, deadline=None)
def test_spans_are_sorted_and_inside(text: str) -> None:
    amounts = find(text)
    end = 0
    for amount in amounts:
        assert amount.start is not None and amount.end is not None
        assert end <= amount.start < amount.end <= len(text)
        assert "\n" not in text[amount.start : amount.end]
        assert (amount.low is None) == (amount.high is None)
        if amount.low is not None and amount.high is not None:
            assert amount.low <= amount.high
        assert Amount.from_dict(amount.to_dict(), start=amount.start, end=amount.end) == amount
        end = amount.end
