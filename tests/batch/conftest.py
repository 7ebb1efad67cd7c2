"""A small pipeline in place of the trained one: names by a list, amounts and regions as ever."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

NAMES = {
    "REGION": ("吉林省", "通化市", "二道江区", "白山市", "吉林", "朝阳区"),
    "COMPANY": ("北辰乳业", "北辰乳业有限公司"),
}


@dataclass
class Result:
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: bytes
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.decode().splitlines()]


Run = Callable[..., Result]


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    import spacy

    nlp = spacy.blank("zh")
    ruler = nlp.add_pipe("entity_ruler")
    patterns = [{"label": label, "pattern": name} for label, names in NAMES.items() for name in names]
    ruler.add_patterns(patterns)  # type: ignore[attr-defined]
    nlp.add_pipe("projner_money")
    nlp.add_pipe("projner_region_linker")
    path = tmp_path_factory.mktemp("model") / "standin"
    nlp.to_disk(path)
    return str(path)


@pytest.fixture
def command(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `projner ARGS` in this process."""
    from projner.cli import main

    def run(*args: object) -> Result:
        monkeypatch.setattr(sys, "argv", ["projner", *map(str, args)])
        code = 0
        try:
            main()
        except SystemExit as exit:
            code = int(exit.code or 0)
        out, err = capsysbinary.readouterr()
        return Result(code, out, err.decode())

    return run


@pytest.fixture
def tag(command: Run, model: str) -> Run:
    """Runs `projner tag ARGS` with the small pipeline."""
    return lambda *args: command("tag", *args, "--model", model)


def write_jsonl(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]
