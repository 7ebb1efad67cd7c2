"""Broken-off runs: whatever happens, going on gives what an unbroken run gives."""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import pytest
from conftest import Run, read_jsonl, write_jsonl

STUB = Path(__file__).with_name("stub_tagger.py")
ROWS = 600
EVERY = 37  # each so many rows there is a bad one


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Rows, some of them bad: `n` and `id` tell which is which."""
    rows = [{"id": f"d{n}", "n": str(n), "text": f"第{n}篇\n" + "文" * (n % 90)} for n in range(ROWS)]
    return write_jsonl(tmp_path / "in.jsonl", [{"n": r["n"]} if _bad(int(r["n"])) else r for r in rows])


def _bad(n: int) -> bool:
    return n % EVERY == 5


def _start(
    source: Path, out: Path, *, seconds: float = 0.0, workers: int = 1, **more: Any
) -> subprocess.Popen[str]:
    # A session of its own, so that a kill reaches the workers as it would reach a job.
    arguments = [sys.executable, str(STUB), str(source), str(out), str(seconds), str(workers)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, start_new_session=True, **more)


def _check(out: Path) -> None:
    good = [str(n) for n in range(ROWS) if not _bad(n)]
    if out.suffix == ".jsonl":
        rows = read_jsonl(out)
    elif out.suffix == ".csv":
        with open(out, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    else:
        import pyarrow.parquet as pq

        assert not [path for path in out.iterdir() if path.name.startswith(".")]
        rows = [row for part in sorted(out.iterdir()) for row in pq.read_table(part).to_pylist()]
    assert [row["n"] for row in rows] == good
    assert [row["id"] for row in rows] == [f"d{n}" for n in good]
    errors = read_jsonl(out.with_name(out.name + ".errors.jsonl"))
    assert [error["row"] for error in errors] == [n + 1 for n in range(ROWS) if _bad(n)]
    assert not out.with_name(out.name + ".progress.json").exists()


@pytest.mark.parametrize(
    ("suffix", "kills", "workers", "number"),
    [
        ("jsonl", 24, 1, signal.SIGKILL),
        ("csv", 10, 1, signal.SIGKILL),
        ("parquet", 10, 1, signal.SIGKILL),
        ("jsonl", 3, 2, signal.SIGKILL),
        ("jsonl", 3, 1, signal.SIGINT),
    ],
)
def test_killed_at_random_points(
    source: Path, tmp_path: Path, suffix: str, kills: int, workers: int, number: signal.Signals
) -> None:
    """Fifty kills in all. A run takes about as long as the latest kill: they fall everywhere in it."""
    out = tmp_path / f"out.{suffix}"
    points = random.Random(suffix)
    done = 0
    while done < kills:
        process = _start(source, out, seconds=0.02, workers=workers)
        _wait_until_begun(process, out)
        time.sleep(points.uniform(0.0, 0.5))
        if process.poll() is None:
            os.killpg(process.pid, number)
            done += 1
        process.communicate()
        assert process.returncode in (0, 1, -number)
        if process.returncode == 0:
            _check(out)
            _remove(out)
    process = _start(source, out)
    said, _ = process.communicate()
    assert process.returncode == 0, said
    if said:  # not so where the last kill came after the last row
        _check(out)


def _wait_until_begun(process: subprocess.Popen[str], out: Path) -> None:
    while process.poll() is None and not out.exists():
        time.sleep(0.002)


def _remove(out: Path) -> None:
    if out.is_dir():
        shutil.rmtree(out)
    else:
        out.unlink()


def test_totals_count_what_was_done_before(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    process = _start(source, out, seconds=0.05)
    _wait_until_begun(process, out)
    time.sleep(0.4)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    said, _ = _start(source, out).communicate()
    good = sum(not _bad(n) for n in range(ROWS))
    assert said.split() == ["done", str(good), str(ROWS - good), str(good)]


# --- full disk


def test_a_file_that_may_not_grow(source: Path, tmp_path: Path) -> None:
    """As on a full disk, but without a disk: the system refuses to write beyond a size."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_001, 30_001))

    out = tmp_path / "out.jsonl"
    said, _ = _start(source, out, preexec_fn=limit).communicate()
    assert "cannot be written" in said and "--resume" in said
    assert out.stat().st_size == 30_001
    assert _start(source, out).wait() == 0
    _check(out)


