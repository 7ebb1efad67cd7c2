"""Tests that need more than Python are marked; without their marker in --with they are named as not run."""

from collections import defaultdict

import pytest

NEEDS = {"spark": "Java 17 and pyspark", "browser": "Chromium, chromedriver and selenium", "torch": "PyTorch"}
_not_run = pytest.StashKey[dict[str, list[str]]]()


def pytest_addoption(parser):
    parser.addoption(
        "--with", default="", dest="with_markers", help=f"also run tests marked: {','.join(NEEDS)}"
    )


def pytest_collection_modifyitems(config, items):
    wanted = set(filter(None, config.getoption("with_markers").split(",")))
    unknown = wanted - NEEDS.keys()
    if unknown:
        raise pytest.UsageError(f"--with {','.join(sorted(unknown))}: choose from {','.join(NEEDS)}")
    not_run = defaultdict(list)
    kept = []
    for item in items:
        missing = [marker for marker in NEEDS if item.get_closest_marker(marker) and marker not in wanted]
        if missing:
            not_run[missing[0]].append(item.nodeid)
        else:
            kept.append(item)
    config.stash[_not_run] = dict(not_run)
    if len(kept) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def pytest_terminal_summary(terminalreporter, config):
    for marker, names in config.stash.get(_not_run, {}).items():
        terminalreporter.write_line(
            f"not run: {len(names)} tests that need {NEEDS[marker]} (--with {marker})"
        )
        for name in names:
            terminalreporter.write_line(f"    {name}")
