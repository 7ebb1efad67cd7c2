"""Annotated corpora from one format to another."""

from projner.convert.formats import convert, format_of

__all__ = ["convert", "format_of"]
