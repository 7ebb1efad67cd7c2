"""projner: the whole default pipeline (tagger, amounts, links, companies, roles, projects)."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, whose files bear the names of the peers

from timing import Span, Tag, measure_tagger  # noqa: E402


def load() -> Tag:
    import projner

    nlp = projner.load()

    def tag(documents: list[str]) -> list[list[Span]]:
        return [
            [(span.start_char, span.end_char, span.label_) for span in doc.ents if span.label_ != "MONEY"]
            for doc in nlp.pipe(documents)
        ]

    return tag


measure_tagger(load, "projner")