_FULL_DISK = """
set -e
mount -t tmpfs -o size=400k tmpfs "$1"
head -c 360000 /dev/zero > "$1/ballast"
"$2" "$3" "$4" "$1/out.$5" 0 1 && exit 90
[ -e "$1/out.$5.progress.json" ] || exit 91
rm "$1/ballast"
"$2" "$3" "$4" "$1/out.$5" 0 1
mkdir "$6"
cp -r "$1"/out.* "$6"
umount "$1"
"""


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_a_full_disk(source: Path, tmp_path: Path, suffix: str) -> None:
    disk, copy = tmp_path / "disk", tmp_path / "copy"
    disk.mkdir()
    script = tmp_path / "full.sh"
    script.write_text(_FULL_DISK)
    if os.geteuid() == 0:
        prefix = ["unshare", "--mount"] if _works("unshare", "--mount", "true") else []
    else:
        prefix = ["unshare", "--user", "--map-root-user", "--mount"]
    if not _works(*prefix, "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)):
        message = "NOT RUN: a full disk could not be tried, this system lets us mount no tmpfs (run as root)"
        warnings.warn(message, stacklevel=1)
        pytest.skip(message)
    if not prefix:
        subprocess.run(["umount", str(disk)], check=True)
    arguments = [str(disk), sys.executable, str(STUB), str(source), suffix, str(copy)]
    result = subprocess.run([*prefix, "sh", str(script), *arguments], capture_output=True, text=True)
    assert result.returncode == 0, (result.returncode, result.stdout, result.stderr)
    assert "No space left" in result.stdout
    _check(copy / f"out.{suffix}")


def _works(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


# --- what must not be gone on with


@pytest.fixture
def broken_off(tag: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A strict run that stopped at the third of four rows; `a.jsonl` and `o.jsonl` in the current folder."""
    monkeypatch.chdir(tmp_path)
    rows: list[dict[str, Any]] = [
        {"id": "1", "text": "一"},
        {"id": "2", "text": "二"},
        {},
        {"id": "4", "text": "四"},
    ]
    path = write_jsonl(tmp_path / "a.jsonl", rows)
    assert tag("a.jsonl", "-o", "o.jsonl", "--strict").code == 1
    return path


def test_without_resume_an_unfinished_output_is_kept(tag: Run, broken_off: Path, tmp_path: Path) -> None:
    result = tag("a.jsonl", "-o", "o.jsonl")
    assert result.code == 2
    assert "--resume" in result.err
    assert len(read_jsonl(tmp_path / "o.jsonl")) == 2


def test_other_settings_are_refused(tag: Run, broken_off: Path, tmp_path: Path) -> None:
    result = tag("a.jsonl", "-o", "o.jsonl", "--resume", "--no-text")
    assert (result.code, len(read_jsonl(tmp_path / "o.jsonl"))) == (2, 2)
    assert "--no-text was false and is now true" in result.err


def test_another_input_is_refused(tag: Run, broken_off: Path, tmp_path: Path) -> None:
    write_jsonl(broken_off, [{"id": "1", "text": "一"}, {"id": "2", "text": "两"}, {"id": "3", "text": "三"}])
    result = tag("a.jsonl", "-o", "o.jsonl", "--resume")
    assert (result.code, len(read_jsonl(tmp_path / "o.jsonl"))) == (2, 2)
    write_jsonl(broken_off, [{"id": "1", "text": "一"}])
    assert tag("a.jsonl", "-o", "o.jsonl", "--resume").code == 2


def test_a_broken_record_is_refused(tag: Run, broken_off: Path, tmp_path: Path) -> None:
    (tmp_path / "o.jsonl.progress.json").write_text("{")
    assert tag("a.jsonl", "-o", "o.jsonl", "--resume").code == 2


def test_duplicates_are_noticed_across_the_break(tag: Run, broken_off: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"id": "1", "text": "一"},
        {"id": "2", "text": "二"},
        {"id": "1", "text": "三"},
    ]
    write_jsonl(broken_off, rows)
    assert "row 3: id '1' is there twice" in tag("a.jsonl", "-o", "o.jsonl", "--resume").err


def test_a_finished_output_is_left_alone(tag: Run, tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [{"id": "1", "text": "一"}])
    assert tag(path, "-o", tmp_path / "o.jsonl", "--resume").code == 0
    before = (tmp_path / "o.jsonl").read_bytes()
    result = tag(path, "-o", tmp_path / "o.jsonl", "--resume")
    assert (result.code, (tmp_path / "o.jsonl").read_bytes()) == (0, before)
    assert "nothing to resume" in result.err


def test_old_errors_do_not_stay(tag: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("{}\n")
    assert tag(path, "-o", tmp_path / "o.jsonl").code == 1
    path.write_text(json.dumps({"text": "好"}))
    assert tag(path, "-o", tmp_path / "o.jsonl").code == 0
    assert not (tmp_path / "o.jsonl.errors.jsonl").exists()
