"""Linear-chain CRF over many short sequences at once: likelihood, gradients, marginals and the best path.

Sequences are slices of one array of emissions. They are sorted by length, so that step t works on the rows
that are still running, without padding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the t-th element of every sequence lies: `steps[t]` holds positions, longest sequences first."""

    order: Ints
    lengths: Ints
    steps: list[Ints]

    @classmethod
    def of(cls, bounds: Ints) -> Layout:
        """bounds: int array of shape (n, 2), start and end of each sequence; empty ones are not allowed."""
        lengths = bounds[:, 1] - bounds[:, 0]
        order = np.argsort(-lengths, kind="stable")
        starts, lengths = bounds[order, 0], lengths[order]
        longest = int(lengths[0]) if len(lengths) else 0
        running = np.searchsorted(-lengths, -np.arange(longest), side="left")
        return cls(order, lengths, [starts[: running[t]] + t for t in range(longest)])


def unsure(emissions: Floats, bounds: Ints, margin: float = 2.0) -> Ints:
    """The pieces of sequences that need decoding, as bounds like those given; tag 0 everywhere else.

    Where tag 0 scores `margin` above all others it is taken for sure. One sure position on either side
    stays in, so that a piece is decoded as the whole would be. Most text holds no name.
    """
    sure = np.ones(len(emissions) + 2, dtype=bool)
    by_tag = np.ascontiguousarray(emissions.T)  # numpy is slow along short rows
    sure[1:-1] = by_tag[0] - by_tag[1:].max(axis=0) > margin
    wanted = ~(sure[:-2] & sure[1:-1] & sure[2:])
    edge = np.zeros(len(emissions) + 1, dtype=np.int8)
    np.add.at(edge, bounds[:, 0], 1)
    np.add.at(edge, bounds[:, 1], -1)
    wanted &= edge[:-1].cumsum() > 0
    opens = np.zeros(len(emissions) + 1, dtype=bool)
    opens[bounds] = True
    starts = wanted.copy()
    starts[1:] &= ~wanted[:-1] | opens[1:-1]
    ends = wanted.copy()
    ends[:-1] &= ~wanted[1:] | opens[1:-1]
    return np.stack([np.flatnonzero(starts), np.flatnonzero(ends) + 1], axis=1)


def viterbi(emissions: Floats, transitions: Floats, first: Floats, last: Floats, layout: Layout) -> Ints:
    """The best tag of every position; transitions[i, j] scores tag j after tag i, first and last the ends."""
    n_tags = emissions.shape[1]
    tags = np.zeros(len(emissions), dtype=np.int64)
    if not layout.steps:
        return tags
    scores = emissions[layout.steps[0]] + first
    back: list[NDArray[np.int8]] = []
    final = np.empty((len(layout.order), n_tags), dtype=np.float32)
    incoming = np.ascontiguousarray(transitions.T)
    for t in range(1, len(layout.steps)):
        now = layout.steps[t]
        final[len(now) : len(scores)] = scores[len(now) :]
        paths = scores[: len(now), None, :] + incoming
        best = paths.argmax(axis=2)
        back.append(best.astype(np.int8))
        scores = np.take_along_axis(paths, best[:, :, None], axis=2)[:, :, 0] + emissions[now]
    final[: len(scores)] = scores
    current = (final + last).argmax(axis=1)
    for t in range(len(layout.steps) - 1, -1, -1):
        now = layout.steps[t]
        tags[now] = current[: len(now)]
        if t:
            current[: len(now)] = back[t - 1][np.arange(len(now)), current[: len(now)]]
    return tags


