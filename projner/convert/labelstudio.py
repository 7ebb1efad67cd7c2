"""Label Studio's JSON: offsets count UTF-16 units there. What was tagged is written as predictions, for a
person to correct; what was annotated, as annotations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from projner.convert.files import whole
from projner.convert.spans import Plain, columns, new_row, plain_spans
from projner.errors import Errors, ProjnerError
from projner.rows import Row

_FROM, _TO = "label", "text"


def units(text: str) -> list[int]:
    """Where each character starts in UTF-16 units, and where the last one ends."""
    return [0, *accumulate(1 + (char > "\uffff") for char in text)]


def read(path: Path) -> Iterator[Row]:
    """The tasks of an export; of several annotations of a task the first that is not cancelled counts."""
    try:
        tasks = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise Errors.P541.format(path=path, reason=f"cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise Errors.P541.format(path=path, reason=Errors.P505.format(reason=error)) from None
    if not isinstance(tasks, list):
        raise Errors.P541.format(path=path, reason="is no Label Studio export: a list of tasks is expected")
    for number, task in enumerate(tasks, 1):
        try:
            yield _row(task, f"{path}#{number}")
        except ProjnerError as error:
            raise Errors.P524.format(place=f"{path} task {number}", reason=error) from None


def _row(task: Any, id: str) -> Row:
    data = task.get("data") if isinstance(task, dict) else None
    text = data.get(_TO) if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(text, str):
        raise Errors.P535.format()
    places = {unit: index for index, unit in enumerate(units(text))}
    spans = [_span(item, places) for item in _results(task) if item.get("type") == "labels"]
    extra = {name: value for name, value in data.items() if name not in (_TO, "id")}
    return new_row(data.get("id", task.get("id", id)), text, spans, extra)


def _results(task: Row) -> list[Row]:
    done = [item for item in task.get("annotations") or () if not item.get("was_cancelled")]
    found = (done or task.get("predictions") or [{}])[0]
    results: list[Row] = found.get("result") or []
    return results


def _span(item: Row, places: dict[int, int]) -> Plain:
    value = item.get("value") or {}
    labels = value.get("labels") or []
    start, end = places.get(value.get("start", -1)), places.get(value.get("end", -1))
    if start is None or end is None or len(labels) != 1:
        raise Errors.P521.format(span=value)
    return Plain(start, end, labels[0])


def write(rows: Iterable[Row], path: Path) -> int:
    """A list of tasks for a labelling interface with `<Labels name="label" toName="text">`."""
    count = 0
    with whole(path) as file:
        file.write(b"[")
        for count, row in enumerate(rows, 1):
            kind = "predictions" if "entities" in row and "spans" not in row else "annotations"
            data = {"text": row["text"], "id": row.get("id"), **columns(row)}
            task = {"data": data, kind: [{"result": _written(row["text"], plain_spans(row))}]}
            file.write((b",\n" if count > 1 else b"\n") + json.dumps(task, ensure_ascii=False).encode())
        file.write(b"\n]\n")
    return count


def _written(text: str, spans: Sequence[Plain]) -> list[Row]:
    at = units(text)
    return [
        {
            "id": f"s{number}",
            "from_name": _FROM,
            "to_name": _TO,
            "type": "labels",
            "value": {
                "start": at[span.start],
                "end": at[span.end],
                "text": text[span.start : span.end],
                "labels": [span.label],
            },
        }
        for number, span in enumerate(spans)
    ]
