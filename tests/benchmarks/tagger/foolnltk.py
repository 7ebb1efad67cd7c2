"""foolnltk: its entity tagger alone (`fool.ner`), sentence by sentence."""

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, whose files bear the names of the peers

from tagger._sentences import tag_sentences  # noqa: E402
from timing import Span, Tag, measure_tagger  # noqa: E402

LABELS = {"location": "REGION", "company": "COMPANY"}
BATCH = 64  # sentences


def viterbi_decode(scores: Any, transitions: Any) -> tuple[list[int], float]:
    """The best path through [steps, tags] scores; TensorFlow 2 no longer ships the function of this name."""
    import numpy as np

    best, back = scores[0], []
    for step in scores[1:]:
        reached = best[:, None] + transitions
        back.append(reached.argmax(0))
        best = step + reached.max(0)
    path = [int(np.argmax(best))]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return path[::-1], float(best.max())


def use_old_names() -> None:
    """Give foolnltk, which was written for TensorFlow 1, the names that it imports."""
    import tensorflow

    crf = ModuleType("tensorflow.contrib.crf")
    crf.viterbi_decode = viterbi_decode  # type: ignore[attr-defined]
    sys.modules |= {
        "tensorflow": tensorflow.compat.v1,
        "tensorflow.contrib": ModuleType("tensorflow.contrib"),
        "tensorflow.contrib.crf": crf,
    }


def load() -> Tag:
    use_old_names()
    import fool

    def tag(sentences: list[str]) -> list[list[Span]]:
        return [
            [(start, end, LABELS[label]) for start, end, label, _ in spans if label in LABELS]
            for spans in fool.ner(sentences)
        ]

    return lambda documents: tag_sentences(documents, BATCH, tag)


measure_tagger(load, "foolnltk")
