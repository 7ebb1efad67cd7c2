"""The news articles of `corpus/news/`, whose texts are not ours to publish, out of clones of their sources.

    python training/rebuild_news.py CLONES [--annotation corpus/news] [--out training/build/news.jsonl]

CLONES holds a clone (bare or not) of each source repository in a folder OWNER+NAME; `git clone --bare` is
enough. A row of the annotation names repository and commit, and the SHA-256 of its text. Of an article's
beginning it also names the path and the length aimed at; of a passage the SHA-256 of the whole article and
where the passage stands in it. A text that does not come out with its hash stops the run: its offsets
would be wrong.
"""

from __future__ import annotations

import argparse
import hashlib
import html
import json
import re
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

# A text runs on to the end of the line in which the length aimed at is reached, but no further than this.
_OVERRUN = 300
_NOT_TEXT = re.compile(r"<script.*?</script>|<style.*?</style>|<%.*?%>|<!--.*?-->", re.S)
_LINE_END = re.compile(r"<(br|/p|/div|/tr|/h\d)[^>]*>")
_TAG = re.compile(r"<[^>]+>")
_BLANKS = re.compile(r"[ \t\u3000\xa0]+")


def git_folder(clones: Path, repository: str) -> Path:
    folder = clones / repository.replace("/", "+")
    git = next((g for g in (folder / ".git", folder) if (g / "HEAD").exists()), None)
    if git is None:
        sys.exit(f"{folder}: no clone of {repository}; run git clone --bare into it")
    return git


def git_file(clones: Path, repository: str, commit: str, path: str) -> str:
    """A file of a repository at a commit."""
    command = ["git", f"--git-dir={git_folder(clones, repository)}", "show", f"{commit}:{path}"]
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


def portal_text(page: str) -> str:
    """likgjava/eb: the body of a static HTML page, without its lines of date and author."""
    body = _LINE_END.sub("\n", _NOT_TEXT.sub("", page.split('id="conBody"')[1]))
    lines = (_BLANKS.sub(" ", line).strip() for line in html.unescape(_TAG.sub("", body)).split("\n"))
    return "\n".join(
        line for line in lines if line and line != ">" and not line.startswith(("发布时间", "发布人"))
    )


def bulletin_items(day: str) -> Iterator[tuple[str, str]]:
    """DuckBurnIncense/xin-wen-lian-bo: headline and text of every item in a day's file."""
    for item in re.split(r"^### ", day, flags=re.M)[1:]:
        title, _, body = item.partition("\n")
        plain = html.unescape(_TAG.sub("", re.sub(r"</p>|<br>", "\n", body)))
        yield title.strip(), "\n".join(line.strip() for line in plain.split("\n") if line.strip())


def portal_page(source: dict[str, Any], clones: Path) -> str:
    page = git_file(clones, source["repository"], source["commit"], source["path"])
    return cut(portal_text(page), source["cut"])


def bulletin_item(source: dict[str, Any], clones: Path) -> str:
    """An item by path#headline; headlines may come twice."""
    path, headline = source["path"].split("#", 1)
    text = ""
    for title, lines in bulletin_items(git_file(clones, source["repository"], source["commit"], path)):
        if title == headline:
            text = f"{headline}\n{cut(lines, source['cut'])}"
            if sha256(text) == source["sha256"]:
                break
    return text


RULES: dict[str, Callable[[dict[str, Any], Path], str]] = {
    "likgjava/eb": portal_page,
    "DuckBurnIncense/xin-wen-lian-bo": bulletin_item,
}


def whole_articles(clones: Path, repository: str, commit: str) -> Iterator[str]:
    """Every article of a repository at a commit, uncut."""
    command = ["git", f"--git-dir={git_folder(clones, repository)}", "archive", commit]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE) as process,
        tarfile.open(fileobj=process.stdout, mode="r|") as archive,
    ):
        for member in archive:
            file = archive.extractfile(member)
            if file is None or not member.name.endswith((".jsp", ".md")):
                continue
            content = file.read().decode("utf-8", "replace")
            if member.name.endswith(".md"):
                yield from (f"{title}\n{lines}" for title, lines in bulletin_items(content))
            elif 'id="conBody"' in content:
                yield portal_text(content)


def passages(rows: Sequence[dict[str, Any]], clones: Path) -> dict[str, str]:
    """{SHA-256: text} of the whole articles that passages were taken from."""
    wanted = {row["source"]["article"] for row in rows if "article" in row["source"]}
    places = {(row["source"]["repository"], row["source"]["commit"]) for row in rows if wanted}
    found: dict[str, str] = {}
    for repository, commit in sorted(places):
        for text in whole_articles(clones, repository, commit):
            key = sha256(text)
            if key in wanted:
                found[key] = text.rstrip("\n")
    return found


def text_of(source: dict[str, Any], clones: Path, whole: dict[str, str]) -> str:
    if "article" in source:
        return whole.get(source["article"], "")[source["start"] : source["end"]]
    return RULES[source["repository"]](source, clones).rstrip("\n")


def sha256(text: str) -> str:
    return hashlib.sha256(text.rstrip("\n").encode()).hexdigest()


def rebuild(rows: Sequence[dict[str, Any]], clones: Path) -> Iterator[dict[str, Any]]:
    """The rows with their texts, and with the text of every span."""
    whole = passages(rows, clones)
    for row in rows:
        source = row["source"]
        text = text_of(source, clones, whole)
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
    rows = [
        json.loads(line)
        for file in sorted(args.annotation.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    with args.out.open("w", encoding="utf-8") as out:
        for row in rebuild(rows, args.clones):
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
