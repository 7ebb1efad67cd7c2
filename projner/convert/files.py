"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from projner.errors import Errors


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """A file to write that takes its name only when everything is in it."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        with open(draft, "wb") as file:
            yield file
        os.replace(draft, path)
    except OSError as error:
        reason = f"cannot be written: {error.strerror or error}"
        raise Errors.P541.format(path=path, reason=reason) from None
    finally:
        draft.unlink(missing_ok=True)
