"""projner.money.find."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, whose files bear the names of the peers

from timing import measure  # noqa: E402

from projner.money import find  # noqa: E402

measure(find)
