"""A transformer in place of the tagger: training/configs/trf.cfg from a checkpoint to tagged texts."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import jsonschema
import pytest
import spacy
from spacy.tokens import DocBin
from spacy.training.initialize import init_nlp
from spacy.util import load_config
from typer.testing import CliRunner

import projner
from projner.cli import app
from projner.errors import ProjnerError
from projner.rows import doc_to_row
from projner.tagger.transformer import bert_pieces, bert_weights, differing_sizes, knows_capitals, read_pieces

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "training" / "configs" / "trf.cfg"
SCHEMA = json.loads((ROOT / "tests" / "schema.json").read_text(encoding="utf-8"))
LABELS = {"R": "REGION", "C": "COMPANY", "M": "MONEY"}
MARKED = [
    "[R抚松县]新建矿泉水厂，总投资[M2.6亿元]。",
    "[C白溪泉水有限公司]在[R抚松县]投产。",
    "[R通化市]与[C北岭药业集团]签约，投资[M1.5亿元]。",
    "[C北岭药业集团]落户[R集安市]。",
    "[R柳河县]的大米加工项目总投资[M8000万元]。",
    "[R集安市]引进[C白溪泉水有限公司]。",
    "[C远禾农业科技公司]到[R柳河县]考察。",
    "[R辉南县]人参产业园总投资[M3亿元]。",
    "[R通化市]召开项目推进会。",
    "[C远禾农业科技公司]投资[M5000万元]扩建厂房。",
    "[R辉南县]今年新开工项目多个。",
    "昨天 天气晴朗，工地上一片繁忙。",
]
SIZES = {
    "model_type": "bert",
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "max_position_embeddings": 64,
    "type_vocab_size": 2,
    "hidden_act": "gelu",
    "layer_norm_eps": 1e-12,
}


def row(marked: str) -> dict[str, object]:
    text, spans = "", []
    for before, label, name in re.findall(r"([^\[]*)(?:\[(\w)([^\]]+)\])?", marked):
        text += before
        if name:
            spans.append({"start": len(text), "end": len(text + name), "label": LABELS[label], "text": name})
            text += name
    return {"id": marked, "text": text, "spans": spans}


ROWS = [row(marked) for marked in MARKED]
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *sorted(set("".join(row["text"] for row in ROWS)) - {" "})]


def checkpoint(
    folder: Path, *, file: str = "model.safetensors", old_names: bool = False
) -> dict[str, object]:
    """Write a tiny BERT with random weights, and return these by their names in the checkpoint.

    With the old names it is as the first Chinese checkpoints are: out of pretraining, with its heads."""
    import torch

    torch.manual_seed(1)
    width, inner = SIZES["hidden_size"], SIZES["intermediate_size"]
    shapes = {
        "embeddings.word_embeddings.weight": (len(PIECES), width),
        "embeddings.position_embeddings.weight": (SIZES["max_position_embeddings"], width),
        "embeddings.token_type_embeddings.weight": (SIZES["type_vocab_size"], width),
        "embeddings.LayerNorm.weight": (width,),
        "embeddings.LayerNorm.bias": (width,),
    }
    for layer in range(SIZES["num_hidden_layers"]):
        for name, out, into in [
            *((f"attention.self.{name}", width, width) for name in ("query", "key", "value")),
            ("attention.output.dense", width, width),
            ("intermediate.dense", inner, width),
            ("output.dense", width, inner),
        ]:
            shapes[f"encoder.layer.{layer}.{name}.weight"] = (out, into)
            shapes[f"encoder.layer.{layer}.{name}.bias"] = (out,)
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes |= {f"encoder.layer.{layer}.{name}.{part}": (width,) for part in ("weight", "bias")}
    weights = {
        name: torch.randn(shape) * 0.1 + name.endswith("LayerNorm.weight") for name, shape in shapes.items()
    }
    stored = dict(weights)
    if old_names:
        stored = {
            "bert."
            + re.sub("LayerNorm.weight", "LayerNorm.gamma", name).replace("Norm.bias", "Norm.beta"): value
            for name, value in weights.items()
        }
        stored |= {
            "cls.predictions.bias": torch.zeros(len(PIECES)),
            "bert.pooler.dense.bias": torch.zeros(width),
        }
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(SIZES | {"vocab_size": len(PIECES)}), encoding="utf-8")
    (folder / "vocab.txt").write_text("".join(f"{piece}\n" for piece in PIECES), encoding="utf-8")
    if file == "model.safetensors":
        from safetensors.torch import save_file

        save_file(stored, folder / file)
    else:
        torch.save(stored, folder / file)
    return weights


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "train.jsonl")


def write_rows(path: Path) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), encoding="utf-8")
    return path


def sizes_of_checkpoint() -> dict[str, object]:
    """What a user puts into the config or on the command line for a checkpoint that is no BERT base."""
    ours = differing_sizes(
        SIZES | {"vocab_size": len(PIECES)}, load_config(CONFIG)["components"]["transformer"]["model"]
    )
    sizes = {f"components.transformer.model.{name}": value for name, value in ours.items()}
    return sizes | {f"components.transformer.model.with_spans.{name}": 32 for name in ("window", "stride")}


def initialized(folder: Path | None, texts: Path, sizes: dict[str, object] | None = None) -> spacy.Language:
    overrides = {
        "paths.train": str(texts),
        "paths.dev": str(texts),
        "paths.transformer": folder and str(folder),
    }
    overrides |= sizes_of_checkpoint() if sizes is None else sizes
    return init_nlp(load_config(CONFIG, overrides=overrides))


def parameters(nlp: spacy.Language) -> dict[str, object]:
    return (
        nlp.get_pipe("transformer").model.get_ref("transformer").shims[0]._model.curated_encoder.state_dict()
    )


# --- without PyTorch


def test_pieces_are_numbered_by_their_lines_and_an_empty_line_is_no_piece(tmp_path: Path) -> None:
    path = tmp_path / "vocab.txt"
    path.write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\n县\n\n亿\n", encoding="utf-8")
    assert read_pieces(path) == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "县", "[PAD]", "亿"]


def test_a_vocabulary_of_something_else_is_named(tmp_path: Path) -> None:
    path = tmp_path / "vocab.txt"
    path.write_text("<s>\n</s>\n[UNK]\n县\n", encoding="utf-8")
    with pytest.raises(ProjnerError, match=r"P609.*vocab\.txt lacks \[CLS\], \[SEP\]"):
        read_pieces(path)


def test_texts_are_lowercased_where_the_vocabulary_has_no_capitals() -> None:
    assert knows_capitals(["[UNK]", "a", "A"])
    assert not knows_capitals(["[UNK]", "a", "##A", "ABC", "县"])


def test_sizes_that_differ_are_told_by_the_names_of_our_config() -> None:
    ours = {"vocab_size": 9, "hidden_width": 768, "num_hidden_layers": 12}
    theirs = {"model_type": "bert", "vocab_size": 9, "hidden_size": 312, "num_hidden_layers": 4}
    assert differing_sizes(theirs, ours | {"hidden_act": "gelu"}) == {
        "hidden_width": 312,
        "num_hidden_layers": 4,
    }


def test_making_the_loaders_reads_nothing_so_that_a_trained_pipeline_needs_no_checkpoint() -> None:
    assert callable(bert_pieces("nowhere")) and callable(bert_weights(None))


# --- with PyTorch


@pytest.mark.torch
@pytest.mark.parametrize(
    ("file", "old_names"),
    [("model.safetensors", False), ("pytorch_model.bin", False), ("pytorch_model.bin", True)],
)
def test_the_weights_of_the_checkpoint_are_those_of_the_network(
    tmp_path: Path, texts: Path, file: str, old_names: bool
) -> None:
    import torch

    given = checkpoint(tmp_path / "bert", file=file, old_names=old_names)
    loaded = parameters(initialized(tmp_path / "bert", texts))

    def same(ours: str, *theirs: str) -> bool:
        return torch.equal(loaded.pop(ours), torch.cat([given.pop(name) for name in theirs]))

    for part in ("weight", "bias"):
        for layer in range(SIZES["num_hidden_layers"]):
            theirs, ours = f"encoder.layer.{layer}", f"layers.{layer}"
            heads = [f"{theirs}.attention.self.{name}.{part}" for name in ("query", "key", "value")]
            assert same(f"{ours}.mha.input.{part}", *heads)
            assert same(f"{ours}.mha.output.{part}", f"{theirs}.attention.output.dense.{part}")
            assert same(f"{ours}.attn_output_layernorm.{part}", f"{theirs}.attention.output.LayerNorm.{part}")
            assert same(f"{ours}.ffn.intermediate.{part}", f"{theirs}.intermediate.dense.{part}")
            assert same(f"{ours}.ffn.output.{part}", f"{theirs}.output.dense.{part}")
            assert same(f"{ours}.ffn_output_layernorm.{part}", f"{theirs}.output.LayerNorm.{part}")
        assert same(f"embeddings.layer_norm.{part}", f"embeddings.LayerNorm.{part}")
    for name in ("word", "position", "token_type"):
        assert same(f"embeddings.{name}_embeddings.weight", f"embeddings.{name}_embeddings.weight")
    assert not loaded and not given


@pytest.mark.torch
def test_every_character_is_one_piece_of_the_vocabulary(tmp_path: Path, texts: Path) -> None:
    checkpoint(tmp_path / "bert")
    nlp = initialized(tmp_path / "bert", texts)
    encoder = nlp.get_pipe("transformer").model.get_ref("piece_encoder")
    (pieces,) = encoder.predict([nlp.make_doc("亿\n元ぬ")])
    ids = [PIECES.index(piece) for piece in ("[CLS]", "亿", "元", "[UNK]", "[SEP]")]
    assert pieces.dataXd.tolist() == ids
    assert pieces.lengths.tolist() == [1, 1, 0, 1, 1, 1]  # a line break has none


@pytest.mark.torch
def test_a_checkpoint_of_other_sizes_names_the_options_to_give(tmp_path: Path, texts: Path) -> None:
    checkpoint(tmp_path / "bert")
    small = sizes_of_checkpoint() | {"components.transformer.model.num_attention_heads": 8}
    with pytest.raises(
        ProjnerError, match=r"P611.*add --components\.transformer\.model\.num_attention_heads 4$"
    ):
        initialized(tmp_path / "bert", texts, small)


@pytest.mark.torch
def test_what_is_no_checkpoint_is_named(tmp_path: Path, texts: Path) -> None:
    with pytest.raises(ProjnerError, match=r"P608.*vocab\.txt at paths\.transformer \(None\)"):
        initialized(None, texts)
    folder = tmp_path / "bert"
    checkpoint(folder)
    (folder / "model.safetensors").unlink()
    with pytest.raises(ProjnerError, match=r"P608.*model\.safetensors or pytorch_model\.bin"):
        initialized(folder, texts)
    (folder / "config.json").write_text('{"model_type": "roberta"}', encoding="utf-8")
    with pytest.raises(ProjnerError, match=r"P610.*'roberta'"):
        initialized(folder, texts)


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """Threads cost more than they give with a network of this size."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, one_thread: None) -> Path:
    """The command of docs/own-models.md, with a checkpoint and steps of the size of a test."""
    page = (ROOT / "docs" / "own-models.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^projner (train training/configs/trf\.cfg (?:.*\\\n)*.*)$", page, re.MULTILINE)
    folder = tmp_path_factory.mktemp("transformer")
    checkpoint(folder / "bert")
    write_rows(folder / "train.jsonl")
    write_rows(folder / "dev.jsonl")
    overrides = sizes_of_checkpoint() | {
        "training.max_steps": 240,
        "training.eval_frequency": 120,
        "training.batcher.size": 100,
        "training.accumulate_gradient": 1,
        "training.optimizer.learn_rate.initial_rate": 0.002,
        "training.optimizer.learn_rate.warmup_steps": 5,
    }
    arguments = shlex.split(command.replace("\\\n", " "))
    arguments += chain.from_iterable((f"--{name}", str(value)) for name, value in overrides.items())
    with pytest.MonkeyPatch.context() as patch:
        (folder / "training").symlink_to(ROOT / "training")
        patch.chdir(folder)
        done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    (folder / "bert").rename(folder / "gone")
    return folder / "model" / "model-last"


