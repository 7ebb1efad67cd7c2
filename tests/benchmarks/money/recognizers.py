"""Recognizers-Text: currency in Chinese."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, whose files bear the names of the peers

from recognizers_number_with_unit import Culture, recognize_currency  # noqa: E402
from timing import measure  # noqa: E402

measure(lambda text: recognize_currency(text, Culture.Chinese))
