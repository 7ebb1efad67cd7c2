"""What goes into a project record and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from projner.errors import Errors

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from projner.company import Company
    from projner.money import Amount
    from projner.region import Region

Span = tuple[int, int]
STAGES = ("签约", "开工", "在建", "投产")


@dataclass(frozen=True, slots=True)
class Entity:
    """A REGION, COMPANY or MONEY span as far as records need its meaning.

    `key` is the same for all mentions of one division (its path) or of one company; `role` is the role of
    an amount.
    """

    start: int
    end: int
    label: str
    key: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A project named at text[start:end], a `group` of `count`, or a `phase` with an amount of its own."""

    start: int
    end: int
    count: int = 1
    group: bool = False
    phase: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A project by offsets: `regions`, `companies` and the values of `amounts` are indexes of entities,
    quantities, mentions and sentences are (start, end) in code points."""

    name: str
    count: int
    start: int
    end: int
    regions: tuple[int, ...] = ()
    companies: tuple[int, ...] = ()
    amounts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    quantities: tuple[Span, ...] = ()
    stage: str | None = None
    sentences: tuple[Span, ...] = ()
    mentions: tuple[Span, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of the contract, with `mentions` beside it."""
        return {
            "name": self.name,
            "count": self.count,
            "start": self.start,
            "end": self.end,
            "regions": list(self.regions),
            "companies": list(self.companies),
            "amounts": {role: list(indexes) for role, indexes in self.amounts.items()},
            "quantities": [list(span) for span in self.quantities],
            "stage": self.stage,
            "sentences": [list(span) for span in self.sentences],
            "mentions": [list(span) for span in self.mentions],
        }


@dataclass(frozen=True, slots=True)
class Project:
    """A project, or a group of `count` projects, that a document tells of.

    `name` is as written, text[start:end]; `amounts` go by role; `quantities` say its size in the words of
    the text (占地110亩); `stage` is one of 签约, 开工, 在建, 投产 or None; `sentences` and `mentions` are
    (start, end) in code points.
    """

    name: str
    count: int
    regions: tuple[Region, ...]
    companies: tuple[Company, ...]
    amounts: Mapping[str, tuple[Amount, ...]]
    quantities: tuple[str, ...]
    stage: str | None
    start: int
    end: int
    sentences: tuple[Span, ...]
    mentions: tuple[Span, ...] = ()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], doc: Doc) -> Project:
        """A stored record with its indexes resolved against the entities of its document.

        Raises:
            ProjnerError: P401 where a field is missing or an index leads nowhere.
        """
        try:
            ents = doc.ents
            regions = [ents[i]._.region for i in data["regions"]]
            companies = [ents[i]._.company for i in data["companies"]]
            amounts = {role: [ents[i]._.amount for i in ids] for role, ids in data["amounts"].items()}
            return cls(
                name=data["name"],
                count=data["count"],
                regions=tuple(r for r in regions if r is not None),
                companies=tuple(c for c in companies if c is not None),
                amounts={role: tuple(a for a in found if a is not None) for role, found in amounts.items()},
                quantities=tuple(doc.text[start:end] for start, end in data["quantities"]),
                stage=data["stage"],
                start=data["start"],
                end=data["end"],
                sentences=_spans(data["sentences"]),
                mentions=_spans(data.get("mentions") or ()),
            )
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise Errors.P401.format(problem=repr(error)) from error

    def to_dict(self) -> dict[str, Any]:
        """The project with its regions, companies and amounts written out, for reading by itself."""
        return {
            "name": self.name,
            "count": self.count,
            "start": self.start,
            "end": self.end,
            "regions": [region.to_dict() for region in self.regions],
            "companies": [company.to_dict() for company in self.companies],
            "amounts": {role: [a.to_dict() for a in found] for role, found in self.amounts.items()},
            "quantities": list(self.quantities),
            "stage": self.stage,
            "sentences": [list(span) for span in self.sentences],
            "mentions": [list(span) for span in self.mentions],
        }


def _spans(data: Any) -> tuple[Span, ...]:
    return tuple((int(start), int(end)) for start, end in data)
