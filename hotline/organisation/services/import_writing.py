"""Writing many areas, units, grids and grid workers at once: a fixed number of statements, however many rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection

from hotline.ledger import services as ledger
from hotline.ledger.record import Actor, Draft, Stream
from hotline.organisation.importing.present import Rules, Values
from hotline.organisation.models import Authority
from hotline.organisation.roles import Level, Role
from hotline.organisation.sounding import sounds

_AREAS = """
INSERT INTO organisation_area AS area (code, name, name_en, level, parent_id, path, pinyin, active, ended_at)
SELECT code, name, name_en, level, nullif(parent, ''), '/', pinyin, active,
       CASE WHEN NOT active THEN %s::timestamptz END
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::boolean[])
     AS row(code, name, name_en, level, parent, pinyin, active)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, level = excluded.level,
    parent_id = CASE WHEN area.code = %s THEN area.parent_id ELSE excluded.parent_id END,
    pinyin = excluded.pinyin, active = excluded.active,
    ended_at = CASE WHEN excluded.active THEN NULL ELSE coalesce(area.ended_at, excluded.ended_at) END
"""
_AREA_PATHS = """
WITH RECURSIVE tree(code, path) AS (
    SELECT code, path::text FROM organisation_area WHERE code = %s
    UNION ALL
    SELECT area.code, tree.path || area.code || '/'
    FROM organisation_area area JOIN tree ON area.parent_id = tree.code
)
UPDATE organisation_area area SET path = tree.path FROM tree WHERE area.code = tree.code AND area.path <> tree.path
"""
_FORMER = """
INSERT INTO organisation_formername (area_id, unit_id, name, name_en, until)
SELECT {owner}, row.name, row.name_en, %s
FROM unnest(%s::text[], %s::text[], %s::text[]) AS row(code, name, name_en) {source}
"""
_FORMER_AREA = _FORMER.format(owner="row.code, NULL", source="")
_FORMER_UNIT = _FORMER.format(
    owner="NULL, unit.id", source="JOIN organisation_unit unit ON unit.code = row.code AND unit.authority_id = %s"
)
# What a unit is follows from its duty, unless a city has said otherwise of this one.
_UNITS = """
INSERT INTO organisation_unit AS unit
    (authority_id, code, name, name_en, level, kind, role_code, area_id, path, phone, active, ended_at)
SELECT %s, code, name, name_en, level, kind, role, area, '', phone, active,
       CASE WHEN NOT active THEN %s::timestamptz END
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
            %s::boolean[]) AS row(code, name, name_en, level, kind, role, area, phone, active)
