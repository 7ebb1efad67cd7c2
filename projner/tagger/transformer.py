"""A transformer in place of the tagger: `training/configs/trf.cfg` starts from a BERT checkpoint in a local
folder, in the layout of Hugging Face (config.json, vocab.txt, model.safetensors or pytorch_model.bin).

Nothing is downloaded. PyTorch is imported when weights are read, never with this module.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from projner.errors import Errors

# What spaCy calls a model to initialize it with: (model, X, Y) -> model.
Loader = Callable[..., Any]

SPECIAL = ("[CLS]", "[SEP]", "[UNK]")
_BLANK = "[PAD]"
# What config.json calls a size, and what the architecture of spacy-curated-transformers calls it.
_SIZES = {
    "vocab_size": "vocab_size",
    "hidden_size": "hidden_width",
    "num_hidden_layers": "num_hidden_layers",
    "num_attention_heads": "num_attention_heads",
    "intermediate_size": "intermediate_width",
    "max_position_embeddings": "max_position_embeddings",
    "type_vocab_size": "type_vocab_size",
    "hidden_act": "hidden_act",
    "layer_norm_eps": "layer_norm_eps",
}
_ACTIVATIONS = {"ReLU": "relu", "GELU": "gelu", "GeluNew": "gelu_new"}


def bert_pieces(path: str | None) -> Loader:
    """`projner.BertPieces.v1`: fills a BertWordpieceEncoder with the vocabulary of a checkpoint.

    Args:
        path: the checkpoint's folder.
    """
    return partial(_load_pieces, path=path)


def bert_weights(path: str | None) -> Loader:
    """`projner.BertWeights.v1`: fills a BertTransformer with the weights of a checkpoint.

    Args:
        path: the checkpoint's folder.
    """
    return partial(_load_weights, path=path)


def read_pieces(path: Path) -> list[str]:
    """The pieces of a vocab.txt, one a line; the number of its line is the id of a piece.

    Raises:
        ProjnerError: P609, a piece that BERT cannot do without is not there.
    """
    with path.open(encoding="utf-8") as file:
        # An empty piece would match everywhere; as one more padding it keeps the numbers of those behind it.
        pieces = [line.strip() or _BLANK for line in file]
    if missing := [piece for piece in SPECIAL if piece not in pieces]:
        raise Errors.P609.format(path=path, pieces=", ".join(missing))
    return pieces


def knows_capitals(pieces: list[str]) -> bool:
    """Whether a vocabulary has Latin capitals as characters; if not, texts are lowercased for it."""
    return any(len(piece) == 1 and "A" <= piece <= "Z" for piece in pieces)


def differing_sizes(checkpoint: Mapping[str, Any], network: Mapping[str, Any]) -> dict[str, Any]:
    """The sizes of a checkpoint, by the names of our config, where those of the network are others.

    Args:
        checkpoint: what config.json says.
        network: the sizes of the network, by the names of our config.
    """
    return {
        ours: checkpoint[theirs]
        for theirs, ours in _SIZES.items()
        if theirs in checkpoint and checkpoint[theirs] != network[ours]
    }


def _load_pieces(model: Any, X: Any = None, Y: Any = None, *, path: str | None) -> Any:
    from curated_tokenizers import WordPieceProcessor

    pieces = read_pieces(_file(path, "vocab.txt"))
    model.attrs["wordpiece_processor"] = WordPieceProcessor(pieces)
    model.attrs["lowercase"] = not knows_capitals(pieces)
    return model


def _load_weights(model: Any, X: Any = None, Y: Any = None, *, path: str | None) -> Any:
    from curated_transformers.models.hf_util import convert_pretrained_model_for_encoder
    from thinc.api import get_torch_default_device

    config = json.loads(_file(path, "config.json").read_text(encoding="utf-8"))
    if config.get("model_type") != "bert":
        raise Errors.P610.format(path=path, kind=config.get("model_type"))
    transformer = model.shims[0]._model  # as the loaders of spacy-curated-transformers do
    if wanted := differing_sizes(config, _sizes(transformer.curated_encoder)):
        options = " ".join(f"--components.transformer.model.{name} {value}" for name, value in wanted.items())
        raise Errors.P611.format(path=path, options=options)
    file = _file(path, "model.safetensors", "pytorch_model.bin")
    transformer.load_state_dict(convert_pretrained_model_for_encoder(transformer, _read_weights(file)))
    transformer.to(get_torch_default_device())
    return model


def _file(path: str | None, *names: str) -> Path:
    """The first of these files that is in the folder."""
    files = [Path(path) / name for name in names] if path is not None else []
    for file in files:
        if file.is_file():
            return file
    raise Errors.P608.format(path=path, names=" or ".join(names))


def _sizes(encoder: Any) -> dict[str, Any]:
    """The sizes of a BertEncoder of curated-transformers, by the names of our config."""
    embeddings, layer = encoder.embeddings, encoder.layers[0]
    return {
        "vocab_size": embeddings.word_embeddings.num_embeddings,
        "hidden_width": embeddings.word_embeddings.embedding_dim,
        "num_hidden_layers": len(encoder.layers),
        "num_attention_heads": layer.mha.num_heads,
        "intermediate_width": layer.ffn.intermediate.out_features,
        "max_position_embeddings": embeddings.position_embeddings.num_embeddings,
        "type_vocab_size": embeddings.token_type_embeddings.num_embeddings,
        "hidden_act": _ACTIVATIONS.get(type(layer.ffn.activation).__name__),
        "layer_norm_eps": embeddings.layer_norm.eps,
    }


def _read_weights(file: Path) -> dict[str, Any]:
    import torch

    if file.suffix == ".safetensors":
        from safetensors.torch import load_file

        weights: dict[str, Any] = load_file(file)
    else:
        weights = torch.load(file, map_location="cpu", weights_only=True)
    return weights
