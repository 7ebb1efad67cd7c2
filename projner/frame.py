"""Projects as a table: one flat row a project, for spreadsheets, pandas and datasets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from projner.errors import Errors
from projner.money.amount import ROLES

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped]
    from spacy.tokens import Doc

# The roles that measure a project; price and other never do.
PROJECT_ROLES = tuple(role for role in ROLES if role not in ("price", "other"))
COLUMNS = (
    "id",
    "project",
    "count",
    "code",
    "province",
    "city",
    "county",
    "place",
    "company",
    "company_id",
    *PROJECT_ROLES,
    "currency",
    "quantities",
    "stage",
    "start",
    "end",
)
_MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
_SEPARATOR = "; "


def project_rows(documents: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """One flat row a project out of documents in the form that `projner tag` writes.

    Args:
        documents: rows of the contract (id, entities, projects; text, for the quantities).

    Yields:
        A dict with the keys of COLUMNS in that order. Amounts are in the base unit of `currency` (元 for
        CNY), as int, or float below one unit, or text 3000000–5000000 for a range; None where there is
        none. Of several amounts of a role the first with a value counts, save that in another currency than
        the row's first. `code`, `province`, `city` and `county` are those of the first region; `place` is
        the whole path; further regions and companies stand in `place` and `company` behind "; ". `start`
        and `end` are code points of the document.
    """
    for document in documents:
        entities = document.get("entities") or ()
        for project in document.get("projects") or ():
            yield _row(document, entities, project)


def to_frame(
    docs: Doc | Iterable[Doc | Mapping[str, Any]], *, ids: Sequence[str] | None = None
) -> pandas.DataFrame:
    """The projects of documents as a pandas DataFrame, one row a project, columns as in `project_rows`.

    Args:
        docs: a tagged document, or documents, or rows of the contract.
        ids: ids of the documents; without them a Doc is known by its number (0, 1, …), a row by its own id.

    Raises:
        ProjnerError: P402 where pandas is not installed.
    """
    try:
        import pandas
    except ModuleNotFoundError as error:
        raise Errors.P402.format() from error
    single = hasattr(docs, "ents")
    documents = _documents([docs] if single else docs, ids)  # type: ignore[list-item, arg-type]
    return pandas.DataFrame(list(project_rows(documents)), columns=list(COLUMNS))


def _documents(
    docs: Iterable[Doc | Mapping[str, Any]], ids: Sequence[str] | None
) -> Iterator[Mapping[str, Any]]:
    for i, doc in enumerate(docs):
        own = ids[i] if ids is not None else str(i)
        if isinstance(doc, Mapping):
            yield doc if ids is None else {**doc, "id": own}
        else:
            from projner.rows import doc_to_row

            yield doc_to_row(doc, own)


def _row(
    document: Mapping[str, Any], entities: Sequence[Mapping[str, Any]], project: Mapping[str, Any]
) -> dict[str, Any]:
    regions = [entities[i].get("region") or {"path": [entities[i].get("text")]} for i in project["regions"]]
    companies = [
        entities[i].get("company") or {"name": entities[i].get("text")} for i in project["companies"]
    ]
    text = document.get("text")
    amounts, currency = _amounts(entities, project["amounts"])
    code, province, city, county = _place(regions[0]) if regions else (None, None, None, None)
    sizes = [text[start:end] for start, end in project["quantities"]] if isinstance(text, str) else []
    return {
        "id": document.get("id"),
        "project": project["name"],
        "count": project["count"],
        "code": code,
        "province": province,
        "city": city,
        "county": county,
        "place": _joined("".join(r.get("path") or ()) for r in regions),
        "company": _joined(c.get("name") for c in companies),
        "company_id": _joined(c.get("id") for c in companies),
        **amounts,
        "currency": currency,
        "quantities": _joined(sizes),
        "stage": project["stage"],
        "start": project["start"],
        "end": project["end"],
    }


def _place(region: Mapping[str, Any]) -> tuple[str | None, str | None, str | None, str | None]:
    """Code, province, city and county of a region, by the digits of its code."""
    code = region.get("code")
    path = list(region.get("path") or ())
    if not isinstance(code, str) or not code.isdigit() or not path:
        return code, None, None, None
    city = county = None
    below = path[1:]
    if path[0] in _MUNICIPALITIES:
        city = path[0]
    elif code[2:4] != "00" and code[2:4] != "90" and below:
        city, below = below[0], below[1:]
    if code[4:] != "00" and below:
        county = below[0]
    return code, path[0], city, county


def _amounts(
    entities: Sequence[Mapping[str, Any]], linked: Mapping[str, Sequence[int]]
) -> tuple[dict[str, int | float | str | None], str | None]:
    out: dict[str, int | float | str | None] = dict.fromkeys(PROJECT_ROLES)
    currency: str | None = None
    for role in PROJECT_ROLES:
        for i in linked.get(role) or ():
            amount = entities[i].get("amount") or {}
            if amount.get("low") is None or (currency is not None and amount["currency"] != currency):
                continue
            currency = amount["currency"]
            out[role] = _value(amount["low"], amount["high"])
            break
    return out, currency


def _value(low: str, high: str) -> int | float | str:
    if low != high:
        return f"{low}–{high}"
    value = Decimal(low)
    return int(value) if value == value.to_integral_value() else float(value)


def _joined(parts: Iterable[str | None]) -> str | None:
    return _SEPARATOR.join(dict.fromkeys(p for p in parts if p)) or None
