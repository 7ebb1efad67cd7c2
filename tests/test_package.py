"""What is installed: entry points, a face that does nothing at import, and the wheel."""

import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from spacy import registry
from spacy.language import Language
from thinc.api import Config

import projner

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ENTRY_POINTS = [
    (group, name, value)
    for group, points in PYPROJECT["project"]["entry-points"].items()
    for name, value in points.items()
]
MOST = 15_000_000


def python(code, *arguments, **options):
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize(("group", "name", "value"), ENTRY_POINTS, ids=[name for _, name, _ in ENTRY_POINTS])
def test_entry_point_loads_and_spacy_finds_it(group, name, value):
    point = importlib.metadata.EntryPoint(name, value, group)
    loaded = point.load()
    installed = importlib.metadata.entry_points(group=group, name=name)
    assert {one.value for one in installed} == {value}, "install projner again: its entry points have changed"
    if group == "spacy_factories":
        assert callable(loaded) and Language.has_factory(name)
    else:
        assert registry.get(group.removeprefix("spacy_"), name) == loaded


def test_every_registered_name_of_the_shipped_config_is_an_entry_point():
    config = (ROOT / "projner" / "model" / "config.cfg").read_text(encoding="utf-8")
    used = set(re.findall(r'= "(projner\.[A-Za-z]+\.v\d+)"', config)) | set(
        re.findall(r'factory = "(\w+)"', config)
    )
    assert used and used <= {name for _, name, _ in ENTRY_POINTS}


@pytest.mark.parametrize("group", ["spacy_factories", "spacy_architectures", "spacy_misc"])
def test_loading_entry_points_is_light(group):
    """spaCy imports all of them whenever it makes a pipeline, ours or another's."""
    code = f"""
import spacy, sys, importlib.metadata
before = set(sys.modules)
for point in importlib.metadata.entry_points(group={group!r}):
    if point.value.startswith("projner"):
        point.load()
print(*sorted(set(sys.modules) - before))
"""
    loaded = {name.split(".")[0] for name in python(code).split()}
    assert "projner" in loaded
    assert not loaded & {"spacy_pkuseg", "datasets", "pyarrow", "pandas", "cn2an", "torch", "pyspark"}


def test_displacy_colours_are_for_our_labels():
    colours = registry.displacy_colors.get("projner")
    assert {"REGION", "COMPANY", "MONEY"} <= colours.keys()


def test_import_loads_nothing_and_writes_nothing(tmp_path):
    code = """
import sys, os, json
before, environment = set(sys.modules), dict(os.environ)
events = []
def watch(event, arguments):
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        events.append(str(arguments[0]))
    if event.startswith(("socket.", "subprocess.", "os.mkdir", "os.rename", "os.remove")):
        events.append(event)
sys.addaudithook(watch)
import projner
loaded = sorted(set(sys.modules) - before)
print(json.dumps([loaded, events, environment == dict(os.environ)]))
"""
    loaded, events, same = json.loads(python(code, cwd=tmp_path))
    heavy = {"spacy", "thinc", "numpy", "typer", "spacy_pkuseg", "datasets", "cn2an", "tqdm"}
    assert not heavy & {name.split(".")[0] for name in loaded}
    assert [name for name in loaded if name.startswith("projner")] == ["projner"]
    assert [event for event in events if not event.endswith((".pyc", "__pycache__"))] in ([], ["os.mkdir"])
    assert same and list(tmp_path.iterdir()) == []


def test_the_face_is_what_all_names():
    code = """
import projner
for name in projner.__all__:
    assert getattr(projner, name) is not None, name
try:
    projner.no_such_name
except AttributeError as error:
    print(error)
"""
    assert "no_such_name" in python(code)


def test_the_version_stands_in_one_place():
    assert "version" in PYPROJECT["project"]["dynamic"] and "version" not in PYPROJECT["project"]
    assert PYPROJECT["tool"]["hatch"]["version"]["path"] == "projner/__init__.py"
    literal = re.compile(r'^__version__ = "', re.M)
    holders = [p for p in (ROOT / "projner").rglob("*.py") if literal.search(p.read_text(encoding="utf-8"))]
    assert holders == [ROOT / "projner" / "__init__.py"]
    assert re.fullmatch(r"\d+\.\d+\.\d+(\w+)?", projner.__version__)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel out of this tree, as pip builds it."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(out)]
    if find_spec("hatchling"):
        command.append("--no-build-isolation")
    done = subprocess.run([*command, str(ROOT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    (path,) = out.glob("*.whl")
    return path


def test_the_wheel_is_small_and_of_this_version(wheel):
    assert wheel.name == f"projner-{projner.__version__}-py3-none-any.whl"
    assert wheel.stat().st_size <= MOST


def test_the_wheel_holds_what_the_library_needs_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        notice = next(name for name in names if name.endswith(".dist-info/licenses/NOTICE"))
        assert archive.read(notice) == (ROOT / "NOTICE").read_bytes()
        metadata = archive.read(next(n for n in names if n.endswith(".dist-info/METADATA"))).decode()
        points = archive.read(next(n for n in names if n.endswith("entry_points.txt"))).decode()
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert "License-Expression: MIT" in metadata and "Requires-Python: >=3.11" in metadata
    assert {
        "projner/py.typed",
        "projner/data/gazetteer.bin",
        "projner/data/words/weights.npz",
        "projner/model/config.cfg",
        "projner/model/meta.json",
        "projner/report/assets/articles.css",
    } <= names
    assert all(name in points for _, name, _ in ENTRY_POINTS) and "projner = projner.cli:main" in points
    assert {name.split("/")[0] for name in names} == {"projner", f"projner-{projner.__version__}.dist-info"}
    assert not [name for name in names if "__pycache__" in name or name.endswith((".jsonl", ".spacy"))]


def test_notice_names_every_source_and_its_licence():
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for source, licence in (
        ("Administrative-divisions-of-China", "WTFPL"),
        ("JioNLP", "Apache-2.0"),
        ("GSDSimp", "CC BY-SA 4.0"),
        ("likgjava/eb", "publishers"),
        ("DuckBurnIncense/xin-wen-lian-bo", "publishers"),
    ):
        at = notice.find(source)
        assert at >= 0 and licence in notice[at : at + 600], source


def test_the_shipped_pipeline_names_no_files_of_its_training():
    config = Config().from_disk(Path(projner.__file__).parent / "model" / "config.cfg", interpolate=False)
    assert set(config["paths"].values()) == {None}
