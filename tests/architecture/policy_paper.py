"""Draws docs/policy.md: every key of a city's files with its meaning, and where the shipped cities differ."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import time
from functools import cache
from typing import Any

from hotline import packs
from tests.architecture.drawn import first_line, page, table
from tests.architecture.meanings import MEANINGS

# Sections of a rulebook, the file that they stand in, and their shape.
SECTIONS: Mapping[str, tuple[str, str]] = {
    "numbering": ("city.toml", "numbering"),
    "callback": ("city.toml", "callback"),
    "handling": ("city.toml", "handling"),
    "extension": ("city.toml", "extension"),
    "intake": ("city.toml", "intake"),
    "clocks": ("clocks.toml", ""),
    "calendar": ("calendar.toml", ""),
}
_TABLE = re.compile(r"\[([\w.]+)\]")
_VALUE = re.compile(r"(\w+) = (.*?)(?:\s+# (.*))?")


def policy() -> str:
    """The whole paper."""
    from hotline.packs import city, rules, settings, tables, times, timing

    shapes = [
        thing
        for source in (rules, times, city)
        for thing in _shapes(source)
        if thing not in (rules.Rulebook, city.City)
    ]
    parts: list[Iterable[str]] = [
        ["## A city", "", "What the files of a city say together; `_base` says what a city does not.", ""],
        table(("key", "holds", "meaning"), _fields(city.City)),
        ["## Values of city.toml and clocks.toml that every city has", ""],
        table(("key", "in `_base`", "meaning"), ((f"`{k}`", f"`{v}`", m) for k, (v, m) in common_values().items())),
        ["## Which limit an order gets", "", *_CHOICE],
        ["## Where the two shipped cities differ", "", _INTRO, ""],
        table(("key", "云江", "常德", "云江 follows", "常德 follows"), _differences()),
        ["### Their limits", "", "Rules that both have from `_base` or from their province are left out.", ""],
        table(("city", "rule", "clock", "holds for", "limit", "source"), _limits()),
        ["## Shapes"],
    ]
    for shape in shapes:
        parts += [
            [f"### {shape.__name__}", "", first_line(shape), ""],
            table(("key", "holds", "meaning"), _fields(shape)),
        ]
    columns = {name: value for name, value in vars(tables).items() if name.endswith("_COLUMNS")}
    parts += [
        ["## Columns of the CSV files", ""],
        table(
            ("rows of", "columns"),
            ((name.removesuffix("_COLUMNS").lower(), ", ".join(columns[name])) for name in sorted(columns)),
        ),
        ["## Words that a key may hold", ""],
        table(("list", "words"), sorted(set(_words(rules, times, city, settings, timing, tables)))),
    ]
    return page(
        "The policy of a city 城市政策",
        "Everything on which cities differ is a key here, never an `if` in the code "
        "([ADR 3](adr/0003-policy-as-data.md)). Files lie in `hotline/cities/<city>/`, in layers: `_base`, then the "
        "province that the city names (`province_pack`), then the city. A row with a known code replaces that of the "
        "layer below, a new code adds one; named values of TOML files replace each other name by name, and "
        '`limit = "none"` drops a rule. The scale of answers, office hours and duty hours are replaced as a whole; who '
        "a city is, its areas and its units are never taken from the province. "
        "`hotline check` names file, line and remedy of every fault.",
        *parts,
    )


_CHOICE = (
    "1. Of the rules without an urgency that hold for the order, the most particular one: matter (the longer code) "
    "before channel before level before kind.",
    '2. For an urgent order the most particular rule with `urgency = "urgent"` as well; for a critical one that with '
    "`critical`, too, since what is critical is urgent.",
    "3. The shortest of these holds. So a rule for urgent orders never lengthens anything and is said once, for all "
    "channels and levels; a matter whose own limit is long needs no word about urgency either.",
    "",
    "Limits of different units are compared by what they take on the average: office time as a share of seven days, "
    "duty hours as a share of the day, and a limit in days half a day shorter where the day of receipt counts, half a "
    "day longer where it does not. So the rule is the same at every hour of the call, and can be read off this table. "
    "Around holidays the average may be wrong by some hours; a city that minds gives its urgent rules in plain hours.",
    "",
    "Where nothing more particular than kind or urgency decided a reply limit in working days, and `matter_days` is "
    "`shorter`, the matter's own days take its place when they are fewer.",
)
_INTRO = (
    "Both are illustrative and speak for nobody; each says which kind of city rule it follows. `yunjiang` (云江) is "
    "invented, `changde` (常德) has the public names of a real city and invented rules. Their province in the "
    "demonstration, `shifan` (示范省), is invented too."
)


def differing(one: packs.City, other: packs.City) -> list[str]:
    """The keys of their rulebooks on which two cities differ, in the order of the sections."""
    found = []
    for section in SECTIONS:
        mine, theirs = getattr(one, section), getattr(other, section)
        for each in dataclasses.fields(mine):
            if getattr(mine, each.name) != getattr(theirs, each.name):
                found.append(f"{section}.{each.name}")
    return found + (["grids.digits"] if one.grid_digits != other.grid_digits else [])


@cache
def common_values() -> dict[str, tuple[str, str]]:
    """The keys of `_base` by section and name: the value as it is written, and its comment."""
    found = {}
    for section, (file, header) in {**SECTIONS, "grids": ("city.toml", "grids")}.items():
        here = ""
        for line in (packs.CITIES / "_base" / file).read_text(encoding="utf-8").splitlines():
            if match := _TABLE.fullmatch(line):
                here = match[1]
            elif here == header and (match := _VALUE.fullmatch(line)) and match[1] != "source":
                found[f"{section}.{match[1]}"] = (match[2], match[3] or "")
    return found


def _differences() -> Iterator[Sequence[str]]:
    one, other = packs.load("yunjiang"), packs.load("changde")
    for key in differing(one, other):
        if key not in ("clocks.rules", "clocks.source"):
            yield f"`{key}`", _at(one, key), _at(other, key), one.remarks.get(key, "—"), other.remarks.get(key, "—")


def _at(city: packs.City, key: str) -> str:
    section, _, name = key.partition(".")
    return _said(city.grid_digits if section == "grids" else getattr(getattr(city, section), name)) or "—"


def _said(value: Any) -> str:
    """A value as a person would write it."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, packs.Limit):
        return f"{value.amount} {value.unit}"
    if isinstance(value, packs.Satisfaction):
        return f"{value.name}{'' if value.satisfied else ' (not counted)'}"
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, tuple) and value and isinstance(value[0], time):
        return "–".join(map(_said, value))
    if isinstance(value, tuple):
        return ", ".join(map(_said, value))
    return str(value)


