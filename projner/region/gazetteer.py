"""The table of divisions, zones, countries and macro-regions, with the surface forms that name them."""

from __future__ import annotations

import csv
import gc
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from projner.errors import Errors

_MAGIC = b"PRG1"
_PACKED = Path(__file__).parent.parent / "data" / "gazetteer.bin"

LEVELS = ("country", "province", "city", "county", "town", "village", "zone", "macro")
_LEVEL_CODES = {"N": "country", "P": "province", "C": "city", "A": "county", "T": "town", "Z": "zone", "M": "macro"}
_LEVEL_LETTERS = {level: letter for letter, level in _LEVEL_CODES.items()}
_CODE = re.compile(r"\d{6}$|[A-Z]{2}$")
_HEADER = frozenset(("name", "level", "code", "parent", "aliases", "former"))


class Gazetteer:
    """Divisions from country to town, addressed by row number (int).

    `names`, `levels`, `codes`, `parents` are parallel lists; a parent of -1 means none. `codes` holds a row's own
    code ("" where it has none); `code(row)` gives the code that the contract asks for.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self.levels: list[str] = []
        self.codes: list[str] = []
        self.parents: list[int] = []
        self.index: dict[str, list[int]] = {}
        self.towns: dict[str, tuple[int, ...]] = {}
        self.former: dict[str, list[int]] = {}
        self.years: dict[tuple[str, int], str] = {}
        self.media: dict[str, int] = {}
        self.generic_zones: dict[tuple[int, str], int] = {}
        self.by_code: dict[str, int] = {}
        self.simplified: dict[int, str] = {}
        self.extended = False
        self._lines: list[str] = []
        self.cache: dict[str, object] = {}

    # Reading and writing

    @classmethod
    def load(cls) -> Gazetteer:
        """The table that ships with projner, read once a process (about 60 ms); extend a `copy()` of it."""
        return _shipped()

    @classmethod
    def from_lines(cls, lines: Iterable[str]) -> Gazetteer:
        """A table from packed lines, the form that `training/build_gazetteer.py` writes."""
        self = cls()
        collecting = gc.isenabled()
        gc.disable()  # many small tuples, none of them garbage: half the time
        try:
            for line in lines:
                self._add(line)
        finally:
            if collecting:
                gc.enable()
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
        return _MAGIC + (b"x" if self.extended else b"-") + zlib.compress("\n".join(self._lines).encode("utf8"), 9)

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
        if kind == "T":  # the towns of one county
            parent = int(fields[0])
            row, towns = len(self.names), self.towns
            for item in fields[1].split(" "):
                stem, _, rest = item.partition("/")
                name = stem + rest
                self.names.append(name)
                for surface in (name, stem) if rest and len(stem) > 1 else (name,):
                    if surface in towns:
                        towns[surface] += (row,)
                    else:
                        towns[surface] = (row,)
                row += 1
            count = row - len(self.levels)
            self.levels += ["town"] * count
            self.codes += [""] * count
            self.parents += [parent] * count
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
        elif kind == "J":
            self.media[fields[1]] = int(fields[0])
        elif kind == "S":
            self.simplified.update((ord(t), s) for t, s in zip(fields[0], fields[1], strict=True))
        self._lines.append(line)

    # Adding rows

    def extend(self, rows: Iterable[Mapping[str, str]] | str | Path) -> int:
        """Add rows of one's own; returns how many.

        Args:
            rows: mappings, or a UTF-8 CSV file, with the columns name, level (one of province, city, county, town,
                zone, macro, country), code (six digits or ISO alpha-2; may be empty), parent (the code or the unique
                name of the division it lies in; may be empty), aliases and former (names separated by "|").

        Raises:
            ProjnerError: P202 unknown column, P203 bad level, P204 parent unknown or not unique, P205 bad code,
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
        """The row of a code (220500) or of a name that only one division has (通化市); None where there is none."""
        if place in self.by_code:
            return self.by_code[place]
        rows = list(self.index.get(place) or self.former.get(place) or self.towns.get(place) or ())
        if len(rows) > 1:  # a name that is the whole official one goes before a short form
            exact = [row for row in rows if self.names[row] == place]
            ranks = [LEVELS.index(self.levels[row]) for row in rows]
            top = [row for row, rank in zip(rows, ranks, strict=True) if rank == min(ranks)]
            rows = exact if len(exact) == 1 else top
        return rows[0] if len(rows) == 1 else None

    # Looking up

    def code(self, row: int) -> str | None:
        """The code of the contract: its own, or that of the smallest division with one that contains it."""
        if self.levels[row] == "macro":
            return None
        while row >= 0:
            code = self.codes[row]
            if code:
                return code if code != "--" else None
            row = self.parents[row]
        return None

    def path_rows(self, row: int) -> tuple[int, ...]:
        """The rows from the top down to this one."""
        rows: list[int] = []
        while row >= 0:
            rows.append(row)
            row = self.parents[row]
        return tuple(reversed(rows))

    def path(self, row: int) -> tuple[str, ...]:
        """Official names from province (or country, abroad) down to the row itself."""
        return tuple(self.names[r] for r in self.path_rows(row))

    def contains(self, upper: int, row: int) -> bool:
        """True where `row` is `upper` or lies in it."""
        while row >= 0:
            if row == upper:
                return True
            row = self.parents[row]
        return False

    def surfaces(self) -> Iterator[tuple[str, str]]:
        """Every surface form with the level it names: official, short and former names, zones, countries,
        macro-regions; a form that names several levels comes once for each."""
        tables: tuple[Mapping[str, Sequence[int]], ...] = (self.index, self.former, self.towns)
        for table in tables:
            for surface, rows in table.items():
                for level in sorted({self.levels[row] for row in rows}):
                    yield surface, level


@lru_cache(maxsize=1)
def _shipped() -> Gazetteer:
    return Gazetteer.from_bytes(_PACKED.read_bytes())
