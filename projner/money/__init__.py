"""Amounts of money in Chinese text: spans, exact values, currencies, bounds. Pure Python without spaCy."""

from __future__ import annotations

from projner.money.amount import Amount
from projner.money.finder import find, parse

__all__ = ["Amount", "find", "parse"]
