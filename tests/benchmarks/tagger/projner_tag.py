"""`projner tag IN.jsonl -o OUT.jsonl`: the whole command, loading, reading and writing included each time."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, whose files bear the names of the peers

import json  # noqa: E402
import tempfile  # noqa: E402

from timing import Span, Tag, measure_tagger  # noqa: E402


def load() -> Tag:
    from projner.cli import app

    def tag(documents: list[str]) -> list[list[Span]]:
        with tempfile.TemporaryDirectory() as folder:
            source, out = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
            with source.open("w", encoding="utf-8") as file:
                for number, text in enumerate(documents):
                    file.write(json.dumps({"id": str(number), "text": text}) + "\n")
            app(["tag", str(source), "-o", str(out)], standalone_mode=False)
            with out.open(encoding="utf-8") as file:
                rows = [json.loads(line)["entities"] for line in file]
        return [[(e["start"], e["end"], e["label"]) for e in row if e["label"] != "MONEY"] for row in rows]

    return tag


measure_tagger(load, "projner")
