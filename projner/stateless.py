"""What components without data of their own share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self


class Stateless:
    """Nothing but the configuration belongs to the component, and the pipeline keeps that."""

    def __setstate__(self, state: dict[str, Any]) -> None:
        from projner.extensions import register

        register()
        self.__dict__.update(state)

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Nothing to keep."""
        return b""

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:
        """Nothing to load."""
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Nothing to keep."""

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Self:
        """Nothing to load."""
        return self
