"""What the tagger sees of a text: hashed character n-grams, ids of characters and bigrams, names of lists.

Several texts are joined by line breaks, so that one pass of array operations serves a whole batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from projner.tagger.lexicon import N_CODES, Lexicon
from projner.tagger.text import CLASSES, classes, codepoints

# More than the reach of the convolutions on either side.
MARGIN = 16
# (n, first offset): the n-grams around a position
TEMPLATES = (
    *((1, offset) for offset in range(-2, 3)),
    *((2, offset) for offset in range(-2, 2)),
    *((3, offset) for offset in range(-2, 1)),
    *((4, offset) for offset in (-3, 0)),
)
_DIGIT = 0x30
_Unsigned = TypeVar("_Unsigned", np.uint32, np.uint64)
_SEED = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Features:
    """Feature indexes of a batch; row i of every array belongs to character i of the joined text.

    ngrams: (n, len(TEMPLATES)), rows of the wide table; chars: (n, 1);
    bigrams: (n, 2), ending and starting here;
    marks: (n, 1 + categories), character class and lexicon codes, offset so that they share one table;
    spans: (texts, 2), where each text lies in the joined one.
    """

    ngrams: NDArray[np.uint32]
    chars: NDArray[np.uint32]
    bigrams: NDArray[np.uint32]
    marks: NDArray[np.uint32]
    spans: NDArray[np.int64]

    def rows(self, start: int, end: int) -> Features:
        """The features of the characters from start to end; `spans` stay those of the whole."""
        here = slice(start, end)
        return Features(self.ngrams[here], self.chars[here], self.bigrams[here], self.marks[here], self.spans)


def n_marks(categories: int) -> int:
    """Rows that the table of `Features.marks` needs."""
    return 1 + len(CLASSES) + categories * N_CODES


def extract(
    texts: Sequence[str], lexicon: Lexicon, *, n_ngrams: int, n_chars: int, n_bigrams: int
) -> Features:
    """Features of a batch of texts; the n_ are sizes of hash tables, whose row 0 is left for "nothing"."""
    margin = "\n" * MARGIN
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    starts = MARGIN + np.concatenate([[0], np.cumsum(lengths[:-1] + MARGIN)]).astype(np.int64)
    codes = codepoints(margin + margin.join(texts) + margin)
    kinds = classes(codes)
    folded = _fold(codes, kinds)
    bigrams = character_buckets(folded, 2, n_bigrams)
    marks = [kinds.astype(np.uint32)[:, None] + 1]
    matched = lexicon.match(codes).astype(np.uint32)
    base = 1 + len(CLASSES) + N_CODES * np.arange(matched.shape[1], dtype=np.uint32)
    marks.append(np.where(matched > 0, matched + base, 0).astype(np.uint32))
    return Features(
        ngrams=_ngrams(folded, n_ngrams),
        chars=character_buckets(folded, 1, n_chars)[:, None],
        bigrams=np.stack([_shift(bigrams, -1), bigrams], axis=1),
        marks=np.concatenate(marks, axis=1),
        spans=np.stack([starts, starts + lengths], axis=1),
    )


def fold(text: str) -> NDArray[np.uint64]:
    """Code points with every digit as 0: what number it is matters to the amounts, not to the tagger."""
    codes = codepoints(text)
    return _fold(codes, classes(codes))


def _fold(codes: NDArray[np.uint32], kinds: NDArray[np.uint8]) -> NDArray[np.uint64]:
    return np.where(kinds == CLASSES.index("digit"), _DIGIT, codes).astype(np.uint64)


def character_buckets(folded: NDArray[np.uint64], n: int, size: int) -> NDArray[np.uint32]:
    """Rows, 1 to size - 1, of the n-grams that begin at each position."""
    return _bucket(_hash(folded, n), size)


def _ngrams(folded: NDArray[np.uint64], size: int) -> NDArray[np.uint32]:
    hashes = {n: _hash(folded, n) for n in {n for n, _ in TEMPLATES}}
    out = np.empty((len(folded), len(TEMPLATES)), dtype=np.uint32)
    for column, (n, offset) in enumerate(TEMPLATES):
        out[:, column] = _bucket(
            _shift(hashes[n], offset) + np.uint64(column * int(_SEED) & 0xFFFFFFFFFFFFFFFF), size
        )
    return out


def _hash(folded: NDArray[np.uint64], n: int) -> NDArray[np.uint64]:
    """A hash of the n characters from each position on; the text is taken to go on with line breaks."""
    value = folded + np.uint64(n)
    for offset in range(1, n):
        value = value * np.uint64(0x100000001B3) + _shift(folded, offset)
    return value * _SEED


def _shift(values: NDArray[_Unsigned], offset: int) -> NDArray[_Unsigned]:
    """values[i + offset] at i; beyond the ends the first or last value."""
    if offset == 0:
        return values
    out = np.empty_like(values)
    if offset > 0:
        out[:-offset], out[-offset:] = values[offset:], values[-1]
    else:
        out[-offset:], out[:-offset] = values[:offset], values[0]
    return out


def _bucket(hashes: NDArray[np.uint64], size: int) -> NDArray[np.uint32]:
    mixed = hashes ^ (hashes >> np.uint64(31))
    mixed = mixed * np.uint64(0xBF58476D1CE4E5B9)
    return (1 + (mixed >> np.uint64(33)) % np.uint64(size - 1)).astype(np.uint32)
