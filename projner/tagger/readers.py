"""What training configs load from files: lists of names and pretrained weights."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import srsly  # type: ignore[import-untyped]
from numpy.typing import NDArray

from projner.errors import Errors


def read_lexicon(path: Path) -> dict[str, list[str]]:
    """{category: names} from a JSON file such as `training/build_lexicon.py` writes."""
    if not path.exists():
        raise Errors.P606.format(path=path)
    lexicon: dict[str, list[str]] = srsly.read_json(path)
    return lexicon


def read_weights(path: Path | None) -> dict[str, NDArray[Any]] | None:
    """Pretrained weights such as `training/pretrain.py` writes; None where no path is given."""
    if path is None:
        return None
    if not path.exists():
        raise Errors.P607.format(path=path)
    from projner.tagger.pack import load, unpack_arrays

    return unpack_arrays(load(path.read_bytes()))


def lexicon_reader(path: str) -> Callable[[], dict[str, list[str]]]:
    """`projner.Lexicon.v1`: the lists are read when the tagger is initialized, not when the config is."""
    return lambda: read_lexicon(Path(path))


def weights_reader(path: str | None = None) -> Callable[[], dict[str, NDArray[Any]] | None]:
    """`projner.Weights.v1`, see `read_weights`."""
    return lambda: read_weights(None if path is None else Path(path))
