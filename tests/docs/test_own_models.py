"""docs/own-models.md from its first block to its last: the model that comes out is better on the reader's own
texts and about as good elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

from test_blocks import ROOT, of, runs_in_shell, shell, workplace

__all__ = ["workplace"]

PAGE = ROOT / "docs" / "own-models.md"


def f1(folder: Path, gold: str, model: str | None = None) -> float:
    chosen = f" --model {model}" if model else ""
    figures = json.loads(shell(f"projner evaluate {gold} --json --samples 0{chosen}", folder))
    score: float = figures["labels"]["ALL"]["f1"]["score"]
    return score


def test_the_page_leads_to_a_better_model(workplace: Path) -> None:
    code = [block.code for block in of("bash", PAGE)]
    assert all(map(runs_in_shell, of("bash", PAGE)[:-1]))
    printed = shell("\n".join(code), workplace)
    assert printed.splitlines()[-1].startswith("(鲅鱼圈5号泊位")

    assert f1(workplace, "heldout.jsonl", "zh_port") > f1(workplace, "heldout.jsonl") + 0.1
    assert f1(workplace, "elsewhere.jsonl", "zh_port") >= f1(workplace, "elsewhere.jsonl") - 0.01