@pytest.mark.torch
def test_a_trained_pipeline_is_loaded_without_its_checkpoint_and_finds_what_it_learnt(trained: Path) -> None:
    nlp = projner.load(trained)
    assert "projner_tagger" not in nlp.pipe_names
    found = [
        [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]
        for doc in nlp.pipe(str(row["text"]) for row in ROWS)
    ]
    wanted = [[(span["start"], span["end"], span["label"]) for span in row["spans"]] for row in ROWS]
    assert found == wanted


@pytest.mark.torch
def test_the_other_components_say_what_its_entities_mean(trained: Path) -> None:
    doc = projner.load(trained)(str(ROWS[4]["text"]))
    region, money = doc.ents
    assert region._.region.code == "220524" and region.kb_id_ == "220524"
    assert (money._.amount.low, money._.amount.role) == (80_000_000, "total_investment")
    (project,) = doc._.projects
    assert project.name == "大米加工项目"


@pytest.mark.torch
def test_companies_are_put_together(trained: Path) -> None:
    doc = projner.load(trained)("北岭药业集团落户集安市。")
    company, region = doc.ents
    assert company._.company.name == "北岭药业集团"
    assert region._.region.name == "集安市"


@pytest.mark.torch
def test_spans_of_spacys_ner_have_no_score_and_rows_keep_to_the_schema(trained: Path) -> None:
    tagged = doc_to_row(projner.load(trained)(str(ROWS[2]["text"])), "a1")
    jsonschema.validate(tagged, SCHEMA)
    scores = {entity["label"]: entity["score"] for entity in tagged["entities"]}
    assert scores == {"REGION": None, "COMPANY": None, "MONEY": 0.99}


