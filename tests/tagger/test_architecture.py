"""Long inputs are predicted in blocks; nobody should be able to tell."""

import numpy as np
from thinc.api import fix_random_seed

from projner.tagger import architecture, features
from projner.tagger.lexicon import Lexicon


def model_and_lexicon():
    fix_random_seed(1)
    lexicon = Lexicon.build({"city": ["通化市", "白山市"]})
    model = architecture.wide_deep(ngram_rows=4096, char_rows=512, bigram_rows=1024, width=32)
    architecture.set_sizes(model, 5, len(lexicon.categories))
    model.initialize()
    wide = model.get_ref("wide")
    wide.set_param("E", np.random.default_rng(0).normal(size=wide.get_param("E").shape).astype("f"))
    return model, lexicon


def test_blocks_give_the_scores_of_the_whole(monkeypatch):
    model, lexicon = model_and_lexicon()
    text = "通化市的项目总投资12亿元，白山市也有。" * 40
    extracted = features.extract([text], lexicon, **model.attrs["sizes"])
    monkeypatch.setattr(architecture, "_BLOCK", 10_000)
    whole = model.predict(extracted)
    assert len(whole) > 700 and np.abs(whole).max() > 1
    for block in (64, 100, 333):
        monkeypatch.setattr(architecture, "_BLOCK", block)
        np.testing.assert_allclose(model.predict(extracted), whole, atol=1e-5)


def test_the_reach_is_what_the_convolutions_see():
    model, lexicon = model_and_lexicon()
    texts = ["的" * 60, "的" * 30 + "市" + "的" * 29]
    one, other = (model.predict(features.extract([text], lexicon, **model.attrs["sizes"])) for text in texts)
    changed = np.flatnonzero(np.abs(one - other).max(axis=1) > 1e-7) - (features.MARGIN + 30)
    reach = model.attrs["reach"]
    assert -reach - 1 <= changed.min() <= -4 and 4 <= changed.max() <= reach + 1
