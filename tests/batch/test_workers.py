"""Several processes: same result, same order, and a process that dies takes only one document with it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
import stub_tagger
from conftest import Run, read_jsonl, write_jsonl

from projner.batch import pool, run
from projner.batch.options import Options
from projner.errors import ProjnerError


def test_the_result_is_that_of_one_process(tag: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_BATCH_CHARACTERS", 200)
    rows = [{"id": str(n), "text": f"通化市第{n}个项目总投资{n}.5亿元。" * (n % 7)} for n in range(120)]
    path = write_jsonl(tmp_path / "a.jsonl", rows)
    assert tag(path, "-o", tmp_path / "one.jsonl").code == 0
    assert tag(path, "-o", tmp_path / "two.jsonl", "--workers", "2").code == 0
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


def _run(tmp_path: Path, texts: list[str], workers: int = 2) -> tuple[list[str], list[str], list[str]]:
    """Ids done, ids failed by row, lines said."""
    path = write_jsonl(
        tmp_path / "a.jsonl", [{"id": f"d{n}", "n": "", "text": text} for n, text in enumerate(texts)]
    )
    said: list[str] = []
    out = tmp_path / "o.jsonl"
    run.tag_files(
        [str(path)],
        out,
        Options(workers=workers),
        make=partial(stub_tagger.make, "jsonl", 0.0),
        notify=said.append,
    )
    errors = tmp_path / "o.jsonl.errors.jsonl"
    failed = [f"d{error['row'] - 1}" for error in read_jsonl(errors)] if errors.exists() else []
    return [row["id"] for row in read_jsonl(out)], failed, said


def test_a_document_that_kills_is_named_and_the_rest_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_BATCH_ITEMS", 10)
    texts = [f"文{n}" for n in range(100)]
    texts[33] = texts[34] = texts[78] = "die"
    done, failed, said = _run(tmp_path, texts)
    assert done == [f"d{n}" for n in range(100) if n not in (33, 34, 78)]
    assert failed == ["d33", "d34", "d78"]
    assert len([line for line in said if "worker died" in line]) == 3


def test_a_death_by_chance_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_BATCH_ITEMS", 10)
    texts = [f"文{n}" for n in range(60)]
    texts[25] = f"once:{tmp_path / 'died'}"
    done, failed, said = _run(tmp_path, texts)
    assert (tmp_path / "died").exists()
    assert (done, failed, said) == ([f"d{n}" for n in range(60)], [], [])


def test_workers_that_only_die_end_the_run(tmp_path: Path) -> None:
    with pytest.raises(ProjnerError, match="died"):
        _run(tmp_path, ["die"] * 50)


def test_what_a_component_prints_does_not_get_between(tmp_path: Path) -> None:
    make = partial(stub_tagger.printing)
    with pool.workers(make, 1) as tag:
        assert tag([]) == []
