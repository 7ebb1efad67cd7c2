from __future__ import annotations

import pickle
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from projner.errors import ProjnerError

TEXT = "中溢集团（吉林）新能源科技有限公司开工，中溢集团表示满意，三一重工没有说话。"
NAMES = ("中溢集团（吉林）新能源科技有限公司", "中溢集团", "三一重工")


@pytest.fixture
def nlp() -> Language:
    nlp = spacy.blank("zh")
    nlp.add_pipe("projner_company")
    return nlp


def tagged(nlp: Language) -> Doc:
    doc = nlp.make_doc(TEXT)
    ents, at = [], 0
    for name in NAMES:
        start = TEXT.index(name, at)
        at = start + len(name)
        ents.append(doc.char_span(start, at, label="COMPANY"))
    doc.set_ents(ents)
    return nlp.get_pipe("projner_company")(doc)


def test_the_mentions_of_one_company_are_equal(nlp: Language) -> None:
    first, second, other = (ent._.company for ent in tagged(nlp).ents)
    assert first == second != other
    assert first.name == "中溢集团(吉林)新能源科技有限公司"
    assert first.mentions == ((0, 17), (20, 24))


def test_what_is_stored_survives_a_docbin(nlp: Language) -> None:
    doc = tagged(nlp)
    data = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (back,) = DocBin(store_user_data=True).from_bytes(data).get_docs(nlp.vocab)
    assert [e._.company for e in back.ents] == [e._.company for e in doc.ents]


def test_other_entities_get_no_company(nlp: Language) -> None:
    doc = nlp.make_doc("通化市")
    doc.set_ents([doc.char_span(0, 3, label="REGION")])
    assert nlp.get_pipe("projner_company")(doc).ents[0]._.company is None


def test_the_list_is_saved_with_the_pipeline(nlp: Language, tmp_path: Path) -> None:
    csv = tmp_path / "list.csv"
    csv.write_text("\ufeffname,aliases,id\n三一重工股份有限公司,三一重工,91110000\n", encoding="utf-8")
    assert nlp.get_pipe("projner_company").use_list(csv) == 1
    nlp.to_disk(tmp_path / "model")
    csv.unlink()
    again = spacy.blank("zh")
    again.add_pipe("projner_company")
    for other in (spacy.load(tmp_path / "model"), again.from_bytes(nlp.to_bytes())):
        assert tagged(other).ents[2]._.company.id == "91110000"
    copy = pickle.loads(pickle.dumps(nlp.get_pipe("projner_company")))
    assert copy.to_bytes() == nlp.get_pipe("projner_company").to_bytes() != b""


def test_without_a_list_nothing_is_carried_over(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "model")
    assert tagged(spacy.load(tmp_path / "model")).ents[2]._.company.id is None


def test_the_list_can_come_from_the_config(nlp: Language, tmp_path: Path) -> None:
    csv = tmp_path / "list.csv"
    csv.write_text("name,id\n三一重工,7\n", encoding="utf-8")
    nlp.config["initialize"]["components"]["projner_company"] = {"companies": str(csv)}
    nlp.initialize()
    assert tagged(nlp).ents[2]._.company.id == "7"


def test_a_wrong_list_is_refused(nlp: Language) -> None:
    with pytest.raises(ProjnerError):
        nlp.get_pipe("projner_company").use_list([{"company": "三一"}])
