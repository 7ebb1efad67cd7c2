"""Which ids there were, at some 30 bytes an id."""

from __future__ import annotations

import hashlib

from projner.batch.readers import Record


class Ids:
    """Notices ids that come twice, by a hash of 64 bits: a million ids take some 30 MB, a set of them 150."""

    def __init__(self) -> None:
        from preshed.maps import PreshMap

        self._seen = PreshMap()
        self._count = 0

    def add(self, item: object) -> str | None:
        """Take the id of a record; a line about it where it was there before."""
        self._count += 1
        if not isinstance(item, Record):
            return None
        data = item.id.encode("utf-8", "surrogatepass")
        key = int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")
        before = self._seen[key]
        if before is None:
            self._seen[key] = self._count
            return None
        where = item.path if item.row is None else f"{item.path} row {item.row}"
        return f"{where}: id {item.id!r} is there twice (already input {before})"
