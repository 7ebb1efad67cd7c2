"""Weights as small files: large tables as 8-bit integers with one power of two a column, the rest as floats.

Powers of two make packing idempotent: a packed model that is loaded and packed again gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

import numpy as np
from numpy.typing import NDArray
from thinc.api import Model

from projner.errors import Errors

_SMALL = 4096
_EXPONENT = ".exponent"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def dump(arrays: dict[str, NDArray[Any]]) -> bytes:
    """The arrays as the bytes of an .npz file, the same bytes for the same arrays."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            part = io.BytesIO()
            np.save(part, array, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _EPOCH), part.getvalue(), zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def load(data: bytes) -> dict[str, NDArray[Any]]:
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def pack_arrays(arrays: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Large float arrays as 8-bit integers, with the exponents of their columns beside them."""
    packed: dict[str, NDArray[Any]] = {}
    for key, array in arrays.items():
        weights = np.asarray(array, dtype=np.float32)
        if weights.size <= _SMALL:
            packed[key] = weights
            continue
        columns = weights.reshape(-1, weights.shape[-1])
        peak = np.maximum(np.abs(columns).max(axis=0), 1e-30)
        exponent = np.ceil(np.log2(peak / 127)).astype(np.int8)
        scaled = np.rint(columns / np.exp2(exponent.astype(np.float32)))
        packed[key] = scaled.astype(np.int8).reshape(weights.shape)
        packed[key + _EXPONENT] = exponent
    return packed


def unpack_arrays(packed: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The float arrays that `pack_arrays` packed; other arrays as they are."""
    arrays: dict[str, NDArray[Any]] = {}
    for key, array in packed.items():
        if key.endswith(_EXPONENT):
            continue
        exponent = packed.get(key + _EXPONENT)
        if exponent is not None:
            array = array.astype(np.float32) * np.exp2(exponent.astype(np.float32))
        arrays[key] = array
    return arrays


def pack_model(model: Model[Any, Any]) -> dict[str, NDArray[Any]]:
    """Every parameter of a model, by the place of its layer in `model.walk()`."""
    arrays: dict[str, Any] = {
        f"{place}.{name}": layer.get_param(name)
        for place, layer in enumerate(model.walk())
        for name in layer.param_names
        if layer.has_param(name)
    }
    return pack_arrays(arrays)


def unpack_model(model: Model[Any, Any], packed: dict[str, NDArray[Any]]) -> None:
    """Set the parameters of a model of the same architecture.

    Raises:
        ProjnerError: P612, there are weights that the model has no place for.
    """
    arrays: dict[str, Any] = dict(unpack_arrays(packed))
    places = {f"{place}.{name}" for place, layer in enumerate(model.walk()) for name in layer.param_names}
    strange = sorted(key for key in arrays if key[0].isdigit() and key not in places)
    if strange:
        raise Errors.P612.format(names=", ".join(strange))
    for place, layer in enumerate(model.walk()):
        for name in layer.param_names:
            weights = arrays.get(f"{place}.{name}")
            if weights is None:
                continue
            for dim, size in _dims(name, weights.shape).items():
                layer.set_dim(dim, size, force=True)
            contiguous: Any = np.ascontiguousarray(weights)
            layer.set_param(name, contiguous)


def _dims(name: str, shape: tuple[int, ...]) -> dict[str, int]:
    if name == "E":
        return {"nV": shape[0], "nO": shape[1]}
    if name == "first":
        return {"nO": shape[0]}
    if name == "W" and len(shape) == 2:
        return {"nO": shape[0], "nI": shape[1]}
    return {}