def _limits() -> Iterator[Sequence[str]]:
    for folder, beside in (("yunjiang", "changde"), ("changde", "yunjiang")):
        city, others = packs.load(folder), packs.load(beside).clocks.rules
        for name, rule in city.clocks.rules.items():
            if rule != others.get(name):
                given = (rule.matter, rule.channel, rule.level, rule.urgency, rule.kind)
                holds = ", ".join(word for word in given if word) or "every order"
                yield city.name, f"`{name}`", rule.clock, holds, _said(rule.limit), rule.source or "`_base`"


def _shapes(source: types.ModuleType) -> list[type]:
    kinds = [thing for thing in vars(source).values() if isinstance(thing, type) and dataclasses.is_dataclass(thing)]
    return [kind for kind in kinds if kind.__module__ == source.__name__]


def _fields(shape: Any) -> Iterator[tuple[str, str, str]]:
    hints = typing.get_type_hints(shape)
    for field in dataclasses.fields(shape):
        meant = MEANINGS.get(f"{shape.__name__}.{field.name}") or common_meaning(shape.__name__, field.name)
        inner = [part for part in _leaves(hints[field.name]) if dataclasses.is_dataclass(part)]
        yield f"`{field.name}`", _kind(hints[field.name]), meant or (first_line(inner[-1]) if inner else "—")


def common_meaning(shape: str, name: str) -> str:
    """What the comment in `_base` says of a key."""
    return common_values().get(f"{shape.lower()}.{name}", ("", ""))[1]


def _kind(hint: Any) -> str:
    """A type in words: "list of Exit by str"."""
    inside = [_kind(part) for part in typing.get_args(hint) if part is not Ellipsis]
    origin = typing.get_origin(hint)
    if origin is None:
        name = str(hint.__name__)
        return {"str": "text", "bool": "yes or no", "int": "whole number"}.get(name, name)
    if origin is tuple:
        return "list of " + " and ".join(dict.fromkeys(inside))
    if isinstance(origin, type) and issubclass(origin, dict | Mapping):
        return f"{inside[1]} by {inside[0]}"
    return " or ".join(inside).replace("NoneType", "nothing")


def _leaves(hint: Any) -> list[Any]:
    parts = typing.get_args(hint)
    return [leaf for part in parts for leaf in _leaves(part)] if parts else [hint]


def _words(*sources: types.ModuleType) -> Iterator[tuple[str, str]]:
    for source in sources:
        for name, value in vars(source).items():
            if name.isupper() and not name.endswith("_COLUMNS") and isinstance(value, tuple):
                yield name.lower().replace("_", " "), ", ".join(map(str, value))
