"""Train the model of the roles of amounts: python training/train_roles.py GOLD.jsonl ... [--folds 5]

GOLD are rows {"id", "text", "spans": [{"start", "end", "label", "text", "currency", "role"}]}. A softmax
regression with an L2 penalty over the features of `projner.money.role_features`, fitted with L-BFGS in
plain numpy. With --folds it first says how right it is on held-out rows, file by file; --report measures
files it never trains on. Both figures are the model's alone, before the rules of `projner.money.role`.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from projner.money.role import ROLES
from projner.money.role_features import features

OUT = Path(__file__).parent.parent / "projner" / "money" / "role_model.npz"
# Wide context is many features that say little each: it gets less say than what stands beside the amount.
GROUPS = {"s": 0.5, "p": 0.3, "t": 0.3, "c": 0.7, "Q": 0.4, "R": 0.6}
SEEN_IN = 3  # documents
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Row:
    found: list[list[str]]
    roles: list[int]


def read(path: Path) -> list[Row]:
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        spans = sorted((s for s in row["spans"] if s["label"] == "MONEY"), key=lambda s: s["start"])
        if spans:
            found = features(
                row["text"], [(s["start"], s["end"]) for s in spans], [s["currency"] for s in spans]
            )
            rows.append(Row(found, [ROLES.index(s["role"]) for s in spans]))
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
    matrix = Sparse([one for row in rows for one in row.found], index)
    gold = np.array([r for row in rows for r in row.roles])
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


def right(rows: Sequence[Row], index: dict[str, int], weights: Array) -> tuple[int, int]:
    if not rows:
        return 0, 0
    best = Sparse([one for row in rows for one in row.found], index).dot(weights).argmax(axis=1)
    gold = np.array([r for row in rows for r in row.roles])
    return int((best == gold).sum()), len(gold)


def save(path: Path, index: dict[str, int], weights: Array, smallest: float) -> int:
    """Write the features that weigh at least `smallest`, in 8 bits a weight; returns how many."""
    names = list(index)
    weights = weights * np.array([GROUPS.get(f.split(":", 1)[0], 1.0) for f in names])[:, None]
    weights = weights - weights.mean(axis=1, keepdims=True)
    keep = np.flatnonzero(np.abs(weights).max(axis=1) >= smallest)
    scale = float(np.abs(weights[keep]).max()) / 127
    packed = "\x00".join(names[i] for i in keep).encode("utf-8")
    np.savez_compressed(
        path,
        names=np.frombuffer(packed, dtype=np.uint8),
        weights=np.round(weights[keep] / scale).astype(np.int8),
        scale=np.array(scale),
    )
    return len(keep)


def cross_validate(
    files: Sequence[list[Row]], names: Sequence[str], folds: int, penalty: float, only: int
) -> None:
    counts = [[0, 0] for _ in files]
    for rows in files:
        random.Random(0).shuffle(rows)
    for fold in range(only or folds):
        train = [row for rows in files for i, row in enumerate(rows) if i % folds != fold]
        index = vocabulary(train)
        weights = fit(train, index, penalty)
        for count, rows in zip(counts, files, strict=True):
            good, total = right([row for i, row in enumerate(rows) if i % folds == fold], index, weights)
            count[0] += good
            count[1] += total
    for name, (good, total) in zip(names, counts, strict=True):
        print(f"{name}: {good}/{total} = {good / total:.4f} on held-out rows ({folds} folds)")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--folds", type=int, default=0, help="cross-validate first; 0 for not")
    parser.add_argument("--only", type=int, default=0, help="run only the first folds; 0 for all")
    parser.add_argument(
        "--report", type=Path, nargs="*", default=(), help="rows to measure on, never trained on"
    )
    parser.add_argument("--penalty", type=float, default=4.0)
    parser.add_argument("--smallest", type=float, default=0.04)
    options = parser.parse_args(arguments)
    files = [read(path) for path in options.gold]
    if options.folds:
        names = [path.name for path in options.gold]
        cross_validate(files, names, options.folds, options.penalty, options.only)
    rows = [row for part in files for row in part]
    index = vocabulary(rows)
    weights = fit(rows, index, options.penalty)
    kept = save(options.out, index, weights, options.smallest)
    print(f"{options.out.name}: {kept} of {len(index)} features, {options.out.stat().st_size // 1024} kB")
    for path in options.report:
        good, total = right(read(path), index, weights)
        print(f"{path.name}: {good}/{total} = {good / total:.4f}")


if __name__ == "__main__":
    main()
