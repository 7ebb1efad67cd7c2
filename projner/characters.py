"""The text of a document whose tokens are characters, without a Python object a token."""

from __future__ import annotations

from spacy.attrs import ORTH, SPACY  # type: ignore[import-not-found]
from spacy.tokens import Doc

# ORTH ids are hashes of the string: the same in every vocabulary.
_STRINGS: dict[int, str] = {}
_MOST = 50_000
# The document asked for last: the components of a pipeline read the same one in turn.
_last: tuple[Doc, int, str] | None = None


def text_of(doc: Doc) -> str:
    """`doc.text`, faster where tokens are many and distinct ones are few."""
    global _last
    last = _last  # another thread may change it
    if last is not None and last[0] is doc and last[1] == len(doc):
        return last[2]
    text = _read(doc)
    _last = (doc, len(doc), text)
    return text


def _read(doc: Doc) -> str:
    columns = doc.to_array([ORTH, SPACY])
    ids = columns[:, 0].tolist()
    try:
        parts = list(map(_STRINGS.__getitem__, ids))
    except KeyError:
        missing = set(ids) - _STRINGS.keys()
        if len(_STRINGS) + len(missing) > _MOST:
            return doc.text
        strings = doc.vocab.strings
        _STRINGS.update((key, strings[key]) for key in missing)
        parts = [_STRINGS[key] for key in ids]
    if columns[:, 1].any():
        for place in columns[:, 1].nonzero()[0]:
            parts[place] += " "
    return "".join(parts)
