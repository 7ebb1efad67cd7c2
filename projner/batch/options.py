"""What a run is asked for, and what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from projner.batch.readers import Columns

OUTPUTS = {".jsonl": "jsonl", ".csv": "csv", ".parquet": "parquet"}


@dataclass(frozen=True)
class Options:
    """How to tag.

    Attributes:
        columns: which columns hold text, id and place.
        kind: what every input is (txt, jsonl, csv, parquet); None goes by the name.
        model: pipeline by name or path; None for the default one.
        text: whether rows hold their text.
        flat: one row an entity instead of one a document.
        projects: one row a project instead of one a document; not along with `flat`.
        bom: a CSV output starts with a byte order mark, by which Excel knows UTF-8.
        place: where a page is from if nothing says it (a code or a name).
        workers: processes.
        strict: stop at the first row that fails.
        resume: go on with an unfinished output.
        interval: seconds between the checkpoints of a JSONL or CSV output.
        part_rows: rows of a part of a Parquet output; a checkpoint is where a part ends.
    """

    columns: Columns = field(default_factory=Columns)
    kind: str | None = None
    model: str | None = None
    text: bool = True
    flat: bool = False
    projects: bool = False
    bom: bool = False
    place: str | None = None
    workers: int = 1
    strict: bool = False
    resume: bool = False
    interval: float = 2.0
    part_rows: int = 20_000


@dataclass
class Summary:
    """What came of a run. Characters and seconds count this run, the rest also what it went on from."""

    documents: int = 0
    failures: int = 0
    duplicates: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    characters: int = 0
    seconds: float = 0.0
    interrupted: bool = False
    stopped: str | None = None  # why there is more to do

    def __str__(self) -> str:
        found = ", ".join(f"{label} {count:,}" for label, count in sorted(self.labels.items()))
        parts = [
            f"{self.documents:,} documents",
            f"{self.labels.total():,} entities" + (f" ({found})" if found else ""),
            f"{self.failures:,} failed",
        ]
        if self.duplicates:
            parts.append(f"{self.duplicates:,} duplicate ids")
        speed = self.characters / self.seconds if self.seconds else 0.0
        return f"{', '.join(parts)}; {speed:,.0f} characters/s ({self.characters:,} in {self.seconds:.1f} s)"
