"""How long `import projner` and `projner.load` take, beside `import spacy`: each in fresh processes, in turn.

    python tests/benchmarks/import_time.py [--rounds 7]

The best of the rounds counts. `import projner, spacy` is what the bar of 10 % over `import spacy` is about:
whoever uses projner imports both.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

CASES = {
    "import spacy": "import spacy",
    "import projner": "import projner",
    "import projner, spacy": "import projner, spacy",
    "projner.load()": "import projner; projner.load()",
    "projner.load()(text)": "import projner; projner.load()('集安市项目总投资2亿元。')",
}
_CLOCK = "import time; t = time.process_time(); {code}; print(time.process_time() - t)"


def seconds(code: str) -> float:
    """CPU seconds of the code in a process of its own."""
    command = [sys.executable, "-c", _CLOCK.format(code=code)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    best = dict.fromkeys(CASES, float("inf"))
    for _ in range(rounds):
        for name, code in CASES.items():
            best[name] = min(best[name], seconds(code))
    base = best["import spacy"]
    for name, value in best.items():
        print(f"{name:24} {value:7.3f} s CPU   {value / base:6.3f} x import spacy")


if __name__ == "__main__":
    main()
