"""Rows of the contract as the compact data of a page; pure, no files, no HTML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from projner.display import COLORS
from projner.errors import Errors, ProjnerError
from projner.rows import RESERVED, check_span, row_form

MAX_ARTICLES = 5000
_TITLE_LENGTH = 60
_COLUMN_LENGTH = 200
# For labels of a user's own models, in the order in which they appear.
_MORE_COLORS = ("#d9b8ec", "#f3b7a6", "#a8dbe0", "#d6d98f", "#f0b6cf", "#c9c3b8")

_MEANINGS = ("amount", "region", "company")
_FLAT = {  # a corpus row has the meaning beside the offsets: label -> what it is, and its fields
    "MONEY": ("amount", ("low", "high", "currency", "bound", "approximate", "role")),
    "REGION": ("region", ("path", "code")),
}


def build_payload(rows: Iterable[Mapping[str, Any]], *, title: str | None = None) -> dict[str, Any]:
    """What the page's script needs, as JSON-safe data.

    Args:
        rows: tagged rows (`entities`, as `projner tag` writes them) or corpus rows (`spans`); 1 to 5,000.
        title: heading of the page; None leaves it to the page's language.

    Returns:
        title: str or None. labels, colors: lists of equal length. meanings: list of {"amount" | "region" |
        "company": {...}}, each different one once. articles: list of {id, title, text (or None), words
        (texts of the entities, where there is no text), columns [[name, value]], entities, projects};
        an entity is [start, end, label index, score or None, meaning index or -1], and [cue start, cue end]
        where there is a cue. Offsets are code points.

    Raises:
        ProjnerError: no rows or too many, or a row that is no tagged row (its number and id are named).
    """
    builder = _Builder()
    articles = []
    for number, row in enumerate(rows, 1):
        if number > MAX_ARTICLES:
            raise Errors.P741.format(limit=MAX_ARTICLES)
        try:
            articles.append(builder.article(row, number))
        except ProjnerError as error:
            raise Errors.P742.format(number=number, id=row.get("id"), reason=error) from None
    if not articles:
        raise Errors.P740.format()
    labels = list(builder.labels)
    return {
        "title": title,
        "labels": labels,
        "colors": label_colors(labels),
        "meanings": builder.meanings,
        "articles": articles,
    }


def label_colors(labels: Sequence[str]) -> list[str]:
    """A colour a label: the project's own ones, and further ones for labels it does not know."""
    others = [label for label in labels if label not in COLORS]
    more = {label: _MORE_COLORS[at % len(_MORE_COLORS)] for at, label in enumerate(others)}
    return [COLORS.get(label) or more[label] for label in labels]


class _Builder:
    """Collects what articles share: labels, and meanings that occur again and again."""

    def __init__(self) -> None:
        self.labels: dict[str, int] = {label: at for at, label in enumerate(COLORS)}
        self.meanings: list[dict[str, Any]] = []
        self._known: dict[str, int] = {}

    def article(self, row: Mapping[str, Any], number: int) -> dict[str, Any]:
        text = row.get("text")
        if text is not None and not isinstance(text, str):
            raise Errors.P535.format()
        items: list[Mapping[str, Any]] = row[row_form(row, "entities")]
        entities = [self._entity(item, text) for item in items]
        _check_flat(entities)
        article: dict[str, Any] = {
            "id": str(number if row.get("id") is None else row["id"]),
            "title": _title(row, text),
            "text": text,
            "columns": _columns(row),
            "entities": entities,
            "projects": [_project(project, text, len(entities)) for project in row.get("projects") or ()],
        }
        if text is None:
            article["words"] = [str(item.get("text") or "") for item in items]
        _check_encodes(article)
        return article

    def _entity(self, item: Mapping[str, Any], text: str | None) -> list[Any]:
        start, end, label = check_span(item, text)
        kind, data, cue = _meaning(item, label)
        entity = [
            start,
            end,
            self.labels.setdefault(label, len(self.labels)),
            item.get("score"),
            -1 if kind is None else self._ref({kind: data}),
        ]
        return entity if cue is None else [*entity, cue]

    def _ref(self, meaning: dict[str, Any]) -> int:
        key = json.dumps(meaning, sort_keys=True)
        if key not in self._known:
            self._known[key] = len(self.meanings)
            self.meanings.append(meaning)
        return self._known[key]


