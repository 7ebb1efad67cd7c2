"""What every peer's script does: read the texts, warm up, time the calls."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any


def measure(call: Callable[[str], Any], warm_up: str = "总投资1.5亿元。") -> None:
    """Time `call` over the texts of the command line; print the best seconds and what was found."""
    with open(sys.argv[1], encoding="utf-8") as file:
        documents = json.load(file)
    call(warm_up)
    best, found = float("inf"), 0
    for _ in range(int(sys.argv[2])):
        start = time.process_time()
        found = sum(len(call(document) or ()) for document in documents)
        best = min(best, time.process_time() - start)
    print(json.dumps({"seconds": best, "found": found}))
