"""JioNLP: extract_money with values."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, whose files bear the names of the peers

import jionlp  # noqa: E402
from timing import measure  # noqa: E402

measure(lambda text: jionlp.ner.extract_money(text, with_parsing=True))
