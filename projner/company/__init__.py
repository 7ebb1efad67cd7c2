"""Company names: parts, normal form, short forms, and the mentions of one company in a document. Pure
Python."""

from projner.company.cluster import cluster
from projner.company.listing import CompanyList
from projner.company.model import Company
from projner.company.names import Parts, normalise, parts, short_forms

__all__ = ["Company", "CompanyList", "Parts", "cluster", "normalise", "parts", "short_forms"]
