"""Documents as rows of the contract (plain JSON), and rows as documents again.

Two row forms are read everywhere: what `projner tag` writes (`entities`, meanings nested under `amount`,
`region`, `company`) and what a corpus holds (`spans`, meanings flat beside the offsets).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from projner.characters import text_of
from projner.errors import Errors

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span

Row = dict[str, Any]
Form = Literal["entities", "spans"]

# The fields that `projner tag` fills itself; every other column of the input is passed through beside them.
RESERVED = ("id", "text", "entities", "projects")


class Value(NamedTuple):
    """The value of an amount, comparable: 85 and 85.0 are equal."""

    low: Decimal | None
    high: Decimal | None
    currency: str | None


class Annotation(NamedTuple):
    """One annotated span of a row, whichever form the row has; None where the row says nothing."""

    start: int
    end: int
    label: str
    value: Value | None
    code: str | None
    role: str | None

    @property
    def key(self) -> tuple[int, int, str]:
        return (self.start, self.end, self.label)


# --- documents to rows


def doc_to_row(doc: Doc, id: str | None, *, extra: Mapping[str, Any] | None = None, text: bool = True) -> Row:
    """A tagged document as one row of the contract.

    Args:
        doc: a document out of a projner pipeline (or any with `doc.ents`).
        id: the document's id.
        extra: columns to pass through; they stand between the text and the entities.
        text: False leaves the text out.

    Returns:
        A dict that `json.dumps` takes: id, text, the extra columns, entities sorted by start, projects.
    """
    row: Row = {"id": id}
    if text:
        row["text"] = text_of(doc)
    if extra:
        row.update(extra)
    row["entities"] = [_entity(ent) for ent in doc.ents]
    row["projects"] = [_project(data) for data in _get(doc, "projects_data") or ()]
    return row


# What a label's meaning is called in a row, where the document stores it, and its fields.
_MEANINGS = {
    "MONEY": (
        "amount",
        "amount_data",
        ("low", "high", "currency", "bound", "approximate", "role", "cue", "notes"),
    ),
    "REGION": (
        "region",
        "region_data",
        ("code", "name", "level", "path", "former", "candidates", "notes"),
    ),
    "COMPANY": ("company", "company_data", ("name", "short", "id")),
}
_PROJECT = (
    "name",
    "count",
    "start",
    "end",
    "regions",
    "companies",
    "amounts",
    "quantities",
    "stage",
    "sentences",
)


def _entity(ent: Span) -> Row:
    score = _get(ent, "score")
    row: Row = {
        "start": ent.start_char,
        "end": ent.end_char,
        "label": ent.label_,
        "text": ent.text,
        "score": None if score is None else round(float(score), 4),
    }
    if ent.label_ in _MEANINGS:
        name, stored, fields = _MEANINGS[ent.label_]
        data = _get(ent, stored)
        row[name] = None if data is None else {field: data.get(field) for field in fields}
    return row


def _get(obj: Doc | Span, name: str) -> Any:
    return getattr(obj._, name) if obj.has_extension(name) else None


def _project(data: Mapping[str, Any]) -> Row:
    return {name: data.get(name) for name in _PROJECT}


# --- rows to annotations


def row_form(row: Mapping[str, Any], prefer: Form) -> Form:
    """Which form a row has; where it has both (a corpus row that was tagged), the preferred one."""
    other: Form = "spans" if prefer == "entities" else "entities"
    for form in (prefer, other):
        if isinstance(row.get(form), list):
            return form
    raise Errors.P520.format()


def read_annotations(row: Mapping[str, Any], prefer: Form = "entities") -> Iterator[Annotation]:
    """The annotated spans of a row in either form, checked against the row's text where it has one.

    Raises:
        ProjnerError: a span that does not fit the text, or a field that cannot be read.
    """
    text = row.get("text")
    for item in row[row_form(row, prefer)]:
        start, end, label = check_span(item, text)
        amount, region = item.get("amount") or item, item.get("region") or item
        yield Annotation(
            start, end, label, _value(amount), region.get("code") or None, amount.get("role") or None
        )


def check_span(item: Any, text: str | None) -> tuple[int, int, str]:
    """Offsets and label of one annotated span, after checking that they fit the text."""
    if not isinstance(item, Mapping):
        raise Errors.P521.format(span=item)
    start, end, label = item.get("start"), item.get("end"), item.get("label")
    if type(start) is not int or type(end) is not int or not isinstance(label, str) or not label:
        raise Errors.P521.format(span=dict(item))
    if text is not None:
        found, said = text[start:end] if 0 <= start < end <= len(text) else None, item.get("text")
        if found is None or (said is not None and said != found):
            raise Errors.P522.format(start=start, end=end, label=label, said=said, found=found)
    return start, end, label


def _value(amount: Mapping[str, Any]) -> Value | None:
    low, high = _decimal(amount.get("low")), _decimal(amount.get("high"))
    if low is None and high is None:
        return None
    return Value(low, high, amount.get("currency") or None)


def _decimal(text: object) -> Decimal | None:
    if text is None or text == "":
        return None
    try:
        return Decimal(str(text))
    except InvalidOperation:
        raise Errors.P523.format(value=text) from None


# --- rows to documents

# Where a document keeps what is neither entity nor text: {"form", "row": id and the other columns}.
_KEPT = "projner_row"


def row_to_doc(row: Mapping[str, Any], nlp: Language, *, prefer: Form = "spans") -> Doc:
    """An annotated row as a document whose entities carry the row's values, codes and roles.

    Args:
        row: a row in either form, with its text.
        nlp: a pipeline whose tokens are characters, such as `spacy.blank("zh")`; only its tokenizer runs.
        prefer: the form to read where the row has both.

    Returns:
        A Doc; id and further columns are kept in `doc.user_data`, and `doc_to_corpus_row` gives them back.

    Raises:
        ProjnerError: no text, a span that does not fit it, or spans that overlap.
    """
    from projner.extensions import register

    register()
    text = row.get("text")
    if not isinstance(text, str):
        raise Errors.P535.format()
    form = row_form(row, prefer)
    doc = nlp.make_doc(text)
    ents: list[Span] = []
    for item in sorted(row[form], key=lambda item: check_span(item, text)[:2]):
        start, end, label = check_span(item, text)
        code = (item.get("region") or item).get("code")
        ent = doc.char_span(start, end, label=label, kb_id=code or "")
        if ent is None:
            raise Errors.P536.format(start=start, end=end, label=label, text=text[start:end])
        if ents and start < ents[-1].end_char:
            first = f"{ents[-1].start_char}-{ents[-1].end_char} {ents[-1].text!r}"
            raise Errors.P537.format(first=first, second=f"{start}-{end} {ent.text!r}")
        ents.append(ent)
        _store(ent, item, form)
    doc.set_ents(ents)
    if form == "entities":
        doc._.projects_data = row.get("projects") or None
    left = {name: value for name, value in row.items() if name not in ("text", form, "projects")}
    doc.user_data[_KEPT] = {"form": form, "row": left}
    return doc


def _store(ent: Span, item: Mapping[str, Any], form: Form) -> None:
    if form == "entities":
        ent._.score = item.get("score")
        if ent.label_ in _MEANINGS:
            name, stored, _ = _MEANINGS[ent.label_]
            setattr(ent._, stored, item.get(name))
    elif ent.label_ == "MONEY" and not item.keys().isdisjoint(("low", "high", "currency", "role")):
        ent._.amount_data = {
            "low": item.get("low") or None,
            "high": item.get("high") or None,
            "currency": item.get("currency") or None,
            "bound": item.get("bound", "exact"),
            "approximate": item.get("approximate", False),
            "role": item.get("role") or None,
            "cue": None,
            "notes": [],
        }
    elif ent.label_ == "REGION" and not item.keys().isdisjoint(("path", "code")):
        path = [name for name in (item.get("path") or "").split("/") if name]
        ent._.region_data = {
            "code": item.get("code") or None,
            "name": path[-1] if path else None,
            "level": None,
            "path": path,
            "former": None,
            "candidates": [],
            "notes": [],
        }


def doc_to_corpus_row(doc: Doc, id: str) -> Row:
    """A document as an annotated row, in the form that it came from (`spans` where it came from no row).

    Args:
        doc: a document with entities; values, codes and roles are read from the extensions.
        id: the id to give where the document keeps none.
    """
    kept = doc.user_data.get(_KEPT) or {}
    columns = {name: value for name, value in (kept.get("row") or {}).items() if name != "id"}
    row = doc_to_row(doc, (kept.get("row") or {}).get("id", id), extra=columns)
    if kept.get("form") == "entities":
        return row
    row["spans"] = [_flat(item) for item in row.pop("entities")]
    del row["projects"]
    return row


def _flat(item: Mapping[str, Any]) -> Row:
    span = {name: item[name] for name in ("start", "end", "label", "text")}
    if amount := item.get("amount"):
        span |= {"low": amount["low"] or "", "high": amount["high"] or "", "currency": amount["currency"]}
        span |= {"role": amount["role"]} if amount["role"] else {}
    if region := item.get("region"):
        span |= {"path": "/".join(region["path"] or ()), "code": region["code"]}
    return span
