"""The spaCy extensions of the contract. What is stored is JSON-safe (processes, pickle and DocBin carry it);
what a user reads is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spacy.tokens import Doc, Span

if TYPE_CHECKING:
    from projner.company import Company
    from projner.money import Amount
    from projner.project import Project
    from projner.region import Region


def _amount(span: Span) -> Amount | None:
    from projner.money import Amount

    data = span._.amount_data
    return None if data is None else Amount.from_dict(data, start=span.start_char, end=span.end_char)


def _region(span: Span) -> Region | None:
    from projner.region import Region

    data = span._.region_data
    return None if data is None else Region.from_dict(data)


def _company(span: Span) -> Company | None:
    from projner.company import Company

    data = span._.company_data
    return None if data is None else Company.from_dict(data)


def _projects(doc: Doc) -> list[Project]:
    from projner.project import Project

    return [Project.from_dict(data, doc) for data in doc._.projects_data or ()]


def _regions(doc: Doc) -> Any:
    from projner.region.summary import summarise

    return summarise(
        [ent._.region for ent in doc.ents if ent.label_ == "REGION" and ent._.region is not None]
    )


def _words(doc: Doc) -> list[str]:
    from projner.words import words

    return words(doc.text, [(ent.start_char, ent.end_char) for ent in doc.ents])


_SPAN_DATA = ("amount_data", "region_data", "company_data", "score")
_SPAN_VIEWS = {"amount": _amount, "region": _region, "company": _company}
_DOC_VIEWS = {"projects": _projects, "regions": _regions, "words": _words}


def register() -> None:
    """Register every extension once; a name that somebody else already took is left alone."""
    for name in _SPAN_DATA:
        if not Span.has_extension(name):
            Span.set_extension(name, default=None)
    for name, view in _SPAN_VIEWS.items():
        if not Span.has_extension(name):
            Span.set_extension(name, getter=view)
    if not Doc.has_extension("projects_data"):
        Doc.set_extension("projects_data", default=None)
    for name, doc_view in _DOC_VIEWS.items():
        if not Doc.has_extension(name):
            Doc.set_extension(name, getter=doc_view)
