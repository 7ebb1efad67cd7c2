"""BRAT's standoff: a folder with a .txt and an .ann for each row; meanings stand in notes as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from projner.convert.spans import Plain, new_row, word_spans
from projner.errors import Errors, ProjnerError
from projner.rows import Row, row_form

_OWN = ("start", "end", "label", "text")


def read(path: Path) -> Iterator[Row]:
    """The pairs of a folder, in the order of their names."""
    texts = sorted(path.glob("*.txt")) if path.is_dir() else []
    if not texts:
        raise Errors.P541.format(path=path, reason="is no folder with .txt and .ann files")
    for file in texts:
        notes = file.with_suffix(".ann")
        try:
            text = file.read_bytes().decode("utf-8-sig")
            lines = notes.read_text(encoding="utf-8").split("\n") if notes.exists() else []
            yield _row(unquote(file.stem), text, lines)
        except (OSError, UnicodeDecodeError) as error:
            raise Errors.P541.format(path=file, reason=f"cannot be read: {error}") from None
        except ProjnerError as error:
            raise Errors.P524.format(place=notes, reason=error) from None


def _row(id: str, text: str, lines: list[str]) -> Row:
    spans: dict[str, Plain] = {}
    meanings: dict[str, Any] = {}
    for line in lines:
        key, _, rest = line.partition("\t")
        head, _, last = rest.partition("\t")
        if key.startswith("T"):
            spans[key] = _span(head, line)
        elif key.startswith("#") and head.startswith("AnnotatorNotes "):
            meanings[head.split(" ", 1)[1]] = _meaning(last)
    row = new_row(id, text, list(spans.values()))
    by_place = {(span.start, span.end): meanings.get(key, {}) for key, span in spans.items()}
    for span in row["spans"]:
        span.update(by_place[span["start"], span["end"]])
    return row


def _span(head: str, line: str) -> Plain:
    label, *offsets = head.split(" ")
    if len(offsets) != 2 or not all(offset.isdigit() for offset in offsets):
        raise Errors.P521.format(span=line)  # a span in several parts, which no row can hold
    return Plain(int(offsets[0]), int(offsets[1]), label)


def _meaning(note: str) -> Row:
    """The JSON object of a note; other people's notes are prose."""
    try:
        found = json.loads(note)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def write(rows: Iterable[Row], path: Path) -> int:
    """A pair of files for each row, named by its id."""
    path.mkdir(parents=True, exist_ok=True)
    names: set[str] = set()
    for number, row in enumerate(rows, 1):
        name = quote(str(row.get("id", number)), safe=" ()+,=@[]")
        if name in names:
            raise Errors.P541.format(path=path, reason=f"id {row.get('id')!r} is there twice")
        names.add(name)
        try:
            (path / f"{name}.txt").write_bytes(row["text"].encode(_encoding(row["text"])))
            (path / f"{name}.ann").write_text("".join(_lines(row, path)), encoding="utf-8", newline="\n")
        except OSError as error:
            raise Errors.P541.format(path=path / name, reason=error.strerror or error) from None
    return len(names)


def _encoding(text: str) -> str:
    """A mark at the head of a file is taken for its byte order mark; one that belongs to the text needs that
    before it."""
    return "utf-8-sig" if text.startswith("\ufeff") else "utf-8"


def _lines(row: Row, path: Path) -> Iterator[str]:
    text = row["text"]
    items = {(item["start"], item["end"]): item for item in row[row_form(row, "spans")]}
    for number, span in enumerate(word_spans(row, path), 1):
        shown = " ".join(text[span.start : span.end].split())
        yield f"T{number}\t{span.label} {span.start} {span.end}\t{shown}\n"
        item = items[span.start, span.end]
        meaning = {name: value for name, value in item.items() if name not in _OWN}
        if meaning:
            yield f"#{number}\tAnnotatorNotes T{number}\t{json.dumps(meaning, ensure_ascii=False)}\n"
