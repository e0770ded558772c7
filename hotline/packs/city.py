"""The shapes of a city: its divisions, units, examples and knowledge, beside its rulebook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hotline.packs.rules import Rulebook
from hotline.packs.times import CalendarTable

AUTHORITY_LEVELS = ("city", "province")
AREA_LEVELS = ("province", "city", "county", "town", "community")
UNIT_LEVELS = ("province", "city", "county", "town", "community", "grid", "supplier")


@dataclass(frozen=True, slots=True)
class Area:
    """A division: province, city, county, town or community; codes are text."""

    code: str
    name: str
    name_en: str
    level: str
    parent_code: str
    note: str


@dataclass(frozen=True, slots=True)
class Unit:
    """An answerable unit; `parent_code` is empty at the top, suppliers serve `service_area_codes`."""

    code: str
    name: str
    name_en: str
    role_code: str
    level: str
    kind: str
    area_code: str
    parent_code: str
    service_area_codes: tuple[str, ...]
    phone: str
    illustrative: bool
    note: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A written example of how people say a matter, with `{slot}`s; for demonstration and tests, not a sample."""

    matter_code: str
    register: str
    kind: str
    text: str
    extra_matter_code: str


@dataclass(frozen=True, slots=True)
class ReplyExample:
    """A written example of a unit's reply, good or bad, and why."""

    matter_code: str
    quality: str
    label: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class KnowledgeEntry:
    """A question people ask and its answer; an owner confirms it every `review_months`."""

    question: str
    alternatives: tuple[str, ...]
    answer: str
    matter_code: str
    owner_role: str
    audience: str
    valid_from: date
    review_months: int
    source_type: str


@dataclass(frozen=True, kw_only=True)
class City(Rulebook):
    """A city as its files describe it: its rulebook, divisions, units, examples and knowledge.

    `level` is city or province; `above` is the province whose platform it belongs to here, when there is one.
    """

    folder: str
    code: str
    name: str
    name_en: str
    province_code: str
    province: str
    fictional: bool
    areas: tuple[Area, ...]
    units: tuple[Unit, ...]
    calendar: CalendarTable
    shapes: Path | None
    phrases: tuple[Phrase, ...] = ()
    replies: tuple[ReplyExample, ...] = ()
    knowledge: tuple[KnowledgeEntry, ...] = ()
    level: str = "city"
    above: City | None = None

    @property
    def grids(self) -> tuple[Unit, ...]:
        """The units that are grids."""
        return tuple(unit for unit in self.units if unit.level == "grid")
