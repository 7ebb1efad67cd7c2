"""`projner check`: what is wrong or doubtful in annotated corpora."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from projner.errors import Errors, ProjnerError
from projner.rows import Row, check_span, read_annotations, row_form

# What a table's header may scale a bare number by: none, thousand, 万, million, 亿.
_HEADERS = tuple(Decimal(10) ** power for power in (0, 3, 4, 6, 8))
_UNKNOWN = "XXX"  # ISO 4217: no currency, which our grammar gives a word that several countries use
_CODE = re.compile("[A-Z]{3}")


@dataclass(frozen=True)
class Problem:
    """One finding: file, line, id, what it is (row, fit, overlap, blank, value, duplicate, two_labels or
    unlabelled) and a message. `doubtful`: it may be right."""

    file: str
    row: int
    id: str
    kind: str
    message: str
    doubtful: bool = False

    def __str__(self) -> str:
        return f"{self.file} row {self.row} ({self.id}): {self.kind}: {self.message}"


@dataclass(frozen=True)
class _Place:
    file: str
    row: int
    id: str

    def problem(self, kind: str, message: object, *, doubtful: bool = False) -> Problem:
        return Problem(self.file, self.row, self.id, kind, str(message), doubtful)


def check_files(paths: Iterable[Path]) -> Iterator[Problem]:
    """Check annotated JSONL.

    Args:
        paths: files, or folders of them; in folders `projects.jsonl` and `*-projects.jsonl` are passed over.
            Of stand-off rows (a `source`, no `text`) overlaps, roles, currencies and ranges are checked.

    Yields:
        Problems row by row, then those that concern the corpora as a whole.

    Raises:
        ProjnerError: a file that cannot be read, or nothing to check.
    """
    yield from check_rows(_rows(paths))


def check_rows(rows: Iterable[tuple[str, int, Row]]) -> Iterator[Problem]:
    """Check rows, each with its file and line."""
    seen: dict[bytes, _Place] = {}
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    firsts: dict[tuple[str, str], _Place] = {}
    for file, number, row in rows:
        place = _Place(file, number, str(row.get("id", "")))
        text = row.get("text")
        try:
            if not isinstance(text, str) and not _stand_off(row):
                raise Errors.P535.format()
            items = row[row_form(row, "spans")]
        except ProjnerError as error:
            yield place.problem("row", error)
            continue
        fitting = []
        for item in items:
            try:
                fitting.append((*check_span(item, text), item))
            except ProjnerError as error:
                yield place.problem("fit", error)
        fitting.sort(key=lambda span: span[:3])
        yield from _spans(place, text, fitting)
        if text is None:
            continue
        yield from _unlabelled(place, text, fitting)
        for start, end, label, _ in fitting:
            labels[text[start:end]][label] += 1
            firsts.setdefault((text[start:end], label), place)
        yield from _duplicate(place, text, seen)
    yield from _two_labels(labels, firsts)


def _stand_off(row: Row) -> bool:
    """Whether the row leaves its text to the source that it names: others hold the rights."""
    return "text" not in row and isinstance(row.get("source"), Mapping)


_Fitting = list[tuple[int, int, str, Mapping[str, Any]]]


def _spans(place: _Place, text: str | None, spans: _Fitting) -> Iterator[Problem]:
    for (start, end, label, _), (start2, end2, label2, _) in pairwise(spans):
        if start2 < end:
            first = f"{start}-{end} {label}{_quoted(text, start, end)}"
            second = f"{start2}-{end2} {label2}{_quoted(text, start2, end2)}"
            yield place.problem("overlap", f"{first} and {second}")
    for start, end, label, item in spans:
        where = f"{start}-{end}{_quoted(text, start, end)}"
        if text is not None:
            yield from _borders(place, text[start:end], f"{start}-{end} {label}{_quoted(text, start, end)}")
        if label == "MONEY":
            yield from _value(place, None if text is None else text[start:end], where, item)


def _quoted(text: str | None, start: int, end: int) -> str:
    return "" if text is None else f" {text[start:end]!r}"


def _borders(place: _Place, found: str, where: str) -> Iterator[Problem]:
    if found != found.strip():
        yield place.problem("blank", f"{where} starts or ends with a blank")
    elif "\n" in found or "\r" in found:
        yield place.problem("blank", f"{where} crosses a line break")


def _value(place: _Place, found: str | None, where: str, item: Mapping[str, Any]) -> Iterator[Problem]:
    from projner.money.amount import ROLES

    try:
        (annotation,) = read_annotations({"spans": [item]})
    except ProjnerError as error:
        yield place.problem("value", f"{where}: {error}")
        return
    if annotation.role is not None and annotation.role not in ROLES:
        yield place.problem("value", f"{where}: {annotation.role!r} is none of the roles {', '.join(ROLES)}")
    if annotation.value is None:
        return
    low, high, currency = annotation.value.low, annotation.value.high, annotation.value.currency
    if currency is not None and not _CODE.fullmatch(currency):
        yield place.problem("value", f"{where}: {currency!r} is no currency code such as CNY")
    if low is not None and high is not None and low > high:
        yield place.problem("value", f"{where}: low {low} is above high {high}")
    elif found is not None and low is not None and high is not None:
        yield from _reading(place, found, where, low, high, currency)


def _reading(
    place: _Place, found: str, where: str, low: Decimal, high: Decimal, currency: str | None
) -> Iterator[Problem]:
    """What the words of the span say, beside what is annotated."""
    from projner.money import parse

    try:
        amount = parse(found)
    except ProjnerError:
        return  # no amount by itself, such as a number whose unit stands in the header
    annotated = f"annotated {low}" if low == high else f"annotated {low} to {high}"
    if amount.low is None or amount.high is None:
        yield place.problem("value", f"{where} has no exact value, {annotated}", doubtful=True)
        return
    fits = any((low, high) == (amount.low * scale, amount.high * scale) for scale in _HEADERS)
    bare = all(char.isdigit() or char in ".,-—~至到" for char in found)
    if (low, high) != (amount.low, amount.high) and not (bare and fits):
        said = f"{amount.low}" if amount.low == amount.high else f"{amount.low} to {amount.high}"
        yield place.problem("value", f"{where} is {said}, {annotated}")
    elif currency not in (None, amount.currency) and amount.currency != _UNKNOWN:
        # Doubtful only: 元 may be another country's, and the word that says so stand outside the span.
        message = f"{where} is {amount.currency} by its own words, annotated {currency}"
        yield place.problem("value", message, doubtful=True)


def _unlabelled(place: _Place, text: str, spans: _Fitting) -> Iterator[Problem]:
    """A name that is labelled here and plain there, in one text."""
    covered = [(start, end) for start, end, _, _ in spans]
    names = {text[start:end] for start, end, label, _ in spans if label != "MONEY" and end - start > 1}
    for name in sorted(names):
        at = text.find(name)
        while at >= 0:
            if not any(start <= at and at + len(name) <= end for start, end in covered):
                context = text[max(0, at - 8) : at + len(name) + 8].replace("\n", "⏎")
                message = f"{name!r} is labelled elsewhere in the text, not at {at}: {context}"
                yield place.problem("unlabelled", message, doubtful=True)
            at = text.find(name, at + len(name))


def _duplicate(place: _Place, text: str, seen: dict[bytes, _Place]) -> Iterator[Problem]:
    squeezed = "".join(text.split())
    if not squeezed:
        return
    key = hashlib.blake2b(squeezed.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    before = seen.setdefault(key, place)
    if before is not place:
        yield place.problem("duplicate", f"the text of {before.file} row {before.row} ({before.id})")


def _two_labels(
    labels: Mapping[str, Counter[str]], firsts: Mapping[tuple[str, str], _Place]
) -> Iterator[Problem]:
    for name, counts in labels.items():
        (common, often), *others = counts.most_common()
        for label, count in others:
            message = f"{name!r} is {label} {count} times and {common} {often} times"
            yield firsts[name, label].problem("two_labels", message, doubtful=True)


def _rows(paths: Iterable[Path]) -> Iterator[tuple[str, int, Row]]:
    from projner.batch.readers import read_rows

    for path in paths:
        files = [path]
        if path.is_dir():
            files = sorted(file for file in path.rglob("*.jsonl") if not file.stem.endswith("projects"))
            if not files:
                raise Errors.P542.format(path=path)
        for file in files:
            for number, row in read_rows(file):
                yield str(file), number, row