def marginals(
    emissions: Floats, transitions: Floats, first: Floats, last: Floats, layout: Layout
) -> tuple[Floats, Floats, float]:
    """Probabilities of every tag at every position, expected counts of transitions, log partition sum.

    Works on probabilities rescaled at every step; forbidden transitions may be -inf.
    """
    peak = np.ascontiguousarray(emissions.T).max(axis=0)[:, None]
    potentials = np.exp(emissions - peak)
    table = np.exp(transitions)
    steps = layout.steps
    forward = np.empty_like(potentials)
    scale = np.ones(len(emissions), dtype=np.float32)
    state = potentials[steps[0]] * np.exp(first)
    for t, now in enumerate(steps):
        if t:
            state = (state[: len(now)] @ table) * potentials[now]
        total = state.sum(axis=1)
        state = state / total[:, None]
        scale[now] = total
        forward[now] = state
    closing = np.exp(last)
    expected = np.zeros_like(table)
    probabilities = np.empty_like(potentials)
    log_z = float(np.log(scale).sum(dtype=np.float64) + peak.sum(dtype=np.float64))
    backward = np.tile(closing, (len(layout.order), 1)).astype(np.float32)
    for t in range(len(steps) - 1, -1, -1):
        now = steps[t]
        joint = forward[now] * backward[: len(now)]
        total = joint.sum(axis=1, keepdims=True)
        ending = layout.lengths[: len(now)] == t + 1
        log_z += float(np.log(total[ending]).sum(dtype=np.float64))
        probabilities[now] = joint / total
        if t:
            weighted = potentials[now] * backward[: len(now)] / scale[now][:, None]
            before = steps[t - 1][: len(now)]
            expected += forward[before].T @ (weighted / total)
            new = np.tile(closing, (len(steps[t - 1]), 1)).astype(np.float32)
            new[: len(now)] = weighted @ table.T
            backward = new
    return probabilities, expected * table, log_z


def path_score(
    emissions: Floats, transitions: Floats, first: Floats, last: Floats, tags: Ints, layout: Layout
) -> float:
    """The unnormalised log score of one tagging."""
    score = float(emissions[np.arange(len(tags)), tags].sum(dtype=np.float64))
    starts = layout.steps[0]
    score += float(first[tags[starts]].sum() + last[tags[starts + layout.lengths - 1]].sum())
    for t in range(1, len(layout.steps)):
        now = layout.steps[t]
        score += float(transitions[tags[now - 1], tags[now]].sum())
    return score


def gradients(
    emissions: Floats, transitions: Floats, first: Floats, last: Floats, gold: Ints, layout: Layout
) -> tuple[float, Floats, tuple[Floats, Floats, Floats]]:
    """Negative log likelihood of a tagging, its gradients by emissions and by (transitions, first, last)."""
    probabilities, expected, log_z = marginals(emissions, transitions, first, last, layout)
    loss = log_z - path_score(emissions, transitions, first, last, gold, layout)
    inside = np.concatenate(layout.steps)
    d_emissions = np.zeros_like(emissions)
    d_emissions[inside] = probabilities[inside]
    d_emissions[inside, gold[inside]] -= 1
    for now in layout.steps[1:]:
        np.subtract.at(expected, (gold[now - 1], gold[now]), 1)
    starts = layout.steps[0]
    ends = starts + layout.lengths - 1
    d_first, d_last = probabilities[starts].sum(axis=0), probabilities[ends].sum(axis=0)
    np.subtract.at(d_first, gold[starts], 1)
    np.subtract.at(d_last, gold[ends], 1)
    return loss, d_emissions, (expected.astype(np.float32), d_first, d_last)


def confidence(
    emissions: Floats, transitions: Floats, first: Floats, last: Floats, tags: Ints, bounds: Ints
) -> Floats:
    """The probability of the given tag at every position; 1, unlooked at, in sequences that are all tag 0."""
    out = np.ones(len(emissions), dtype=np.float32)
    tagged = np.concatenate([[0], np.cumsum(tags > 0)])
    bounds = bounds[tagged[bounds[:, 1]] > tagged[bounds[:, 0]]]
    if len(bounds):
        layout = Layout.of(bounds)
        inside = np.concatenate(layout.steps)
        probabilities = marginals(emissions, transitions, first, last, layout)[0]
        out[inside] = probabilities[inside, tags[inside]]
    return out
