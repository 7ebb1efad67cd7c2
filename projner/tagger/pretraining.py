"""Weights from outside for some layers, such as those that `training/pretrain.py` learns from raw text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray
from thinc.api import Model

from projner.errors import Errors


def set_weights(model: Model[Any, Any], weights: Mapping[str, NDArray[Any]]) -> None:
    """Set parameters named "layer.param", layer being a reference of the model; all must exist and fit."""
    for key, array in weights.items():
        layer_name, _, param = key.rpartition(".")
        if not model.has_ref(layer_name) or param not in model.get_ref(layer_name).param_names:
            raise Errors.P604.format(name=key)
        layer = model.get_ref(layer_name)
        current: Any = layer.get_param(param)
        if current.shape != array.shape:
            raise Errors.P605.format(name=key, got=array.shape, want=current.shape)
        weights_of_layer: Any = layer.ops.xp.asarray(array, dtype="float32")
        layer.set_param(param, weights_of_layer)
