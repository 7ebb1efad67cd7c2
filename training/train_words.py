"""Train the word model that ships in the wheel.

    python training/train_words.py --data FOLDER --out projner/data/words

FOLDER holds gsdsimp-train.txt, gsdsimp-dev.txt and gsdsimp-test.txt: a sentence a line, blanks between words
(UD Chinese GSDSimp). The model is spacy-pkuseg's, with its features, tags and files, and spacy-pkuseg loads
it; only the optimiser is our own (minibatch AdaGrad), several times as fast as spacy_pkuseg.train and better
on dev.

Entities of `--corpus` (JSONL with spans) are learned from as partial annotation: at their borders a word
ends, what they say of words inside (division | its kind, number | 元) is known, the rest is left open and
summed over.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import srsly  # type: ignore[import-untyped]
from numpy.typing import NDArray
from spacy_pkuseg.feature_extractor import FeatureExtractor  # type: ignore[import-untyped]

from projner.tagger.crf import Layout, marginals
from projner.words import Segmenter, nodes_of, words

ROOT = Path(__file__).resolve().parent.parent
TAGS = ("B", "B_single", "I", "I_end", "I_first")  # spacy-pkuseg's, sorted as it sorts them
OPENING, CLOSING = np.array([1, 1, 0, 0, 0], bool), np.array([0, 1, 0, 1, 0], bool)
BIAS = "$$"  # spacy-pkuseg gives this feature, index 0, to every character

_SENTENCE = re.compile(r"[^\s。！？]+[。！？]?[”’」』）]?")
_KIND = re.compile(r"(?<=..)(?:省|市|县|区|镇|乡|村|街道)$")
_AMOUNT = re.compile(r"([0-9.,]+[万亿千百]*)(元|美元|欧元|日元|港元)")

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Masks = NDArray[np.bool_]


@dataclass(frozen=True)
class Sequence:
    """A text without blanks and the tags that each character may have: bool array (characters, tags)."""

    text: str
    allowed: Masks


def of_words(sentence: list[str]) -> Sequence:
    rows: list[int] = []
    for word in sentence:
        size = len(word)
        rows += [1] if size == 1 else [0, *([4] if size > 2 else []), *[2] * (size - 3), 3]
    return Sequence("".join(sentence), np.eye(len(TAGS), dtype=bool)[rows])


def known_borders(row: dict[str, Any]) -> dict[int, bool]:
    """Offsets where a word is known to start (True) or to go on (False), from the entities of a row."""
    known: dict[int, bool] = {}
    for span in row["spans"]:
        start, end, text = span["start"], span["end"], span["text"]
        known |= {start: True, end: True}
        if span["label"] == "REGION":
            for name in (span.get("path") or "").split("/"):
                at = text.find(name) if name else -1
                kind = _KIND.search(name)
                if at < 0 or kind is None or "族" in name or kind.start() > 4:
                    continue
                known |= {start + at + offset: False for offset in range(1, kind.start())}
                known |= {start + at: True, start + at + kind.start(): True, start + at + len(name): True}
        elif span["label"] == "MONEY" and (amount := _AMOUNT.fullmatch(text)):
            known |= {start + offset: False for offset in range(1, amount.end(1))}
            known[start + amount.end(1)] = True
    return known


def of_entities(row: dict[str, Any]) -> Iterator[Sequence]:
    known = known_borders(row)
    for sentence in _SENTENCE.finditer(row["text"]):
        size = sentence.end() - sentence.start()
        allowed = np.ones((size, len(TAGS)), dtype=bool)
        for offset in range(size + 1):
            border = known.get(sentence.start() + offset)
            if border is None:
                continue
            if offset < size:
                allowed[offset] &= OPENING if border else ~OPENING
            if offset > 0:
                allowed[offset - 1] &= CLOSING if border else ~CLOSING
        if allowed.any(axis=1).all() and not allowed.all():
            yield Sequence(sentence.group(), allowed)


def extractor(sentences: Iterable[list[str]]) -> Any:
    """spacy-pkuseg's features with the words and word pairs of these sentences."""
    extract = FeatureExtractor()
    for sentence in sentences:
        renamed = [FeatureExtractor.keyword_rename(word) for word in sentence]
        extract.unigram.update(renamed)
        extract.bigram.update(f"{a}*{b}" for a, b in pairwise(renamed))
    return extract


def featurise(extract: Any, text: str) -> list[list[str]]:
    nodes = nodes_of(text)
    return [
        [name for name in extract.get_node_features(at, nodes) if name != "/"] for at in range(len(nodes))
    ]


