"""Names from lists as features: which categories cover each character, and where in the name it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

_PRIME = np.uint64(0x100000001B3)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_FILTER_BITS = 20
MAX_LENGTH = 12
# position (begin, middle, end) x length (2, 3, 4, 5-6, 7+), and 0 for "no name here"; no single characters
N_CODES = 1 + 3 * 5
_LENGTH_CLASS = np.array([0, 0, 0, 1, 2, 3, 3] + [4] * (MAX_LENGTH - 6), dtype=np.int64)


class Lexicon:
    """Categories of names, at most 32, each a set of strings of 2 to 12 characters.

    Names are kept as 64-bit hashes: matching needs no trie, only a few array operations a text.
    """

    def __init__(self, categories: Iterable[str] = (), hashes: Any = None, masks: Any = None) -> None:
        self.categories = tuple(categories)
        self.hashes: NDArray[np.uint64] = np.zeros(0, np.uint64) if hashes is None else hashes
        self.masks: NDArray[np.uint32] = np.zeros(0, np.uint32) if masks is None else masks
        self._filter = np.zeros(1 << _FILTER_BITS, dtype=bool)
        self._filter[(self.hashes >> np.uint64(64 - _FILTER_BITS)).astype(np.int64)] = True

    @classmethod
    def build(cls, names: Mapping[str, Iterable[str]]) -> Self:
        """Pack {category: names}; names of other lengths than 2 to 12 are left out."""
        entries: dict[int, int] = {}
        for bit, category_names in enumerate(names.values()):
            for name in category_names:
                if 2 <= len(name) <= MAX_LENGTH:
                    key = hash_name(name)
                    entries[key] = entries.get(key, 0) | (1 << bit)
        keys = sorted(entries)
        return cls(names, np.array(keys, np.uint64), np.array([entries[key] for key in keys], np.uint32))

    def match(self, codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
        """Codes below N_CODES, shape (len(codes), len(categories)); a longer name hides a shorter one."""
        out = np.zeros((len(codes), len(self.categories)), dtype=np.uint8)
        if not len(self.hashes):
            return out
        rolling = codes.astype(np.uint64)
        base = rolling
        for length in range(2, MAX_LENGTH + 1):
            if len(codes) < length:
                break
            rolling = rolling[:-1] * _PRIME + base[length - 1 :]
            mixed = rolling * _MIX
            mixed ^= mixed >> np.uint64(29)
            mixed *= _PRIME
            starts = np.flatnonzero(self._filter[(mixed >> np.uint64(64 - _FILTER_BITS)).astype(np.int64)])
            if not len(starts):
                continue
            found = mixed[starts]
            index = np.searchsorted(self.hashes, found)
            index[index == len(self.hashes)] = 0
            hit = self.hashes[index] == found
            starts, masks = starts[hit], self.masks[index[hit]]
            for bit in range(len(self.categories)):
                at = starts[(masks >> np.uint32(bit)) & np.uint32(1) == 1]
                if not len(at):
                    continue
                first = 1 + 3 * int(_LENGTH_CLASS[length])
                for offset in range(1, length - 1):
                    out[at + offset, bit] = first + 1
                out[at, bit] = first
                out[at + length - 1, bit] = first + 2
        return out

    def categories_of(self, name: str) -> set[str]:
        """The categories that list a name."""
        key = np.uint64(hash_name(name))
        place = int(np.searchsorted(self.hashes, key))
        if place == len(self.hashes) or self.hashes[place] != key:
            return set()
        return {category for bit, category in enumerate(self.categories) if int(self.masks[place]) >> bit & 1}

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        names = np.frombuffer("\n".join(self.categories).encode(), dtype=np.uint8)
        return {"lexicon.categories": names, "lexicon.hashes": self.hashes, "lexicon.masks": self.masks}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        names = arrays["lexicon.categories"].tobytes().decode()
        return cls(names.split("\n") if names else (), arrays["lexicon.hashes"], arrays["lexicon.masks"])


def hash_name(name: str) -> int:
    """The hash of a whole name, equal to what `Lexicon.match` rolls over a text."""
    value = 0
    for char in name:
        value = (value * int(_PRIME) + ord(char)) & 0xFFFFFFFFFFFFFFFF
    value = (value * int(_MIX)) & 0xFFFFFFFFFFFFFFFF
    value ^= value >> 29
    return (value * int(_PRIME)) & 0xFFFFFFFFFFFFFFFF
