"""The default pipeline keeps its contract, and gives the same result however a document is made and kept."""

import json
import pickle
import socket
import subprocess
import sys
from decimal import Decimal

import pytest
import spacy
from spacy.tokens import Doc, DocBin, Span

import projner
from projner.company import Company
from projner.money import Amount
from projner.project import Project
from projner.region import Region

TEXT = (
    "集安市重点项目开工\n\n"
    "记者从通化市获悉，集安市人参加工项目总投资1.14亿元，由吉林省益盛药业股份有限公司承建。\n"
    "2023年，通化市完成固定资产投资超过600亿元。吉林省益盛药业股份有限公司去年实现销售收入3000万元。\n"
)
TEXTS = [
    TEXT,
    "",
    "今天天气很好。",
    "長春市總投資3.2億元的項目於昨日開工。",
    "二道江区鸭园镇的养殖基地建设项目总投资５０００万元，计划投资1亿元至2亿元。😀",
]


@pytest.fixture(scope="module")
def nlp():
    return projner.load()


@pytest.fixture(scope="module")
def doc(nlp):
    return nlp(TEXT)


@pytest.fixture(scope="module")
def expected(nlp):
    return [meaning(nlp(text)) for text in TEXTS]


def meaning(doc):
    """All that the contract lets a user read of a document."""
    ents = [
        (ent.start_char, ent.end_char, ent.label_, ent.kb_id_, ent._.amount, ent._.region, ent._.company)
        for ent in doc.ents
    ]
    scores = [ent._.score for ent in doc.ents]
    return doc.text, ents, scores, doc._.projects, doc._.regions, doc._.words


def only(doc, text, label):
    found = [ent for ent in doc.ents if ent.text == text and ent.label_ == label]
    assert found, [(ent.text, ent.label_) for ent in doc.ents]
    return found


# The contract


def test_entities_are_sorted_flat_known_labels_and_verbatim(nlp, doc):
    assert doc.ents and {ent.label_ for ent in doc.ents} == {"REGION", "COMPANY", "MONEY"}
    for one, other in zip(doc.ents, doc.ents[1:], strict=False):
        assert one.end <= other.start
    assert doc.text == TEXT and all(len(token) == 1 or token.is_space for token in doc)
    assert all(TEXT[ent.start_char : ent.end_char] == ent.text for ent in doc.ents)


def test_an_amount_is_typed_and_exact(doc):
    (ent,) = only(doc, "1.14亿元", "MONEY")
    amount = ent._.amount
    assert isinstance(amount, Amount)
    assert amount.low == amount.high == Decimal(114_000_000) and isinstance(amount.low, Decimal)
    assert (amount.currency, amount.bound, amount.approximate) == ("CNY", "exact", False)
    assert amount.role == "total_investment" and TEXT[slice(*amount.cue)] == "总投资"
    assert isinstance(amount.notes, tuple) and amount.format()
    (ent,) = only(doc, "600亿元", "MONEY")
    assert (ent._.amount.low, ent._.amount.bound) == (Decimal(60_000_000_000), "at_least")


def test_a_region_is_typed_and_its_code_is_the_kb_id(doc):
    for ent in only(doc, "集安市", "REGION"):
        assert isinstance(ent._.region, Region)
        assert ent.kb_id_ == ent._.region.code == "220582"
        assert ent._.region.path == ("吉林省", "通化市", "集安市") and ent._.region.level == "county"
    assert {ent.kb_id_ for ent in only(doc, "通化市", "REGION")} == {"220500"}


def test_all_mentions_of_a_company_have_one_company(doc):
    found = only(doc, "吉林省益盛药业股份有限公司", "COMPANY")
    assert len(found) == 2
    companies = [ent._.company for ent in found]
    assert isinstance(companies[0], Company) and companies[0] == companies[1]
    spans = [(ent.start_char, ent.end_char) for ent in found]
    assert [tuple(mention) for mention in companies[0].mentions] == spans


def test_each_label_has_its_own_meaning_only_and_a_score(doc):
    for ent in doc.ents:
        assert (ent._.amount is not None) == (ent.label_ == "MONEY")
        assert (ent._.region is not None) == (ent.label_ == "REGION")
        assert (ent._.company is not None) == (ent.label_ == "COMPANY")
        assert isinstance(ent._.score, float) and 0 <= ent._.score <= 1
        assert ent.label_ == "REGION" or not ent.kb_id_


def test_projects_regions_and_words(doc):
    assert doc._.projects and all(isinstance(project, Project) for project in doc._.projects)
    amounts = [amount.low for p in doc._.projects for amount in p.amounts.get("total_investment", ())]
    assert Decimal(114_000_000) in amounts
    counts = {division.code: division.count for division in doc._.regions.divisions}
    for code in ("220582", "220500"):
        assert counts[code] == sum(ent.kb_id_ == code for ent in doc.ents)
    assert all(isinstance(word, str) and word for word in doc._.words)
    assert "".join("".join(doc._.words).split()) == "".join(TEXT.split())


def test_traditional_and_full_width_text_is_read_as_it_is(nlp):
    doc = nlp(TEXTS[3])
    (ent,) = only(doc, "3.2億元", "MONEY")
    assert ent._.amount.low == Decimal(320_000_000)
    assert {ent.kb_id_ for ent in doc.ents if ent.label_ == "REGION"} <= {"220100"}
    (ent,) = only(nlp(TEXTS[4]), "５０００万元", "MONEY")
    assert ent._.amount.low == Decimal(50_000_000)


def test_what_is_stored_is_json(doc):
    stored = [value for value in doc.user_data.values() if value is not None]
    assert stored and json.loads(json.dumps(stored)) is not None


# The same result, whatever the way


