"""A user's own list of companies: names, aliases and ids such as the unified social credit code
(统一社会信用代码)."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from projner.company.names import fold
from projner.errors import Errors

_COLUMNS = {"name", "aliases", "id"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One company of a list; `id` is None where the list gives none."""

    name: str
    aliases: tuple[str, ...] = ()
    id: str | None = None


@dataclass(frozen=True)
class CompanyList:
    """Entries, found by name or alias in any width, case or kind of brackets."""

    entries: tuple[Entry, ...] = ()
    _index: dict[str, Entry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index: dict[str, Entry] = {}
        for entry in self.entries:
            for surface in (entry.name, *entry.aliases):
                other = index.setdefault(fold(surface), entry)
                if other is not entry:
                    raise Errors.P304.format(alias=surface, first=other.name, second=entry.name)
        object.__setattr__(self, "_index", index)

    def __len__(self) -> int:
        return len(self.entries)

    def find(self, name: str) -> Entry | None:
        """The entry that has this name or alias, or None."""
        return self._index.get(fold(name))

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str | None]]) -> CompanyList:
        """A list from mappings with the columns name, aliases (separated by "|") and id; the latter two may
        be empty.

        Raises:
            ProjnerError: P302 a row without a name, P303 a missing or unknown column, P304 an alias of two
                companies.
        """
        entries = []
        for number, row in enumerate(rows, 1):
            if "name" not in row or set(row) - _COLUMNS:
                raise Errors.P303.format(columns=", ".join(map(str, row)))
            name = (row["name"] or "").strip()
            if not name:
                raise Errors.P302.format(row=number)
            aliases = tuple(a.strip() for a in (row.get("aliases") or "").split("|") if a.strip())
            entries.append(Entry(name, aliases, (row.get("id") or "").strip() or None))
        return cls(tuple(entries))

    @classmethod
    def from_csv(cls, path: str | Path) -> CompanyList:
        """A list from a CSV file in UTF-8, with or without a byte order mark.

        Raises:
            ProjnerError: as `from_rows`, and P305 where the file cannot be read.
        """
        try:
            with open(path, encoding="utf-8-sig", newline="") as handle:
                rows = list(csv.DictReader(handle))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise Errors.P305.format(path=path, problem=error) from error
        return cls.from_rows(rows)

    def to_bytes(self) -> bytes:
        """The whole list as JSON."""
        rows = [{"name": e.name, "aliases": list(e.aliases), "id": e.id} for e in self.entries]
        return json.dumps(rows, ensure_ascii=False, indent=1).encode("utf-8")

    @classmethod
    def from_bytes(cls, data: bytes) -> CompanyList:
        """The list that `to_bytes` gave. Raises P306 for anything else."""
        try:
            rows = json.loads(data.decode("utf-8"))
            return cls(tuple(Entry(row["name"], tuple(row["aliases"]), row["id"]) for row in rows))
        except (ValueError, KeyError, TypeError) as error:
            raise Errors.P306.format(problem=error) from error
