"""Records in the making, and where they are named."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from projner.project.model import Name, Span
from projner.project.passage import Passage

_DROPPED = re.compile('建设|项目|工程|现场|的|[“”"\\s（）()]')
_PART = ("配套建设", "配套")


@dataclass
class Draft:
    """All places where one project is named; a part (a phase) knows its whole."""

    names: list[Name]
    amounts: dict[str, list[int]] = field(default_factory=dict)
    sentences: list[Span] = field(default_factory=list)
    part: bool = False
    whole: Draft | None = None

    @property
    def first(self) -> Name:
        return self.names[0]


class Drafts:
    """The drafts of a text, in the order of their names."""

    def __init__(self, passage: Passage, names: Sequence[Name]) -> None:
        self.all: list[Draft] = []
        self._names: list[Name] = list(names)
        self._starts = [name.start for name in names]
        self._owners: list[Draft] = []
        by_key: dict[tuple[object, ...], Draft] = {}
        whole: dict[int, Draft] = {}
        for name in names:
            article = passage.article(name.start)[0]
            key = _key(passage, name)
            draft = by_key.get(key)
            if draft is None:
                part = name.phase or passage.text.endswith(_PART, max(0, name.start - 4), name.start)
                draft = by_key[key] = Draft([name], part=part, whole=whole.get(article) if part else None)
                self.all.append(draft)
                if not part and not name.group:
                    whole[article] = draft
            else:
                draft.names.append(name)
            self._owners.append(draft)

    def between(self, start: int, end: int) -> list[tuple[Name, Draft]]:
        """The names that begin in start:end, with their drafts."""
        found = range(bisect_left(self._starts, start), bisect_left(self._starts, end))
        return [(self._names[i], self._owners[i]) for i in found]

    def holding(self, start: int, end: int) -> Draft | None:
        """The draft in whose name start:end lies."""
        i = bisect_left(self._starts, start + 1) - 1
        return self._owners[i] if i >= 0 and end <= self._names[i].end else None

    def next_start(self, at: int, default: int) -> int:
        """Where the first name at or behind an offset begins."""
        i = bisect_left(self._starts, at)
        return self._starts[i] if i < len(self._starts) else default


def _key(passage: Passage, name: Name) -> tuple[object, ...]:
    """What the names of one project in an article share: the words without 项目 and 建设, or the count."""
    article = passage.article(name.start)[0]
    if name.group:
        return article, "group", name.count
    if name.phase:
        return article, "phase", name.start
    return article, _DROPPED.sub("", passage.text[name.start : name.end])
