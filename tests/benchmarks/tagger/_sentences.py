"""Sentences in batches, for peers that tag short texts fastest."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from timing import Span

_SENTENCE = re.compile(r"[^。！？\n]+[。！？]*")


def tag_sentences(
    documents: list[str], batch: int, tag: Callable[[list[str]], Sequence[Sequence[Span]]]
) -> list[list[Span]]:
    """Tag documents sentence by sentence, sorted by length (a batch is as long as its longest sentence).

    `tag` takes at most `batch` sentences and gives spans with offsets in the sentence.
    """
    sentences = [
        (number, match.start(), match[0])
        for number, text in enumerate(documents)
        for match in _SENTENCE.finditer(text)
    ]
    sentences.sort(key=lambda sentence: len(sentence[2]))
    found: list[list[Span]] = [[] for _ in documents]
    for first in range(0, len(sentences), batch):
        part = sentences[first : first + batch]
        for (number, offset, _), spans in zip(part, tag([text for *_, text in part]), strict=True):
            found[number] += [(offset + start, offset + end, label) for start, end, label in spans]
    return [sorted(spans) for spans in found]
