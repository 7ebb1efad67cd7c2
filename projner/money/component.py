"""The spaCy side of amounts: the grammar's amounts become MONEY entities."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.language import Language
from spacy.tokens import Doc, Span

from projner.characters import text_of
from projner.errors import Errors
from projner.stateless import Stateless

LABEL = "MONEY"
SCORE = 0.99
PREFER = ("money", "tagger")


@Language.factory(
    "projner_money",
    default_config={"prefer": "money"},
    requires=["doc.ents"],
    assigns=["doc.ents", "span._.amount_data", "span._.score"],
)
def make_money(nlp: Language, name: str, prefer: str) -> MoneyComponent:
    """The component that finds amounts of money and reads their values.

    Args:
        nlp: the pipeline.
        name: the name of the component in it.
        prefer: whose span stays where an amount overlaps a REGION or COMPANY of the tagger, "money" or
            "tagger".
    """
    return MoneyComponent(nlp, name, prefer=prefer)


class MoneyComponent(Stateless):
    """Replaces the MONEY entities of a document by the grammar's, with `_.amount_data` and `_.score`.

    The tagger's MONEY entities serve as hints. A span that does not fall on token borders is left out, which
    cannot happen with one token a character.
    """

    def __init__(self, nlp: Language, name: str = "projner_money", *, prefer: str = "money") -> None:
        from projner.extensions import register

        if prefer not in PREFER:
            raise Errors.P105.format(value=prefer, name="prefer", allowed=", ".join(PREFER))
        register()
        self.name = name
        self.prefer = prefer

    def __call__(self, doc: Doc) -> Doc:
        from projner.money import find
        from projner.money.role import assign

        entities = doc.ents  # builds the spans anew at every call
        old = [ent for ent in entities if ent.label_ == LABEL]
        others = [ent for ent in entities if ent.label_ != LABEL]
        fixed = _tokens(others) if self.prefer == "tagger" else set()
        scores = {(ent.start_char, ent.end_char): ent._.score for ent in old}
        text = text_of(doc)
        amounts = assign(text, find(text, hints=list(scores)))
        spans: list[Span] = []
        for amount in amounts:
            if amount.start is None or amount.end is None:
                continue
            span = doc.char_span(amount.start, amount.end, label=LABEL)
            if span is None or not fixed.isdisjoint(range(span.start, span.end)):
                continue
            score = scores.get((amount.start, amount.end))
            span._.score = SCORE if score is None else score
            span._.amount_data = amount.to_dict()
            spans.append(span)
        taken = _tokens(spans)
        kept = [other for other in others if taken.isdisjoint(range(other.start, other.end))]
        doc.set_ents(sorted([*spans, *kept], key=lambda span: span.start))
        return doc


def _tokens(spans: Iterable[Span]) -> set[int]:
    """Places of the tokens that the spans cover."""
    return {place for span in spans for place in range(span.start, span.end)}
