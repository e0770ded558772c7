"""What stands in the organisation now, read for an import: six statements, however much there is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection

from hotline.organisation.importing.kinds import Kind
from hotline.organisation.importing.present import Present, Values
from hotline.organisation.models import Authority
from hotline.organisation.roles import Level, Role

_AREAS = """
SELECT code, name, name_en, level, coalesce(parent_id, ''), active, successor_id IS NOT NULL
FROM organisation_area WHERE path LIKE %s || '%%' {only}
"""
_ELSEWHERE = "SELECT code FROM organisation_area WHERE code = ANY(%s) AND NOT path LIKE %s || '%%'"
_UNITS = """
SELECT unit.code, unit.name, unit.name_en, unit.role_code, unit.level, unit.area_id, coalesce(above.code, ''),
       unit.phone, unit.active, unit.successor_id IS NOT NULL, unit.id
FROM organisation_unit unit LEFT JOIN organisation_unit above ON above.id = unit.parent_id
WHERE unit.authority_id = %s AND unit.level <> %s {only}
"""
_SERVES = """
SELECT served.unit_id, array_agg(served.area_id ORDER BY served.area_id)
FROM organisation_unitarea served JOIN organisation_unit unit ON unit.id = served.unit_id
WHERE unit.authority_id = %s AND unit.level <> %s {only} GROUP BY served.unit_id
"""
_GRIDS = """
SELECT unit.code, unit.name, unit.name_en, unit.area_id, coalesce(above.code, ''), unit.active,
       unit.successor_id IS NOT NULL
FROM organisation_unit unit LEFT JOIN organisation_unit above ON above.id = unit.parent_id
WHERE unit.authority_id = %s AND unit.level = %s {only}
"""
# A person is a grid worker when they have no other work; whoever has is not the import's to change.
_WORKERS = """
SELECT staff.username, staff.name, staff.phone_inner, staff.is_active, staff.authority_id = %s,
       coalesce(bool_or(held.role <> %s), true), array_agg(unit.code ORDER BY unit.code) FILTER (
           WHERE held.active AND held.role = %s AND unit.level = %s)
FROM organisation_staff staff
LEFT JOIN organisation_membership held ON held.staff_id = staff.id
LEFT JOIN organisation_unit unit ON unit.id = held.unit_id
WHERE staff.username = ANY(%s) OR (%s AND staff.authority_id = %s)
GROUP BY staff.id
"""
_GRID, _WORKER = Level.GRID.value, Role.GRID_WORKER.value
Codes = Mapping[Kind, Collection[str]]


def present(authority: Authority, named: Codes) -> Present:
    """The whole organisation of an authority; `named` are the codes that the import speaks of."""
    areas, away_areas = _areas(authority.area.path, None)
    units, away_units = _units(authority, None)
    grids, away_grids = _grids(authority, None)
    workers, strangers = _workers(authority, named[Kind.WORKERS], everybody=True)
    unknown = sorted(set(named[Kind.AREAS]) - areas.keys())
    elsewhere = _rows(_ELSEWHERE, [unknown, authority.area.path]) if unknown else ()
    return Present(
        rows={Kind.AREAS: areas, Kind.UNITS: units, Kind.GRIDS: grids, Kind.WORKERS: workers},
        root_area=authority.area_id,
        roots=frozenset(code for code, row in units.items() if not row["parent"]),
        away={Kind.AREAS: away_areas, Kind.UNITS: away_units, Kind.GRIDS: away_grids},
        areas_elsewhere=frozenset(code for (code,) in elsewhere),
        strangers=strangers,
    )


def standing(authority: Authority, codes: Codes) -> dict[Kind, dict[str, Values]]:
    """How the rows with these codes stand now; those that are not there are left out.

    A user name that is no longer the import's to change stands as something that no import has written.
    """
    people, strangers = _workers(authority, codes[Kind.WORKERS], everybody=False)
    return {
        Kind.AREAS: _areas("/", codes[Kind.AREAS])[0],
        Kind.UNITS: _units(authority, codes[Kind.UNITS])[0],
        Kind.GRIDS: _grids(authority, codes[Kind.GRIDS])[0],
        Kind.WORKERS: people | {code: {"name": why} for code, why in strangers.items()},
    }


def _areas(path: str, codes: Collection[str] | None) -> tuple[dict[str, Values], frozenset[str]]:
    found: dict[str, Values] = {}
    away: set[str] = set()
    for code, name, name_en, level, parent, active, merged in _only(_AREAS, [path], "code", codes):
        found[code] = {"name": name, "name_en": name_en, "level": level, "parent": parent, "active": active}
        if merged:
            away.add(code)
    return found, frozenset(away)


def _units(authority: Authority, codes: Collection[str] | None) -> tuple[dict[str, Values], frozenset[str]]:
    serves = dict(_only(_SERVES, [authority.id, _GRID], "unit.code", codes))
    found: dict[str, Values] = {}
    away: set[str] = set()
    for row in _only(_UNITS, [authority.id, _GRID], "unit.code", codes):
        code, name, name_en, role, level, area, parent, phone, active, merged, unit_id = row
        found[code] = {
            "name": name,
            "name_en": name_en,
            "role": role,
            "level": level,
            "area": area,
            "parent": parent,
            "serves": serves.get(unit_id, []),
            "phone": phone,
            "active": active,
        }
        if merged:
            away.add(code)
    return found, frozenset(away)


def _grids(authority: Authority, codes: Collection[str] | None) -> tuple[dict[str, Values], frozenset[str]]:
    found: dict[str, Values] = {}
    away: set[str] = set()
    for row in _only(_GRIDS, [authority.id, _GRID], "unit.code", codes):
        code, name, name_en, area, parent, active, merged = row
        found[code] = {"name": name, "name_en": name_en, "area": area, "parent": parent, "active": active}
        if merged:
            away.add(code)
    return found, frozenset(away)


def _workers(
    authority: Authority, usernames: Collection[str], *, everybody: bool
) -> tuple[dict[str, Values], dict[str, str]]:
    found: dict[str, Values] = {}
    strangers = {}
    arguments = [authority.id, _WORKER, _WORKER, _GRID, sorted(usernames), everybody, authority.id]
    for username, name, phone, active, ours, other, grids in _rows(_WORKERS, arguments):
        if not ours:
            strangers[username] = "username_elsewhere"
        elif other:
            strangers[username] = "username_other_role"
        else:
            found[username] = {"name": name, "phone": phone, "grids": grids or [], "active": active}
    return found, strangers


def _only(statement: str, arguments: list[Any], column: str, codes: Collection[str] | None) -> list[tuple[Any, ...]]:
    """The rows of a statement, of `codes` only where they are given."""
    if codes is None:
        return _rows(statement.format(only=""), arguments)
    return _rows(statement.format(only=f"AND {column} = ANY(%s)"), [*arguments, sorted(codes)])


def _rows(statement: str, arguments: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return list(cursor.fetchall())
