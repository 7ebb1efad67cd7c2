"""Every code block of the README and the docs runs, and prints what its `# Out:` comments say."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "CONTRIBUTING.md"])
# Its blocks need Java: tests/spark runs its recipe on a cluster.
SPARK = {"spark.md"}
_BLOCK = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_OUT = re.compile(r"^# Out: ?(.*)$", re.MULTILINE)
_INSTALLS = re.compile(r"pip install[^\n]*[ '](\.|'\.\[|projner)")


@dataclass(frozen=True)
class Block:
    page: Path
    line: int
    language: str
    code: str

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for match in _BLOCK.finditer(text):
        yield Block(page, text.count("\n", 0, match.start()) + 1, match[1], match[2])


def of(language: str, page: Path) -> list[Block]:
    return [block for block in blocks(page) if block.language == language]


def runs_in_shell(block: Block) -> bool:
    """Installing is what CI does, word for word; here the blocks that use what is installed."""
    return "projner " in block.code and not _INSTALLS.search(block.code)


def ids(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """What the blocks read: the seeds, the examples of the docs, and files of the kind that readers have."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    shutil.copytree(ROOT / "corpus" / "seeds", tmp_path / "corpus" / "seeds")
    shutil.copytree(ROOT / "docs" / "own", tmp_path / "docs" / "own")
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text("通化市总投资6.2亿元的项目开工。", encoding="utf-8")
    (tmp_path / "news.csv").write_text("id,正文\na1,抚松县签约1.5亿元的矿泉水项目。\n", encoding="utf-8")
    shutil.copy(ROOT / "corpus" / "seeds" / "003_ac5196cfa2f515dd.jsonl", tmp_path / "gold.jsonl")
    return tmp_path


def shell(code: str, folder: Path) -> str:
    """Run a block; what it installs goes to a folder of its own."""
    site = folder / "site"
    env = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(site),
        "PIP_TARGET": str(site),
        "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_NO_DEPS": "1",
        "PIP_QUIET": "1",
        "PYTHONIOENCODING": "utf-8",
    }
    command = ["bash", "-euo", "pipefail", "-c", code]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{code}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_there_are_blocks_to_run() -> None:
    languages = [block.language for page in PAGES for block in blocks(page)]
    assert languages.count("python") >= 10
    assert languages.count("bash") >= 5


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name not in SPARK and of("python", page)], ids=ids
)
def test_python_blocks(page: Path, workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workplace)
    names: dict[str, object] = {"__name__": "__docs__"}
    for block in of("python", page):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(block.code, block.place, "exec"), names)
        assert printed.getvalue().splitlines() == _OUT.findall(block.code), block.place


# The page on own models is one long story, told by test_own_models.py.
STORIES = ("own-models.md",)


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page.name not in STORIES and any(map(runs_in_shell, of("bash", page)))],
    ids=ids,
)
def test_shell_blocks(page: Path, workplace: Path) -> None:
    code = "\n".join(block.code for block in of("bash", page) if runs_in_shell(block))
    # The comparison of both streams would tie the docs to figures of one model; that they run is the point.
    shell(code, workplace)
