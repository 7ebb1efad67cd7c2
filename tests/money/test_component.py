"""The spaCy side."""

from __future__ import annotations

import pickle
from decimal import Decimal
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span

from projner.errors import ProjnerError

TEXT = "总投资1.14亿元的冷水鱼基地，年产值约3000万元。"


@pytest.fixture
def nlp() -> Language:
    pipeline = spacy.blank("zh")
    pipeline.add_pipe("projner_money")
    return pipeline


def entities(doc: Doc) -> list[tuple[str, str, str | None]]:
    return [(ent.text, ent.label_, ent._.amount and ent._.amount.format()) for ent in doc.ents]


EXPECTED = [("1.14亿元", "MONEY", "1.14亿元"), ("3000万元", "MONEY", "约3000万元")]


def test_entities_carry_amounts(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert entities(doc) == EXPECTED
    amount = doc.ents[0]._.amount
    assert amount.low == Decimal(114000000)
    assert (amount.start, amount.end) == (doc.ents[0].start_char, doc.ents[0].end_char)
    assert doc.ents[0]._.score == 0.99


def test_the_score_of_the_tagger_stays_with_its_span(nlp: Language) -> None:
    doc = nlp.make_doc(TEXT)
    span = doc.char_span(3, 9, label="MONEY")
    assert span is not None
    doc.ents = (span,)
    doc.ents[0]._.score = 0.87
    doc = nlp.get_pipe("projner_money")(doc)
    assert [ent._.score for ent in doc.ents] == [0.87, 0.99]


def test_a_tagger_span_without_an_amount_goes(nlp: Language) -> None:
    doc = nlp.make_doc("百亿级产业集群")
    doc.ents = (Span(doc, 0, 2, label="MONEY"),)
    assert nlp.get_pipe("projner_money")(doc).ents == ()


@pytest.mark.parametrize(("prefer", "labels"), [("money", ["MONEY"]), ("tagger", ["COMPANY"])])
def test_conflicts_follow_the_configuration(prefer: str, labels: list[str]) -> None:
    pipeline = spacy.blank("zh")
    money = pipeline.add_pipe("projner_money", config={"prefer": prefer})
    doc = pipeline.make_doc("注资五亿元集团")
    doc.ents = (Span(doc, 2, 7, label="COMPANY"),)
    assert [ent.label_ for ent in money(doc).ents] == labels


def test_other_entities_stay(nlp: Language) -> None:
    doc = nlp.make_doc("通化投资5亿元")
    doc.ents = (Span(doc, 0, 2, label="REGION"),)
    assert [ent.label_ for ent in nlp.get_pipe("projner_money")(doc).ents] == ["REGION", "MONEY"]


def test_an_unknown_policy_is_named() -> None:
    with pytest.raises(ProjnerError) as caught:
        spacy.blank("zh").add_pipe("projner_money", config={"prefer": "both"})
    assert caught.value.code == "P105"


def test_disk_bytes_and_pickle(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "m")
    assert entities(spacy.load(tmp_path / "m")(TEXT)) == EXPECTED
    other = spacy.blank("zh")
    other.add_pipe("projner_money")
    assert entities(other.from_bytes(nlp.to_bytes())(TEXT)) == EXPECTED
    assert entities(pickle.loads(pickle.dumps(nlp.get_pipe("projner_money")))(nlp.make_doc(TEXT))) == EXPECTED


def test_two_processes_and_docbin(nlp: Language) -> None:
    docs = list(nlp.pipe([TEXT] * 4, n_process=2, batch_size=2))
    assert [entities(doc) for doc in docs] == [EXPECTED] * 4
    stored = DocBin(docs=docs, store_user_data=True).to_bytes()
    assert [entities(doc) for doc in DocBin().from_bytes(stored).get_docs(nlp.vocab)] == [EXPECTED] * 4


@pytest.mark.parametrize("text", ["", " ", "\n", "没有金额", "投资 5 亿元 "])
def test_odd_texts(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert all(text[ent.start_char : ent.end_char] == ent.text for ent in doc.ents)