def test_a_text_says_the_same_again(nlp, expected):
    assert [meaning(nlp(text)) for text in TEXTS] == expected


@pytest.mark.parametrize("n_process", [1, 2])
@pytest.mark.parametrize("batch_size", [1, 64])
def test_pipe(nlp, expected, n_process, batch_size):
    docs = nlp.pipe(TEXTS, n_process=n_process, batch_size=batch_size)
    assert [meaning(doc) for doc in docs] == expected


def test_projner_pipe(expected):
    assert [meaning(doc) for doc in projner.pipe(iter(TEXTS))] == expected


def test_a_pickled_copy(nlp, expected):
    copy = pickle.loads(pickle.dumps(nlp))
    assert [meaning(copy(text)) for text in TEXTS] == expected


def test_a_saved_pipeline(nlp, expected, tmp_path):
    nlp.to_disk(tmp_path / "saved")
    copy = spacy.load(tmp_path / "saved")
    assert [meaning(copy(text)) for text in TEXTS] == expected
    copy.to_disk(tmp_path / "again")  # saving is idempotent: nothing is lost a little at a time
    for path in (tmp_path / "saved" / "projner_tagger").iterdir():
        assert path.read_bytes() == (tmp_path / "again" / "projner_tagger" / path.name).read_bytes()


def test_a_pipeline_from_bytes(nlp, expected):
    copy = spacy.blank("zh", config={"nlp": {"tokenizer": nlp.config["nlp"]["tokenizer"]}})
    for name in nlp.pipe_names:
        copy.add_pipe(nlp.get_pipe_meta(name).factory, name=name, config={})
    copy.from_bytes(nlp.to_bytes())
    assert [meaning(copy(text)) for text in TEXTS] == expected


def test_a_pickled_document(nlp, expected):
    docs = [pickle.loads(pickle.dumps(nlp(text))) for text in TEXTS]
    assert [meaning(doc) for doc in docs] == expected


def test_a_docbin(nlp, expected):
    data = DocBin(store_user_data=True, docs=[nlp(text) for text in TEXTS]).to_bytes()
    docs = DocBin().from_bytes(data).get_docs(spacy.blank("zh").vocab)
    assert [meaning(doc) for doc in docs] == expected


def test_a_bare_docbin_needs_only_register(nlp, doc, tmp_path):
    DocBin(store_user_data=True, docs=[doc]).to_disk(tmp_path / "docs.spacy")
    code = """
import sys, spacy, projner
from spacy.tokens import DocBin
projner.register(); projner.register()
(doc,) = DocBin().from_disk(sys.argv[1]).get_docs(spacy.blank("zh").vocab)
print(len(doc.ents), len(doc._.projects), len(doc._.words), len(doc._.regions.divisions))
print([str(e._.amount.low) for e in doc.ents if e._.amount])
print([e._.region.code for e in doc.ents if e._.region])
assert all(e._.score is not None for e in doc.ents)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "docs.spacy")],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONIOENCODING": "utf-8", "PYTHONPATH": ":".join(filter(None, sys.path))},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    counts, values, codes = done.stdout.splitlines()
    sizes = (doc.ents, doc._.projects, doc._.words, doc._.regions.divisions)
    assert counts == " ".join(str(len(part)) for part in sizes)
    assert values == str([str(ent._.amount.low) for ent in doc.ents if ent._.amount])
    assert codes == str([ent._.region.code for ent in doc.ents if ent._.region])


def test_an_extension_name_that_is_taken_is_left_alone():
    def mine(span):
        return "mine"

    kept = Span.get_extension("amount")
    try:
        Span.set_extension("amount", getter=mine, force=True)
        projner.register()
        assert Span.get_extension("amount")[2] is mine
    finally:
        Span.set_extension("amount", getter=kept[2], force=True)
    assert Doc.has_extension("projects")


# Offline


def test_loading_and_tagging_need_no_network(monkeypatch):
    def refuse(*arguments, **options):
        raise AssertionError(f"network used: {arguments}")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    doc = projner.load()(TEXT)
    assert doc.ents and doc._.words and doc._.projects


# Odd texts


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        "\r\n\r\n",
        "\u3000",
        "。",
        "😀",
        "\u200b",
        "\x00",
        "\ufeff",
        "\u0301",
        "a",
        "Ω",
        "\u2028",
    ],
)
def test_texts_that_say_nothing_have_no_entities(nlp, text):
    doc = nlp(text)
    assert doc.text == text and doc.ents == () and doc._.projects == []
    assert doc._.regions.divisions == () and "".join(doc._.words).split() == text.split()


@pytest.mark.parametrize("gap", ["\r\n", "\u3000", "\ufeff", "😀", " ", "  ", "\n\n\n", "\u200b"])
def test_offsets_are_right_behind_odd_characters(nlp, gap):
    text = f"{gap}长春市{gap}\n项目总投资1.14亿元。{gap}"
    doc = nlp(text)
    assert doc.text == text
    (ent,) = only(doc, "1.14亿元", "MONEY")
    assert text[ent.start_char : ent.end_char] == "1.14亿元"
    assert only(doc, "长春市", "REGION")


def test_one_line_without_a_stop_and_a_text_of_one_character(nlp):
    text = "集安市项目总投资2亿元，" * 400
    found = [ent for ent in nlp(text).ents if ent.label_ == "MONEY"]
    assert {ent.text for ent in found} == {"2亿元"}
    assert len(found) >= 392  # a cut every 300 characters may fall into an amount
    assert nlp("一" * 5000).ents == ()


def test_a_pipeline_that_does_not_exist_is_named():
    with pytest.raises(OSError, match="no_such_pipeline"):
        projner.load("no_such_pipeline")
