"""A text with its entities, cut into sentences, clauses and articles."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from projner.project.model import Entity, Span

_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?\n][”’」』\"]?|[^。！？!?\n]+$")
_HEADER = re.compile(r"(?m)^[ \t　]*[^\s，。,:：]{2,14}[:：]\S{2,30}[ \t]*$")
CLAUSE_ENDS = "，,。；;！？!?：:\n"


class Passage:
    """The text, its entities and where its sentences and articles lie."""

    def __init__(self, text: str, entities: Sequence[Entity]) -> None:
        self.text = text
        self.entities = entities
        self.at: dict[int, int] = {}
        self.until: dict[int, int] = {}
        for i, entity in enumerate(entities):
            self.at.update(dict.fromkeys(range(entity.start, entity.end), i))
            self.until[entity.end] = i

    @cached_property
    def sentences(self) -> list[Span]:
        """Spans of the sentences; 。！？ or a line break ends one."""
        return [m.span() for m in _SENTENCE.finditer(self.text) if m.group().strip()]

    def sentence(self, at: int) -> Span:
        """The sentence that holds an offset."""
        return _holding(self.sentences, at) or (at, at)

    def sentences_between(self, start: int, end: int) -> list[Span]:
        """The sentences that begin in start:end."""
        first = bisect_left(self.sentences, (start, 0))
        return self.sentences[first : bisect_left(self.sentences, (end, 0))]

    @cached_property
    def articles(self) -> list[Span]:
        """Spans of the articles of a page: a short line 柳河县:项目建设争春忙 begins one."""
        starts = [m.start() for m in _HEADER.finditer(self.text)]
        bounds = sorted({0, *starts, len(self.text)})
        return list(pairwise(bounds))

    def article(self, at: int) -> Span:
        """The article that holds an offset."""
        return _holding(self.articles, at) or (0, len(self.text))

    def clause(self, at: int) -> Span:
        """The clause that holds an offset; a comma inside a number or an entity ends none."""
        start = at
        while start > 0 and not self._ends_clause(start - 1):
            start -= 1
        end = at
        while end < len(self.text) and not self._ends_clause(end):
            end += 1
        return start, end

    def _ends_clause(self, at: int) -> bool:
        return self.text[at] in CLAUSE_ENDS and at not in self.at

    def within(self, span: Span, label: str) -> list[int]:
        """Indexes of the entities of a label inside a span."""
        found = range(bisect_left(self._starts, span[0]), bisect_left(self._starts, span[1]))
        return [i for i in found if self.entities[i].label == label and self.entities[i].end <= span[1]]

    def starts_within(self, start: int, end: int) -> bool:
        """Whether an entity begins in start:end."""
        return bisect_left(self._starts, start) < bisect_left(self._starts, end)

    @cached_property
    def _starts(self) -> list[int]:
        return [entity.start for entity in self.entities]


def _holding(spans: list[Span], at: int) -> Span | None:
    i = bisect_right(spans, (at, sys.maxsize)) - 1
    return spans[i] if i >= 0 and at < spans[i][1] else None
