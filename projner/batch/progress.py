"""The record beside an unfinished output: how far it goes, and what it was made from."""

from __future__ import annotations

import json
import os
import zlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from projner.errors import Errors

_VERSION = 1


@dataclass
class Progress:
    """What is safely written.

    `settings` is what the run was started with; `items` counts the rows read so far, good and bad; `digest`
    is a checksum over them, so that a changed input is noticed; `output` and `errors` are the states of both
    sinks; `columns` are those passed through, with the types of the Parquet file `typed_by` (None: text).
    """

    settings: dict[str, Any]
    items: int = 0
    digest: int = 0
    output: dict[str, int] | None = None
    errors: dict[str, int] | None = None
    totals: dict[str, Any] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    typed_by: str | None = None


def path_for(output: Path) -> Path:
    return output.with_name(output.name + ".progress.json")


def errors_path_for(output: Path) -> Path:
    return output.with_name(output.name + ".errors.jsonl")


def save(progress: Progress, path: Path) -> None:
    """Replace the record in one step: after a crash there is the old one or the new one."""
    draft = path.with_name(f".{path.name}")
    try:
        with open(draft, "w", encoding="utf-8") as file:
            json.dump({"version": _VERSION, **asdict(progress)}, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def load(path: Path, settings: dict[str, Any]) -> Progress:
    """The record of an unfinished run, checked to be of the same run.

    Raises:
        ProjnerError: it is not to be read, or the run was started with other settings.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        version = data.pop("version")
        progress = Progress(**data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Errors.P720.format(path=path, reason=f"it cannot be read ({error})") from None
    if version != _VERSION:
        raise Errors.P720.format(path=path, reason="another version of projner wrote it")
    for name, value in settings.items():
        if progress.settings.get(name) != value:
            before = progress.settings.get(name)
            raise Errors.P721.format(name=name, before=_shown(before), now=_shown(value))
    return progress


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def digest(so_far: int, *parts: object) -> int:
    """The checksum of one more row."""
    return zlib.crc32("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass"), so_far)
