"""Where the name of a project begins and ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from projner.project.lexicon import pattern
from projner.project.model import Span
from projner.project.passage import Passage

HEAD = re.compile(r"(?:项目|工程)(?!机械|师|院|队|量|车|技术|学院|公司|负责|中心|秘书|专员|为王|化|款)")
BORDER = '，,。；;！？!?：:\n\r“”"‘’《》、〈〉…—→← 　|'
_TAIL = re.compile("(?:建设|改造|扩建|新建|施工)*(?:项目|工程)$")
_TURN = "{}|等|现场|已|也|正|将|在|于|为|是|全面|顺利|由|和投资|总投资|占地|建设现场"
_BRACKETS = {")": "(", "）": "（"}
_CONTINUES = ("港", "段", "至", "机场", "高铁", "公路", "铁路", "高速", "—", "-", "）", ")")
_LONGEST = 45


def left(passage: Passage, end: int) -> int:
    """Where the name that ends at `end` begins: behind a border, an entity or a word that belongs to no
    name."""
    text = passage.text
    tail = _TAIL.search(text, max(0, end - 12), end)
    at = tail.start() if tail else end
    closing: list[str] = []
    while at > 0:
        char = text[at - 1]
        i = passage.until.get(at)
        if i is not None and not closing:
            entity = passage.entities[i]
            if entity.label == "MONEY":
                return at
            if entity.label == "COMPANY" or not _goes_through(passage, entity.start, text[at:end]):
                return at
            at = entity.start
            continue
        if char in _BRACKETS:
            closing.append(_BRACKETS[char])
        elif closing and char == closing[-1]:
            closing.pop()
        elif not (char == " " and text[at - 2 : at - 1].isdigit()) and (
            char in BORDER
            or (char in "(（" and not closing)
            or (char == "和" and (text[at : at + 1].isdigit() or at in passage.at))
            or (not closing and _stops(text, at))
        ):
            return at
        at -= 1
        if end - at > _LONGEST:
            return end
    return at


def right(passage: Passage, start: int) -> int:
    """Where a name that begins at `start` ends: at a border or at a word that tells what happens to it."""
    text = passage.text
    turn = pattern("turns", _TURN)
    at = start
    depth = 0
    while at < len(text) and at - start < _LONGEST:
        if text[at] in "(（":
            depth += 1
        elif text[at] in ")）":
            if depth == 0:
                break
            depth -= 1
        elif depth == 0 and at not in passage.at and (text[at] in BORDER or turn.match(text, at)):
            break
        at += 1
    head = HEAD.search(text, start, at)
    return head.end() if head else at


def outermost(passage: Passage, start: int) -> int:
    """The start of the places and companies that stand right before a name."""
    while (i := passage.until.get(start)) is not None and passage.entities[i].label in ("REGION", "COMPANY"):
        start = passage.entities[i].start
    return start


def _stops(text: str, at: int) -> bool:
    """Whether a word that belongs to no name ends here, and is no part of a longer one (参加 in 人参加工)."""
    match = pattern("stops", "{}$").search(text, max(0, at - 4), at)
    if match is None:
        return False
    start = match.start()
    return not any(s < start or at < e for s, e in _kept_words(text, start, at))


def _kept_words(text: str, start: int, end: int) -> Iterator[Span]:
    for match in pattern("kept").finditer(text, max(0, start - 4), end + 4):
        if match.start() < end and start < match.end():
            yield match.span()


def _goes_through(passage: Passage, start: int, rest: str) -> bool:
    """Whether a division is inside the name: 沈白高铁|吉林|段, 医药物流|通化|产业园."""
    if rest.startswith(_CONTINUES):
        return True
    head = passage.text[max(0, start - 8) : start]
    for i in range(len(head) - 1, -1, -1):
        j = passage.until.get(start - len(head) + i + 1)
        if head[i] in BORDER:
            return False
        if j is not None:
            return passage.entities[j].label == "COMPANY" and i < len(head) - 1
    return False
