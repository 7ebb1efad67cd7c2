"""What is installed: the library, and the pipeline with its corpus, licence and figures."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from projner import __version__
from projner.errors import Errors


def info(model: str | None = None) -> dict[str, Any]:
    """What a pipeline says of itself; nothing is loaded.

    Args:
        model: a pipeline by name or path; None for the one that ships with projner.

    Returns:
        projner (version), path, model, version, spacy, description, components, labels, licence, corpus,
        sources, figures; None where the pipeline does not say.

    Raises:
        ProjnerError: there is no such pipeline.
    """
    path = _meta(model)
    meta = json.loads(path.read_text(encoding="utf-8"))
    performance = meta.get("performance") or {}
    return {
        "projner": __version__,
        "path": str(path.parent),
        "model": f"{meta.get('lang', '')}_{meta.get('name', '')}",
        "version": meta.get("version"),
        "spacy": meta.get("spacy_version"),
        "description": meta.get("description") or None,
        "components": meta.get("components"),
        "labels": meta.get("labels"),
        "licence": meta.get("license") or None,
        "corpus": meta.get("corpus"),
        "sources": meta.get("sources"),
        "figures": performance or None,
    }


def _meta(model: str | None) -> Path:
    folder = Path(__file__).parent / "model" if model is None else Path(model)
    if not (folder / "meta.json").is_file() and model is not None and model.isidentifier():
        spec = find_spec(model)
        folder = Path(spec.origin).parent if spec is not None and spec.origin else folder
    if (folder / "meta.json").is_file():
        return folder / "meta.json"
    inner = sorted(folder.glob("*/meta.json"))  # a package holds its pipeline one folder below
    if not inner:
        raise Errors.P718.format(name=model or "that ships with projner")
    return inner[0]


def format_info(data: dict[str, Any]) -> str:
    """The same for a terminal."""
    lines = []
    for name, value in data.items():
        if value is None or value == [] or value == {}:
            continue
        lines.append(f"{name:12} {_shown(value)}")
    return "\n".join(lines)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    if isinstance(value, dict):
        return "".join(f"\n  {name}: {_shown(item)}" for name, item in value.items())
    return str(value)
