from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from projner.errors import ProjnerError
from projner.project import Project

TEXT = "总投资1.14亿元的二道江区鸭园镇头沟村冷水鱼养殖基地建设项目已开工。"
AMOUNT = {
    "low": "114000000",
    "high": "114000000",
    "currency": "CNY",
    "bound": "exact",
    "approximate": False,
    "role": "total_investment",
    "cue": [0, 3],
    "notes": [],
}
REGION = {
    "code": "220503",
    "name": "头沟村",
    "level": "village",
    "path": ["吉林省", "通化市", "二道江区", "鸭园镇", "头沟村"],
    "former": None,
    "candidates": [],
    "notes": [],
}


@pytest.fixture
def nlp() -> Language:
    nlp = spacy.blank("zh")
    nlp.add_pipe("projner_project")
    return nlp


def tagged(nlp: Language) -> Doc:
    doc = nlp.make_doc(TEXT)
    money, region = doc.char_span(3, 9, label="MONEY"), doc.char_span(10, 20, label="REGION")
    money._.amount_data, region._.region_data = AMOUNT, REGION
    doc.set_ents([money, region])
    return nlp.get_pipe("projner_project")(doc)


def test_the_record_of_the_contract(nlp: Language) -> None:
    data = tagged(nlp)._.projects_data
    assert json.loads(json.dumps(data)) == data
    assert data == [
        {
            "name": "冷水鱼养殖基地建设项目",
            "count": 1,
            "start": 20,
            "end": 31,
            "regions": [1],
            "companies": [],
            "amounts": {"total_investment": [0]},
            "quantities": [],
            "stage": "开工",
            "sentences": [[0, 35]],
            "mentions": [],
        }
    ]


def test_the_view_is_typed(nlp: Language) -> None:
    (project,) = tagged(nlp)._.projects
    assert isinstance(project, Project)
    assert project.regions[0].code == "220503"
    assert int(project.amounts["total_investment"][0].low) == 114000000
    assert project.stage == "开工"
    assert json.dumps(project.to_dict(), ensure_ascii=False)


def test_what_is_stored_survives_a_docbin(nlp: Language) -> None:
    doc = tagged(nlp)
    data = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (back,) = DocBin(store_user_data=True).from_bytes(data).get_docs(nlp.vocab)
    assert back._.projects == doc._.projects


def test_a_document_without_projects(nlp: Language) -> None:
    assert nlp("没有工地。")._.projects == []


def test_a_document_that_no_component_has_seen() -> None:
    assert spacy.blank("zh")("没有工地。")._.projects == []


def test_the_component_can_be_saved_and_pickled(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "model")
    for other in (
        spacy.load(tmp_path / "model"),
        spacy.blank("zh").from_config(nlp.config).from_bytes(nlp.to_bytes()),
    ):
        assert tagged(other)._.projects_data == tagged(nlp)._.projects_data
    component = pickle.loads(pickle.dumps(nlp.get_pipe("projner_project")))
    assert component.name == "projner_project"


def test_an_index_that_leads_nowhere_is_refused(nlp: Language) -> None:
    doc = tagged(nlp)
    doc._.projects_data = [{**doc._.projects_data[0], "regions": [9]}]
    with pytest.raises(ProjnerError) as caught:
        _ = doc._.projects
    assert caught.value.code == "P401"
