"""Colours of the labels in displaCy and in the report."""

COLORS = {"REGION": "#9bd3ae", "COMPANY": "#a9c7f5", "MONEY": "#f7d38b"}
