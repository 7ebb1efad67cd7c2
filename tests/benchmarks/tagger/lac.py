"""LAC, mode lac: words tagged as LOC and ORG, sentence by sentence."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, whose files bear the names of the peers

from tagger._sentences import tag_sentences  # noqa: E402
from tagger._words import spans_of_words  # noqa: E402
from timing import Span, Tag, measure_tagger  # noqa: E402

LABELS = {"LOC": "REGION", "ORG": "COMPANY"}
BATCH = 64  # sentences; faster than whole documents and than smaller or larger batches


def load() -> Tag:
    try:
        import paddle.fluid
    except ImportError:  # paddle 2.5 gave the module another name, LAC 2.1 still asks for the old one
        import paddle.base

        paddle.fluid = paddle.base
        sys.modules |= {"paddle.fluid": paddle.base, "paddle.fluid.core": paddle.base.core}
    from LAC import LAC

    lac = LAC(mode="lac")

    def tag(sentences: list[str]) -> list[list[Span]]:
        return [
            spans_of_words(text, zip(words, tags, strict=True), LABELS)
            for text, (words, tags) in zip(sentences, lac.run(sentences), strict=True)
        ]

    return lambda documents: tag_sentences(documents, BATCH, tag)


measure_tagger(load, "lac")
