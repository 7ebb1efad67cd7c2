"""Words of a text, by spacy-pkuseg with the model that ships in `data/words`: what `doc._.words` returns.

The features, weights and best path are spacy-pkuseg's. Its `pkuseg` class is not used: it drops blanks,
merges words by a dictionary of another standard, knows no entities, and keeps its settings in a global
that a user's own pipeline may share.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from projner.errors import Errors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL = Path(__file__).parent / "data" / "words"
FILES = ("features.msgpack", "weights.npz")

_BLANKS = re.compile(r"\s+")
_SOLID = re.compile(r"[A-Za-z]+|[0-9]+(?:[.,][0-9]+)*")  # no border inside, whatever the model says
_MARK = re.compile(r"[，。、；：？！“”《》（）;?!()]|(?<![0-9])[,:]|[,:](?![0-9])")  # borders on both sides
_WIDE = str.maketrans(",;:?!()", "，；：？！（）")  # what it was trained on; many pages have them half-width
_NEVER = -1e6


def words(text: str, entities: Iterable[tuple[int, int]] = (), *, model: Path = MODEL) -> list[str]:
    """Split a text into words.

    A run of blanks (line breaks and full-width blanks included) is a word of its own. No word crosses a
    border of an entity; what lies inside an entity is split too.

    Args:
        text: the text as it is.
        entities: start and end of each entity, in code points of `text`.
        model: folder of a spacy-pkuseg model.

    Returns:
        The words in order; `"".join(words)` is `text`.

    Raises:
        ProjnerError: P650, the model's files are missing; P651, an entity lies outside the text.
    """
    spans = tuple((start, end) for start, end in entities)
    for start, end in spans:
        if not 0 <= start <= end <= len(text):
            raise Errors.P651.format(start=start, end=end, length=len(text))
    return list(_words(text, frozenset(border for span in spans for border in span), model))


# A user who reads doc._.words in a loop pays once; the key holds all that the result hangs on.
@lru_cache(maxsize=8)
def _words(text: str, borders: frozenset[int], model: Path) -> tuple[str, ...]:
    if not text:
        return ()
    starts = set(borders)
    for start, end, blank in _stretches(text):
        starts.add(start)
        if not blank:
            inner = {border - start for border in borders if start < border < end}
            starts.update(start + at for at in _segmenter(model).starts(text[start:end], inner))
    return tuple(text[start:end] for start, end in pairwise(sorted(starts | {0, len(text)})))


def _stretches(text: str) -> Iterator[tuple[int, int, bool]]:
    """Runs of blanks and of what stands between them: start, end, is it blank."""
    at = 0
    for blanks in _BLANKS.finditer(text):
        if at < blanks.start():
            yield at, blanks.start(), False
        yield blanks.start(), blanks.end(), True
        at = blanks.end()
    if at < len(text):
        yield at, len(text), False


def nodes_of(text: str) -> list[str]:
    """What the model sees of each character: punctuation full-width, the rest as spacy-pkuseg has it."""
    from spacy_pkuseg.feature_extractor import FeatureExtractor  # type: ignore[import-untyped]

    return list(FeatureExtractor.normalize_text(text.translate(_WIDE)))


class Segmenter:
    """A spacy-pkuseg model in memory; reading it changes nothing, so threads may share one."""

    def __init__(self, folder: Path) -> None:
        for name in FILES:
            if not (folder / name).is_file():
                raise Errors.P650.format(path=folder / name)
        from spacy_pkuseg.feature_extractor import FeatureExtractor
        from spacy_pkuseg.model import Model  # type: ignore[import-untyped]

        self._features: Any = FeatureExtractor.load(str(folder))
        self._model: Any = Model.load(str(folder))
        tags: dict[str, int] = self._features.tag_to_idx
        self._opening = {index for tag, index in tags.items() if tag.startswith("B")}
        self._closing = {tags["B_single"], tags["I_end"]}
        self._all = set(tags.values())

    def starts(self, text: str, borders: Iterable[int] = ()) -> list[int]:
        """Where words start in a text without blanks; at `borders` one always does."""
        from spacy_pkuseg import inference  # type: ignore[import-untyped]

        nodes = nodes_of(text)
        features = [self._features.get_node_features_idx(at, nodes) for at in range(len(nodes))]
        model = self._model
        scores, transitions = inference.getLogYY(
            features, model.n_tag, model.n_tag * model.n_feature, model.w, 1.0
        )
        marks = {at for mark in _MARK.finditer(text) for at in mark.span()} - {0, len(text)}
        self._constrain(scores, text, marks.union(borders))
        _, tags = inference.run_viterbi(scores, transitions)
        return [at for at, tag in enumerate(tags) if at == 0 or int(tag) in self._opening]

    def _constrain(self, scores: NDArray[np.float64], text: str, borders: set[int]) -> None:
        solid = {at for run in _SOLID.finditer(text) for at in range(run.start() + 1, run.end())} - borders
        for positions, before, after in (
            (sorted(borders), self._closing, self._opening),
            (sorted(solid), self._all - self._closing, self._all - self._opening),
        ):
            if positions:
                scores[[[at - 1] for at in positions], sorted(self._all - before)] += _NEVER
                scores[[[at] for at in positions], sorted(self._all - after)] += _NEVER


@lru_cache(maxsize=4)
def _segmenter(folder: Path) -> Segmenter:
    return Segmenter(folder)
