"""From tagged words to spans, for peers that tag words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from timing import Span


def spans_of_words(text: str, words: Iterable[tuple[str, str]], labels: Mapping[str, str]) -> list[Span]:
    """Offsets of the words whose tag is in `labels`; neighbours of the same label become one span.

    Joining favours the peers: a chain (通化市|二道江区) is one span in the guidelines and two words.
    Words that a peer changed (blanks dropped) are searched from where the last one ended.
    """
    spans: list[Span] = []
    end = 0
    for word, tag in words:
        start = text.find(word, end)
        if start < 0:
            continue
        end = start + len(word)
        label = labels.get(tag)
        if label is None:
            continue
        if spans and spans[-1][1:] == (start, label):
            spans[-1] = (spans[-1][0], end, label)
        else:
            spans.append((start, end, label))
    return spans
