"""The weasel project, run whole on a tiny corpus with a few steps; what it learns is not asked."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
import srsly

from projner.convert import jsonl
from projner.tagger.component import Tagger

ROOT = Path(__file__).resolve().parents[2]
TRAINING = ROOT / "training"
FOLDS = 2
PLACES = ("通化市", "白山市", "集安市", "抚松县", "长春市", "辉南县")
PAGE = "003_page.txt"


def rows():
    for at, place in enumerate(PLACES):
        company, amount = f"{place[:2]}明远药业有限公司", f"{at + 2}.5亿元"
        text = f"{company}在{place}建厂，总投资{amount}。"
        spans = [
            {"start": text.rindex(part), "end": text.rindex(part) + len(part), "label": label, "text": part}
            for part, label in ((company, "COMPANY"), (place, "REGION"), (amount, "MONEY"))
        ]
        where = {"file": f"seeds/{PAGE}", "start": 0} if at == 0 else {}
        yield {"id": f"r{at}", **where, "text": text, "spans": spans}


def make_project(folder):
    """The project over a tiny corpus: the real scripts, config and lists, two folds, and no wheel."""
    everything = list(rows())
    for name, part in (("authored/a", everything[1:]), ("seeds/000_page", everything[:1])):
        (folder / "corpus" / name).parent.mkdir(parents=True)
        jsonl.write(part, folder / "corpus" / f"{name}.jsonl")
    training = folder / "training"
    training.mkdir()
    for path in TRAINING.iterdir():
        if path.name not in ("build", "project.yml", "project.lock", "__pycache__"):
            (training / path.name).symlink_to(path)
    packed = folder / "projner" / "data" / "gazetteer.bin"
    packed.parent.mkdir(parents=True)
    packed.symlink_to(ROOT / "projner" / "data" / "gazetteer.bin")
    (folder / "projner" / "configs").symlink_to(ROOT / "projner" / "configs")
    project = srsly.read_yaml(TRAINING / "project.yml")
    project["vars"] |= {"steps": 10, "fold_steps": 4}
    dropped = {f"fold{fold}" for fold in range(FOLDS, 5)}
    project["workflows"]["all"] = [name for name in project["workflows"]["all"] if name not in dropped]
    project["commands"] = [command for command in project["commands"] if command["name"] not in dropped]
    for command in project["commands"]:
        lines = [line for line in command["script"] if "pip wheel" not in line]
        command["script"] = [line.replace("--folds 5", f"--folds {FOLDS}") for line in lines]
        for kind in ("deps", "outputs"):
            command[kind] = [path for path in command.get(kind, ()) if not dropped & set(path.split("/"))]
    srsly.write_yaml(training / "project.yml", project)
    return training


def weasel(*arguments):
    command = [sys.executable, "-m", "weasel", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    training = make_project(tmp_path_factory.mktemp("project"))
    run = weasel("run", "all", training)
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    return training, run.stdout


def test_all_goes_through_without_any_folder_given_and_says_so(done):
    training, output = done
    assert "No tables of divisions given" in output
    assert "No news texts given: training on the texts of corpus/ alone." in output
    assert "No dev texts given: the figures are the cross-validated ones." in output
    assert (training.parent / "projner" / "data" / "gazetteer.bin").is_symlink()


def test_the_packaged_pipeline_loads_and_says_what_it_is(done):
    training, _ = done
    packaged = training.parent / "projner" / "model"
    nlp = spacy.load(packaged)
    doc = nlp("抚松明远药业有限公司在抚松县建厂，总投资2.5亿元。")
    assert doc.text.startswith("抚松") and nlp.pipe_names[0] == "projner_tagger"
    meta = json.loads((packaged / "meta.json").read_text(encoding="utf-8"))
    assert meta["license"] == "MIT" and meta["corpus"] == "corpus/authored, corpus/seeds"
    assert meta["performance"]["on"] == "cross-validation" and not any("news" in s for s in meta["sources"])
    assert not list(packaged.parent.glob("model.*"))


def test_revise_adds_the_second_pass_and_a_calibration_and_nothing_else(done):
    training, _ = done
    before, after = (
        spacy.load(training / "build" / name).get_pipe("projner_tagger")
        for name in ("pipeline/model-last", "revised")
    )
    assert isinstance(before, Tagger) and isinstance(after, Tagger)
    assert not before.model.get_ref("revision").has_param("E")
    assert after.model.get_ref("revision").has_param("E")
    assert after.cfg["evidence"] == ["REGION", "COMPANY"]
    text = "抚松明远药业有限公司在抚松县建厂，总投资2.5亿元。"
    for one, other in zip(before.first_pass(text), after.first_pass(text), strict=True):
        assert (one == other).all()


def test_figures_are_those_of_texts_held_out(done):
    training, _ = done
    figures = json.loads((training / "build" / "crossvalidated.json").read_text(encoding="utf-8"))
    assert figures["documents"] == len(PLACES)
    assert figures["labels"]["ALL"]["gold"] == 3 * figures["documents"]


def test_trained_again_from_its_seed_the_tagger_is_the_same(done, tmp_path):
    training, _ = done
    run = weasel("run", "train", training, "--force")
    first = training / "build" / "pipeline" / "model-last" / "projner_tagger"
    kept = {path.name: path.read_bytes() for path in first.iterdir()}
    assert run.returncode == 0, run.stderr[-2000:]
    run = weasel("run", "train", training, "--force")
    assert run.returncode == 0, run.stderr[-2000:]
    assert {path.name: path.read_bytes() for path in first.iterdir()} == kept


def test_package_without_a_pipeline_is_one_kind_line(run_script, tmp_path):
    done = run_script("package", tmp_path, tmp_path / "figures.json", tmp_path / "out")
    assert done.returncode == 1 and "is no pipeline" in done.stderr and "Traceback" not in done.stderr


def test_every_step_of_every_workflow_is_a_command_that_says_how_long_it_takes():
    project = srsly.read_yaml(TRAINING / "project.yml")
    commands = {command["name"]: command for command in project["commands"]}
    assert {step for steps in project["workflows"].values() for step in steps} <= commands.keys()
    for name, command in commands.items():
        assert name == "clean" or command["help"].endswith((" s)", " min)", "hours)")), name
        for line in command["script"]:
            words = line.split()
            assert words[0] != "python" or words[1] == "-m" or (TRAINING / words[1]).is_file(), line
