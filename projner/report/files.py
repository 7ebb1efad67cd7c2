"""`projner report` without the command line: tagged rows, or articles that are tagged first, as one page."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from projner.batch.options import Options, Summary
from projner.batch.readers import read_rows
from projner.batch.sources import STDIN, Failure, Source, find_sources
from projner.errors import Errors
from projner.report.page import Lang, write_report
from projner.report.payload import MAX_ARTICLES
from projner.rows import Row

Notify = Callable[[str], None]
Advance = Callable[[int, Summary], None]


def report_files(
    inputs: Sequence[str],
    out: Path,
    options: Options | None = None,
    *,
    lang: Lang = "zh",
    title: str | None = None,
    notify: Notify = lambda line: None,
    advance: Advance = lambda position, summary: None,
) -> tuple[int, Summary]:
    """Make a page of files.

    Args:
        inputs: JSONL of `projner tag` (or annotated corpora), or articles as `projner tag` reads them; `-`
            gives articles. Where all files are JSONL with annotations they are taken as they are.
        out: the page to write.
        options: how to read and tag articles.
        lang: language that the page opens in.
        title: heading of the page; None for a general one.
        notify: takes one line about each thing that went wrong or that the user should know.
        advance: takes the bytes read and the summary so far, while articles are tagged.

    Returns:
        How many articles the page holds, and the summary of tagging (empty where nothing had to be tagged);
        its `failures` are articles that are not in the page.

    Raises:
        ProjnerError: wrong use, files that cannot be read, nothing to report.
    """
    if any(os.path.realpath(item) == os.path.realpath(out) for item in inputs if item != STDIN):
        raise Errors.P712.format(path=out)
    if not out.parent.is_dir():
        raise Errors.P711.format(path=out, reason=f"there is no folder {out.parent}")
    options = options or Options()
    if tagged := tagged_files(inputs, options.kind):
        rows = chain.from_iterable(_rows(path) for path in tagged)
        return write_report(rows, out, lang=lang, title=title), Summary()
    return _tag_and_report(inputs, out, options, lang, title, notify, advance)


def tagged_files(inputs: Sequence[str], kind: str | None = None) -> list[str]:
    """The files behind the inputs if they hold annotated rows; empty if they are articles to tag.

    Raises:
        ProjnerError: some are annotated and some are not.
    """
    if STDIN in inputs:
        return []
    sources = list(islice(find_sources(inputs, kind=kind), MAX_ARTICLES + 1))
    failures = [source for source in sources if isinstance(source, Failure)]
    files = [source for source in sources if isinstance(source, Source)]
    tagged = [source.path for source in files if source.kind == "jsonl" and _is_tagged(source.path)]
    if tagged and failures:
        raise Errors.P524.format(place=failures[0].path, reason=failures[0].reason)
    if tagged and len(tagged) < len(files):
        other = next(source.path for source in files if source.path not in tagged)
        raise Errors.P745.format(tagged=tagged[0], other=other)
    return tagged


def _rows(path: str) -> Iterator[Row]:
    for _, row in read_rows(path):
        yield row


def _is_tagged(path: str) -> bool:
    row = next(_rows(path), {})
    return isinstance(row.get("entities"), list) or isinstance(row.get("spans"), list)


def _tag_and_report(
    inputs: Sequence[str],
    out: Path,
    options: Options,
    lang: Lang,
    title: str | None,
    notify: Notify,
    advance: Advance,
) -> tuple[int, Summary]:
    from projner.batch.run import tag_files

    def checked(position: int, summary: Summary) -> None:
        if summary.documents > MAX_ARTICLES:  # better known now than when all are tagged
            raise Errors.P741.format(limit=MAX_ARTICLES)
        advance(position, summary)

    with tempfile.TemporaryDirectory(prefix="projner-") as folder:
        rows = Path(folder) / "tagged.jsonl"
        summary = tag_files(inputs, rows, options, notify=notify, advance=checked)
        if summary.interrupted or summary.stopped:
            return 0, summary
        return write_report(_rows(str(rows)), out, lang=lang, title=title), summary
