"""The scripts of training/ are files, not a package: tests load them by path and run them as a user does."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

TRAINING = Path(__file__).resolve().parents[2] / "training"


@pytest.fixture
def script(monkeypatch):
    """script(name): the module of training/<name>.py."""
    monkeypatch.syspath_prepend(TRAINING)

    def load(name):
        spec = importlib.util.spec_from_file_location(f"training_{name}", TRAINING / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module  # dataclasses look their module up
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture(scope="session")
def run_script():
    """run_script(name, *arguments): the finished process of training/<name>.py."""

    def run(name, *arguments):
        command = [sys.executable, str(TRAINING / f"{name}.py"), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run
