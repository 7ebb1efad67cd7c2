"""BIOES tags over characters: from spans to tags and back, and which tag may follow which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

FORBIDDEN = -1e4
_PARTS = "BIES"


class TagScheme:
    """The tags of some labels: 0 is O, then B, I, E, S of each label in turn."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        self.size = 1 + 4 * len(self.labels)

    def encode(self, length: int, spans: Iterable[tuple[int, int, str]]) -> NDArray[np.int64]:
        """Tags of a text of that length; spans are (start, end, label) and must not overlap."""
        tags = np.zeros(length, dtype=np.int64)
        for start, end, label in spans:
            base = 1 + 4 * self.labels.index(label)
            if end - start == 1:
                tags[start] = base + 3
                continue
            tags[start] = base
            tags[start + 1 : end - 1] = base + 1
            tags[end - 1] = base + 2
        return tags

    def decode(self, tags: NDArray[np.int64]) -> list[tuple[int, int, str]]:
        """Spans (start, end, label) of a well-formed tagging."""
        spans = []
        start = 0
        for at in np.flatnonzero(tags):
            label, part = divmod(int(tags[at]) - 1, 4)
            if part in (0, 3):
                start = int(at)
            if part in (2, 3):
                spans.append((start, int(at) + 1, self.labels[label]))
        return spans

    def constraints(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Scores to add to transitions, first and last tags: 0 where allowed, FORBIDDEN elsewhere."""
        opens = np.array([tag == 0 or (tag - 1) % 4 in (0, 3) for tag in range(self.size)])
        closes = np.array([tag == 0 or (tag - 1) % 4 in (2, 3) for tag in range(self.size)])
        allowed = closes[:, None] & opens[None, :]
        for label in range(len(self.labels)):
            begin, inside, end = (1 + 4 * label + part for part in range(3))
            for tag in (begin, inside):
                allowed[tag, inside] = allowed[tag, end] = True
        as_scores = [np.where(mask, 0.0, FORBIDDEN).astype(np.float32) for mask in (allowed, opens, closes)]
        return as_scores[0], as_scores[1], as_scores[2]
