"""Thinc layers that the tagger's architecture is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thinc.api import Model, glorot_uniform_init, uniform_init
from thinc.types import Floats2d

from projner.tagger.features import Features


def embedding_sum(
    field: str, n_out: int | None, n_rows: int | None, *, scale: float = 0.1, dropout: float = 0.0
) -> Model[Features, Floats2d]:
    """Sum of the table's rows that one field of the features names; row 0 stays zero.

    dropout: share of the feature indexes replaced by 0 in training: no n-gram or list is trusted alone.
    """
    return Model(
        "embedding_sum",
        _sum_forward,
        init=_sum_init,
        dims={"nO": n_out, "nV": n_rows},
        params={"E": None},
        attrs={"field": field, "scale": scale, "dropout_rate": dropout},
    )


def _drop(model: Model[Features, Floats2d], index: Any, is_train: bool) -> Any:
    rate = model.attrs["dropout_rate"]
    if not (is_train and rate):
        return index
    keep = model.ops.xp.random.random_sample(index.shape) >= rate
    return index * keep.astype(index.dtype)


def _sum_init(model: Model[Features, Floats2d], X: Any = None, Y: Any = None) -> None:
    if model.has_param("E"):
        return
    scale = model.attrs["scale"]
    shape = (model.get_dim("nV"), model.get_dim("nO"))
    table: Any = uniform_init(model.ops, shape, lo=-scale, hi=scale) if scale else model.ops.alloc2f(*shape)
    table[0] = 0
    model.set_param("E", table)


def _is_dense(index: Any) -> bool:
    return bool((index[:1000] > 0).mean() > 0.5)


def _sparse_sum(table: Any, index: Any) -> Floats2d:
    """The same as gather_add, skipping the zeros: most characters are on no list."""
    out: Floats2d = table[index[:, 0]]
    for column in range(1, index.shape[1]):
        places = index[:, column].nonzero()[0]
        out[places] += table[index[places, column]]
    return out


def _sum_forward(
    model: Model[Features, Floats2d], X: Features, is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], Any]]:
    index = _drop(model, getattr(X, model.attrs["field"]), is_train)
    table: Any = model.get_param("E")
    dense = is_train or _is_dense(index)
    out = model.ops.gather_add(table, index) if dense else _sparse_sum(table, index)

    def backprop(d_out: Floats2d) -> Any:
        gradient = model.ops.alloc2f(*table.shape)
        for column in range(index.shape[1]):
            model.ops.scatter_add(gradient, index[:, column].astype("int32"), d_out)
        gradient[0] = 0
        model.inc_grad("E", gradient)
        return 0.0

    return out, backprop


def embedding_concat(
    field: str, n_out: int | None, n_rows: int | None, *, scale: float = 0.1, dropout: float = 0.0
) -> Model[Features, Floats2d]:
    """The table's rows that one field of the features names, side by side: n_out floats a column."""
    return Model(
        "embedding_concat",
        _concat_forward,
        init=_sum_init,
        dims={"nO": n_out, "nV": n_rows},
        params={"E": None},
        attrs={"field": field, "scale": scale, "dropout_rate": dropout},
    )


def _concat_forward(
    model: Model[Features, Floats2d], X: Features, is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], Any]]:
    index = _drop(model, getattr(X, model.attrs["field"]), is_train)
    table: Any = model.get_param("E")
    width = table.shape[1]
    out = table[index].reshape(len(index), -1)

    def backprop(d_out: Floats2d) -> Any:
        gradient = model.ops.alloc2f(*table.shape)
        for column in range(index.shape[1]):
            part = model.ops.as_contig(d_out[:, column * width : (column + 1) * width])
            model.ops.scatter_add(gradient, index[:, column].astype("int32"), part)
        gradient[0] = 0
        model.inc_grad("E", gradient)
        return 0.0

    return out, backprop


