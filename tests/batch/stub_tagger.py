"""A tagger without a pipeline, for tests of what goes on around it; a module, so that workers find it."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from projner.batch.encode import encoder
from projner.batch.options import Options
from projner.batch.readers import Columns
from projner.batch.tagging import Outcome, Task

LABEL = "WORD"


def tag(kind: str, seconds: float, tasks: Sequence[Task]) -> list[Outcome]:
    """Finds one entity a document; `die` in a text kills the process, `once:PATH` does so the first time."""
    time.sleep(seconds)
    encode = encoder(kind, flat=False, text=True, extra=["n"])
    return [_outcome(task, encode) for task in tasks]


def _outcome(task: Task, encode: Any) -> Outcome:
    if task.text == "die":
        os._exit(9)
    if task.text.startswith("once:"):
        marker = Path(task.text.removeprefix("once:"))
        if not marker.exists():
            marker.touch()
            os._exit(9)
    entity = {"start": 0, "end": 1, "label": LABEL, "text": task.text[:1], "score": None}
    row = {"id": task.id, "text": task.text, **task.extra, "entities": [entity], "projects": []}
    return Outcome(encode(row), Counter([LABEL]))


def make(kind: str, seconds: float) -> Any:
    return partial(tag, kind, seconds)


def printing() -> Any:
    """A tagger that is not quiet, neither while it is made nor while it tags."""
    print("loading")
    return _print_and_tag


def _print_and_tag(tasks: Sequence[Task]) -> list[Outcome]:
    print("tagging")
    return []


def main() -> None:
    """INPUT OUT SECONDS WORKERS: tag, resuming, with a checkpoint after every batch."""
    import stub_tagger  # not __main__, of which a worker knows nothing

    from projner.batch import run

    source, out, seconds, workers = sys.argv[1:]
    run._BATCH_ITEMS = 20
    kind = run.output_kind(Path(out))
    options = Options(Columns(), resume=True, interval=0.0, workers=int(workers), part_rows=100)
    summary = run.tag_files(
        [source],
        Path(out),
        options,
        make=partial(stub_tagger.make, kind, float(seconds)),
        notify=lambda line: None,
    )
    print(summary.stopped or "done", summary.documents, summary.failures, summary.labels.total())
    sys.exit(1 if summary.stopped else 0)


if __name__ == "__main__":
    main()
