"""Train the model of the roles of amounts: python training/train_roles.py GOLD.jsonl ... [--folds 5]

GOLD and --always are rows {"id", "text", "spans": [{"start", "end", "label", "text", "currency", "role"}]}.
A softmax regression with an L2 penalty over the features of `projner.money.role_features`, fitted with
L-BFGS in plain numpy. With --folds it first says how right it is on held-out rows of GOLD, file by file, the
rows of --always in every training, and how often each role was taken for which; --report measures files it
never trains on. Figures are for gold spans and the weights as saved; `model` is the model alone, the other
with the rules of `projner.money.role`. The model of the package:

    python training/train_roles.py news-train.jsonl --folds 5 \\
        --always corpus/authored/*.jsonl training/build/amounts.jsonl \\
        --report news-dev.jsonl corpus/seeds/00*.jsonl
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from projner.money.amount import Amount
from projner.money.role import ROLES, RoleModel, assign
from projner.money.role_features import features

OUT = Path(__file__).parent.parent / "projner" / "money" / "role_model.npz"
# Wide context is many features that say little each: it gets less say than what stands beside the amount.
GROUPS = {"s": 0.5, "p": 0.3, "t": 0.3, "c": 0.7, "Q": 0.4, "R": 0.6}
SEEN_IN = 3  # documents
LEVELS = 48  # steps of a weight on either side of zero; finer ones only make the file larger
# Starts of amounts whose role breaks the guidelines; they are not trained on, but counted in every figure.
LEFT_OUT: dict[str, tuple[int, ...]] = {
    # The size of a market, a need or a demand is `other`; here it is revenue or trade.
    "train017": (0, 102, 236),
    "train038": (343,),
    "train072": (174,),
    "train204": (150, 208),
    "train214": (14, 52, 60, 157, 171, 287, 302),
    "train230": (513,),
    "train241": (340, 350),
    "train409": (442, 454),
    "train453": (336, 349),
    "train519": (346,),
    # Used foreign investment is completed_investment; here it is financing.
    "train299": (65, 101),
}
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Row:
    """The amounts of a text with their features and gold roles; `trained` says which are trained on."""

    text: str
    amounts: list[Amount]
    found: list[list[str]]
    roles: list[int]
    trained: list[bool]


def read(path: Path) -> list[Row]:
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        spans = sorted((s for s in row["spans"] if s["label"] == "MONEY"), key=lambda s: s["start"])
        if spans:
            text, out = row["text"], LEFT_OUT.get(row["id"], ())
            found = features(text, [(s["start"], s["end"]) for s in spans], [s["currency"] for s in spans])
            amounts = [Amount(None, None, s["currency"], start=s["start"], end=s["end"]) for s in spans]
            roles = [ROLES.index(s["role"]) for s in spans]
            rows.append(Row(text, amounts, found, roles, [s["start"] not in out for s in spans]))
    return rows


def vocabulary(rows: Sequence[Row]) -> dict[str, int]:
    """Features seen in enough documents."""
    seen = Counter(f for row in rows for f in {f for one in row.found for f in one})
    return {f: i for i, f in enumerate(sorted(f for f, n in seen.items() if n >= SEEN_IN))}


class Sparse:
    """A 0/weight matrix, amounts × features, with both products that training needs."""

    def __init__(self, found: Sequence[Sequence[str]], index: dict[str, int]) -> None:
        weight = np.array([GROUPS.get(f.split(":", 1)[0], 1.0) for f in index])
        cells = [sorted({index[f] for f in one if f in index}) for one in found]
        lengths = [len(c) for c in cells]
        columns = np.array([c for cell in cells for c in cell])
        rows = np.repeat(np.arange(len(cells)), lengths)
        order = np.argsort(columns, kind="stable")
        self.columns, self.data = columns, weight[columns]
        self.starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        self.by_column, self.data_by_column = rows[order], self.data[order]
        self.used, self.column_starts = np.unique(columns[order], return_index=True)
        self.width = len(index)

    def dot(self, weights: Array) -> Array:
        return np.add.reduceat(weights[self.columns] * self.data[:, None], self.starts, axis=0)

    def transposed_dot(self, values: Array) -> Array:
        out = np.zeros((self.width, values.shape[1]))
        summed = np.add.reduceat(
            values[self.by_column] * self.data_by_column[:, None], self.column_starts, axis=0
        )
        out[self.used] = summed
        return out


def fit(rows: Sequence[Row], index: dict[str, int], penalty: float) -> Array:
    pairs = [p for row in rows for p in zip(row.found, row.roles, row.trained, strict=True) if p[2]]
    matrix = Sparse([one for one, _, _ in pairs], index)
    gold = np.array([role for _, role, _ in pairs])
    target = np.zeros((len(gold), len(ROLES)))
    target[np.arange(len(gold)), gold] = 1.0
    shape = (len(index), len(ROLES))

    def loss(flat: Array) -> tuple[float, Array]:
        weights = flat.reshape(shape)
        scores = matrix.dot(weights)
        scores -= scores.max(axis=1, keepdims=True)
        log_total = np.log(np.exp(scores).sum(axis=1, keepdims=True))
        value = -float((target * (scores - log_total)).sum()) + 0.5 * penalty * float(flat @ flat)
        gradient = matrix.transposed_dot(np.exp(scores - log_total) - target) + penalty * weights
        return value, gradient.ravel()

    return minimise(loss, np.zeros(shape[0] * shape[1])).reshape(shape)


def minimise(
    loss: Callable[[Array], tuple[float, Array]], start: Array, steps: int = 80, memory: int = 8
) -> Array:
    """L-BFGS with backtracking (Nocedal and Wright, Numerical Optimization, algorithm 7.5)."""
    x = start
    value, gradient = loss(x)
    pairs: list[tuple[Array, Array]] = []
    for _ in range(steps):
        direction = -_two_loops(gradient, pairs)
        slope = float(direction @ gradient)
        step = 1.0 if pairs else 1.0 / max(float(np.linalg.norm(gradient)), 1.0)
        for _ in range(30):
            new_value, new_gradient = loss(x + step * direction)
            if new_value <= value + 1e-4 * step * slope:
                break
            step *= 0.5
        move, change = step * direction, new_gradient - gradient
        if float(move @ change) > 1e-10:
            pairs = [*pairs[-memory + 1 :], (move, change)]
        done = abs(value - new_value) < 1e-5 * max(abs(value), 1.0)
        x, value, gradient = x + move, new_value, new_gradient
        if done:
            break
    return x


def _two_loops(gradient: Array, pairs: Sequence[tuple[Array, Array]]) -> Array:
    direction = gradient.copy()
    shares = []
    for move, change in reversed(pairs):
        share = float(move @ direction) / float(move @ change)
        shares.append(share)
        direction -= share * change
    if pairs:
        move, change = pairs[-1]
        direction *= float(move @ change) / float(change @ change)
    for (move, change), share in zip(pairs, reversed(shares), strict=True):
        direction += move * (share - float(change @ direction) / float(move @ change))
    return direction


@dataclass
class Score:
    """How often the model alone and the whole reading were right, and what was taken for what."""

    model: int = 0
    good: int = 0
    total: int = 0
    taken: Counter[tuple[int, int]] = field(default_factory=Counter)

    def __str__(self) -> str:
        share = self.good / max(self.total, 1)
        return f"{self.good}/{self.total} = {share:.4f} (model {self.model / max(self.total, 1):.4f})"

    def matrix(self) -> str:
        """Gold roles down, found roles across."""
        lines = [" " * 24 + "".join(f"{role[:5]:>6}" for role in ROLES)]
        for g, role in enumerate(ROLES):
            lines.append(f"{role:24}" + "".join(f"{self.taken[g, f]:6}" for f in range(len(ROLES))))
        return "\n".join(lines)


def measure(rows: Sequence[Row], model: RoleModel, score: Score | None = None) -> Score:
    """Add what a model gets right to `score`."""
    score = score or Score()
    for row in rows:
        for one, gold, read in zip(row.found, row.roles, assign(row.text, row.amounts, model), strict=True):
            found = ROLES.index(read.role)
            score.model += int(model.scores(one).argmax()) == gold
            score.good += found == gold
            score.total += 1
            score.taken[gold, found] += 1
    return score


def _group_weights(names: Iterable[str]) -> Array:
    return np.array([GROUPS.get(f.split(":", 1)[0], 1.0) for f in names])[:, None]


def compact(index: dict[str, int], weights: Array, smallest: float) -> tuple[list[str], Array, float]:
    """The features that weigh at least `smallest`, their weights in LEVELS steps, and the size of a step."""
    names = list(index)
    weights = weights * _group_weights(names)
    weights = weights - weights.mean(axis=1, keepdims=True)
    keep = np.flatnonzero(np.abs(weights).max(axis=1) >= smallest)
    scale = float(np.abs(weights[keep]).max()) / LEVELS
    return [names[i] for i in keep], np.round(weights[keep] / scale).astype(np.int8), scale


def reader(names: Sequence[str], weights: Array, scale: float) -> RoleModel:
    """The model as the package reads it."""
    return RoleModel({name: i for i, name in enumerate(names)}, weights.astype(np.float32) * scale)


def save(path: Path, names: Sequence[str], weights: Array, scale: float) -> None:
    packed = np.frombuffer("\x00".join(names).encode("utf-8"), dtype=np.uint8)
    np.savez_compressed(path, names=packed, weights=weights, scale=np.array(scale))


def cross_validate(
    files: Sequence[list[Row]],
    always: Sequence[Row],
    names: Sequence[str],
    folds: int,
    penalty: float,
    smallest: float,
    only: int,
) -> None:
    scores = [Score() for _ in files]
    for rows in files:
        random.Random(0).shuffle(rows)
    for fold in range(only or folds):
        train = [*always, *(row for rows in files for i, row in enumerate(rows) if i % folds != fold)]
        index = vocabulary(train)
        model = reader(*compact(index, fit(train, index, penalty), smallest))
        for score, rows in zip(scores, files, strict=True):
            measure([row for i, row in enumerate(rows) if i % folds == fold], model, score)
    for name, score in zip(names, scores, strict=True):
        print(f"{name}: {score} on held-out rows ({folds} folds)\n{score.matrix()}")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--always", type=Path, nargs="*", default=(), help="more rows, never held out")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--folds", type=int, default=0, help="cross-validate first; 0 for not")
    parser.add_argument("--only", type=int, default=0, help="run only the first folds; 0 for all")
    parser.add_argument(
        "--report", type=Path, nargs="*", default=(), help="rows to measure on, never trained on"
    )
    parser.add_argument("--penalty", type=float, default=4.0)
    parser.add_argument("--smallest", type=float, default=0.05)
    options = parser.parse_args(arguments)
    files = [read(path) for path in options.gold]
    always = [row for path in options.always for row in read(path)]
    if options.folds:
        cross_validate(
            files,
            always,
            [path.name for path in options.gold],
            options.folds,
            options.penalty,
            options.smallest,
            options.only,
        )
    rows = [*always, *(row for part in files for row in part)]
    index = vocabulary(rows)
    names, weights, scale = compact(index, fit(rows, index, options.penalty), options.smallest)
    save(options.out, names, weights, scale)
    print(
        f"{options.out.name}: {len(names)} of {len(index)} features, {options.out.stat().st_size // 1024} kB"
    )
    for path in options.report:
        print(f"{path.name}: {measure(read(path), reader(names, weights, scale))}")


if __name__ == "__main__":
    main()
