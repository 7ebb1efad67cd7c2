"""Train the tagger's second pass and calibrate its scores, on what taggers trained without a text say of it.

    python training/revise.py PIPELINE FOLDS OUT

PIPELINE is what `spacy train` made of everything; FOLDS holds fold0, fold1, … of `build_corpus.py --folds`,
each with held.jsonl and the pipeline trained without it in model-last. OUT is the pipeline with both added.
Prints the cross-validated figures before and after.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from numpy.typing import NDArray
from thinc.api import Adam

from projner.convert import jsonl
from projner.evaluate import evaluate_rows, format_figures
from projner.tagger import crf, revision
from projner.tagger.component import Tagger, bounds_of, logit
from projner.tagger.tags import TagScheme

EVIDENCE = ("REGION", "COMPANY")
# An unsure company is dropped; an unsure region is worth more, since its code is lost with it.
DROPPED = ("COMPANY",)
EPOCHS, RATE, BATCH, SEED = 3, 0.005, 16, 0
THRESHOLDS = [0.0, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6]


@dataclass(slots=True)
class Text:
    """One text with what the first pass of a tagger that never saw it says."""

    row: dict[str, Any]
    gold: NDArray[np.int64]
    emissions: NDArray[np.float32]
    rows: NDArray[np.int64]


def held_out(folds: Path) -> Iterator[Text]:
    for folder in sorted(folds.glob("fold[0-9]")):
        tagger = spacy.load(folder / "model-last").get_pipe("projner_tagger")
        assert isinstance(tagger, Tagger)
        for row in jsonl.read(folder / "held.jsonl"):
            text = row["text"]
            emissions, tags = tagger.first_pass(text)
            spans = [(span["start"], span["end"], span["label"]) for span in row["spans"]]
            numbers = revision.rows(text, tags, tagger.tags, EVIDENCE)
            yield Text(dict(row), tagger.tags.encode(len(text), spans), emissions, numbers)


def joined(texts: Sequence[Text]) -> tuple[Any, ...]:
    ends = np.cumsum([len(text.gold) for text in texts])
    spans = np.stack([ends - [len(text.gold) for text in texts], ends], axis=1)
    layout = crf.Layout.of(bounds_of([text.row["text"] for text in texts], spans))
    arrays = (
        np.concatenate([getattr(text, name) for text in texts]) for name in ("emissions", "rows", "gold")
    )
    return *arrays, layout, spans


def train(
    texts: list[Text], scheme: TagScheme, start: Sequence[NDArray[np.float32]]
) -> list[NDArray[np.float32]]:
    """The table of the revision and its transitions: [E, T, first, last]."""
    params = [
        np.zeros((revision.n_rows(scheme, EVIDENCE), scheme.size), np.float32),
        *(p.copy() for p in start),
    ]
    optimizer = Adam(RATE, L2=0.0, grad_clip=1.0)
    order = list(texts)
    shuffler = random.Random(SEED)
    constraints = scheme.constraints()
    for epoch in range(EPOCHS):
        shuffler.shuffle(order)
        for first in range(0, len(order), BATCH):
            batch = order[first : first + BATCH]
            emissions, rows, gold, layout, _ = joined(batch)
            scores = revision.correct(emissions, params[0], rows)
            between, opening, closing = (p + c for p, c in zip(params[1:], constraints, strict=True))
            _, d_scores, d_transitions = crf.gradients(scores, between, opening, closing, gold, layout)
            d_table = np.zeros_like(params[0])
            for column in range(rows.shape[1]):
                touched = rows[:, column].nonzero()[0]  # most characters have no evidence
                np.add.at(d_table, rows[touched, column], d_scores[touched])
            for place, gradient in enumerate((d_table, *d_transitions)):
                params[place], _ = optimizer(
                    (0, str(place)), params[place], (gradient / len(batch)).astype(np.float32)
                )
        optimizer.learn_rate = RATE * (1 - (epoch + 1) / EPOCHS) + 1e-4
    return params


@dataclass(slots=True)
class Found:
    """A span found in one text: the log odds of its least sure character, and whether it is right."""

    span: tuple[int, int, str]
    odds: float
    right: bool


def tag(
    texts: list[Text], scheme: TagScheme, params: Sequence[NDArray[np.float32]]
) -> Iterator[tuple[Text, list[Found]]]:
    """What the second pass finds in every text."""
    emissions, rows, _, layout, spans = joined(texts)
    scores = revision.correct(emissions, params[0], rows)
    between, opening, closing = (p + c for p, c in zip(params[1:], scheme.constraints(), strict=True))
    tags = crf.viterbi(scores, between, opening, closing, layout)
    bounds = bounds_of([text.row["text"] for text in texts], spans)
    confidence = crf.confidence(scores, between, opening, closing, tags, bounds)
    for text, (start, end) in zip(texts, spans, strict=True):
        gold = set(scheme.decode(text.gold))
        yield (
            text,
            [
                Found(span, logit(float(confidence[start + span[0] : start + span[1]].min())), span in gold)
                for span in scheme.decode(tags[start:end])
            ],
        )


def calibrate(found: Sequence[Found]) -> tuple[float, float]:
    """Slope and offset of the logistic curve from log odds to the share of spans that are right."""
    features = np.array([(one.odds, 1.0) for one in found])
    wanted = np.array([one.right for one in found], dtype=float)
    weights = np.array([1.0, 0.0])

    def loss(weights: NDArray[np.float64]) -> float:
        odds = features @ weights
        return float((np.logaddexp(0, odds) - wanted * odds).sum())

    for _ in range(50):
        chance = 1 / (1 + np.exp(-features @ weights))
        hessian = (features * (chance * (1 - chance))[:, None]).T @ features + 1e-6 * np.eye(2)
        step = np.linalg.solve(hessian, features.T @ (chance - wanted))
        while loss(weights - step) > loss(weights):  # Newton's step may be too long
            step /= 2
            if np.abs(step).max() < 1e-6:
                break
        weights -= step
    return round(float(weights[0]), 4), round(float(weights[1]), 4)


def score(one: Found, calibration: tuple[float, float]) -> float:
    return float(1 / (1 + np.exp(-(calibration[0] * one.odds + calibration[1]))))


def reliability(found: Sequence[Found], calibration: tuple[float, float]) -> str:
    """How many of the spans with about one score are right, a line for every tenth of scores."""
    lines = ["score      spans  right"]
    for low in range(10):
        right = [one.right for one in found if low <= min(score(one, calibration), 0.999) * 10 < low + 1]
        if right:
            lines.append(f"{low / 10:.1f}-{(low + 1) / 10:.1f}  {len(right):8}  {np.mean(right):.2f}")
    return "\n".join(lines)


def best_thresholds(
    pairs: Sequence[tuple[Text, list[Found]]], scheme: TagScheme, calibration: tuple[float, float]
) -> dict[str, float]:
    """For each label of DROPPED, the threshold of the best F1."""
    out = {}
    for label in DROPPED:
        gold = sum(span[2] == label for text, _ in pairs for span in scheme.decode(text.gold))
        found = [
            (score(one, calibration), one.right) for _, ones in pairs for one in ones if one.span[2] == label
        ]

        def f1(threshold: float, gold: int = gold, found: list[tuple[float, bool]] = found) -> float:
            kept = [right for sure, right in found if sure >= threshold]
            return 2 * sum(kept) / (len(kept) + gold)

        out[label] = max(THRESHOLDS, key=f1)
    return out


def report(
    title: str,
    pairs: Sequence[tuple[Text, list[Found]]],
    calibration: tuple[float, float] = (1.0, 0.0),
    thresholds: dict[str, float] | None = None,
) -> dict[str, Any]:
    rows = []
    for text, found in pairs:
        kept = [
            one.span for one in found if score(one, calibration) >= (thresholds or {}).get(one.span[2], 0.0)
        ]
        spans = [{"start": start, "end": end, "label": label} for start, end, label in kept]
        bare = [{key: span[key] for key in ("start", "end", "label")} for span in text.row["spans"]]
        row = {"id": text.row["id"], "text": text.row["text"]}
        rows.append(({**row, "spans": bare}, {**row, "entities": spans}))
    figures = evaluate_rows(rows).figures()
    print(f"\n{title}\n{format_figures(figures)}")
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("pipeline", type=Path)
    parser.add_argument("folds", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--figures", type=Path, help="write the cross-validated figures there, as JSON")
    args = parser.parse_args()
    nlp = spacy.load(args.pipeline)
    tagger = nlp.get_pipe("projner_tagger")
    assert isinstance(tagger, Tagger)
    scheme = tagger.tags
    layer = tagger.model.get_ref("crf")
    start: list[Any] = [layer.get_param(name) for name in ("T", "first", "last")]
    texts = list(held_out(args.folds))
    # Real articles, where there are any: written texts hold more unknown names, and would teach it to guess.
    texts = [text for text in texts if "source" in text.row] or texts
    nothing = [np.zeros((revision.n_rows(scheme, EVIDENCE), scheme.size), np.float32), *start]
    report("First pass, cross-validated", list(tag(texts, scheme, nothing)))
    halves = [texts[0::2], texts[1::2]]
    pairs = [
        pair
        for one, other in (halves, halves[::-1])
        for pair in tag(other, scheme, train(one, scheme, start))
    ]
    report("Both passes, each half of the texts by the other", pairs)
    both = pairs[0::2], pairs[1::2]
    calibration = calibrate([one for _, found in pairs for one in found])
    thresholds = best_thresholds(pairs, scheme, calibration)
    print(f"\ncalibration {calibration}, thresholds {thresholds}")
    for title, own, other in (("first", *both), ("second", *both[::-1])):
        curve = calibrate([one for _, found in other for one in found])
        print(f"\nScores of the {title} half of the texts, calibrated on the other half")
        print(reliability([one for _, found in own for one in found], curve))
    figures = report("Both passes, unsure spans dropped", pairs, calibration, thresholds)
    tagger.set_revision(train(texts, scheme, start), EVIDENCE, calibration, thresholds)
    nlp.to_disk(args.out)
    if args.figures:
        args.figures.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
