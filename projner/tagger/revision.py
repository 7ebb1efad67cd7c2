"""The second pass: scores of the first one, corrected by what the rest of the document says.

Each mark of `projner.tagger.evidence` at a position, or right before or after it, adds a row of a table to
the position's scores; which row depends on the mark and on the tag that the first pass gave.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from projner.tagger import evidence
from projner.tagger.tags import TagScheme

_OFFSETS = (-1, 0, 1)
_COLUMNS = 2
N_NUMBERS = _COLUMNS * len(_OFFSETS)


def n_rows(scheme: TagScheme, labels: Sequence[str]) -> int:
    """Rows of the table; row 0 means that nothing is known."""
    return _COLUMNS * len(_OFFSETS) * evidence.n_codes(len(labels)) * scheme.size


def rows(text: str, tags: NDArray[np.int64], scheme: TagScheme, labels: Sequence[str]) -> NDArray[np.int64]:
    """Row numbers of shape (len(text), N_NUMBERS) for a document and its first tagging."""
    out = np.zeros((len(text), N_NUMBERS), dtype=np.int64)
    write_rows(out, text, tags, scheme, labels)
    return out


def write_rows(
    out: NDArray[np.int64], text: str, tags: NDArray[np.int64], scheme: TagScheme, labels: Sequence[str]
) -> None:
    """The same into zeros of that shape. Few characters have any evidence, and only these are written."""
    codes = evidence.marks(text, scheme.decode(tags), labels)
    n_codes = evidence.n_codes(len(labels))
    for column in range(_COLUMNS):
        marked = codes[:, column].nonzero()[0]
        for place, offset in enumerate(_OFFSETS):
            at = marked - offset
            inside = (at >= 0) & (at < len(text))
            block = column * len(_OFFSETS) + place
            kinds = block * n_codes + codes[marked[inside], column]
            out[at[inside], block] = kinds * scheme.size + tags[at[inside]]


def correct(
    emissions: NDArray[np.float32], table: NDArray[np.float32], numbers: NDArray[np.int64]
) -> NDArray[np.float32]:
    """The scores with the rows of the table added."""
    touched = np.flatnonzero(numbers.any(axis=1))
    out = emissions.copy()
    out[touched] += table[numbers[touched]].sum(axis=1)
    return out
