"""Train the tagger's second pass and calibrate its scores, on what taggers trained without a text say of it.

    python training/revise.py PIPELINE FOLDS OUT

PIPELINE is what `spacy train` made of everything; FOLDS holds fold0, fold1, … of `build_corpus.py --folds`, each with
held.jsonl and the pipeline trained without it in model-last. OUT is the pipeline with both added. Prints the
cross-validated figures before and after.
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
from projner.tagger.component import Tagger, layout_of
from projner.tagger.tags import TagScheme

EVIDENCE = ("REGION", "COMPANY")
EPOCHS, RATE, DECAY, BATCH, SEED = 8, 0.05, 0.01, 16, 0


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
    layout = layout_of([text.row["text"] for text in texts], spans)
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
    optimizer = Adam(RATE, L2=DECAY, L2_is_weight_decay=True, grad_clip=1.0)
    order = list(texts)
    shuffler = random.Random(SEED)
    constraints = scheme.constraints()
    for epoch in range(EPOCHS):
        shuffler.shuffle(order)
        for first in range(0, len(order), BATCH):
            batch = order[first : first + BATCH]
            emissions, rows, gold, layout, _ = joined(batch)
            scores = revision.correct(emissions, params[0], rows)
            transitions = (p + c for p, c in zip(params[1:], constraints, strict=True))
            _, d_scores, d_transitions = crf.gradients(scores, *transitions, gold, layout)
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


def tag(texts: list[Text], scheme: TagScheme, params: Sequence[NDArray[np.float32]]) -> tuple[Any, Any]:
    """Tags of every text after the second pass, and by how much each character's tag won."""
    emissions, rows, _, layout, spans = joined(texts)
    scores = revision.correct(emissions, params[0], rows)
    tags = crf.viterbi(
        scores, *(p + c for p, c in zip(params[1:], scheme.constraints(), strict=True)), layout
    )
    margins = crf.margins(scores, tags)
    return [tags[a:b] for a, b in spans], [margins[a:b] for a, b in spans]


def calibrate(texts: list[Text], scheme: TagScheme, tags: Any, margins: Any) -> tuple[float, float]:
    """Slope and offset of the logistic curve from a span's smallest margin to the chance that it is right."""
    x, y = [], []
    for text, found, margin in zip(texts, tags, margins, strict=True):
        right = set(scheme.decode(text.gold))
        for start, end, label in scheme.decode(found):
            x.append(float(margin[start:end].min()))
            y.append((start, end, label) in right)
    features, wanted = np.stack([np.array(x), np.ones(len(x))], axis=1), np.array(y, dtype=float)
    weights = np.array([1.0, 0.0])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-features @ weights))
        hessian = (features * (chance * (1 - chance))[:, None]).T @ features + 1e-6 * np.eye(2)
        weights -= np.linalg.solve(hessian, features.T @ (chance - wanted))
    return round(float(weights[0]), 4), round(float(weights[1]), 4)


def report(title: str, texts: list[Text], scheme: TagScheme, tags: Any) -> dict[str, Any]:
    pairs = []
    for text, found in zip(texts, tags, strict=True):
        spans = [{"start": s, "end": e, "label": label} for s, e, label in scheme.decode(found)]
        pairs.append((text.row, {"id": text.row["id"], "text": text.row["text"], "entities": spans}))
    figures = evaluate_rows(pairs).figures()
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
    start = [layer.get_param(name) for name in ("T", "first", "last")]
    texts = list(held_out(args.folds))
    nothing = [np.zeros((revision.n_rows(scheme, EVIDENCE), scheme.size), np.float32), *start]
    news = [text for text in texts if "source" in text.row] or texts
    report("First pass, cross-validated", news, scheme, tag(news, scheme, nothing)[0])
    halves = [texts[0::2], texts[1::2]]
    for one, other in (halves, halves[::-1]):
        params = train(one, scheme, start)
        shown = [text for text in other if "source" in text.row] or other
        figures = report("Both passes, one half by the other", shown, scheme, tag(shown, scheme, params)[0])
    params = train(texts, scheme, start)
    tags, margins = tag(texts, scheme, params)
    tagger.set_revision(params, EVIDENCE, calibrate(texts, scheme, tags, margins))
    nlp.to_disk(args.out)
    if args.figures:
        args.figures.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
