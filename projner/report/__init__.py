"""The reading view: tagged rows as one self-contained HTML page."""

from __future__ import annotations

from projner.report.page import render_page, write_report
from projner.report.payload import MAX_ARTICLES, build_payload

__all__ = ["MAX_ARTICLES", "build_payload", "render_page", "write_report"]
