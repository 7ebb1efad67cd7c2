"""`projner train`: configs that ship, the mix of texts, what a new tagger takes over, kind errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.util import load_config, registry
from typer.testing import CliRunner

import projner
from projner.cli import app
from projner.errors import ProjnerError
from projner.train import CONFIGS, REHEARSAL, config_path, configs, mix, train, weights_of

OWN = {
    "id": "1",
    "text": "周岚在通化市说，云帆项目开工。",
    "spans": [
        {"start": 0, "end": 2, "label": "PERSON", "text": "周岚"},
        {"start": 3, "end": 6, "label": "REGION", "text": "通化市"},
        {"start": 8, "end": 12, "label": "PROJECT", "text": "云帆项目"},
    ],
}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.jsonl"
    path.write_text(json.dumps(OWN, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def test_configs_are_found_by_name_and_by_path(tmp_path: Path) -> None:
    assert configs() == ["continue", "default", "new-labels"]
    assert config_path("continue") == CONFIGS / "continue.cfg"
    mine = tmp_path / "mine.cfg"
    mine.touch()
    assert config_path(str(mine)) == mine


def test_an_unknown_config_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ProjnerError, match=r"'contniue'.*continue, default, new-labels"):
        train("contniue", tmp_path)


@pytest.mark.parametrize("given", [{}, {"paths.train": "nowhere.jsonl"}])
def test_texts_that_are_not_there_are_named_before_anything_is_written(
    tmp_path: Path, given: dict[str, str]
) -> None:
    with pytest.raises(ProjnerError, match=r"paths\.train"):
        train("continue", tmp_path / "out", given)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("own", "rehearsal", "share", "expected"),
    [(20, 300, 0.5, 300), (20, 300, 0.25, 100), (400, 300, 0.5, 400)],
)
def test_own_texts_are_repeated_until_they_have_their_share(
    own: int, rehearsal: int, share: float, expected: int
) -> None:
    rows = mix([{"id": "own"}] * own, [{"id": "rehearsal"}] * rehearsal, share)
    assert sum(row["id"] == "own" for row in rows) == expected
    assert len(rows) == expected + rehearsal


def test_without_rehearsal_every_text_comes_once() -> None:
    assert mix([{"id": "own"}], [], 0.5) == [{"id": "own"}]


def test_the_rehearsal_texts_that_ship_are_annotated_with_the_labels_of_the_pipeline() -> None:
    reader = registry.readers.get("projner.Mixed.v1")
    examples = list(reader("projner")(spacy.blank("zh")))
    labels = {ent.label_ for example in examples for ent in example.reference.ents}
    assert labels == {"REGION", "COMPANY", "MONEY"}
    assert len(examples) >= 200
    assert REHEARSAL.stat().st_size < 400_000


@pytest.fixture(scope="module")
def renewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new")
    path = folder / "own.jsonl"
    path.write_text(json.dumps(OWN, ensure_ascii=False) + "\n", encoding="utf-8")
    arguments = ["train", "new-labels", "--output", str(folder / "model")]
    arguments += ["--paths.train", str(path), "--paths.dev", str(path), "--training.max_steps", "60"]
    arguments += ["--training.eval_frequency", "12", "--nlp.pipeline", '["projner_tagger"]']
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    return folder / "model" / "model-last"


def test_new_labels_are_those_of_the_texts(renewed: Path) -> None:
    nlp = spacy.load(renewed)
    assert nlp.pipe_names == ["projner_tagger"]
    assert set(nlp.get_pipe("projner_tagger").labels) == {"PERSON", "PROJECT", "REGION"}  # type: ignore[attr-defined]
    found = [(ent.text, ent.label_) for ent in nlp(OWN["text"]).ents]  # type: ignore[arg-type]
    assert ("周岚", "PERSON") in found


def test_a_new_tagger_takes_over_lists_and_inner_layers(renewed: Path) -> None:
    new: Any = spacy.load(renewed).get_pipe("projner_tagger")
    old: Any = projner.load().get_pipe("projner_tagger")
    assert new.lexicon.categories == old.lexicon.categories
    taken = weights_of("projner")()
    assert {"hidden.W", "chars.E", "bigrams.E"} <= taken.keys()
    assert not any(key.startswith(("crf.", "output.", "wide.")) for key in taken)


def test_only_the_layers_of_words_learn_when_training_goes_on(tmp_path: Path) -> None:
    surprise = {"start": 3, "end": 6, "label": "COMPANY", "text": "通化市"}
    path = tmp_path / "own.jsonl"
    path.write_text(json.dumps(OWN | {"spans": [surprise]}, ensure_ascii=False) + "\n", encoding="utf-8")
    rate = "training.optimizer.learn_rate"
    fast = {"training.max_steps": 3, f"{rate}.warmup_steps": 0, f"{rate}.initial_rate": 0.5}
    train("continue", tmp_path, {"paths.train": str(path), "paths.rehearsal": None, **fast})
    old: Any = projner.load().get_pipe("projner_tagger")
    new: Any = spacy.load(tmp_path / "model-last").get_pipe("projner_tagger")
    layers = load_config(CONFIGS / "continue.cfg")["training"]["before_update"]["layers"]
    for name in old.model.ref_names:
        before, after = old.model.get_ref(name), new.model.get_ref(name)
        for param in before.param_names:
            if before.has_param(param):
                same = bool((before.get_param(param) == after.get_param(param)).all())
                assert same is (name not in layers), f"{name}.{param}"


def test_a_layer_that_is_not_there_is_named(own: Path, tmp_path: Path) -> None:
    overrides = {"paths.train": str(own), "training.before_update.layers": ["nonsense"]}
    with pytest.raises(ProjnerError, match=r"'nonsense'.*wide"):
        train("continue", tmp_path / "out", overrides)


def test_a_label_that_the_pipeline_does_not_know_is_named(own: Path, tmp_path: Path) -> None:
    overrides = {"paths.train": str(own), "paths.rehearsal": None, "training.max_steps": 1}
    with pytest.raises(ProjnerError, match="PERSON"):
        train("continue", tmp_path / "out", overrides)


@pytest.mark.parametrize("name", ["continue", "default", "new-labels"])
def test_every_config_is_complete(name: str) -> None:
    config = load_config(CONFIGS / f"{name}.cfg", interpolate=False)
    assert {"paths", "nlp", "components", "corpora", "training"} <= config.keys()
    assert config["nlp"]["tokenizer"]["segmenter"] == "char"
