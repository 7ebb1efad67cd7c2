"""jieba.posseg: words tagged as places (ns) and bodies (nt)."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, whose files bear the names of the peers

from tagger._words import spans_of_words  # noqa: E402
from timing import Span, Tag, measure_tagger  # noqa: E402

LABELS = {"ns": "REGION", "nt": "COMPANY"}


def load() -> Tag:
    import jieba.posseg

    def tag(documents: list[str]) -> list[list[Span]]:
        return [
            spans_of_words(text, ((pair.word, pair.flag) for pair in jieba.posseg.cut(text)), LABELS)
            for text in documents
        ]

    return tag


measure_tagger(load, "jieba")
