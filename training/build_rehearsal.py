"""The rehearsal texts that ship with projner: every fourth authored text, labels only.

python training/build_rehearsal.py
"""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "corpus" / "authored"
TARGET = ROOT / "projner" / "data" / "rehearsal.jsonl.gz"
EVERY = 4


def main() -> None:
    buffer = io.BytesIO()
    count = 0
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, filename="") as file:
        for path in sorted(SOURCE.glob("*.jsonl")):
            for line in path.read_text(encoding="utf-8").splitlines()[::EVERY]:
                row = json.loads(line)
                spans = [
                    {key: span[key] for key in ("start", "end", "label", "text")} for span in row["spans"]
                ]
                row = {"id": row["id"], "text": row["text"], "spans": spans}
                file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
                count += 1
    TARGET.write_bytes(buffer.getvalue())
    print(f"{count} texts, {len(buffer.getvalue()):,} bytes")


if __name__ == "__main__":
    main()
