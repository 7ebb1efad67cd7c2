"""Bytes to text: UTF-8, else GB18030 where the bytes look like it. A byte order mark goes, line ends stay."""

from __future__ import annotations

import codecs

from projner.errors import Errors

UTF8, GB18030 = "utf-8", "gb18030"
_MARKS = ((codecs.BOM_UTF8, UTF8), (b"\x84\x31\x95\x33", GB18030))
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Almost any bytes can be read as GB18030, so the characters found must mostly be everyday ones (GB2312).
# Pages in traditional characters reach about 0.6, Latin-1 and binary data stay under 0.2.
_PLAUSIBLE = 0.4
_SAMPLE = 20_000


def decode_file(raw: bytes) -> tuple[str, str]:
    """The text of a whole file and the encoding that it was read in.

    Raises:
        ProjnerError: the bytes are no text, or in neither encoding.
    """
    encoding, mark = sniff(raw, whole=True)
    return raw[mark:].decode(encoding), encoding


def sniff(raw: bytes, *, whole: bool = False) -> tuple[str, int]:
    """The encoding of a file by its first bytes, and the length of its byte order mark.

    Args:
        raw: the first bytes of the file, up to the end of a line.
        whole: every byte has to be readable, not only most lines.

    Raises:
        ProjnerError: the bytes are no text, or (whole) in neither encoding.
    """
    if raw.startswith(_WIDE_MARKS):
        raise Errors.P503.format()
    if b"\x00" in raw:
        raise Errors.P502.format()
    encoding, mark = next(((name, len(mark)) for mark, name in _MARKS if raw.startswith(mark)), (None, 0))
    if encoding is None:
        encoding = UTF8 if (_reads_utf8(raw) if whole else _lines_read_utf8(raw)) else GB18030
        if encoding == GB18030 and not looks_gb18030(raw):
            encoding = UTF8
    if whole:
        try:
            raw[mark:].decode(encoding)
        except UnicodeDecodeError as error:
            raise Errors.P501.format(byte=raw[mark + error.start], offset=mark + error.start) from None
    return encoding, mark


def _reads_utf8(raw: bytes) -> bool:
    try:
        raw.decode(UTF8)
    except UnicodeDecodeError:
        return False
    return True


def _lines_read_utf8(raw: bytes) -> bool:
    """Whether most lines that hold more than ASCII are UTF-8: one broken row does not change the file."""
    lines = [line for line in raw.split(b"\n") if not line.isascii()]
    return sum(map(_reads_utf8, lines)) * 2 >= len(lines)


def looks_gb18030(raw: bytes) -> bool:
    """Whether bytes that are no UTF-8 read as plausible GB18030 text."""
    try:
        text = raw.decode(GB18030)
    except UnicodeDecodeError:
        return False
    wide = [char for char in text if char > "\x7f"][:_SAMPLE]
    if not wide or any(char < " " and char not in "\t\n\r\f\v\x1a" for char in text):
        return False
    everyday = sum(1 for char in wide if _encodes_gb2312(char))
    return everyday >= _PLAUSIBLE * len(wide)


def _encodes_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
