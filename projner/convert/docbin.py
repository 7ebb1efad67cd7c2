"""spaCy's DocBin (.spacy), values, codes and roles included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from projner.convert.files import whole
from projner.errors import Errors, ProjnerError
from projner.rows import Row, doc_to_corpus_row, row_to_doc

_ATTRS = ["ORTH", "SPACY", "ENT_IOB", "ENT_TYPE", "ENT_KB_ID"]


def read(path: Path) -> Iterator[Row]:
    """The documents of a DocBin as annotated rows."""
    import spacy
    from spacy.tokens import DocBin

    from projner.extensions import register

    register()
    try:
        docs = DocBin().from_disk(path).get_docs(spacy.blank("zh").vocab)
    except OSError as error:
        raise Errors.P541.format(path=path, reason=f"cannot be read: {error.strerror or error}") from None
    except Exception as error:  # zlib, msgpack and DocBin each have errors of their own
        raise Errors.P541.format(path=path, reason=f"is no DocBin ({type(error).__name__})") from None
    for number, doc in enumerate(docs, 1):
        yield doc_to_corpus_row(doc, f"{path}#{number}")


def write(rows: Iterable[Row], path: Path) -> int:
    """A DocBin whose documents are characters, with user data (values, codes, roles, ids)."""
    import spacy
    from spacy.tokens import DocBin

    nlp = spacy.blank("zh")
    bin = DocBin(attrs=_ATTRS, store_user_data=True)
    for number, row in enumerate(rows, 1):
        try:
            bin.add(row_to_doc(row, nlp))
        except ProjnerError as error:
            place = f"{path} row {number} ({row.get('id')})"
            raise Errors.P524.format(place=place, reason=error) from None
    with whole(path) as file:
        file.write(bin.to_bytes())
    return len(bin)
