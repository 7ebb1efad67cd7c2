"""The spaCy side of project records: `doc._.projects` out of the entities and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.tokens import Doc, Span

from projner.characters import text_of
from projner.stateless import Stateless

if TYPE_CHECKING:
    from projner.project import Entity


@Language.factory(
    "projner_project",
    requires=["doc.ents", "span._.amount_data", "span._.region_data", "span._.company_data"],
    assigns=["doc._.projects_data"],
)
def make_project(nlp: Language, name: str) -> ProjectComponent:
    """The component that puts project records together; it stands behind those for amounts, regions and
    companies.

    Args:
        nlp: the pipeline.
        name: the name of the component in it.
    """
    return ProjectComponent(nlp, name)


class ProjectComponent(Stateless):
    """Sets `doc._.projects_data`, the records as JSON; `doc._.projects` reads them as objects."""

    def __init__(self, nlp: Language, name: str = "projner_project") -> None:
        from projner.extensions import register

        register()
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        from projner.project import build

        records = build(text_of(doc), [_entity(ent) for ent in doc.ents])
        doc._.projects_data = [record.to_dict() for record in records]
        return doc


def _entity(ent: Span) -> Entity:
    from projner.project import Entity

    key = role = ""
    if ent.label_ == "REGION":
        data = ent._.region_data or {}
        key = "/".join(data.get("path") or ()) or data.get("code") or ent.text
    elif ent.label_ == "COMPANY":
        key = (ent._.company_data or {}).get("name") or ent.text
    elif ent.label_ == "MONEY":
        role = (ent._.amount_data or {}).get("role") or ""
    return Entity(ent.start_char, ent.end_char, ent.label_, key, role)
