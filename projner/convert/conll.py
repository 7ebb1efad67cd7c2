"""CoNLL: a character and its tag a line, a blank line after each row, the raw text (as a JSON string) in a
`# text =` line, because blanks and line ends stand in no column."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from projner.batch.decode import decode_file
from projner.convert.files import whole
from projner.convert.spans import Plain, new_row, word_spans
from projner.errors import Errors, ProjnerError
from projner.rows import Row

# First, inner, last and only character of a span.
SCHEMES = {"bio": "BIIB", "bmes": "BMES", "biluo": "BILU"}
_OUTSIDE = "O"
_STARTS, _ENDS = "BSU", "ESLU"


def read(path: Path) -> Iterator[Row]:
    """The rows of a file in any of the schemes. Without a `# text =` line the tokens joined are the text."""
    try:
        text, _ = decode_file(path.read_bytes())
    except OSError as error:
        raise Errors.P541.format(path=path, reason=f"cannot be read: {error.strerror or error}") from None
    except ProjnerError as error:
        raise Errors.P524.format(place=path, reason=error) from None
    for number, lines in enumerate(_blocks(text), 1):
        try:
            yield _row(lines, f"{path}#{number}")
        except ProjnerError as error:
            raise Errors.P524.format(place=f"{path} block {number}", reason=error) from None


def _blocks(text: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _row(lines: list[str], id: str) -> Row:
    comments = dict(_comment(line) for line in lines if line.startswith("# ") and " = " in line)
    tokens = [_token(line) for line in lines if not (line.startswith("# ") and " = " in line)]
    text = comments.get("text", "".join(token for token, _ in tokens))
    spans: list[Plain] = []
    start: int | None = None
    label = ""
    at = end = 0
    for token, tag in tokens:
        place = text.find(token, at)
        if place < 0 or text[at:place].strip():
            raise Errors.P544.format(token=token, text=text[at : at + 10])
        prefix, _, name = tag.partition("-")
        if start is not None and (tag == _OUTSIDE or prefix in _STARTS or name != label):
            spans.append(Plain(start, end, label))
            start = None
        at = end = place + len(token)
        if tag == _OUTSIDE:
            continue
        if start is None:
            start, label = place, name
        if prefix in _ENDS:
            spans.append(Plain(start, end, label))
            start = None
    if start is not None:
        spans.append(Plain(start, end, label))
    return new_row(comments.get("id", id), text, spans)


def _comment(line: str) -> tuple[str, str]:
    name, _, value = line[2:].partition(" = ")
    try:
        found = json.loads(value)
    except ValueError:
        return name, value
    return name, found if isinstance(found, str) else value


def _token(line: str) -> tuple[str, str]:
    parts = line.split()
    if len(parts) < 2 or not (parts[-1] == _OUTSIDE or parts[-1][1:2] == "-"):
        raise Errors.P545.format(line=line)
    return parts[0], parts[-1]


def write(rows: Iterable[Row], path: Path, *, scheme: str) -> int:
    """One block a row."""
    count = 0
    with whole(path) as file:
        for row in rows:
            file.write(_block(row, SCHEMES[scheme], path).encode())
            count += 1
    return count


def _block(row: Row, scheme: str, path: Path) -> str:
    text = row["text"]
    tags: dict[int, str] = {}
    for span in word_spans(row, path):
        places = [place for place in range(span.start, span.end) if not text[place].isspace()]
        for index, place in enumerate(places):
            first, last = index == 0, index == len(places) - 1
            which = 3 if first and last else 0 if first else 2 if last else 1
            tags[place] = f"{scheme[which]}-{span.label}"
    lines = [f"# id = {json.dumps(str(row.get('id')), ensure_ascii=False)}"]
    lines.append(f"# text = {json.dumps(text, ensure_ascii=False)}")
    lines += [f"{char}\t{tags.get(place, _OUTSIDE)}" for place, char in enumerate(text) if not char.isspace()]
    return "\n".join(lines) + "\n\n"


def writer(scheme: str) -> Callable[[Iterable[Row], Path], int]:
    """The writer of one scheme."""
    return partial(write, scheme=scheme)