@pytest.mark.torch
def test_texts_of_any_length_and_documents_that_are_kept(trained: Path) -> None:
    nlp = projner.load(trained)
    long = "".join(str(row["text"]) for row in ROWS) * 5
    docs = list(nlp.pipe(["", " \n", long, str(ROWS[0]["text"])]))
    assert [len(doc.ents) > 0 for doc in docs] == [False, False, True, True]
    kept = DocBin(docs=docs, store_user_data=True).to_bytes()
    back = list(DocBin().from_bytes(kept).get_docs(spacy.blank("zh").vocab))
    assert json.dumps([doc_to_row(doc, None) for doc in back]) == json.dumps(
        [doc_to_row(doc, None) for doc in docs]
    )


@pytest.mark.torch
def test_two_processes_give_what_one_gives(trained: Path) -> None:
    code = """
import json, sys, projner
from projner.rows import doc_to_row
if __name__ == "__main__":
    nlp, texts = projner.load(sys.argv[1]), json.load(sys.stdin)
    for processes in (1, 2):
        docs = nlp.pipe(texts, n_process=processes, batch_size=4)
        print(json.dumps([doc_to_row(doc, None) for doc in docs]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(trained)],
        input=json.dumps([row["text"] for row in ROWS]),
        env=os.environ | {"OMP_NUM_THREADS": "1"},  # see docs/own-models.md
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    one, two = done.stdout.splitlines()
    assert one == two and json.loads(one)[0]["entities"]
