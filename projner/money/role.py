"""What an amount of money measures: one of twelve roles, with the words around it that say so as evidence.

A linear model over the features of `role_features` decides (weights in role_model.npz, made by
training/train_roles.py); a converted value in brackets follows the value before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import numpy as np

from projner.money.amount import ROLES, Amount
from projner.money.role_features import AMOUNT, Context, Cue, Stream, context, cues, features, stream

_MODEL = "role_model.npz"
_INVESTMENT = ("total_investment", "annual_investment", "completed_investment", "fixed_asset_investment")
# Whose words also count as evidence: 今年…计划投资 is annual by its year, and the words left are 计划投资.
_ALSO = {role: _INVESTMENT for role in _INVESTMENT} | {"financing": _INVESTMENT, "profit_tax": ("revenue",)}


_THRESHOLD = ROLES.index("threshold")
_SCALED = re.compile(r"([0-9][0-9.,]*)([十百千万亿]+)")
# In a stream: Y is a year, 0 any other number.
_ONE_YEAR = re.compile(r"今年(?!以来|初以来)|(?<![十二三四五六七八九两几0来])年内|本年|年度|当年|每年|明年|Y")
_OTHER_TIME = re.compile(
    r"已|累计|截至|以来|去年|同比|比上年|实际|总投资|期间|未来|[0两二三四五六七八九十]+年内|至Y|[一二三四五十]五"
)
_COMPLETED = re.compile("完成[^,]{0,8}投资")
_PLANNED = re.compile("计划|拟|将|需|要|预计|力争|安排|目标|新增|或")
# Between two amounts that measure the same: a list, a change from one to the other, a bar said twice.
_SAME = re.compile(
    r"[、和或及与]|[^,。;:!?\n¤]{0,4}(?:增|升|提高|扩大|降|跌|减少|下调|上调|变更|涨|缩|减)[^,。;:!?\n¤]{0,4}[到至为]"
    r"[^,。;:!?\n¤]{0,12}|[^,。;:!?\n¤]{0,3}\((?:含|约|合|折合|约合)"
)
_Scores = np.ndarray[Any, np.dtype[np.float32]]
_Reading = tuple[str, tuple[int, int] | None]


@dataclass(frozen=True, slots=True)
class RoleModel:
    """`index` gives the row of `weights` (features × roles, float32) of a feature."""

    index: Mapping[str, int]
    weights: _Scores

    def scores(self, found: Sequence[str]) -> _Scores:
        """Scores of the twelve roles, in the order of ROLES; unknown features count nothing."""
        row_of = self.index.get
        rows = sorted({row for f in found if (row := row_of(f)) is not None})
        scores: _Scores = self.weights[rows].sum(axis=0)
        return scores


@lru_cache(maxsize=1)
def load_model() -> RoleModel:
    """The model of the package, read once a process."""
    data = files("projner.money").joinpath(_MODEL).read_bytes()
    with np.load(BytesIO(data)) as arrays:
        names = bytes(arrays["names"]).decode("utf-8").split("\x00")
        weights = arrays["weights"].astype(np.float32) * float(arrays["scale"])
    return RoleModel({name: i for i, name in enumerate(names)}, weights)


def assign(text: str, amounts: Sequence[Amount], model: RoleModel | None = None) -> list[Amount]:
    """Give every amount its role and the span of the words that speak for it.

    Args:
        text: the text the amounts were found in.
        amounts: amounts with `start` and `end`, apart from one another, in any order.
        model: another model than the package's.

    Returns:
        The amounts in the same order with `role` and `cue` set; `cue` is None where no word names the role.
        An amount without offsets comes back as it is.
    """
    placed = sorted((a for a in amounts if a.start is not None and a.end is not None), key=_start)
    if not placed:
        return list(amounts)
    spans = [(_start(a), _end(a)) for a in placed]
    currencies = [a.currency for a in placed]
    read = stream(text, spans)
    found = features(text, spans, currencies, read)
    scores = _agree(model or load_model(), found, [text[start:end] for start, end in spans])
    scores = _together(scores, read, [start for start, _ in spans])
    decided: dict[tuple[int, int], _Reading] = {}
    previous: _Reading | None = None
    for span, one, score in zip(spans, found, scores, strict=True):
        if previous is None or "GAP:converted" not in one:
            around = context(read.text, read.amounts[span[0]])
            role = _investment(ROLES[int(score.argmax())], around)
            previous = (role, _evidence(role, read, around))
        decided[span] = previous
    _headline(decided, text)
    out = []
    for amount in amounts:
        role, cue = decided.get((_start(amount), _end(amount)), (amount.role, amount.cue))
        out.append(replace(amount, role=role, cue=cue))
    return out


def _agree(model: RoleModel, found: Sequence[list[str]], written: Sequence[str]) -> list[_Scores]:
    """Scores of the amounts; where the text tells a number twice (headline and story) each place hears the
    other by half. A bar (5000万元以上) measures no such thing and is left out."""
    own = [_log_softmax(model.scores(one)) for one in found]
    twins: dict[tuple[str, ...], list[int]] = {}
    for i, one in enumerate(written):
        if (scaled := _SCALED.search(one)) and int(own[i].argmax()) != _THRESHOLD:
            twins.setdefault(scaled.groups(), []).append(i)
    out = list(own)
    for same in twins.values():
        together = np.sum([own[i] for i in same], axis=0)
        for i in same:
            out[i] = 0.5 * (own[i] + together)
    return out


def _together(scores: Sequence[_Scores], read: Stream, starts: Sequence[int]) -> list[_Scores]:
    """Scores shared by the amounts of a list (3亿元、5亿元) and of a change (从3亿元增加到5亿元)."""
    groups: list[list[int]] = []
    for i, start in enumerate(starts):
        gap = read.text[read.amounts[starts[i - 1]] + 1 : read.amounts[start]] if i else ""
        if gap and len(gap) <= 24 and _SAME.fullmatch(gap):
            groups[-1].append(i)
        else:
            groups.append([i])
    out = list(scores)
    for group in groups:
        if len(group) > 1:
            mean: _Scores = np.mean([scores[i] for i in group], axis=0)
            for i in group:
                out[i] = mean
    return out


def _log_softmax(scores: _Scores) -> _Scores:
    """Log probabilities, none below one in ten thousand."""
    exp = np.exp(scores - scores.max())
    out: _Scores = np.log(exp / exp.sum() + 1e-4)
    return out


def _investment(role: str, around: Context) -> str:
    """Annual where it is planned for a named year (今年将完成投资85亿元); completed where it is done."""
    if role not in ("total_investment", "completed_investment"):
        return role
    planned = _PLANNED.search(around.clause) is not None
    if planned and _ONE_YEAR.search(around.sentence):
        return role if _OTHER_TIME.search(around.sentence) else "annual_investment"
    return "completed_investment" if not planned and _COMPLETED.search(around.clause) else role


def _headline(decided: dict[tuple[int, int], _Reading], text: str) -> None:
    """A headline leaves out the year that the story names: what is annual in one is annual in both."""
    places: dict[tuple[str | None, ...], list[tuple[int, int]]] = {}
    for start, end in decided:
        if scaled := _SCALED.search(text[start:end]):
            places.setdefault(scaled.groups(), []).append((start, end))
    for spans in places.values():
        roles = {decided[span][0] for span in spans}
        if "annual_investment" in roles and roles <= set(_INVESTMENT):
            for span in spans:
                decided[span] = ("annual_investment", decided[span][1])


def _start(amount: Amount) -> int:
    return -1 if amount.start is None else amount.start


def _end(amount: Amount) -> int:
    return -1 if amount.end is None else amount.end


def _evidence(role: str, read: Stream, around: Context) -> tuple[int, int] | None:
    """The cue word that speaks for a role: before the amount in its clause, right behind it, before in the
    sentence, then anywhere behind in the sentence."""
    return next(
        (
            (read.positions[start], read.positions[end - 1] + 1)
            for wanted in ((role,), _ALSO.get(role, ()))
            for start, end in _candidates(around, wanted)
        ),
        None,
    )


def _candidates(around: Context, wanted: Sequence[str]) -> list[tuple[int, int]]:
    clause_start = around.place - len(around.clause)
    rest_start = clause_start - len(around.rest)
    behind = around.place + 1

    def spans(piece: str, offset: int) -> list[tuple[int, int]]:
        return [(offset + c.start, offset + c.end) for c in _of(piece, wanted)]

    out = spans(around.clause, clause_start)[::-1]
    if "price" in wanted and around.tail[:1] == "/":
        out.append((behind, behind + len(around.tail[:3].split(",")[0])))
    after = spans(around.after, behind)
    close = around.after.find(AMOUNT)
    out += [s for s in after if close < 0 or s[0] < behind + close]
    out += spans(around.rest, rest_start)[::-1]
    return out + spans(around.tail[around.clause_end :], behind + around.clause_end)


def _of(piece: str, wanted: Sequence[str]) -> list[Cue]:
    return [cue for cue in cues(piece) if cue.role in wanted]
