"""What rows must agree on with each other and with what is there: superiors, levels, places, duties. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from hotline.organisation.importing.kinds import AREA_LEVELS, Kind
from hotline.organisation.importing.present import Present, Rules, Values
from hotline.organisation.roles import LEVEL_LABELS, Level

DEEPEST = 12  # superiors above each other; the tree's paths have room for these
# Column, fault, params.
Found = tuple[str, str, Mapping[str, str]]
_RANKS = {level.value: rank for rank, level in enumerate((*AREA_LEVELS, Level.GRID, Level.SUPPLIER))}


@dataclass
class World:
    """Everything as it would be: what is there, with the good rows of the import over it.

    `named` are the codes of all rows of the import, good or bad; `lost` those whose way up is a circle or too long.
    """

    rows: dict[Kind, dict[str, Values]]
    named: Mapping[Kind, set[str]]
    present: Present
    rules: Rules
    lost: Mapping[str, str]

    def active(self, kind: Kind, code: object) -> Values | None:
        """The row that is in use under this code."""
        found = self.rows[kind].get(str(code))
        return found if found is not None and found["active"] else None

    def before(self, kind: Kind, code: str) -> Values | None:
        """How it stands now."""
        return self.present.rows[kind].get(code)


def climb(rows: Mapping[str, Values]) -> dict[str, str]:
    """The codes that are their own superiors ("circle"), and those too far below the top ("too_deep")."""
    depth: dict[str, int] = {}
    lost: dict[str, str] = {}
    for start in rows:
        chain: dict[str, None] = {}
        code = start
        while code in rows and code not in depth and code not in chain:
            chain[code] = None
            code = str(rows[code]["parent"])
        if code in chain:
            members = list(chain)
            lost.update(dict.fromkeys(members[members.index(code) :], "circle"))
        above = depth.get(code, 0)
        for each in reversed(chain):
            above = depth[each] = above + 1
            if above > DEEPEST:
                lost.setdefault(each, "too_deep")
    return lost


def area(code: str, row: Values, world: World) -> Iterator[Found]:
    """An area lies in the authority's own division, below an area of a higher level."""
    if code in world.present.areas_elsewhere:
        yield "code", "area_elsewhere", {"code": code}
        return
    if code == world.present.root_area:
        if not row["active"]:
            yield "status", "root_ended", {}
        return
    found = list(_parent(Kind.AREAS, code, row, world))
    yield from found
    parent = world.rows[Kind.AREAS].get(str(row["parent"]))
    if not found and parent and _rank(row) <= _rank(parent):
        yield "level", "level_not_below", _levels(row, parent)


def unit(code: str, row: Values, world: World) -> Iterator[Found]:
    """A unit stands in a place, has a duty that its level knows, and no superior of a lower level."""
    if world.before(Kind.GRIDS, code) or code in world.named[Kind.GRIDS]:
        yield "code", "code_taken", {"code": code}
    if code in world.present.roots:
        if not row["active"]:
            yield "status", "root_ended", {}
    else:
        found = list(_parent(Kind.UNITS, code, row, world))
        yield from found
        parent = world.rows[Kind.UNITS].get(str(row["parent"]))
        if not found and parent and _rank(row) < _rank(parent):
            yield "level", "level_not_below", _levels(row, parent)
    if row["active"]:
        yield from _place(row, world)
        yield from _duty(row, world)


def grid(code: str, row: Values, world: World) -> Iterator[Found]:
    """A grid lies in a place and belongs to a unit."""
    if world.before(Kind.UNITS, code):
        yield "code", "code_taken", {"code": code}
    if row["active"]:
        yield from _place(row, world)
        if not row["parent"]:
            yield "parent", "needed", {}
        elif not world.active(Kind.UNITS, row["parent"]):
            yield "parent", "unit_unknown", {"code": str(row["parent"])}


def worker(code: str, row: Values, world: World) -> Iterator[Found]:
    """A grid worker has a user name of their own, and walks grids that there are."""
    stranger = world.present.strangers.get(code)
    if stranger:
        yield "username", stranger, {"code": code}
        return
    for grid_code in row["grids"] if isinstance(row["grids"], list) and row["active"] else ():
        if not world.active(Kind.GRIDS, grid_code):
            yield "grids", "grid_unknown", {"code": grid_code}


CHECKS: Mapping[Kind, Callable[[str, Values, World], Iterator[Found]]] = {
    Kind.AREAS: area,
    Kind.UNITS: unit,
    Kind.GRIDS: grid,
    Kind.WORKERS: worker,
}


def common(kind: Kind, code: str, row: Values, world: World) -> Iterator[Found]:
    """What holds for every kind: nothing is ended that is not there, nothing changed that was merged away."""
    key = "username" if kind is Kind.WORKERS else "code"
    if code in world.present.away.get(kind, ()):
        yield key, "merged_away", {"code": code}
    elif not row["active"] and world.before(kind, code) is None and code not in world.present.areas_elsewhere:
        yield key, "end_unknown", {"code": code}


def _parent(kind: Kind, code: str, row: Values, world: World) -> Iterator[Found]:
    parent = str(row["parent"])
    above = world.rows[kind].get(parent)
    if not parent:
        yield "parent", "parent_needed", {}
    elif above is None:
        faulty = parent in world.named[kind]
        yield "parent", "parent_faulty" if faulty else "parent_unknown", {"code": parent}
    elif code in world.lost:
        yield "parent", world.lost[code], {"limit": str(DEEPEST)}
    elif row["active"] and not above["active"]:
        yield "parent", "parent_ended", {"code": parent}


def _place(row: Values, world: World) -> Iterator[Found]:
    if not world.active(Kind.AREAS, row["area"]):
        yield "area", "area_unknown", {"code": str(row["area"])}


def _duty(row: Values, world: World) -> Iterator[Found]:
    serves = row["serves"] if isinstance(row["serves"], list) else []
    for code in serves:
        if not world.active(Kind.AREAS, code):
            yield "serves", "area_unknown", {"code": code}
    if row["level"] == Level.SUPPLIER.value and not serves:
        yield "serves", "serves_needed", {}
    role = world.rules.roles.get(str(row["role"]))
    if role is None:
        yield "role", "role_unknown", {"written": str(row["role"])[:40]}
    elif row["level"] not in role.levels:
        levels = "；".join(LEVEL_LABELS[Level(level)] for level in role.levels)
        yield "role", "role_level", {"role": role.name, "level": _label(row), "levels": levels}


def _rank(row: Values) -> int:
    return _RANKS.get(str(row["level"]), len(_RANKS))


def _label(row: Values) -> str:
    return LEVEL_LABELS[Level(str(row["level"]))]


def _levels(row: Values, parent: Values) -> dict[str, str]:
    return {"level": _label(row), "parent": _label(parent)}
