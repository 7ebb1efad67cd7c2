"""The table of divisions, zones, countries and macro-regions, with the surface forms that name them."""

from __future__ import annotations

import csv
import re
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from projner.errors import Errors

_MAGIC = b"PRG1"
_PACKED = Path(__file__).parent.parent / "data" / "gazetteer.bin"

LEVELS = ("country", "province", "city", "county", "town", "village", "zone", "macro")
_LEVEL_CODES = {
    "N": "country",
    "P": "province",
    "C": "city",
    "A": "county",
    "W": "town",
    "V": "village",
    "Z": "zone",
    "M": "macro",
}
_LEVEL_LETTERS = {level: letter for letter, level in _LEVEL_CODES.items()}
_CODE = re.compile(r"\d{6}$|[A-Z]{2}$")
_TOWNS = 1 << 24  # rows from here on are places in `town_rows`
_NO_CODE = "--"
_HEADER = frozenset(("name", "level", "code", "parent", "aliases", "former"))


class Gazetteer:
    """Divisions from country to town, addressed by row number (int).

    Rows above the towns lie in parallel lists; the 40,000 towns lie in one sorted list of strings and are
    taken apart
    when they are asked for, which keeps loading short. Use `name`, `level`, `parent`, `code` and `path`
    for any row.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self.levels: list[str] = []
        self.codes: list[str] = []
        self.parents: list[int] = []
        self.town_rows: list[str] = []  # "stem/generic:row of the county", sorted
        self._town_heads: set[str] = set()
        self.known_towns: set[int] = set()  # the one that news means where several have the name
        self.index: dict[str, list[int]] = {}
        self.former: dict[str, list[int]] = {}
        self.years: dict[tuple[str, int], str] = {}
        self.media: dict[str, int] = {}
        self.generic_zones: dict[tuple[int, str], int] = {}
        self.by_code: dict[str, int] = {}
        self.simplified: dict[int, str] = {}
        self.extended = False
        self.cache: dict[str, Any] = {}
        self._paths: dict[int, tuple[int, ...]] = {}
        self._lines: list[str] = []

    # Reading and writing

    @classmethod
    def load(cls) -> Gazetteer:
        """The table that ships with projner, read once a process (some 30 ms); extend a `copy()` of it."""
        return _shipped()

    @classmethod
    def from_lines(cls, lines: Iterable[str]) -> Gazetteer:
        """A table from packed lines, the form that `training/build_gazetteer.py` writes."""
        self = cls()
        for line in lines:
            self._add(line)
        return self

    @classmethod
    def from_bytes(cls, data: bytes) -> Gazetteer:
        """The table that `to_bytes` gave. Raises P201 for anything else."""
        try:
            if data[:4] != _MAGIC:
                raise ValueError
            lines = zlib.decompress(data[5:]).decode("utf8").split("\n")
        except (ValueError, zlib.error):
            raise Errors.P201.format() from None
        self = cls.from_lines(lines)
        self.extended = data[4:5] == b"x"
        return self

    def to_bytes(self) -> bytes:
        """The whole table, added rows included, compressed."""
        return (
            _MAGIC
            + (b"x" if self.extended else b"-")
            + zlib.compress("\n".join(self._lines).encode("utf8"), 9)
        )

    @classmethod
    def from_disk(cls, path: str | Path) -> Gazetteer:
        """The table in a file written by `to_disk`."""
        return cls.from_bytes(Path(path).read_bytes())

    def to_disk(self, path: str | Path) -> None:
        """Write the whole table, added rows included, to a file."""
        Path(path).write_bytes(self.to_bytes())

    def copy(self) -> Gazetteer:
        """An independent table with the same rows."""
        other = Gazetteer.from_lines(self._lines)
        other.extended = self.extended
        return other

    def _add(self, line: str) -> None:
        kind, *fields = line.split("\t")
        if kind == "TOWNS":
            self.town_rows = fields
            self._town_heads = {entry[:2] for entry in fields}
        elif kind in _LEVEL_CODES:
            parent, code, name, aliases = int(fields[0]), fields[1], fields[2], fields[3]
            row = len(self.names)
            self.names.append(name)
            self.levels.append(_LEVEL_CODES[kind])
            self.codes.append(code)
            self.parents.append(parent)
            if code:
                self.by_code.setdefault(code, row)
            self.index.setdefault(name, []).append(row)
            for alias in aliases.split("|") if aliases else ():
                if alias[0] == "@":
                    self.generic_zones.setdefault((parent, alias[1:]), row)
                elif row not in self.index.setdefault(alias, []):
                    self.index[alias].append(row)
        elif kind == "F":
            row, year = int(fields[0]), fields[2]
            for surface in fields[1].split("|"):
                if row not in self.former.setdefault(surface, []):
                    self.former[surface].append(row)
                self.years[surface, row] = year
        elif kind == "K":
            self.known_towns.update(bisect_left(self.town_rows, entry) + _TOWNS for entry in fields)
        elif kind == "J":
            self.media[fields[1]] = int(fields[0])
        elif kind == "S":
            self.simplified.update((ord(t), s) for t, s in zip(fields[0], fields[1], strict=True))
        self._lines.append(line)

    # Adding rows

    def extend(self, rows: Iterable[Mapping[str, str]] | str | Path) -> int:
        """Add rows of one's own; returns how many.

        Args:
            rows: mappings, or a UTF-8 CSV file, with the columns name, level (one of province, city,
                county, town,
                village, zone, macro, country), code (six digits or ISO alpha-2; may be empty), parent
                (the code or the unique
                name of the division it lies in; may be empty), aliases and former (names separated by "|").

        Raises:
            ProjnerError: P202 unknown column, P203 bad level, P204 parent unknown or not unique, P205 bad
                code,
                P206 no name.
        """
        if isinstance(rows, str | Path):
            with open(rows, encoding="utf-8-sig", newline="") as handle:
                return self.extend(list(csv.DictReader(handle)))
        lines: list[str] = []
        for number, mapping in enumerate(rows, 1):
            unknown = set(mapping) - _HEADER
            if unknown:
                raise Errors.P202.format(row=number, columns=", ".join(sorted(map(str, unknown))))
            values = {key: (mapping.get(key) or "").strip() for key in _HEADER}
            if not values["name"] or any(c in values["name"] for c in "\t\n|"):
                raise Errors.P206.format(row=number)
            letter = _LEVEL_LETTERS.get(values["level"])
            if letter is None:
                raise Errors.P203.format(row=number, level=values["level"])
            code = values["code"]
            if code and not _CODE.match(code):
                raise Errors.P205.format(row=number, code=code)
            parent = -1
            if values["parent"]:
                found = self.resolve(values["parent"])
                if found is None:
                    raise Errors.P204.format(row=number, parent=values["parent"])
                parent = found
            lines.append("\t".join((letter, str(parent), code, values["name"], values["aliases"])))
            self._add(lines[-1])
            if values["former"]:
                self._add("\t".join(("F", str(len(self.names) - 1), values["former"], "")))
        self.extended = self.extended or bool(lines)
        self.cache.clear()
        return len(lines)

    def resolve(self, place: str) -> int | None:
        """The row of a code (220500) or of a name that only one division has (通化市); None where there
        is none."""
        if place in self.by_code:
            return self.by_code[place]
        rows: Sequence[int] = self.index.get(place) or self.former.get(place) or self.towns(place)
        if (
            len(rows) > 1
        ):  # the whole official name goes before a short form, the higher level before the lower
            exact = [row for row in rows if self.name(row) == place]
            top = min(LEVELS.index(self.level(row)) for row in rows)
            rows = exact if len(exact) == 1 else [row for row in rows if LEVELS.index(self.level(row)) == top]
        return rows[0] if len(rows) == 1 else None

    # Looking up

    def name(self, row: int) -> str:
        """The official name."""
        if row < _TOWNS:
            return self.names[row]
        return self.town_rows[row - _TOWNS].partition(":")[0].replace("/", "", 1)

    def level(self, row: int) -> str:
        """One of LEVELS."""
        return self.levels[row] if row < _TOWNS else "town"

    def parent(self, row: int) -> int:
        """The row that this one lies in; -1 at the top."""
        return self.parents[row] if row < _TOWNS else int(self.town_rows[row - _TOWNS].partition(":")[2])

    def towns(self, surface: str) -> tuple[int, ...]:
        """The towns that a name or a name without its generic (鸭园 for 鸭园镇) may mean."""
        if surface[:2] not in self._town_heads:
            return ()
        table: list[str] = self.town_rows
        rows: list[int] = []
        longest = 9 if surface.endswith("乡") else 3  # 镇, 街道, 苏木; 满族乡, 彝族苗族乡
        for cut in range(longest):
            stem, generic = (surface[: len(surface) - cut], surface[len(surface) - cut :])
            if len(stem) < 2:
                break
            for mark in ("/", ":") if not cut else ("/",):
                key = stem + mark
                at = bisect_left(table, key)
                while at < len(table) and table[at].startswith(key):
                    if not cut or table[at].startswith(generic + ":", len(key)):
                        rows.append(at + _TOWNS)
                    at += 1
        return tuple(rows)

    def code(self, row: int) -> str | None:
        """The code of the contract: its own, or that of the smallest division with one that contains it."""
        if row >= _TOWNS:
            row = self.parent(row)
        if self.levels[row] == "macro":
            return None
        while row >= 0:
            code = self.codes[row]
            if code:
                return code if code != _NO_CODE else None
            row = self.parents[row]
        return None

    def path_rows(self, row: int) -> tuple[int, ...]:
        """The rows from the top down to this one."""
        found = self._paths.get(row)
        if found is None:
            upper = self.parent(row)
            found = self._paths[row] = (*self.path_rows(upper), row) if upper >= 0 else (row,)
        return found

    def path(self, row: int) -> tuple[str, ...]:
        """Official names from province (or country, abroad) down to the row itself."""
        return tuple(self.name(r) for r in self.path_rows(row))

    def contains(self, upper: int, row: int) -> bool:
        """True where `row` is `upper` or lies in it."""
        return upper in self.path_rows(row)

    def surfaces(self) -> Iterator[tuple[str, str]]:
        """Every surface form with the level it names: official, short and former names, zones, countries,
        macro-regions; a form that names several levels comes once for each, a town's once a division."""
        for table in (self.index, self.former):
            for surface, rows in table.items():
                for level in sorted({self.levels[row] for row in rows}):
                    yield surface, level
        for entry in self.town_rows:
            name = entry.partition(":")[0]
            stem, slash, generic = name.partition("/")
            yield stem + generic, "town"
            if slash:
                yield stem, "town"


@lru_cache(maxsize=1)
def _shipped() -> Gazetteer:
    return Gazetteer.from_bytes(_PACKED.read_bytes())
