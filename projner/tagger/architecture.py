"""Network architectures of the tagger, registered under versioned names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from thinc.api import Linear, Model, add, chain, concatenate
from thinc.types import Floats2d

from projner.tagger.features import Features, n_marks
from projner.tagger.layers import dense, embedding_concat, embedding_sum, residual_conv

# Characters handled at a time when predicting: their rows stay in the processor's cache.
_BLOCK = 1024


def wide_deep(
    *,
    ngram_rows: int = 2**18,
    char_rows: int = 2**13,
    bigram_rows: int = 2**16,
    char_width: int = 64,
    bigram_width: int = 48,
    mark_width: int = 48,
    width: int = 96,
    dilations: Sequence[int] = (1, 2, 4),
    dropout: float = 0.4,
    wide_dropout: float = 0.4,
    embed_dropout: float = 0.2,
) -> Model[Features, Floats2d]:
    """Tag scores for every character: hashed n-grams (wide) plus a dilated CNN over characters (deep).

    The number of tags and of list categories is set by `set_sizes`, before the model is initialized.

    Args:
        ngram_rows, char_rows, bigram_rows: sizes of the hash tables.
        char_width, bigram_width, mark_width, width: floats a row of the tables and of the convolutions.
        dilations: one residual convolution each, over the characters so many places before and after.
        dropout, wide_dropout, embed_dropout: shares of units and of indexes left out in training.
    """
    wide = embedding_sum("ngrams", None, ngram_rows, scale=0.0, dropout=wide_dropout)
    wide_marks = embedding_sum("marks", None, None, scale=0.0, dropout=wide_dropout)
    deep_marks = embedding_sum("marks", mark_width, None, dropout=embed_dropout)
    output: Model[Any, Any] = Linear(nI=width)
    chars = embedding_concat("chars", char_width, char_rows, dropout=embed_dropout)
    bigrams = embedding_concat("bigrams", bigram_width, bigram_rows, dropout=embed_dropout)
    hidden = dense(width, char_width + 2 * bigram_width + mark_width, dropout=dropout)
    convolutions = [residual_conv(width, dilation, dropout=dropout) for dilation in dilations]
    deep: Model[Any, Any] = chain(concatenate(chars, bigrams, deep_marks), hidden, *convolutions, output)
    crf: Model[Any, Any] = Model(
        "crf", _no_forward, params={"T": None, "first": None, "last": None}, dims={"nO": None}, init=_crf_init
    )
    revision: Model[Any, Any] = Model(
        "revision",
        _no_forward,
        params={"E": None, "T": None, "first": None, "last": None},
        dims={"nO": None, "nV": None},
    )
    scores: Model[Any, Any] = add(wide, wide_marks, deep)
    return Model(
        "wide_deep",
        _forward,
        init=_init,
        layers=[scores, crf, revision],
        refs={
            "crf": crf,
            "revision": revision,
            "chars": chars,
            "bigrams": bigrams,
            "hidden": hidden,
            **{f"convolution{place}": layer for place, layer in enumerate(convolutions)},
            "wide": wide,
            "wide_marks": wide_marks,
            "deep_marks": deep_marks,
            "output": output,
        },
        attrs={
            "sizes": {"n_ngrams": ngram_rows, "n_chars": char_rows, "n_bigrams": bigram_rows},
            "reach": sum(dilations),
        },
    )


def set_sizes(model: Model[Features, Floats2d], n_tags: int, n_categories: int) -> None:
    """Tell the layers how many tags and list categories there are."""
    for name in ("wide", "wide_marks", "output", "crf"):
        model.get_ref(name).set_dim("nO", n_tags)
    for name in ("wide_marks", "deep_marks"):
        model.get_ref(name).set_dim("nV", n_marks(n_categories))


def _init(model: Model[Any, Any], X: Any = None, Y: Any = None) -> None:
    model.layers[0].initialize()
    model.get_ref("crf").initialize()


def _forward(
    model: Model[Any, Any], X: Features, is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], Any]]:
    scores = model.layers[0]
    if is_train:
        return scores(X, True)
    reach: int = model.attrs["reach"]
    out: Floats2d = model.ops.alloc2f(len(X.chars), model.get_ref("output").get_dim("nO"))
    for start in range(0, len(out), _BLOCK):
        first = max(0, start - reach)
        part = scores.predict(X.rows(first, start + _BLOCK + reach))
        out[start : start + _BLOCK] = part[start - first : start - first + _BLOCK]
    return out, lambda d_out: d_out


def _no_forward(model: Model[Any, Any], X: Any, is_train: bool) -> Any:
    raise NotImplementedError("these parameters are read by projner.tagger.component")


def _crf_init(model: Model[Any, Any], X: Any = None, Y: Any = None) -> None:
    n_tags = model.get_dim("nO")
    model.set_param("T", model.ops.alloc2f(n_tags, n_tags))
    model.set_param("first", model.ops.alloc1f(n_tags))
    model.set_param("last", model.ops.alloc1f(n_tags))
