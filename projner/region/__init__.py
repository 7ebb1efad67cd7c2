"""REGION: from a name to the one division that is meant, and its code. Pure Python; component.py is the spaCy side."""

from projner.region.gazetteer import Gazetteer
from projner.region.model import Region

__all__ = ["Gazetteer", "Region"]
