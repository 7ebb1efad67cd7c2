"""A text with its entities, cut into sentences, clauses and articles."""

from __future__ import annotations

import re
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
        return next((s for s in self.sentences if s[0] <= at < s[1]), (at, at))

    @cached_property
    def articles(self) -> list[Span]:
        """Spans of the articles of a page: a short line 柳河县:项目建设争春忙 begins one."""
        starts = [m.start() for m in _HEADER.finditer(self.text)]
        bounds = sorted({0, *starts, len(self.text)})
        return list(pairwise(bounds))

    def article(self, at: int) -> Span:
        return next((a for a in self.articles if a[0] <= at < a[1]), (0, len(self.text)))

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
        return [
            i
            for i, e in enumerate(self.entities)
            if e.label == label and span[0] <= e.start and e.end <= span[1]
        ]