def _meaning(item: Mapping[str, Any], label: str) -> tuple[str | None, dict[str, Any], list[int] | None]:
    """What an entity means, of which kind, and where the words stand that gave the role."""
    for kind in _MEANINGS:
        if isinstance(item.get(kind), Mapping):
            data = dict(item[kind])
            return kind, data, data.pop("cue", None)
    if label in _FLAT:
        kind, fields = _FLAT[label]
        data = {name: item[name] for name in fields if item.get(name) not in (None, "")}
        if kind == "region" and data:
            data["path"] = [name for name in data.get("path", "").split("/") if name]
            data["name"] = data["path"][-1] if data["path"] else None
        if data:
            return kind, data, None
    return None, {}, None


def _check_flat(entities: Sequence[Sequence[Any]]) -> None:
    ordered = sorted((entity[0], entity[1]) for entity in entities)
    for first, second in pairwise(ordered):
        if second[0] < first[1]:
            raise Errors.P537.format(first="{}-{}".format(*first), second="{}-{}".format(*second))


def _check_encodes(article: Mapping[str, Any]) -> None:
    try:
        json.dumps(article, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Errors.P509.format() from None


def _title(row: Mapping[str, Any], text: str | None) -> str:
    """The row's own title, or the first line of its text with something in it."""
    given = row.get("title")
    lines = [given] if isinstance(given, str) else []
    lines += (text or "").splitlines()
    line = next((line.strip() for line in lines if line.strip()), "")
    return line if len(line) <= _TITLE_LENGTH else line[: _TITLE_LENGTH - 1] + "…"


def _columns(row: Mapping[str, Any]) -> list[list[str]]:
    """Columns that were passed through (source, date, …), if they are short enough for a heading."""
    return [
        [str(name), str(value)]
        for name, value in row.items()
        if name not in (*RESERVED, "spans", "title")
        and isinstance(value, str | int | float)
        and 0 < len(str(value)) <= _COLUMN_LENGTH
    ]


def _project(project: Any, text: str | None, entities: int) -> dict[str, Any]:
    if not isinstance(project, Mapping):
        raise Errors.P743.format(name=project)
    name = project.get("name")
    regions, companies = list(project.get("regions") or ()), list(project.get("companies") or ())
    amounts = {role: list(refs) for role, refs in (project.get("amounts") or {}).items()}
    for ref in (*regions, *companies, *(ref for refs in amounts.values() for ref in refs)):
        if type(ref) is not int or not 0 <= ref < entities:
            raise Errors.P743.format(name=name)
    found = {
        "name": name,
        "count": project.get("count"),
        "start": project.get("start"),
        "end": project.get("end"),
        "regions": regions,
        "companies": companies,
        "amounts": amounts,
        "quantities": [q for q in (_quantity(q, text) for q in project.get("quantities") or ()) if q],
        "stage": project.get("stage"),
        "sentences": list(project.get("sentences") or ()),
    }
    return {name: value for name, value in found.items() if value not in (None, [], {})}


def _quantity(quantity: Any, text: str | None) -> str:
    """A quantity is stored as its offsets, with or without its text."""
    if isinstance(quantity, Mapping):
        if quantity.get("text"):
            return str(quantity["text"])
        quantity = (quantity.get("start"), quantity.get("end"))
    if isinstance(quantity, str):
        return quantity
    start, end = quantity[:2]
    return text[start:end] if text is not None else ""
