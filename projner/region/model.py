"""The result of linking: one division, or what it could be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Region:
    """What a mention of a place means.

    Attributes:
        code: GB/T 2260 (six digits) or ISO 3166-1 alpha-2; None where the text leaves it open, for
            macro-regions and for places inside foreign countries.
        name: today's official name; the text itself where the place is unknown or open.
        level: country, province, city, county, town, village, zone or macro; None where it is open.
        path: today's official names from the province (abroad: the country) down to the place itself.
        former: the name as written where it is a former one.
        candidates: what else it could be, as Regions with code, name, level and path.
        notes: name_out_of_date (a former name, or one under its former generic), generic_corrected (the
            stem is right, the generic is not), path_corrected (the chain is not as the divisions lie
            today), from_context (a place of no table, put where the text is), by_level (only the level
            spoke for it), ambiguous (left open), unknown.
    """

    code: str | None
    name: str
    level: str | None
    path: tuple[str, ...] = ()
    former: str | None = None
    candidates: tuple[Region, ...] = ()
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of the contract."""
        return {
            "code": self.code,
            "name": self.name,
            "level": self.level,
            "path": list(self.path),
            "former": self.former,
            "candidates": [
                {"code": c.code, "name": c.name, "level": c.level, "path": list(c.path)}
                for c in self.candidates
            ],
            "notes": list(self.notes),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Region:
        """The Region that `to_dict` wrote."""
        return cls(
            code=data["code"],
            name=data["name"],
            level=data["level"],
            path=tuple(data["path"]),
            former=data.get("former"),
            candidates=tuple(
                cls(code=c["code"], name=c["name"], level=c["level"], path=tuple(c["path"]))
                for c in data.get("candidates", ())
            ),
            notes=tuple(data.get("notes", ())),
        )
