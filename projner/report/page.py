"""The page: template, style, script and data packed into one HTML file that needs nothing else."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Literal, get_args

from projner.errors import Errors
from projner.report.payload import build_payload

Lang = Literal["zh", "en"]
_STYLES = ("base.css", "overview.css", "projects.css", "articles.css", "print.css")
_SCRIPTS = (  # in the order in which they build on each other
    "dom.js",
    "data.js",
    "language.js",
    "amounts.js",
    "text.js",
    "tip.js",
    "reading.js",
    "browse.js",
    "filters.js",
    "table.js",
    "totals.js",
    "csv.js",
    "print.js",
    "main.js",
)
_ARTICLES = '<script type="application/json" class="articles">[{}]</script>'
_PART_CHARACTERS = 500_000
_FIELD = re.compile(r"\{\{(\w+)\}\}")


def write_report(
    rows: Iterable[Mapping[str, Any]], out: Path, *, lang: Lang = "zh", title: str | None = None
) -> int:
    """Write tagged rows as one HTML page that works without a network.

    Args:
        rows: rows of `projner tag` (or annotated corpus rows), 1 to 5,000 of them.
        out: the file to write.
        lang: language that the page opens in; a button switches it.
        title: heading of the page; None for a general one.

    Returns:
        The number of articles in the page.

    Raises:
        ProjnerError: no rows or too many, a row that is no tagged row, or a file that cannot be written.
    """
    payload = build_payload(rows, title=title)
    page = render_page(payload, lang=lang)
    try:
        out.write_text(page, encoding="utf-8", newline="")
    except OSError as error:
        raise Errors.P711.format(path=out, reason=error.strerror or error) from None
    return len(payload["articles"])


def render_page(payload: Mapping[str, Any], *, lang: Lang = "zh") -> str:
    """The HTML of a payload (see `build_payload`).

    Raises:
        ProjnerError: an unknown language.
    """
    if lang not in get_args(Lang):
        raise Errors.P744.format(lang=lang, known=", ".join(get_args(Lang)))
    texts = json.loads(_asset("texts.json"))
    style = "\n".join([*map(_asset, _STYLES), *_label_rules(payload["colors"])])
    script = '(() => {\n"use strict";\n' + "\n".join(map(_asset, _SCRIPTS)) + "\n})();\n"
    policy = f"default-src 'none'; img-src data:; style-src {_source(style)}; script-src {_source(script)}"
    fields = {
        "lang": {"zh": "zh-CN", "en": "en"}[lang],
        "title": html.escape(payload["title"] or texts[lang]["title"]),
        "noscript": html.escape(texts[lang]["noscript"]),
        "policy": policy,
        "style": style,
        "texts": to_script_json(texts),
        "data": to_script_json({name: value for name, value in payload.items() if name != "articles"}),
        "articles": "\n".join(_article_scripts(payload["articles"])),
        "script": script,
    }
    # One pass: what stands in the data is never looked at again.
    return _FIELD.sub(lambda match: fields[match[1]], _asset("page.html"))


def _article_scripts(articles: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The articles in blocks of moderate size: browsers are far slower with one of many megabytes."""
    part: list[str] = []
    for article in articles:
        part.append(to_script_json(article))
        if sum(map(len, part)) >= _PART_CHARACTERS:
            yield _ARTICLES.format(",".join(part))
            part = []
    if part:
        yield _ARTICLES.format(",".join(part))


def to_script_json(data: object) -> str:
    """JSON that can stand inside a <script> element: no character in it can end the element or a line."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _asset(name: str) -> str:
    return (resources.files(__package__) / "assets" / name).read_text(encoding="utf-8")


def _label_rules(colors: Iterable[str]) -> list[str]:
    return [f".label{at} {{ --label: {color}; }}" for at, color in enumerate(colors)]


def _source(code: str) -> str:
    """A content security policy source: this code and no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"
