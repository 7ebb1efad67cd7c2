from __future__ import annotations

import pickle
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

import projner
from projner.errors import ProjnerError
from projner.region import Region


@pytest.fixture
def nlp() -> Language:
    nlp = spacy.blank("zh")
    nlp.add_pipe("projner_region_linker")
    return nlp


def tagged(nlp: Language, text: str, *names: tuple[str, str]) -> Doc:
    doc = nlp.make_doc(text)
    ents = []
    for name, label in names:
        start = text.index(name)
        ents.append(doc.char_span(start, start + len(name), label=label))
    doc.set_ents(ents)
    return doc


def test_sets_region_and_kb_id_and_keeps_the_rest(nlp: Language) -> None:
    doc = tagged(
        nlp, "通化市的安宇公司投资20亿元", ("通化市", "REGION"), ("安宇公司", "COMPANY"), ("20亿元", "MONEY")
    )
    doc.ents[1]._.company_data = {"name": "安宇公司"}
    doc.ents[2]._.score = 0.75
    doc.ents[0]._.score = 0.5
    linked = nlp(doc)
    region, company, money = linked.ents
    assert (region.kb_id_, region.label_, region._.score) == ("220500", "REGION", 0.5)
    assert isinstance(region._.region, Region)
    assert region._.region.path == ("吉林省", "通化市")
    assert company._.company_data == {"name": "安宇公司"} and company.label_ == "COMPANY"
    assert money._.score == 0.75 and money.kb_id_ == ""
    assert linked._.regions.place.code == "220500"


def test_open_case_has_no_kb_id(nlp: Language) -> None:
    doc = nlp(tagged(nlp, "朝阳区开工", ("朝阳区", "REGION")))
    assert doc.ents[0].kb_id_ == ""
    assert len(doc.ents[0]._.region.candidates) == 2


def test_place_of_document_and_of_pipeline(nlp: Language) -> None:
    doc = tagged(nlp, "朝阳区开工", ("朝阳区", "REGION"))
    doc.user_data["place"] = "220100"
    assert nlp(doc).ents[0].kb_id_ == "220104"
    other = spacy.blank("zh")
    other.add_pipe("projner_region_linker", config={"place": "北京"})
    assert other(tagged(other, "朝阳区开工", ("朝阳区", "REGION"))).ents[0].kb_id_ == "110105"


def test_unknown_place_is_named(nlp: Language) -> None:
    doc = tagged(nlp, "朝阳区开工", ("朝阳区", "REGION"))
    doc.user_data["place"] = "乌有"
    with pytest.raises(ProjnerError, match="P207"):
        nlp(doc)


def test_rows_of_ones_own_are_saved_with_the_pipeline(nlp: Language, tmp_path: Path) -> None:
    linker = nlp.get_pipe("projner_region_linker")
    linker.extend([{"name": "云谷新区", "level": "zone", "parent": "220503"}])  # type: ignore[attr-defined]
    nlp.to_disk(tmp_path / "nlp")
    again = spacy.load(tmp_path / "nlp")
    bytes_again = spacy.blank("zh")
    bytes_again.add_pipe("projner_region_linker")
    bytes_again.from_bytes(nlp.to_bytes())
    for pipeline in (nlp, again, bytes_again):
        assert pipeline(tagged(pipeline, "云谷新区开工", ("云谷新区", "REGION"))).ents[0].kb_id_ == "220503"
    fresh = spacy.blank("zh")
    fresh.add_pipe("projner_region_linker")
    assert fresh(tagged(fresh, "云谷新区开工", ("云谷新区", "REGION"))).ents[0].kb_id_ == ""


def test_initialize_takes_a_csv(nlp: Language, tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("name,level,parent\n云谷新区,zone,220503\n", encoding="utf8")
    nlp.config["initialize"]["components"]["projner_region_linker"] = {"rows": str(table)}
    nlp.initialize()
    assert nlp(tagged(nlp, "云谷新区开工", ("云谷新区", "REGION"))).ents[0].kb_id_ == "220503"


def test_plain_pipeline_saves_no_table(nlp: Language, tmp_path: Path) -> None:
    nlp(tagged(nlp, "通化市开工", ("通化市", "REGION")))
    nlp.to_disk(tmp_path / "nlp")
    assert not list((tmp_path / "nlp").rglob("gazetteer.bin"))


def test_pickle_and_docbin_and_two_processes_give_the_same(nlp: Language) -> None:
    linker = pickle.loads(pickle.dumps(nlp.get_pipe("projner_region_linker")))
    doc = linker(tagged(nlp, "江源县开工", ("江源县", "REGION")))
    box = DocBin(store_user_data=True, attrs=["ENT_IOB", "ENT_TYPE", "ENT_KB_ID"], docs=[doc])
    projner.register()
    (back,) = DocBin().from_bytes(box.to_bytes()).get_docs(nlp.vocab)
    assert back.ents[0]._.region == doc.ents[0]._.region
    assert back.ents[0].kb_id_ == "220605"
    docs = [tagged(nlp, "江源县开工", ("江源县", "REGION")) for _ in range(4)]
    for piped in nlp.pipe(docs, n_process=2, batch_size=2):
        assert piped.ents[0]._.region == doc.ents[0]._.region
        assert piped.ents[0].kb_id_ == "220605"


def test_document_without_regions_is_left_alone(nlp: Language) -> None:
    doc = nlp(tagged(nlp, "投资20亿元", ("20亿元", "MONEY")))
    assert [ent.label_ for ent in doc.ents] == ["MONEY"]
    assert doc._.regions.divisions == ()
