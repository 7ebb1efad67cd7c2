"""The progress bar of the command line: on a terminal only."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from projner.batch.sources import STDIN, Source, find_sources

if TYPE_CHECKING:
    from projner.batch.options import Summary


class Bar:
    """Shows how many bytes are read, at which rate and how long it will take; lines go above it.

    Args:
        inputs: the inputs of the run.
        kind: what they are.
        output: None where rows go to standard output; a bar would stand between them on a terminal.
    """

    def __init__(self, inputs: Sequence[str], kind: str | None, output: Path | None) -> None:
        self._bar: Any = None
        if sys.stderr.isatty() and (output is not None or not sys.stdout.isatty()):
            from tqdm import tqdm

            total = None if STDIN in inputs else _size(inputs, kind)
            self._bar = tqdm(total=total, unit="B", unit_scale=True, unit_divisor=1000, file=sys.stderr)

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def write(self, line: str) -> None:
        """A line on stderr."""
        if self._bar is None:
            print(line, file=sys.stderr)
        else:
            self._bar.write(line, file=sys.stderr)

    def advance(self, position: int, summary: Summary) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.set_postfix_str(f"{summary.documents:,} documents", refresh=False)
            self._bar.update(position - self._bar.n)


def _size(inputs: Sequence[str], kind: str | None) -> int:
    sources = (source for source in find_sources(inputs, kind=kind) if isinstance(source, Source))
    return sum(os.path.getsize(source.path) for source in sources)
