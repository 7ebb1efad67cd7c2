"""REGION: from a name to the one division that is meant, and its code. Pure Python; component.py is the
spaCy side."""

from projner.region.gazetteer import Gazetteer
from projner.region.link import Context, Mention, link
from projner.region.model import Region
from projner.region.summary import RegionCount, RegionSummary, summarise

__all__ = ["Context", "Gazetteer", "Mention", "Region", "RegionCount", "RegionSummary", "link", "summarise"]
