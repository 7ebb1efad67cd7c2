"""Pretrain the tables of characters and bigrams of projner.WideDeep.v2 on raw text. Needs PyTorch.

    python training/pretrain.py raw_news.txt.xz training/pretrained/chars.npz [--epochs 3] [--threads 1]

A network like that of `projner.tagger.architecture`, lists and n-grams left out, learns to guess hidden
characters. The text is one stream; in every window some 14 % of the characters, in runs of one to three, are
hidden together with the bigrams that hold them. Of what it learned the tables are saved, under the names that
`projner.Weights.v1` reads; the layers above learn as well from annotated texts. Seeded: one machine gives the
same weights.
"""

from __future__ import annotations

import argparse
import lzma
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn.functional import cross_entropy, relu

from projner.tagger import pack
from projner.tagger.features import character_buckets, fold

CHAR_ROWS, BIGRAM_ROWS = 2**13, 2**16
CHAR_WIDTH, BIGRAM_WIDTH, WIDTH, DILATIONS = 64, 48, 160, (1, 2, 4)
VOCABULARY = 5000
WINDOW, BATCH = 512, 32
HIDE, LONGEST_RUN = 0.07, 3
RATE, WARMUP = 2e-3, 200
BETWEEN_ARTICLES = "\n" * 4


class Network(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.chars = nn.Embedding(CHAR_ROWS, CHAR_WIDTH, padding_idx=0)
        self.bigrams = nn.Embedding(BIGRAM_ROWS, BIGRAM_WIDTH, padding_idx=0)
        self.hidden = nn.Linear(CHAR_WIDTH + 2 * BIGRAM_WIDTH, WIDTH)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(WIDTH, WIDTH, 3, dilation=d, padding=d) for d in DILATIONS
        )
        self.output = nn.Linear(WIDTH, VOCABULARY)
        with torch.no_grad():
            for table in (self.chars, self.bigrams):
                table.weight.uniform_(-0.1, 0.1)
                table.weight[0] = 0
            for layer in (self.hidden, *self.convolutions):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                nn.init.zeros_(layer.bias)
            for layer in self.convolutions:
                layer.weight *= 0.5

    def forward(self, chars: torch.Tensor, before: torch.Tensor, after: torch.Tensor) -> torch.Tensor:
        embedded = torch.cat([self.chars(chars), self.bigrams(before), self.bigrams(after)], dim=-1)
        x = relu(self.hidden(embedded)).transpose(1, 2)
        for convolution in self.convolutions:
            x = x + relu(convolution(x))
        return x.transpose(1, 2)

    def weights(self) -> dict[str, NDArray[Any]]:
        """The tables by the names of `projner.tagger.architecture`."""
        named = {"chars.E": self.chars.weight, "bigrams.E": self.bigrams.weight}
        return {name: tensor.detach().numpy() for name, tensor in named.items()}


def stream(path: Path) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Rows of characters, of the bigrams that begin at each, and classes to guess (-1 for rare ones)."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        text = file.read().replace("\n\n", BETWEEN_ARTICLES)
    folded = fold(text)
    chars, bigrams = character_buckets(folded, 1, CHAR_ROWS), character_buckets(folded, 2, BIGRAM_ROWS)
    found, counts = np.unique(folded, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:VOCABULARY]
    classes = {int(code): number for number, code in enumerate(found[order])}
    lookup = np.array([classes.get(int(code), -1) for code in found])
    return chars.astype(np.int64), bigrams.astype(np.int64), lookup[np.searchsorted(found, folded)]


def hide(rng: np.random.Generator, shape: tuple[int, int]) -> NDArray[np.bool_]:
    starts = rng.random(shape) < HIDE
    lengths = rng.integers(1, LONGEST_RUN + 1, shape)
    hidden = starts.copy()
    for step in range(1, LONGEST_RUN):
        hidden[:, step:] |= starts[:, :-step] & (lengths[:, :-step] > step)
    return hidden


def train(path: Path, epochs: float, seed: int) -> Network:
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    chars, bigrams, classes = stream(path)
    network = Network()
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
    windows = len(chars) // WINDOW - 1
    total = int(epochs * windows // BATCH)
    started, losses = time.time(), 0.0
    for step in range(total):
        if step % (windows // BATCH) == 0:
            shift, order = int(rng.integers(1, WINDOW)), rng.permutation(windows)
        first = step % (windows // BATCH) * BATCH
        places = order[first : first + BATCH, None] * WINDOW + shift + np.arange(WINDOW)[None]
        hidden = hide(rng, places.shape)
        after, before = bigrams[places], bigrams[places - 1]
        touches_next, touches_last = hidden.copy(), hidden.copy()
        touches_next[:, :-1] |= hidden[:, 1:]
        touches_last[:, 1:] |= hidden[:, :-1]
        inputs = (
            np.where(hidden, 0, chars[places]),
            np.where(touches_last, 0, before),
            np.where(touches_next, 0, after),
        )
        wanted = np.where(hidden, classes[places], -1).ravel()
        chosen = torch.from_numpy(np.flatnonzero(wanted >= 0))
        states = network(*(torch.from_numpy(array) for array in inputs)).reshape(-1, WIDTH)[chosen]
        loss = cross_entropy(network.output(states), torch.from_numpy(wanted)[chosen])
        for group in optimizer.param_groups:
            group["lr"] = (
                RATE * min(1, (step + 1) / WARMUP) * (0.51 + 0.49 * math.cos(math.pi * step / total))
            )
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        losses += loss.item()
        if (step + 1) % 50 == 0:
            print(f"{step + 1}/{total} loss {losses / 50:.3f} {time.time() - started:.0f} s", flush=True)
            losses = 0.0
    return network


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("raw", type=Path, help="articles, a blank line between them; .txt or .txt.xz")
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=float, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    network = train(args.raw, args.epochs, args.seed)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_bytes(pack.dump(pack.pack_arrays(network.weights())))


if __name__ == "__main__":
    main()
