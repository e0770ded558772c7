"""Loading a city: bulk upserts whose number of statements does not grow with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Q

from hotline import packs
from hotline.ledger import services as ledger
from hotline.ledger.record import SYSTEM, Draft, Stream
from hotline.organisation import queries
from hotline.organisation.models import Area, Authority, Grid, Unit, UnitArea
from hotline.organisation.roles import Level
from hotline.organisation.sounding import sounds
from hotline.organisation.tree import paths
from hotline.vault import services as vault

_BATCH = 2000
_K = TypeVar("_K", str, int)

_PLACE_UNITS = """
UPDATE organisation_unit AS unit SET parent_id = placed.parent_id, path = placed.path
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS placed(id, parent_id, path)
WHERE unit.id = placed.id AND (unit.parent_id IS DISTINCT FROM placed.parent_id OR unit.path <> placed.path)
"""


@transaction.atomic
def load_city(*, pack: packs.City, at: datetime, under: str = "", complete: bool = True) -> None:
    """Make the authority, areas, units, service areas and grids what the pack says. Again is no harm.

    The province that the city names comes with it when it is not there yet; `under` is the code of the authority above
    where the pack names none, and is remembered. Units that the pack no longer has stay, inactive, because orders name
    them, or with `complete` False as they are; units and areas that were ended by a re-organisation stay as they are,
    and what the pack puts there goes to their successors. Appends "authority.loaded".
    """
    if pack.above is not None and not Authority.objects.filter(code=pack.above.code).exists():
        load_city(pack=pack.above, at=at)
    places = _Heirs(Area.objects.filter(ended_at__isnull=False).values_list("code", "successor_id"))
    _areas(pack, places)
    owner = _authority(pack, under, at=at)
    ids = _units(pack, owner, places)
    if complete:
        Unit.objects.filter(authority=owner, active=True).exclude(id__in=ids.values()).update(active=False)
    _service_areas(pack, owner, ids, places)
    _grids(pack, ids, places)
    facts = {"areas": len(pack.areas), "units": len(pack.units), "revision": owner.revision}
    ledger.append(drafts=[Draft(Stream("authority", owner.id), "authority.loaded", facts, SYSTEM, at)], at=at)
    queries.forget_cache()
    # Another thread may have read the old rows back in before the commit.
    transaction.on_commit(queries.forget_cache)


class _Heirs(dict[_K, _K | None]):
    """What was ended, by code or id, and what took its place."""

    def now(self, key: _K) -> _K | None:
        """What stands in the place of `key` today: itself, its last successor, or None where nothing does."""
        heir: _K | None = key
        for _ in range(len(self)):
            if heir is None or heir not in self:
                break
            heir = self[heir]
        return heir


def _areas(pack: packs.City, ended: _Heirs[str]) -> None:
    """Write the pack's divisions, hung below those that other packs have brought."""
    living = [area for area in pack.areas if area.code not in ended]
    parents = {area.code: ended.now(area.parent_code) if area.parent_code else None for area in living}
    outside = {code for code in parents.values() if code} - parents.keys()
    above = dict(Area.objects.filter(code__in=outside).values_list("code", "path"))
    placed = paths(parents, above)
    heard = sounds(area.name for area in living)
    rows = [
        Area(
            code=area.code,
            name=area.name,
            name_en=area.name_en,
            level=area.level,
            parent_id=parents[area.code] if parents[area.code] in placed or parents[area.code] in above else None,
            path=placed[area.code],
            pinyin=heard[area.name],
        )
        for area in living
    ]
    # One order for everybody: two loads at once wait for each other instead of dying in a deadlock.
    rows.sort(key=lambda row: row.path)
    Area.objects.bulk_create(
        rows,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "name_en", "level", "parent", "path", "pinyin"],
    )


def _authority(pack: packs.City, under: str, *, at: datetime) -> Authority:
    """Write the authority itself, with a vault key when it is new, and hold its row until the transaction ends."""
    above = pack.above.code if pack.above else under or pack.province_code
    parent = Authority.objects.filter(code=above).exclude(code=pack.code).first() if above else None
    row = Authority.objects.select_for_update().filter(code=pack.code).first()
    if row is None:
        [key] = vault.create_keys(parents=[None], at=at)
        row = Authority(code=pack.code, key_id=key.id, revision=0)
    row.name, row.name_en, row.pack = pack.name, pack.name_en, pack.folder
    row.area_id, row.parent = pack.code, parent or row.parent
    row.revision += 1
    row.save()
    return row


def _units(pack: packs.City, owner: Authority, places: _Heirs[str]) -> Mapping[str, int]:
    """Write the pack's units and their place in the tree. Ids of the living by code."""
    rows_before = Unit.objects.filter(authority=owner)
    before = list(rows_before.values_list("code", "id", "parent_id", "successor_id", "ended_at"))
    gone = {code: (id, heir) for code, id, _above, heir, ended in before if ended is not None}
    living = [unit for unit in pack.units if unit.code not in gone]
    rows = Unit.objects.bulk_create(
        [
            Unit(
                authority=owner,
                code=unit.code,
                name=unit.name,
                name_en=unit.name_en,
                level=unit.level,
                kind=unit.kind,
                role_code=unit.role_code,
                area_id=places.now(unit.area_code) or unit.area_code,
                phone=unit.phone,
            )
            for unit in living
        ],
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["authority", "code"],
        update_fields=["name", "name_en", "level", "kind", "role_code", "area", "phone", "active"],
    )
    ids = {row.code: row.id for row in rows}
    heirs = _Heirs(gone.values())
    known = ids | {code: heirs.now(id) for code, (id, _heir) in gone.items()}
    # What the pack does not know, or what was ended, goes along with the unit that it hangs below.
    parents: dict[int, int | None] = {id: above for _code, id, above, _heir, _ended in before}
    parents |= {ids[unit.code]: known.get(unit.parent_code) for unit in living}
    placed = paths(parents)
    order = sorted(placed)
    with connection.cursor() as cursor:
        cursor.execute(_PLACE_UNITS, [order, [parents[id] for id in order], [placed[id] for id in order]])
    return ids


def _service_areas(pack: packs.City, owner: Authority, ids: Mapping[str, int], places: _Heirs[str]) -> None:
    """Write which areas the pack's units serve, exactly as it says; what ended units served passed to their heirs."""
    served = UnitArea.objects.filter(unit__authority=owner, unit__ended_at=None)
    served.filter(Q(unit_id__in=ids.values()) | Q(unit__active=False)).delete()
    UnitArea.objects.bulk_create(
        [
            UnitArea(unit_id=ids[unit.code], area_id=code)
            for unit in pack.units
            if unit.code in ids
            for code in dict.fromkeys(map(places.now, unit.service_area_codes))
            if code
        ],
        batch_size=_BATCH,
    )


def _grids(pack: packs.City, ids: Mapping[str, int], places: _Heirs[str]) -> None:
    """Write a grid for each unit of the level "grid"."""
    Grid.objects.bulk_create(
        [
            Grid(
                code=unit.code,
                name=unit.name,
                area_id=places.now(unit.area_code) or unit.area_code,
                unit_id=ids[unit.code],
            )
            for unit in pack.units
            if unit.level == Level.GRID.value and unit.code in ids
        ],
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["unit"],
        update_fields=["code", "name", "area"],
    )
