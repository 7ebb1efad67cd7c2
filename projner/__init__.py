"""projner: regions, companies and amounts of money out of Chinese business and project news.

Importing this package loads nothing and changes nothing; `load()` brings in spaCy and the default pipeline.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

__version__ = "0.1.0"
__all__ = ["__version__", "load", "pipe", "register", "tag_dataset", "to_frame"]

# What needs more than spaCy is imported when it is first used.
_LAZY = {"tag_dataset": "projner.batch.dataset", "to_frame": "projner.frame"}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    if name == "spark":
        return import_module("projner.spark")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load(name: str | Path | None = None, **overrides: Any) -> Language:
    """Load the default pipeline out of the wheel, or another one by name or path; nothing is downloaded.

    Args:
        name: a spaCy package name or a folder; None for the pipeline that ships with projner.
        **overrides: passed on to `spacy.load` (exclude, disable, config, ...).

    Returns:
        A spaCy pipeline whose documents carry REGION, COMPANY and MONEY and the extensions of `register`.
    """
    import spacy

    register()
    path = name if name is not None else Path(__file__).parent / "model"
    return spacy.load(path, **overrides)


def pipe(texts: Iterable[str], *, n_process: int = 1, batch_size: int = 64) -> Iterator[Doc]:
    """Tag texts with the default pipeline, in order.

    Args:
        texts: the texts.
        n_process: processes to use; -1 for as many as there are cores.
        batch_size: texts a batch.

    Yields:
        One Doc a text.
    """
    yield from load().pipe(texts, n_process=n_process, batch_size=batch_size)


def register() -> None:
    """Register the extensions (`ent._.amount`, `ent._.region`, ...); calling it again is harmless."""
    from projner.extensions import register as register_extensions

    register_extensions()
