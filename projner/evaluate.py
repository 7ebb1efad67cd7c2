"""`projner evaluate`: exact spans per label, and what was read out of them, with intervals over documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from projner.errors import Errors, ProjnerError
from projner.rows import Annotation, Form, Row, read_annotations

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ALL = "ALL"
_MEANINGS = ("value", "code", "role")
_CONTEXT = 16


@dataclass(frozen=True)
class Error:
    """One disagreement. `kind`: missed, spurious, label, border, value, code or role; `context` holds the
    text around it, the span in double brackets, line breaks as ⏎."""

    id: str
    kind: str
    start: int
    end: int
    label: str
    gold: str | None
    predicted: str | None
    context: str


@dataclass
class Evaluation:
    """Counts a document, from which every figure and its interval is computed.

    `spans[label]` and `meanings[name]` are lists with one tuple a document: (right, gold, predicted) and
    (right, judged)."""

    documents: int = 0
    spans: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict)
    meanings: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    errors: list[Error] = field(default_factory=list)

    def figures(self, *, samples: int = 1000, seed: int = 0, level: float = 0.95) -> dict[str, Any]:
        """Every figure with its bootstrap interval over documents.

        Args:
            samples: bootstrap samples; 0 for no intervals.
            seed: seed of the resampling, so that a run can be repeated.
            level: width of the intervals.

        Returns:
            {"documents", "labels": {label: {"precision", "recall", "f1", "gold", "predicted", "correct"}},
            "accuracy": {"value" | "code" | "role": {"accuracy", "correct", "judged"}}}; precision, recall, f1
            and accuracy are {"score", "low", "high"}, score None where nothing is to be judged.
        """
        weights = _weights(self.documents, samples, seed)
        labels = {}
        for label in [*sorted(self.spans.keys() - {ALL}), ALL]:
            counts = _array(self.spans.get(label, []), self.documents, 3)
            correct, gold, predicted = (int(n) for n in counts.sum(axis=0))
            draws = weights @ counts
            labels[label] = {
                "precision": _figure(correct, predicted, draws[:, 0], draws[:, 2], level),
                "recall": _figure(correct, gold, draws[:, 0], draws[:, 1], level),
                "f1": _figure(
                    2 * correct, gold + predicted, 2 * draws[:, 0], draws[:, 1] + draws[:, 2], level
                ),
                "gold": gold,
                "predicted": predicted,
                "correct": correct,
            }
        accuracy = {}
        for name in _MEANINGS:
            counts = _array(self.meanings.get(name, []), self.documents, 2)
            right, judged = (int(n) for n in counts.sum(axis=0))
            draws = weights @ counts
            figure = _figure(right, judged, draws[:, 0], draws[:, 1], level)
            accuracy[name] = {"accuracy": figure, "correct": right, "judged": judged}
        return {"documents": self.documents, "labels": labels, "accuracy": accuracy}


def _array(counts: Sequence[tuple[int, ...]], documents: int, width: int) -> NDArray[np.int64]:
    import numpy as np

    return np.array(counts or np.zeros((documents, width)), dtype=np.int64).reshape(documents, width)


def _weights(documents: int, samples: int, seed: int) -> NDArray[np.int64]:
    """How often each document is drawn, one row a sample."""
    import numpy as np

    if not documents:
        return np.zeros((0, 0), dtype=np.int64)
    return np.random.default_rng(seed).multinomial(documents, [1 / documents] * documents, size=samples)


def _figure(
    numerator: int, denominator: int, drawn: NDArray[Any], drawn_of: NDArray[Any], level: float
) -> dict[str, float | None]:
    import numpy as np

    if not denominator:
        return {"score": None, "low": None, "high": None}
    judged = drawn_of > 0  # a sample without anything to judge has no score
    ratios = drawn[judged] / drawn_of[judged]
    if not len(ratios):
        return {"score": numerator / denominator, "low": None, "high": None}
    low, high = np.quantile(ratios, [(1 - level) / 2, (1 + level) / 2])
    return {"score": numerator / denominator, "low": float(low), "high": float(high)}


def evaluate_rows(pairs: Iterable[tuple[Row, Row]]) -> Evaluation:
    """Compare gold rows with predicted rows.

    Args:
        pairs: (gold, predicted); each in either row form. The gold row needs its text.

    Returns:
        The counts, from which `figures()` computes.

    Raises:
        ProjnerError: a row that is no row, a span that does not fit its text, or two texts that differ.
    """
    result = Evaluation()
    for gold_row, predicted_row in pairs:
        _check_texts(gold_row, predicted_row)
        gold = _annotations(gold_row, "spans", "gold")
        predicted = _annotations(predicted_row, "entities", "predicted")
        _count(result, gold, predicted)
        result.errors.extend(_errors(str(gold_row.get("id")), gold_row.get("text") or "", gold, predicted))
        result.documents += 1
    return result


_Spans = Mapping[tuple[int, int, str], Annotation]


def _annotations(row: Row, prefer: Form, side: str) -> _Spans:
    try:
        return {item.key: item for item in read_annotations(row, prefer)}
    except ProjnerError as error:
        raise Errors.P524.format(place=f"{side} row {row.get('id')!r}", reason=error) from None


def _check_texts(gold: Row, predicted: Row) -> None:
    ours, theirs = gold.get("text"), predicted.get("text")
    if isinstance(ours, str) and isinstance(theirs, str) and ours != theirs:
        at = next((i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), None)
        at = min(len(ours), len(theirs)) if at is None else at
        found = {"gold": ours[at : at + 10], "predicted": theirs[at : at + 10]}
        raise Errors.P532.format(id=gold.get("id"), at=at, **found)


def _count(result: Evaluation, gold: _Spans, predicted: _Spans) -> None:
    labels = {key[2] for key in (*gold, *predicted)}
    for label in labels | {ALL}:
        ours = {key for key in gold if label in (ALL, key[2])}
        theirs = {key for key in predicted if label in (ALL, key[2])}
        rows = result.spans.setdefault(label, [(0, 0, 0)] * result.documents)
        rows.append((len(ours & theirs), len(ours), len(theirs)))
    for label, rows in result.spans.items():
        if label not in labels and label != ALL:
            rows.append((0, 0, 0))
    for name in _MEANINGS:
        judged = [item for item in gold.values() if getattr(item, name) is not None]
        right = sum(_agrees(name, item, predicted.get(item.key)) for item in judged)
        result.meanings.setdefault(name, []).append((right, len(judged)))


def _agrees(name: str, gold: Annotation, predicted: Annotation | None) -> bool:
    if predicted is None:
        return False
    ours, theirs = getattr(gold, name), getattr(predicted, name)
    if name == "value" and theirs is not None and ours.currency is None:
        return bool((ours.low, ours.high) == (theirs.low, theirs.high))
    return bool(ours == theirs)


# --- errors in context


def _errors(id: str, text: str, gold: _Spans, predicted: _Spans) -> Iterator[Error]:
    spurious = {key for key in predicted if key not in gold}
    found = []
    for key, item in gold.items():
        start, end, label = key
        if key in predicted:
            for name in _MEANINGS:
                if getattr(item, name) is not None and not _agrees(name, item, predicted[key]):
                    ours, theirs = _said(getattr(item, name)), _said(getattr(predicted[key], name))
                    found.append(Error(id, name, start, end, label, ours, theirs, _context(text, start, end)))
            continue
        near = min(
            (k for k in spurious if k[0] < end and start < k[1]), key=lambda k: _rank(k, key), default=None
        )
        if near is None:
            found.append(
                Error(id, "missed", start, end, label, text[start:end], None, _context(text, start, end))
            )
            continue
        spurious.discard(near)
        kind = "label" if near[:2] == key[:2] else "border"
        ours, theirs = f"{label} {text[start:end]}", f"{near[2]} {text[near[0] : near[1]]}"
        found.append(Error(id, kind, start, end, label, ours, theirs, _context(text, start, end)))
    for start, end, label in spurious:
        found.append(
            Error(id, "spurious", start, end, label, None, text[start:end], _context(text, start, end))
        )
    yield from sorted(found, key=lambda error: (error.start, error.end, error.kind))


def _rank(key: tuple[int, int, str], gold: tuple[int, int, str]) -> tuple[bool, int]:
    return (key[2] != gold[2], abs(key[0] - gold[0]) + abs(key[1] - gold[1]))


def _said(meaning: Any) -> str | None:
    if meaning is None or isinstance(meaning, str):
        return meaning
    numbers = dict.fromkeys(str(number) for number in (meaning.low, meaning.high))
    return " ".join((" to ".join(numbers), meaning.currency or "")).rstrip()


def _context(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    return f"{before}[[{text[start:end]}]]{after}".replace("\r\n", "\n").replace("\n", "⏎").replace("\r", "⏎")


# --- files


def evaluate_files(gold: Path, predicted: Path | None = None, *, model: str | None = None) -> Evaluation:
    """Compare two JSONL files, or tag the gold texts and compare with that.

    Args:
        gold: annotated rows.
        predicted: rows as `projner tag` writes them, matched by id; None tags the gold texts.
        model: the pipeline to tag with, by name or path; None for the default one.

    Raises:
        ProjnerError: a file that cannot be read, an id missing or there twice, a span that does not fit.
    """
    golds = _by_id(gold)
    if not golds:
        raise Errors.P533.format(path=gold)
    if predicted is None:
        return evaluate_rows(zip(golds.values(), _tag(list(golds.values()), model), strict=True))
    table = _by_id(predicted)
    missing = [id for id in golds if id not in table]
    if missing:
        raise Errors.P531.format(path=predicted, id=missing[0], count=len(missing))
    return evaluate_rows((row, table[id]) for id, row in golds.items())


def _by_id(path: Path) -> dict[str, Row]:
    from projner.batch.readers import read_rows

    table: dict[str, Row] = {}
    for number, row in read_rows(path):
        id = row.get("id")
        if not isinstance(id, str | int):
            raise Errors.P530.format(path=path, row=number)
        if str(id) in table:
            raise Errors.P534.format(path=path, row=number, id=id)
        table[str(id)] = row
    return table


def _tag(rows: list[Row], model: str | None) -> Iterator[Row]:
    from projner.batch.options import Options
    from projner.batch.run import make_tagger
    from projner.batch.tagging import Task

    for row in rows:
        if not isinstance(row.get("text"), str):
            raise Errors.P524.format(place=f"gold row {row['id']!r}", reason=Errors.P535.format())
    tagger = make_tagger(Options(model=model), "parquet", ())
    for row in rows:
        (outcome,) = tagger([Task(str(row["id"]), row["text"])])
        if outcome.error is not None:
            raise Errors.P524.format(place=f"gold row {row['id']!r}", reason=outcome.error)
        yield from outcome.payload


# --- for people


def format_figures(figures: dict[str, Any]) -> str:
    """The figures as a table for a terminal."""
    lines = [f"{figures['documents']} documents, exact spans, 95 % intervals by bootstrap over documents", ""]
    lines.append(f"{'':9}{'precision':>21}{'recall':>21}{'F1':>21}{'gold':>7}{'found':>7}{'right':>7}")
    for label, row in figures["labels"].items():
        scores = "".join(f"{_percent(row[name]):>21}" for name in ("precision", "recall", "f1"))
        lines.append(f"{label:9}{scores}{row['gold']:7}{row['predicted']:7}{row['correct']:7}")
    lines += ["", f"{'':9}{'accuracy':>21}{'right':>7}{'judged':>8}"]
    for name, row in figures["accuracy"].items():
        lines.append(f"{name:9}{_percent(row['accuracy']):>21}{row['correct']:7}{row['judged']:8}")
    return "\n".join(lines)


def _percent(figure: dict[str, float | None]) -> str:
    score, low, high = figure["score"], figure["low"], figure["high"]
    if score is None:
        return "-"
    interval = "" if low is None or high is None else f" [{100 * low:5.1f} {100 * high:5.1f}]"
    return f"{100 * score:.1f}{interval}"


def format_errors(errors: Sequence[Error]) -> str:
    """One line an error: id, offsets, kind, label, gold and predicted, context."""
    lines = []
    for error in errors:
        said = f"{error.gold} -> {error.predicted}" if error.kind not in ("missed", "spurious") else ""
        where = f"{error.id}:{error.start}-{error.end}"
        lines.append("\t".join((where, error.kind, error.label, said, error.context)))
    return "\n".join(lines)