ON CONFLICT (authority_id, code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,
    level = excluded.level, role_code = excluded.role_code, area_id = excluded.area_id, phone = excluded.phone,
    kind = CASE WHEN unit.role_code = excluded.role_code THEN unit.kind ELSE excluded.kind END,
    active = excluded.active,
    ended_at = CASE WHEN excluded.active THEN NULL ELSE coalesce(unit.ended_at, excluded.ended_at) END
"""
_PARENTS = """
UPDATE organisation_unit unit SET parent_id = above.id
FROM unnest(%s::text[], %s::text[]) AS row(code, parent)
LEFT JOIN organisation_unit above ON above.authority_id = %s AND above.code = row.parent
WHERE unit.authority_id = %s AND unit.code = row.code AND unit.parent_id IS DISTINCT FROM above.id
"""
_UNIT_PATHS = """
WITH RECURSIVE tree(id, path) AS (
    SELECT id, '/' || id || '/' FROM organisation_unit WHERE authority_id = %s AND parent_id IS NULL
    UNION ALL
    SELECT unit.id, tree.path || unit.id || '/' FROM organisation_unit unit JOIN tree ON unit.parent_id = tree.id
)
UPDATE organisation_unit unit SET path = tree.path FROM tree WHERE unit.id = tree.id AND unit.path <> tree.path
"""
_ENDED = "SELECT id, parent_id FROM organisation_unit WHERE authority_id = %s AND code = ANY(%s)"
_NOT_SERVED = """
DELETE FROM organisation_unitarea served USING organisation_unit unit
WHERE unit.id = served.unit_id AND unit.authority_id = %s AND unit.code = ANY(%s)
"""
_SERVED = """
INSERT INTO organisation_unitarea (unit_id, area_id)
SELECT unit.id, row.area FROM unnest(%s::text[], %s::text[]) AS row(code, area)
JOIN organisation_unit unit ON unit.authority_id = %s AND unit.code = row.code
"""
_GRIDS = """
INSERT INTO organisation_grid (code, name, area_id, unit_id)
SELECT code, name, area_id, id FROM organisation_unit WHERE authority_id = %s AND code = ANY(%s)
ON CONFLICT (unit_id) DO UPDATE SET code = excluded.code, name = excluded.name, area_id = excluded.area_id
"""
_STAFF = """
INSERT INTO organisation_staff AS staff
    (username, name, phone_inner, is_active, password, language, authority_id, created_at)
SELECT username, name, phone, active, password, 'zh-hans', %s, %s
FROM unnest(%s::text[], %s::text[], %s::text[], %s::boolean[], %s::text[])
     AS row(username, name, phone, active, password)
ON CONFLICT (username) DO UPDATE SET name = excluded.name, phone_inner = excluded.phone_inner,
    is_active = excluded.is_active WHERE staff.authority_id = excluded.authority_id
RETURNING id, xmax = 0
"""
_LEFT = """
UPDATE organisation_membership held SET active = false FROM organisation_staff staff, organisation_unit unit
WHERE staff.id = held.staff_id AND unit.id = held.unit_id AND staff.username = ANY(%s) AND held.role = %s
  AND held.active AND NOT EXISTS (
      SELECT FROM unnest(%s::text[], %s::text[]) AS row(username, grid)
      WHERE row.username = staff.username AND row.grid = unit.code AND unit.authority_id = staff.authority_id)
RETURNING held.id, held.staff_id, held.unit_id
"""
_JOINED = """
INSERT INTO organisation_membership AS held (staff_id, unit_id, role, active, created_at)
SELECT staff.id, unit.id, %s, true, %s FROM unnest(%s::text[], %s::text[]) AS row(username, grid)
JOIN organisation_staff staff ON staff.username = row.username
JOIN organisation_unit unit ON unit.authority_id = staff.authority_id AND unit.code = row.grid
ON CONFLICT (staff_id, unit_id, role) DO UPDATE SET active = true WHERE NOT held.active
RETURNING id, staff_id, unit_id
"""
_NOT_WALKED = """
DELETE FROM organisation_gridworker walks USING organisation_staff staff
WHERE staff.id = walks.staff_id AND staff.username = ANY(%s)
"""
_WALKED = """
INSERT INTO organisation_gridworker (grid_id, staff_id)
SELECT grid.id, staff.id FROM unnest(%s::text[], %s::text[]) AS row(username, grid)
JOIN organisation_staff staff ON staff.username = row.username
JOIN organisation_unit unit ON unit.authority_id = staff.authority_id AND unit.code = row.grid
JOIN organisation_grid grid ON grid.unit_id = unit.id
"""
_GRID, _WORKER = Level.GRID.value, Role.GRID_WORKER.value
Rows = Sequence[tuple[str, Values]]  # code, and what is to stand there


def areas(authority: Authority, rows: Rows, at: datetime) -> None:
    """Make the areas what the rows say, new ones too."""
    spoken = sounds([str(row["name"]) for _, row in rows])
    columns = _columns(rows, "name", "name_en", "level", "parent")
    pinyin = [spoken[str(row["name"])] for _, row in rows]
    _run(_AREAS, [at, *columns, pinyin, _active(rows), authority.area_id])
    _run(_AREA_PATHS, [authority.area_id])


def units(authority: Authority, rows: Rows, rules: Rules, at: datetime) -> None:
    """Make the units what the rows say, new ones too, with the areas they serve."""
    codes, names, names_en, levels, roles, places, phones = _columns(
        rows, "name", "name_en", "level", "role", "area", "phone"
    )
    kinds = [rules.roles[role].kind if role in rules.roles else "other" for role in roles]
    _run(_UNITS, [authority.id, at, codes, names, names_en, levels, kinds, roles, places, phones, _active(rows)])
    _place(authority, rows)
    served = [(code, area) for code, row in rows for area in _several(row["serves"])]
    _serve(authority, codes, served)


def grids(authority: Authority, rows: Rows, rules: Rules, at: datetime) -> None:
    """Make the grids, and the units that stand for them, what the rows say."""
    codes, names, names_en, places = _columns(rows, "name", "name_en", "area")
    role = next((code for code, rule in rules.roles.items() if _GRID in rule.levels), _GRID)
    kind = rules.roles[role].kind if role in rules.roles else "community"
    same = [[value] * len(rows) for value in (_GRID, kind, role)]
    _run(_UNITS, [authority.id, at, codes, names, names_en, *same, places, [""] * len(rows), _active(rows)])
    _place(authority, rows)
    _serve(authority, codes, list(zip(codes, places, strict=True)))
    _run(_GRIDS, [authority.id, codes])


def workers(authority: Authority, rows: Rows, actor: Actor, at: datetime) -> None:
    """Make the accounts of grid workers what the rows say. New ones have no password: nobody can sign in with them yet.

    Appends "staff.created", "staff.joined" and "staff.left" to their streams.
    """
    usernames, names, phones = _columns(rows, "name", "phone")
    locked = [make_password(None) for _ in rows]
    created = _rows(_STAFF, [authority.id, at, usernames, names, phones, _active(rows), locked])
    pairs = [(username, grid) for username, row in rows if row["active"] for grid in _several(row["grids"])]
    people, walked = [username for username, _ in pairs], [grid for _, grid in pairs]
    left = _rows(_LEFT, [usernames, _WORKER, people, walked])
    joined = _rows(_JOINED, [_WORKER, at, people, walked])
    _run(_NOT_WALKED, [usernames])
    _run(_WALKED, [people, walked])
    new = {staff_id for staff_id, is_new in created if is_new}
    drafts = [_draft("staff.left", each, actor, at) for each in left]
    for each in joined:
        kind = "staff.created" if each[1] in new else "staff.joined"
        new.discard(each[1])
        drafts.append(_draft(kind, each, actor, at))
    ledger.append(drafts=drafts, at=at)


def former_names(authority: Authority, rows: Sequence[tuple[str, Values]], at: datetime, *, of_areas: bool) -> None:
    """Keep what areas or units were called until now: code, and how it stood."""
    if not rows:
        return
    columns = [at, *_columns(rows, "name", "name_en")]
    _run(_FORMER_AREA if of_areas else _FORMER_UNIT, columns if of_areas else [*columns, authority.id])


def told_ended(authority: Authority, codes: Sequence[str], actor: Actor, at: datetime) -> None:
    """Append "unit.ended" for units that were ended: what is open there has to go elsewhere."""
    ended = _rows(_ENDED, [authority.id, list(codes)]) if codes else []
    drafts = [Draft(Stream("unit", unit), "unit.ended", {"from_parent_id": above}, actor, at) for unit, above in ended]
    ledger.append(drafts=drafts, at=at)


def unit_paths(authority: Authority) -> None:
    """Put every unit's path right after superiors have changed."""
    _run(_UNIT_PATHS, [authority.id])


def _place(authority: Authority, rows: Rows) -> None:
    codes, parents = _columns(rows, "parent")
    _run(_PARENTS, [codes, parents, authority.id, authority.id])
    unit_paths(authority)


def _serve(authority: Authority, codes: Sequence[str], served: Sequence[tuple[str, str]]) -> None:
    _run(_NOT_SERVED, [authority.id, list(codes)])
    _run(_SERVED, [[code for code, _ in served], [area for _, area in served], authority.id])


def _draft(kind: str, membership: tuple[Any, ...], actor: Actor, at: datetime) -> Draft:
    membership_id, staff_id, unit_id = membership
    facts = {"membership": membership_id, "unit": unit_id, "role": _WORKER}
    return Draft(Stream("staff", staff_id), kind, facts, actor, at)


def _columns(rows: Rows, *names: str) -> list[list[str]]:
    """The codes, then each named value, as columns."""
    return [[code for code, _ in rows], *([str(row[name]) for _, row in rows] for name in names)]


def _active(rows: Rows) -> list[bool]:
    return [bool(row["active"]) for _, row in rows]


def _several(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _run(statement: str, arguments: Sequence[Any] | Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)


def _rows(statement: str, arguments: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return list(cursor.fetchall())
