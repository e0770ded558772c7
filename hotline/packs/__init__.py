"""Reads a city's files: every fault at once, each with file, line and remedy.

A city is a folder of `hotline/cities`; what it does not say itself stands in its province's folder, if it names one,
and then in `_base`. Rows with a known code and named TOML values replace those of the layers below. Codes are text
throughout. Nothing here touches the database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from hotline.packs import checks, city_checks, settings, tables, timing
from hotline.packs.city import Area, City, KnowledgeEntry, Phrase, ReplyExample, Unit
from hotline.packs.faults import Faults, PackError, PackFault, Place
from hotline.packs.rules import (
    KINDS,
    Callback,
    Channel,
    Exit,
    Extension,
    Handling,
    Intake,
    Line,
    Matter,
    Numbering,
    Role,
    Route,
    Rulebook,
    Satisfaction,
    Template,
    Urgency,
)
from hotline.packs.sources import BASE, PROVINCE, Sources, said
from hotline.packs.tables import Placed
from hotline.packs.times import (
    CLOCK_KINDS,
    LIMIT_UNITS,
    CalendarTable,
    CalendarYear,
    ClockRule,
    Clocks,
    Limit,
    PublicDays,
)
from hotline.refusal import N_

__all__ = [
    "CITIES",
    "CLOCK_KINDS",
    "KINDS",
    "LIMIT_UNITS",
    "Area",
    "CalendarTable",
    "CalendarYear",
    "Callback",
    "Channel",
    "City",
    "ClockRule",
    "Clocks",
    "Exit",
    "Extension",
    "Handling",
    "Intake",
    "KnowledgeEntry",
    "Limit",
    "Line",
    "Matter",
    "Numbering",
    "PackError",
    "PackFault",
    "Phrase",
    "PublicDays",
    "ReplyExample",
    "Role",
    "Route",
    "Rulebook",
    "Satisfaction",
    "Template",
    "Unit",
    "Urgency",
    "cities",
    "load",
    "provinces",
]

CITIES = Path(__file__).parent.parent / "cities"
_FOLDER = re.compile(r"[a-z][a-z0-9_-]*")
Shape = TypeVar("Shape", Role, Matter, Channel)


def cities(root: Path | None = None) -> tuple[str, ...]:
    """The folders of cities that can be loaded, by name."""
    return tuple(name for name, level in _folders(root) if level != PROVINCE)


def provinces(root: Path | None = None) -> tuple[str, ...]:
    """The folders of provinces, by name: they can be loaded like cities, and cities come with theirs."""
    return tuple(name for name, level in _folders(root) if level == PROVINCE)


def _folders(root: Path | None) -> list[tuple[str, str]]:
    found = sorted(path for path in (root or CITIES).iterdir() if path.is_dir() and _FOLDER.fullmatch(path.name))
    return [(path.name, said(path, "level")) for path in found]


def load(city: str, root: Path | None = None) -> City:
    """The city whose files lie in the folder `city` of `root` (the shipped cities, if none), with its province.

    Raises `PackError` with every fault of every file.
    """
    folder = root or CITIES
    faults = Faults()
    if not _FOLDER.fullmatch(city) or not (folder / city).is_dir():
        known = "、".join(cities(folder))
        faults.add(
            Place(city, 0), N_("没有这个城市的文件夹。"), N_("请从以下城市中选择：%(known)s。"), known=known or BASE
        )
        faults.raise_if_any()
    sources = Sources(folder, city, faults)
    above = [_read(Sources(folder, province, faults), faults) for province in sources.folders[1:-1]]
    loaded = _read(sources, faults)
    faults.raise_if_any()
    return replace(loaded, above=above[0]) if above else loaded


def _read(sources: Sources, faults: Faults) -> City:
    basics, top = settings.city(sources)
    roles, matters, channels = tables.roles(sources), tables.matters(sources), tables.channels(sources)
    lines, areas, units = tables.lines(sources), tables.areas(sources), tables.units(sources)
    rules, rule_tables, clocks_top = timing.clocks(sources)
    templates, template_tables = settings.templates(sources)
    role_of, matter_of, channel_of = _by_code(roles), _by_code(matters), _by_code(channels)
    area_codes = {area.code for area, _row in areas}
    checks.roles(roles)
    checks.matters(matters, role_of)
    checks.channels(channels, top)
    checks.lines(lines, role_of)
    checks.clocks(rules, rule_tables, clocks_top, matter_of, channel_of)
    checks.templates(templates, template_tables)
    city_checks.units(units, area_codes, role_of)
    city = City(
        folder=sources.city,
        roles=role_of,
        matters=matter_of,
        channels=channel_of,
        lines=MappingProxyType({line.number: line for line, _row in lines}),
        exits=settings.exits(sources),
        clocks=rules,
        templates=templates,
        areas=tuple(area for area, _row in areas),
        units=tuple(unit for unit, _row in units),
        calendar=timing.calendar(sources),
        shapes=city_checks.shapes(sources.path("areas.geojson"), f"{sources.city}/areas.geojson", area_codes, faults),
        **basics,
    )
    checks.numbering(city.numbering, top)
    checks.extension(city.extension, top, matter_of)
    city_checks.areas(areas, city.code, city.level, top)
    city_checks.grids(units, city.grid_digits)
    if city.level == PROVINCE:  # it supervises: the cities' units handle, and the examples speak of them
        return city
    city_checks.answerable(matters, {unit.role_code for unit in city.units})
    return _with_examples(city, sources)


def _with_examples(city: City, sources: Sources) -> City:
    phrases, replies, entries = tables.phrases(sources), tables.replies(sources), tables.knowledge(sources)
    city_checks.phrases(phrases, city.matters)
    city_checks.replies(replies, city.matters)
    city_checks.knowledge(entries, city.matters, city.roles)
    return replace(
        city,
        phrases=tuple(phrase for phrase, _row in phrases),
        replies=tuple(reply for reply, _row in replies),
        knowledge=tuple(entry for entry, _row in entries),
    )


def _by_code(placed: Placed[Shape]) -> Mapping[str, Shape]:
    return MappingProxyType({shape.code: shape for shape, _row in placed})