def dense(n_out: int, n_in: int, *, dropout: float = 0.0) -> Model[Floats2d, Floats2d]:
    """relu(x W + b): thinc's Relu, by the matrix product of numpy, which is the faster one here."""
    return Model(
        "dense",
        _dense_forward,
        init=_dense_init,
        dims={"nO": n_out, "nI": n_in},
        params={"W": None, "b": None},
        attrs={"dropout_rate": dropout},
    )


def _dense_init(model: Model[Any, Any], X: Any = None, Y: Any = None) -> None:
    if model.has_param("W"):
        return
    model.set_param("W", glorot_uniform_init(model.ops, (model.get_dim("nO"), model.get_dim("nI"))))
    model.set_param("b", model.ops.alloc1f(model.get_dim("nO")))


def _dense_forward(
    model: Model[Floats2d, Floats2d], X: Floats2d, is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], Floats2d]]:
    weights: Any = model.get_param("W")
    hidden = X @ weights.T
    hidden += model.get_param("b")
    model.ops.xp.maximum(hidden, 0, out=hidden)
    scale: Any = _thin_out(model, hidden) if is_train else None

    def backprop(d_out: Floats2d) -> Floats2d:
        d_hidden = d_out * scale
        model.inc_grad("b", d_hidden.sum(axis=0))
        model.inc_grad("W", d_hidden.T @ X)
        return d_hidden @ weights  # type: ignore[no-any-return]

    return hidden, backprop


def _thin_out(model: Model[Any, Any], hidden: Any) -> Any:
    """Dropout in place; returns what the gradient by the rectified sum is to be multiplied with."""
    rate = model.attrs["dropout_rate"]
    scale = (hidden > 0).astype("f")
    if rate:
        scale *= (model.ops.xp.random.random_sample(hidden.shape) >= rate).astype("f") / (1 - rate)
        hidden *= scale
    return scale


def residual_conv(width: int, dilation: int, *, dropout: float = 0.0) -> Model[Floats2d, Floats2d]:
    """x + relu(conv(x)), over the rows `dilation` before, at and after each one; zeros beyond the ends."""
    return Model(
        "residual_conv",
        _conv_forward,
        init=_conv_init,
        dims={"nO": width, "nI": width},
        params={"W": None, "b": None},
        attrs={"dilation": dilation, "dropout_rate": dropout},
    )


def _conv_init(model: Model[Floats2d, Floats2d], X: Any = None, Y: Any = None) -> None:
    if model.has_param("W"):
        return
    width = model.get_dim("nO")
    limit = float((2.0 / width) ** 0.5)
    model.set_param("W", uniform_init(model.ops, (3, width, width), lo=-limit / 2, hi=limit / 2))
    model.set_param("b", model.ops.alloc1f(width))


def _conv_forward(
    model: Model[Floats2d, Floats2d], X: Floats2d, is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], Floats2d]]:
    step: int = model.attrs["dilation"]
    weights: Any = model.get_param("W")
    hidden = X @ weights[1]
    hidden += model.get_param("b")
    hidden[step:] += X[:-step] @ weights[0]
    hidden[:-step] += X[step:] @ weights[2]
    model.ops.xp.maximum(hidden, 0, out=hidden)
    scale: Any = _thin_out(model, hidden) if is_train else None

    def backprop(d_out: Floats2d) -> Floats2d:
        d_hidden = d_out * scale
        model.inc_grad("b", d_hidden.sum(axis=0))
        gradient = model.ops.alloc3f(*weights.shape)
        gradient[1] = X.T @ d_hidden
        gradient[0] = X[:-step].T @ d_hidden[step:]
        gradient[2] = X[step:].T @ d_hidden[:-step]
        model.inc_grad("W", gradient)
        d_in: Floats2d = d_out + d_hidden @ weights[1].T
        d_in[:-step] += d_hidden[step:] @ weights[0].T
        d_in[step:] += d_hidden[:-step] @ weights[2].T
        return d_in

    hidden += X
    return hidden, backprop