@dataclass(frozen=True)
class Packed:
    """Sequences as arrays: feature ids, where a character's ids start, allowed tags, bounds of sequences."""

    ids: Ints
    offsets: Ints
    allowed: Masks
    bounds: Ints

    def batch(self, chosen: Iterable[int]) -> tuple[Ints, Ints, Masks, Ints]:
        ids, counts, allowed, sizes = [], [], [], []
        for index in chosen:
            start, end = self.bounds[index]
            ids.append(self.ids[self.offsets[start] : self.offsets[end]])
            counts.append(np.diff(self.offsets[start : end + 1]))
            allowed.append(self.allowed[start:end])
            sizes.append(end - start)
        ends = np.cumsum(sizes)
        return (
            np.concatenate(ids),
            np.concatenate(counts),
            np.concatenate(allowed),
            np.stack([ends - sizes, ends], 1),
        )


def pack(sequences: list[Sequence], features: list[list[list[str]]], index: dict[str, int]) -> Packed:
    ids: list[int] = []
    counts: list[int] = []
    for sentence in features:
        for names in sentence:
            here = [index[name] for name in names if name in index]
            ids += here
            counts.append(len(here))
    ends = np.cumsum([len(sequence.text) for sequence in sequences])
    starts = np.concatenate([[0], ends[:-1]])
    return Packed(
        np.array(ids, dtype=np.int64),
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.concatenate([sequence.allowed for sequence in sequences]),
        np.stack([starts, ends], 1).astype(np.int64),
    )


def fit(
    data: Packed,
    n_features: int,
    *,
    epochs: int,
    rate: float,
    l2: float,
    batch: int,
    open_weight: float,
    seed: int,
) -> tuple[Floats, Floats]:
    """Weights (features, tags), transitions (tag, next tag), averaged over the later half of the epochs."""
    random = np.random.default_rng(seed)
    n_tags = len(TAGS)
    weights, moves = np.zeros((n_features, n_tags), np.float32), np.zeros((n_tags, n_tags), np.float32)
    seen, moves_seen = np.full_like(weights, 1e-3), np.full_like(moves, 1e-3)
    total, moves_total, taken = np.zeros_like(weights), np.zeros_like(moves), 0
    free = np.zeros(n_tags, np.float32)
    for epoch in range(epochs):
        order = random.permutation(len(data.bounds))
        for at in range(0, len(order), batch):
            ids, counts, allowed, bounds = data.batch(order[at : at + batch])
            layout = Layout.of(bounds)
            scores = np.add.reduceat(weights[ids], np.cumsum(counts) - counts, axis=0)
            model, model_moves, _ = marginals(scores, moves, free, free, layout)
            shut = np.where(allowed, scores, -np.inf).astype(np.float32)
            gold, gold_moves, _ = marginals(shut, moves, free, free, layout)
            push = model - gold
            for start, end in bounds:  # what is only partly known speaks more softly
                if not (allowed[start:end].sum(axis=1) == 1).all():
                    push[start:end] *= open_weight
            used, back = np.unique(ids, return_inverse=True)
            spread = np.repeat(push, counts, axis=0)
            slope = np.stack([np.bincount(back, spread[:, tag], len(used)) for tag in range(n_tags)], 1)
            slope = slope.astype(np.float32) + l2 * weights[used]
            seen[used] += slope * slope
            weights[used] -= rate * slope / np.sqrt(seen[used])
            slope = (model_moves - gold_moves).astype(np.float32)
            moves_seen += slope * slope
            moves -= rate * slope / np.sqrt(moves_seen)
        if epoch >= epochs // 2:
            total, moves_total, taken = total + weights, moves_total + moves, taken + 1
    return (total / taken).astype(np.float32), (moves_total / taken).astype(np.float32)


def prune(weights: Floats, index: dict[str, int], keep: int, step: float) -> tuple[Floats, dict[str, int]]:
    """The `keep` features with the largest effect, their weights as multiples of `step`, which pack well."""
    # A constant over the tags changes no path, so a feature's effect is what is left without it.
    weights = weights - weights.mean(axis=1, keepdims=True)
    effect = np.abs(weights).max(axis=1)
    effect[index[BIAS]] = np.inf
    chosen = sorted(np.argsort(-effect, kind="stable")[:keep].tolist())
    names = list(index)
    rounded = (np.round(weights[chosen] / step) * step).astype(np.float32)
    return rounded, {names[old]: new for new, old in enumerate(chosen)}


