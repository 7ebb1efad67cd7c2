"""What a company is in a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from projner.errors import Errors


@dataclass(frozen=True, slots=True)
class Company:
    """A company, equal for all its mentions in a document.

    `name` is its fullest name there (or the name in a list of one's own), `short` the short form that the
    text itself uses, None where it uses none. `mentions` are (start, end) in code points, in order; `id`
    comes from a list of one's own.
    """

    name: str
    short: str | None = None
    mentions: tuple[tuple[int, int], ...] = ()
    id: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """A JSON object: name, short, id, mentions as [start, end]."""
        return {
            "name": self.name,
            "short": self.short,
            "id": self.id,
            "mentions": [list(mention) for mention in self.mentions],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Company:
        """The way back from `to_dict`; `mentions` may be missing, as in the rows of the contract.

        Raises:
            ProjnerError: P301 where a field is missing or malformed.
        """
        try:
            mentions = tuple((int(start), int(end)) for start, end in data.get("mentions") or ())
            return cls(data["name"], data["short"], mentions, data["id"])
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Errors.P301.format(problem=repr(error)) from error
