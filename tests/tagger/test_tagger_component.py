"""The trainable component on a toy task: it learns, and what is saved is what was learnt."""

import pickle

import pytest
import spacy
from spacy.tokens import DocBin
from spacy.training import Example
from thinc.api import fix_random_seed

from projner.errors import ProjnerError

SENTENCES = [
    ("小明在抚松县工作。", [(3, 6, "PLACE")]),
    ("抚松县的小明很忙。", [(0, 3, "PLACE")]),
    ("明天去柳河县看看。", [(3, 6, "PLACE")]),
    ("柳河县来了客人。", [(0, 3, "PLACE")]),
    ("今天没有下雨。", []),
    ("大家都很高兴。", []),
]
SMALL = {
    "@architectures": "projner.WideDeep.v2",
    "ngram_rows": 4096,
    "char_rows": 512,
    "bigram_rows": 1024,
    "width": 32,
    "dropout": 0.0,
    "wide_dropout": 0.0,
    "embed_dropout": 0.0,
}


def examples(nlp):
    for text, spans in SENTENCES:
        doc = nlp.make_doc(text)
        doc.ents = [doc.char_span(*span[:2], label=span[2]) for span in spans]
        yield Example(nlp.make_doc(text), doc)


@pytest.fixture(scope="module")
def nlp():
    fix_random_seed(0)  # so that a run that learns is a run that always learns
    nlp = spacy.blank("zh")
    nlp.add_pipe("projner_tagger", config={"model": SMALL})
    optimizer = nlp.initialize(lambda: list(examples(nlp)))
    optimizer.learn_rate = 0.001
    losses = []
    for _ in range(60):
        losses.append(nlp.update(list(examples(nlp)), sgd=optimizer)["projner_tagger"])
    assert losses[-1] < losses[0] / 10
    return nlp


def ents(doc):
    return [(ent.text, ent.label_, ent._.score) for ent in doc.ents]


def test_it_learns_a_users_own_label(nlp):
    scores = nlp.evaluate(list(examples(nlp)))
    assert scores["ents_f"] == 1.0
    assert scores["ents_per_type"]["PLACE"]["r"] == 1.0


def test_scores_lie_between_0_and_1(nlp):
    assert all(0 <= score <= 1 for _, _, score in ents(nlp("抚松县和柳河县。")))


def test_saved_loaded_and_pickled_copies_agree(nlp, tmp_path):
    nlp.to_disk(tmp_path / "first")
    loaded = spacy.load(tmp_path / "first")
    loaded.to_disk(tmp_path / "second")
    again = spacy.load(tmp_path / "second")
    for text, _ in SENTENCES:
        assert [e[:2] for e in ents(loaded(text))] == [e[:2] for e in ents(nlp(text))]
        assert ents(again(text)) == ents(loaded(text)) == ents(pickle.loads(pickle.dumps(loaded))(text))
    first, second = (
        (tmp_path / name / "projner_tagger" / "weights.npz").read_bytes() for name in ("first", "second")
    )
    assert first == second


def test_batches_and_processes_agree_with_single_documents(nlp, tmp_path):
    texts = [text for text, _ in SENTENCES] * 3
    nlp.to_disk(tmp_path)
    loaded = spacy.load(tmp_path)
    want = [ents(loaded(text)) for text in texts]
    assert [ents(doc) for doc in loaded.pipe(texts, batch_size=4)] == want
    assert [ents(doc) for doc in loaded.pipe(texts, batch_size=4, n_process=2)] == want


def test_a_docbin_keeps_scores(nlp):
    doc = nlp("小明在抚松县工作。")
    stored = DocBin(docs=[doc], store_user_data=True).to_bytes()
    (back,) = DocBin().from_bytes(stored).get_docs(nlp.vocab)
    assert ents(back) == ents(doc)


@pytest.mark.parametrize("text", ["", "\n", " ", "\u3000\n\u3000", "😀", "a\r\nb"])
def test_empty_and_odd_texts(nlp, text):
    assert nlp(text).text == text


def test_no_entities_to_learn_from_is_said():
    nlp = spacy.blank("zh")
    nlp.add_pipe("projner_tagger", config={"model": SMALL})
    with pytest.raises(ProjnerError, match="P601"):
        nlp.initialize(lambda: [Example(nlp.make_doc("空"), nlp.make_doc("空"))])


def test_an_unknown_label_is_named(nlp):
    doc = nlp.make_doc("小明在抚松县")
    doc.ents = [doc.char_span(0, 2, label="PERSON")]
    with pytest.raises(ProjnerError, match="PERSON"):
        nlp.get_pipe("projner_tagger").update([Example(nlp.make_doc(doc.text), doc)])


def test_weights_of_another_architecture_are_refused(nlp, tmp_path):
    from projner.tagger import pack

    nlp.to_disk(tmp_path / "pipeline")
    file = tmp_path / "pipeline" / "projner_tagger" / "weights.npz"
    arrays = pack.load(file.read_bytes())
    file.write_bytes(pack.dump({**arrays, "99.W": arrays["2.T"]}))
    with pytest.raises(ProjnerError, match=r"P612.*99\.W"):
        spacy.load(tmp_path / "pipeline")