def save(out: Path, weights: Floats, moves: Floats, index: dict[str, int], step: float) -> None:
    """The two files that spacy_pkuseg.pkuseg(folder) reads."""
    # w1.<word>, w-1.<word>, ww.l.<word>*<word>, ww.r.<word>*<word>
    known = sorted({word for name in index if name[0] == "w" for word in name.split(".", 2)[-1].split("*")})
    out.mkdir(parents=True, exist_ok=True)
    srsly.write_msgpack(
        out / "features.msgpack",
        {
            "unigram": known,  # words that no feature names change nothing
            "bigram": [],  # only training reads it
            "feature_to_idx": index,
            "tag_to_idx": {tag: at for at, tag in enumerate(TAGS)},
        },
    )
    # spacy-pkuseg keeps the transition from a to b at [b, a], and its decoder wants float64.
    flat = np.concatenate([weights.ravel(), (np.round(moves / step) * step).T.ravel()]).astype(np.float64)
    np.savez_compressed(out / "weights.npz", sizes=np.array([len(TAGS), len(index)]), w=flat)


def score(cut: Callable[[str], list[str]], sentences: list[list[str]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of words."""
    gold = found = both = 0
    for sentence in sentences:
        right, mine = _spans(sentence), _spans(cut("".join(sentence)))
        gold, found, both = gold + len(right), found + len(mine), both + len(right & mine)
    return both / found, both / gold, 2 * both / (found + gold)


def _spans(sentence: list[str]) -> set[tuple[int, int]]:
    ends = np.cumsum([len(word) for word in sentence]).tolist()
    return set(zip([0, *ends], ends, strict=False))


def border_agreement(segmenter: Segmenter, rows: Iterable[dict[str, Any]]) -> float:
    """Share of what is known of borders that the model finds without being told of entities."""
    right = total = 0
    for row in rows:
        known = known_borders(row)
        for sentence in _SENTENCE.finditer(row["text"]):
            starts = set(segmenter.starts(sentence.group()))
            inside = [at for at in known if sentence.start() < at < sentence.end()]
            right += sum((at - sentence.start() in starts) == known[at] for at in inside)
            total += len(inside)
    return right / max(total, 1)


def read_words(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text(encoding="utf8").splitlines() if line.strip()]


def read_rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf8").splitlines() if line.strip()]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with gsdsimp-{train,dev,test}.txt")
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus" / "authored" / "authored.jsonl")
    parser.add_argument("--no-corpus", action="store_true", help="learn from FOLDER alone")
    parser.add_argument("--hold-out", type=int, default=10, metavar="N", help="report on every Nth text")
    parser.add_argument("--out", type=Path, required=True, help="folder for features.msgpack and weights.npz")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--rate", type=float, default=0.1)
    parser.add_argument("--l2", type=float, default=1e-3)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--open-weight", type=float, default=0.5)
    parser.add_argument("--keep", type=int, default=160_000, help="features to keep")
    parser.add_argument("--step", type=float, default=1 / 64, help="weights are multiples of this")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def main() -> None:
    args = arguments()
    train = read_words(args.data / "gsdsimp-train.txt")
    rows = read_rows(args.corpus)
    held = rows[:: args.hold_out] if args.hold_out else []
    learned = [] if args.no_corpus else [row for row in rows if row not in held]
    sequences = [of_words(sentence) for sentence in train]
    sequences += [part for row in learned for part in of_entities(row)]
    extract = extractor(train)
    features = [featurise(extract, sequence.text) for sequence in sequences]
    counts = Counter(name for sentence in features for names in sentence for name in names)
    ranked = [BIAS, *(name for name, _ in counts.most_common() if name != BIAS)]
    index = {name: at for at, name in enumerate(ranked)}
    weights, moves = fit(
        pack(sequences, features, index),
        len(index),
        epochs=args.epochs,
        rate=args.rate,
        l2=args.l2,
        batch=args.batch,
        open_weight=args.open_weight,
        seed=args.seed,
    )
    weights, index = prune(weights, index, args.keep, args.step)
    save(args.out, weights, moves, index, args.step)

    size = sum((args.out / name).stat().st_size for name in ("features.msgpack", "weights.npz"))
    print(f"{len(sequences)} sequences, {len(counts)} features, {len(index)} kept, {size / 1e6:.2f} MB")
    for part in ("dev", "test"):
        gold = read_words(args.data / f"gsdsimp-{part}.txt")
        figures = score(lambda text: words(text, model=args.out), gold)
        print("{}: P {:.4f} R {:.4f} F1 {:.4f}".format(part, *figures))
    if held:
        print(f"held-out entity borders: {border_agreement(Segmenter(args.out), held):.4f}")


if __name__ == "__main__":
    main()
