"""The rows of a re-organisation: units and areas as planned, and what goes along with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from hotline.ledger.record import Json
from hotline.organisation.models import Area, Grid, GridWorker, Membership
from hotline.organisation.reorganisation import Plan
from hotline.organisation.sounding import sounds

_UNITS = """
UPDATE organisation_unit AS unit SET name = new.name, name_en = new.name_en, parent_id = new.parent_id,
    path = new.path, area_id = new.area_id, active = new.active, successor_id = new.successor_id,
    ended_at = new.ended_at
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::boolean[], %s::bigint[],
    %s::timestamptz[]) AS new(id, name, name_en, parent_id, path, area_id, active, successor_id, ended_at)
WHERE unit.id = new.id
"""
_AREAS = """
UPDATE organisation_area AS area SET name = new.name, name_en = new.name_en, pinyin = new.pinyin,
    parent_id = new.parent_id, active = new.active, successor_id = new.successor_id,
    ended_at = CASE WHEN new.active THEN NULL ELSE coalesce(area.ended_at, %s) END
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::boolean[], %s::text[])
    AS new(code, name, name_en, pinyin, parent_id, active, successor_id)
WHERE area.code = new.code
"""
_AREA_PATHS = """
UPDATE organisation_area AS area SET path = new.path FROM unnest(%s::text[], %s::text[]) AS new(code, path)
WHERE area.code = new.code
"""
# What units that stand serve and where their grids lie; an ended unit keeps its own, as it was.
_SERVED = """
INSERT INTO organisation_unitarea (unit_id, area_id)
SELECT served.unit_id, new.now FROM organisation_unitarea AS served
JOIN unnest(%s::text[], %s::text[]) AS new(code, now) ON served.area_id = new.code
JOIN organisation_unit AS unit ON unit.id = served.unit_id AND unit.active
ON CONFLICT (unit_id, area_id) DO NOTHING
"""
_SERVED_NO_MORE = """
DELETE FROM organisation_unitarea AS served USING organisation_unit AS unit
WHERE unit.id = served.unit_id AND unit.active AND served.area_id = ANY(%s::text[])
"""
_GRIDS = """
UPDATE organisation_grid AS grid SET area_id = unit.area_id, name = unit.name FROM organisation_unit AS unit
WHERE unit.id = grid.unit_id AND unit.active AND unit.id = ANY(%s::bigint[])
"""
_WALKERS = """
INSERT INTO organisation_gridworker (grid_id, staff_id)
SELECT new.id, walks.staff_id FROM organisation_gridworker AS walks
JOIN organisation_grid AS old ON old.id = walks.grid_id
JOIN unnest(%s::bigint[], %s::bigint[]) AS merged(unit_id, into_id) ON merged.unit_id = old.unit_id
JOIN organisation_grid AS new ON new.unit_id = merged.into_id
ON CONFLICT (grid_id, staff_id) DO NOTHING
"""
_MEMBERSHIPS = """
UPDATE organisation_membership AS held SET unit_id = new.unit_id
FROM unnest(%s::bigint[], %s::bigint[]) AS new(id, unit_id) WHERE held.id = new.id
"""


def write_areas(found: Plan, at: datetime) -> None:
    """The divisions as planned: new codes first, so that others may point to them. At most 3 statements."""
    changed = [each.after for each in found.areas if each.before is not None]
    fresh = [each.after for each in found.areas if each.before is None]
    Area.objects.bulk_create(
        Area(code=area.code, name=area.name, name_en=area.name_en, level=area.level, parent_id=area.parent_code,
             path=found.area_paths[area.code], pinyin=area.pinyin)
        for area in fresh
    )  # fmt: skip
    if changed:
        heard = sounds([each.after.name for each in found.areas if each.renamed])
        keys = [heard.get(area.name, area.pinyin) for area in changed]
        _run(_AREAS, at, *_columns(changed, "code", "name", "name_en"), keys,
             *_columns(changed, "parent_code", "active", "successor_code"))  # fmt: skip
    moved = {code: path for code, path in found.area_paths.items() if code not in {area.code for area in fresh}}
    if moved:
        _run(_AREA_PATHS, list(moved), list(moved.values()))


def write_units(found: Plan) -> None:
    """The units as planned, and their grids' names and places with them. At most 2 statements."""
    units = [each.after for each in found.units]
    if units:
        names = ("id", "name", "name_en", "parent_id", "path", "area_code", "active", "successor_id", "ended_at")
        _run(_UNITS, *_columns(units, *names))
        _run(_GRIDS, [unit.id for unit in units])


def take_along_areas(found: Plan) -> None:
    """What units serve is said in today's codes. At most 2 statements."""
    if found.replaced:
        _run(_SERVED, list(found.replaced), list(found.replaced.values()))
        _run(_SERVED_NO_MORE, list(found.replaced))


def take_along_people(found: Plan) -> list[tuple[int, str, dict[str, Json]]]:
    """Who worked in a unit that ends works in the one after it, under the same membership: nobody is signed out.

    For the ledger: person, kind of event, facts. At most 6 statements.
    """
    if not found.gone_units:
        return []
    into = found.merged
    held = list(Membership.objects.filter(unit_id__in=found.gone_units, active=True).order_by("id"))
    there = {(row.staff_id, row.unit_id, row.role): row
             for row in Membership.objects.filter(unit_id__in=into.values())}  # fmt: skip
    moved, left, told = {}, [], []
    for row in held:
        unit_id = into.get(row.unit_id)
        facts: dict[str, Json] = {"membership": row.id, "unit": row.unit_id, "role": row.role}
        if unit_id is None or (row.staff_id, unit_id, row.role) in there:
            left.append(row.id)
            told.append((row.staff_id, "staff.left", facts))
            continue
        there[row.staff_id, unit_id, row.role] = row
        moved[row.id] = unit_id
        told.append((row.staff_id, "staff.moved", {**facts, "unit": unit_id, "from_unit": row.unit_id}))
    wanted = {(row.staff_id, into.get(row.unit_id), row.role) for row in held}
    again = [row.id for key, row in there.items() if key in wanted and not row.active]
    if moved:
        _run(_MEMBERSHIPS, list(moved), list(moved.values()))
    Membership.objects.filter(id__in=left).update(active=False)
    Membership.objects.filter(id__in=again).update(active=True)
    _take_along_walkers(found)
    return told


def _take_along_walkers(found: Plan) -> None:
    into = found.merged
    if Grid.objects.filter(unit_id__in=found.gone_units).exists():
        _run(_WALKERS, list(into), list(into.values()))
        GridWorker.objects.filter(grid__unit_id__in=found.gone_units).delete()


def _columns(rows: Sequence[object], *names: str) -> list[list[Any]]:
    return [[getattr(row, name) for row in rows] for name in names]


def _run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
