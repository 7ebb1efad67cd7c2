"""The news articles of `corpus/news/`, whose texts are not ours to publish, out of clones of their sources.

    python training/rebuild_news.py CLONES [--annotation corpus/news] [--out training/build/news.jsonl]

CLONES holds a clone (bare or not) of each source repository in a folder OWNER+NAME; `git clone --bare` is
enough. Every row of the annotation names repository, commit, path, the length aimed at and the SHA-256 of
the text. A text that does not come out with that hash stops the run: its offsets would be wrong.
"""

from __future__ import annotations

import argparse
import hashlib
import html
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# A text runs on to the end of the line in which the length aimed at is reached, but no further than this.
_OVERRUN = 300
_NOT_TEXT = re.compile(r"<script.*?</script>|<style.*?</style>|<%.*?%>|<!--.*?-->", re.S)
_LINE_END = re.compile(r"<(br|/p|/div|/tr|/h\d)[^>]*>")
_TAG = re.compile(r"<[^>]+>")
_BLANKS = re.compile(r"[ \t\u3000\xa0]+")


def git_file(clones: Path, repository: str, commit: str, path: str) -> str:
    """A file of a repository at a commit."""
    folder = clones / repository.replace("/", "+")
    git = next((g for g in (folder / ".git", folder) if (g / "HEAD").exists()), None)
    if git is None:
        sys.exit(f"{folder}: no clone of {repository}; run git clone --bare into it")
    command = ["git", f"--git-dir={git}", "show", f"{commit}:{path}"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{repository} {commit} {path}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode("utf-8", "replace")


def cut(text: str, length: int) -> str:
    """The whole lines that fit into the length, the first one in any case."""
    if len(text) <= length:
        return text
    kept: list[str] = []
    size = 0
    for line in text.split("\n"):
        if size and size + len(line) > length:
            break
        kept.append(line)
        size += len(line) + 1
    return "\n".join(kept)[: length + _OVERRUN]


def portal_page(source: dict[str, Any], clones: Path) -> str:
    """likgjava/eb: the body of a static HTML page, without its lines of date and author."""
    page = git_file(clones, source["repository"], source["commit"], source["path"])
    body = _LINE_END.sub("\n", _NOT_TEXT.sub("", page.split('id="conBody"')[1]))
    lines = (_BLANKS.sub(" ", line).strip() for line in html.unescape(_TAG.sub("", body)).split("\n"))
    kept = [line for line in lines if line and line != ">" and not line.startswith(("发布时间", "发布人"))]
    return cut("\n".join(kept), source["cut"])


def bulletin_item(source: dict[str, Any], clones: Path) -> str:
    """DuckBurnIncense/xin-wen-lian-bo: an item of a day's file, path#headline; headlines may come twice."""
    path, headline = source["path"].split("#", 1)
    day = git_file(clones, source["repository"], source["commit"], path)
    text = ""
    for item in re.split(r"^### ", day, flags=re.M)[1:]:
        title, _, body = item.partition("\n")
        if title.strip() == headline:
            plain = html.unescape(_TAG.sub("", re.sub(r"</p>|<br>", "\n", body)))
            lines = "\n".join(line.strip() for line in plain.split("\n") if line.strip())
            text = f"{headline}\n{cut(lines, source['cut'])}"
            if sha256(text) == source["sha256"]:
                break
    return text


RULES: dict[str, Callable[[dict[str, Any], Path], str]] = {
    "likgjava/eb": portal_page,
    "DuckBurnIncense/xin-wen-lian-bo": bulletin_item,
}


def sha256(text: str) -> str:
    return hashlib.sha256(text.rstrip("\n").encode()).hexdigest()


def rebuild(rows: Iterator[dict[str, Any]], clones: Path) -> Iterator[dict[str, Any]]:
    """The rows with their texts, and with the text of every span."""
    for row in rows:
        source = row["source"]
        text = RULES[source["repository"]](source, clones).rstrip("\n")
        if sha256(text) != source["sha256"]:
            sys.exit(
                f"{row['id']}: the text differs from the annotated one; "
                f"is the clone whole, the commit {source['commit']}?"
            )
        spans = [{**span, "text": text[span["start"] : span["end"]]} for span in row["spans"]]
        yield {**row, "text": text, "spans": spans}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("clones", type=Path)
    parser.add_argument("--annotation", type=Path, default=Path("corpus/news"))
    parser.add_argument("--out", type=Path, default=Path("training/build/news.jsonl"))
    args = parser.parse_args()
    args.out.parent.mkdir(parents=True, exist_ok=True)
    rows = (
        json.loads(line)
        for file in sorted(args.annotation.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    )
    with args.out.open("w", encoding="utf-8") as out:
        for row in rebuild(rows, args.clones):
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
