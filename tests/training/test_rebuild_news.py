"""Texts out of clones of their sources, on repositories made here in the shape of the real ones."""

import hashlib
import json
import subprocess

import pytest

PORTAL, BULLETIN = "likgjava/eb", "DuckBurnIncense/xin-wen-lian-bo"
PAGE = (
    '<html><head><script>var 元=1;</script></head><body><h1>页首</h1><div id="conBody">\n'
    "<p>&nbsp;甲市\u3000招标 公告&amp;说明</p><!-- 注释 --><% int 旧 = 1; %>\n"
    "发布时间：2011-04-13<br/>发布人：某<br>\n<b>预算</b>3.5亿元<style>p {}</style><br>>\n<p>第三行</p></div>"
)
PAGE_TEXT = "甲市 招标 公告&说明\n预算3.5亿元\n第三行"
DAY = (
    "# 2024年1月1日\n\n### 甲厂投产\n\n<p>甲厂<strong>投产</strong>。</p><p>总投资2亿元。</p>\n\n"
    "### 同名\n\n第一条。\n\n### 同名\n\n第二条，\n\n5万元。\n"
)


def git(folder, *arguments):
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", "-C", str(folder), *identity, *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def repository(clones, name, files):
    """A repository in `clones` with one commit, whose id is returned; a second commit empties the files."""
    folder = clones / name.replace("/", "+")
    folder.mkdir(parents=True)
    git(folder, "init", "-q")
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "texts")
    commit = git(folder, "rev-parse", "HEAD")
    for path in files:
        (folder / path).write_text("changed later", encoding="utf-8")
    git(folder, "commit", "-qam", "later")
    return commit


@pytest.fixture
def clones(tmp_path):
    folder = tmp_path / "clones"
    commits = {
        PORTAL: repository(folder, PORTAL, {"web/a.jsp": PAGE}),
        BULLETIN: repository(folder, BULLETIN, {"news/20240101.md": DAY}),
    }
    return folder, commits


def row(id, commits, repository, path, text, part, label="MONEY", cut=540):
    start = text.index(part)
    return {
        "id": id,
        "source": {
            "repository": repository,
            "commit": commits[repository],
            "path": path,
            "cut": cut,
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
        },
        "spans": [{"start": start, "end": start + len(part), "label": label}],
    }


@pytest.fixture
def rebuilt(run_script, tmp_path):
    """rebuilt(rows, clones): the finished process and the rows that it wrote."""

    def run(rows, clones):
        annotation = tmp_path / "annotation"
        annotation.mkdir()
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (annotation / "rows.jsonl").write_text(lines, encoding="utf-8")
        out = tmp_path / "build" / "news.jsonl"
        done = run_script("rebuild_news", clones, "--annotation", annotation, "--out", out)
        written = out.read_text(encoding="utf-8").splitlines() if out.exists() else []
        return done, [json.loads(line) for line in written]

    return run


def test_texts_of_both_sources_at_their_commit(clones, rebuilt):
    folder, commits = clones
    item = "甲厂投产\n甲厂投产。\n总投资2亿元。"
    rows = [
        row("a", commits, PORTAL, "web/a.jsp", PAGE_TEXT, "3.5亿元"),
        row("b", commits, BULLETIN, "news/20240101.md#甲厂投产", item, "2亿元"),
    ]
    done, written = rebuilt(rows, folder)
    assert done.returncode == 0, done.stderr
    assert [row["text"] for row in written] == [PAGE_TEXT, item]
    assert [row["spans"][0]["text"] for row in written] == ["3.5亿元", "2亿元"]


def test_of_two_items_with_one_headline_the_hash_chooses(clones, rebuilt):
    folder, commits = clones
    path = "news/20240101.md#同名"
    texts = ["同名\n第一条。", "同名\n第二条，\n5万元。"]
    rows = [row(str(at), commits, BULLETIN, path, text, "同名", "COMPANY") for at, text in enumerate(texts)]
    done, written = rebuilt(rows, folder)
    assert done.returncode == 0, done.stderr
    assert [row["text"] for row in written] == texts


def test_a_bare_clone_serves_too(clones, rebuilt, tmp_path):
    folder, commits = clones
    bare = tmp_path / "bare" / PORTAL.replace("/", "+")
    git(tmp_path, "clone", "-q", "--bare", str(folder / bare.name), str(bare))
    done, written = rebuilt([row("a", commits, PORTAL, "web/a.jsp", PAGE_TEXT, "预算")], bare.parent)
    assert done.returncode == 0, done.stderr
    assert written[0]["text"] == PAGE_TEXT


def test_another_text_stops_and_names_the_row(clones, rebuilt):
    folder, commits = clones
    wrong = row("train042", commits, PORTAL, "web/a.jsp", PAGE_TEXT + "。", "预算")
    done, written = rebuilt([wrong], folder)
    assert done.returncode == 1
    assert done.stderr.startswith("train042: the text differs") and commits[PORTAL] in done.stderr
    assert "Traceback" not in done.stderr and written == []


def test_a_missing_clone_is_one_line_that_says_what_to_do(clones, rebuilt, tmp_path):
    _, commits = clones
    done, _ = rebuilt([row("a", commits, PORTAL, "web/a.jsp", PAGE_TEXT, "预算")], tmp_path / "none")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert f"no clone of {PORTAL}" in done.stderr and "git clone --bare" in done.stderr


def test_a_missing_file_names_repository_and_path(clones, rebuilt):
    folder, commits = clones
    done, _ = rebuilt([row("a", commits, PORTAL, "web/none.jsp", PAGE_TEXT, "预算")], folder)
    assert done.returncode == 1
    assert PORTAL in done.stderr and "web/none.jsp" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("text", "length", "kept"),
    [
        ("甲\n乙", 10, "甲\n乙"),
        ("甲甲\n乙乙\n丙丙", 5, "甲甲\n乙乙"),  # lines that fit, breaks between them counted
        ("甲" * 20 + "\n乙", 5, "甲" * 20),  # the first line in any case
        ("甲" * 900, 500, "甲" * 800),  # but no further than 300 beyond
    ],
)
def test_cut(script, text, length, kept):
    assert script("rebuild_news").cut(text, length) == kept


def passage(commits, repository, article, part, label):
    start = article.index(part)
    source = {
        "repository": repository,
        "commit": commits[repository],
        "article": hashlib.sha256(article.encode()).hexdigest(),
        "start": start,
        "end": start + len(part),
        "sha256": hashlib.sha256(part.encode()).hexdigest(),
    }
    return {"id": part, "source": source, "spans": [{"start": 0, "end": 2, "label": label}]}


def test_passages_are_found_by_the_hash_of_their_article(clones, rebuilt):
    folder, commits = clones
    item = "甲厂投产\n甲厂投产。\n总投资2亿元。"
    rows = [
        passage(commits, PORTAL, PAGE_TEXT, "甲市 招标", "REGION"),
        passage(commits, BULLETIN, item, "甲厂投产。", "COMPANY"),
    ]
    done, written = rebuilt(rows, folder)
    assert done.returncode == 0, done.stderr
    assert [row["text"] for row in written] == ["甲市 招标", "甲厂投产。"]
    assert [row["spans"][0]["text"] for row in written] == ["甲市", "甲厂"]


def test_a_passage_whose_article_is_not_there_stops_and_is_named(clones, rebuilt):
    folder, commits = clones
    done, written = rebuilt([passage(commits, PORTAL, PAGE_TEXT + "。", "甲市 招标", "REGION")], folder)
    assert done.returncode == 1 and done.stderr.startswith("甲市 招标: the text differs") and written == []
