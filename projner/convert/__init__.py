"""Annotated corpora from one format to another."""

from projner.convert.formats import FORMATS, convert, format_of, tagged_rows

__all__ = ["FORMATS", "convert", "format_of", "tagged_rows"]
