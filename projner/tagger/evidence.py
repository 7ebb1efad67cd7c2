"""What the rest of a document says of a place in it: the same string tagged elsewhere, or a longer name.

The first pass tags every sentence for itself. Its findings become marks on all places where the same string,
or a likely short form of it, stands; the second pass weighs them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Spans = Sequence[tuple[int, int, str]]

# Kinds of evidence for one label: the string is tagged so elsewhere once, or more often; it is the head of a
# longer name tagged so; it is tagged here but stands untagged elsewhere.
ONCE, OFTEN, HEAD, DOUBT = range(4)
N_KINDS = 4
_POSITIONS = 3
_SHORTEST, _LONGEST_HEAD = 2, 4
_MAX_STRINGS = 2000


def n_codes(n_labels: int) -> int:
    """Codes that `marks` uses, 0 for no evidence."""
    return 1 + n_labels * N_KINDS * _POSITIONS


def marks(text: str, spans: Spans, labels: Sequence[str]) -> NDArray[np.int64]:
    """Codes of shape (len(text), 2): evidence from equal strings, and from heads of longer names.

    Args:
        text: the document.
        spans: (start, end, label) of the first pass.
        labels: the labels that evidence is gathered for; others are left out.
    """
    out = np.zeros((len(text), 2), dtype=np.int64)
    tagged: dict[str, Counter[str]] = defaultdict(Counter)
    here: dict[tuple[int, int], str] = {}
    for start, end, label in spans:
        if label in labels and end - start >= _SHORTEST:
            tagged[text[start:end]][label] += 1
            here[start, end] = label
    if len(tagged) > _MAX_STRINGS:
        often = sorted(tagged.items(), key=lambda item: -item[1].total())
        tagged = defaultdict(Counter, often[:_MAX_STRINGS])
    inside = _inside(len(text), here)
    for string in sorted(tagged, key=len):
        _mark_equal(out, text, string, tagged[string], here, labels, inside)
    for head, label in _heads(tagged):
        if head not in tagged:
            code = labels.index(label)
            for start in _places(text, head):
                if inside.find(1, start, start + len(head)) < 0:
                    _write(out, 1, start, len(head), code, HEAD)
    return out


def _mark_equal(
    out: NDArray[np.int64],
    text: str,
    string: str,
    counts: Counter[str],
    here: dict[tuple[int, int], str],
    labels: Sequence[str],
    inside: bytearray,
) -> None:
    places = list(_places(text, string))
    loose = any(inside.find(1, start, start + len(string)) < 0 for start in places)
    elsewhere = {own: _most(counts, own) for own in (None, *counts)}
    for start in places:
        own = here.get((start, start + len(string)))
        label, count = elsewhere[own]
        if count > 0:
            _write(out, 0, start, len(string), labels.index(label), OFTEN if count > 1 else ONCE)
        elif own is not None and loose:
            _write(out, 0, start, len(string), labels.index(own), DOUBT)


def _most(counts: Counter[str], own: str | None) -> tuple[str, int]:
    """The label that a string most often has, and how often; one mention with the label `own` not counted."""
    votes = {label: count - (label == own) for label, count in counts.items()}
    return max(votes.items(), key=lambda item: item[1])


def _heads(tagged: dict[str, Counter[str]]) -> Iterator[tuple[str, str]]:
    """Likely short forms: the first two to four characters of longer names, shorter ones first."""
    for length in range(_SHORTEST, _LONGEST_HEAD + 1):
        for string, counts in tagged.items():
            if len(string) > length:
                yield string[:length], counts.most_common(1)[0][0]


def _inside(length: int, here: dict[tuple[int, int], str]) -> bytearray:
    """One where a span covers the character, else zero."""
    inside = bytearray(length)
    for start, end in here:
        inside[start:end] = b"\1" * (end - start)
    return inside


def _places(text: str, string: str) -> Iterator[int]:
    at = text.find(string)
    while at >= 0:
        yield at
        at = text.find(string, at + len(string))


def _write(out: NDArray[np.int64], column: int, start: int, length: int, label: int, kind: int) -> None:
    first = 1 + (label * N_KINDS + kind) * _POSITIONS
    out[start, column] = first
    out[start + 1 : start + length - 1, column] = first + 1
    out[start + length - 1, column] = first + 2
