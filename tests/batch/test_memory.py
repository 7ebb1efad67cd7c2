"""Nothing is kept of a document that is done."""

from __future__ import annotations

from projner.batch.encode import json_line
from projner.batch.tagging import Tagger, Task


def test_the_vocabulary_does_not_grow(model: str) -> None:
    import projner

    nlp = projner.load(model)
    tagger = Tagger(nlp, json_line)
    tagger([Task("0", "通化市")])
    strings, lexemes = len(nlp.vocab.strings), sum(1 for _ in nlp.vocab)
    for n in range(5):
        new = "".join(chr(0x4E00 + n * 400 + m) for m in range(400))
        (outcome,) = tagger([Task(str(n), f"{new} latin{n} 总投资{n}1.5亿元")])
        assert outcome.error is None and outcome.labels["MONEY"] == 1
    assert (len(nlp.vocab.strings), sum(1 for _ in nlp.vocab)) == (strings, lexemes)


def test_one_broken_document_is_named_and_the_batch_goes_on(model: str) -> None:
    import projner

    nlp = projner.load(model)
    tagger = Tagger(nlp, _fail_on("b"))
    outcomes = tagger([Task(id, "通化市") for id in "abc"])
    assert [outcome.error is None for outcome in outcomes] == [True, False, True]
    assert "RuntimeError: broken" in (outcomes[1].error or "")


def _fail_on(id: str):  # type: ignore[no-untyped-def]
    def encode(row):  # type: ignore[no-untyped-def]
        if row["id"] == id:
            raise RuntimeError("broken")
        return json_line(row)

    return encode
