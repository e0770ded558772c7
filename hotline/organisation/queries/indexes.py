"""Authorities, areas and units.

Authorities and the two indexes are kept in the process, keyed by the authority's revision, which is looked at no more
than once every `FRESH_FOR` seconds: everything else in the house asks for them many times a request.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import QuerySet

from hotline.organisation.models import Area, Authority, FormerName, Staff, Unit, UnitArea
from hotline.organisation.roles import Level
from hotline.organisation.tree import AreaIndex, AreaView, OldName, UnitIndex, UnitView

FRESH_FOR = 5.0  # seconds


@dataclass(frozen=True)
class AuthorityView:
    """An authority; `key_id` is the vault key over its anonymous orders, `pack` the folder of its policy files.

    `level` is that of its division: province, city or county.
    """

    id: int
    code: str
    name: str
    name_en: str
    pack: str
    key_id: int
    area_code: str
    area_path: str
    parent_id: int | None
    revision: int
    level: str = ""


@dataclass
class _Cache:
    looked_at: float = float("-inf")
    authorities: dict[int, AuthorityView] = field(default_factory=dict)
    areas: dict[int, tuple[int, AreaIndex]] = field(default_factory=dict)
    units: dict[int, tuple[int, UnitIndex]] = field(default_factory=dict)
    staff: dict[int, str] = field(default_factory=dict)


_cache = _Cache()
_lock = threading.Lock()
_reading = threading.RLock()  # units are read with their areas
_Index = TypeVar("_Index", AreaIndex, UnitIndex)
# In the order of the views' fields: a model made of every row would take most of the time.
AREA_COLUMNS = ("code", "name", "name_en", "level", "parent_id", "pinyin", "active", "successor_id")
UNIT_COLUMNS = (
    *("id", "code", "name", "name_en", "level", "kind", "role_code", "area_id", "path", "parent_id"),
    *("authority_id", "phone", "active", "successor_id", "ended_at"),
)


def forget_cache() -> None:
    """Look everything up again at the next call: after a change in this process, and between tests."""
    global _cache
    _cache = _Cache()


def look_again() -> None:
    """Look at the revisions at once: what follows reads whatever has changed, in whichever process. 1 query."""
    _authorities(again=True)


def authorities() -> tuple[AuthorityView, ...]:
    """All authorities of this installation, by code. 0 queries while fresh, else 1."""
    return tuple(_authorities().values())


def answering() -> tuple[AuthorityView, ...]:
    """The authorities that residents turn to, by code: a province only watches over its cities, and a county below a
    city answers through it. 0 queries while fresh, else 1."""
    known = _authorities()
    province = Level.PROVINCE.value
    return tuple(
        each
        for each in known.values()
        if each.level != province and (each.parent_id not in known or known[each.parent_id].level == province)
    )


def authority(code_or_id: str | int) -> AuthorityView | None:
    """An authority by its code ("430700") or id; None if there is none. 0 queries while fresh, else 1."""
    return _matching(code_or_id, _authorities()) or _matching(code_or_id, _authorities(again=True))


def areas(authority_id: int) -> AreaIndex:
    """The areas of an authority. 0 queries when warm. Raises LookupError for an unknown authority."""
    return _kept("areas", authority_id, _read_areas)


def unit_index(authority_id: int) -> UnitIndex:
    """The units of an authority. 0 queries when warm. Raises LookupError for an unknown authority."""
    return _kept("units", authority_id, _read_units)


def unit(unit_id: int) -> UnitView | None:
    """One unit, active or not. 1 query."""
    return units_by_ids([unit_id]).get(unit_id)


def units_by_ids(ids: Iterable[int]) -> dict[int, UnitView]:
    """Units of any authority by id; unknown ids are absent. 1 query."""
    rows = Unit.objects.filter(id__in=set(ids)).values_list(*UNIT_COLUMNS)
    return {row[0]: UnitView(*row) for row in rows}


def staff_names(ids: Iterable[int]) -> dict[int, str]:
    """Names of staff by id, for timelines. 0 queries for those known and fresh, else 1."""
    wanted = set(ids)
    _authorities()  # forgets the names with all else that is no longer fresh
    known = _cache.staff
    unknown = wanted - known.keys()
    if unknown:
        known.update(Staff.objects.filter(id__in=unknown).values_list("id", "name"))
    return {each: known[each] for each in wanted if each in known}


def _kept(name: str, authority_id: int, read: Callable[[AuthorityView], _Index]) -> _Index:
    """The index as it is kept, or read anew: by one thread while the others wait, since a province's takes a second."""
    view = _existing(authority_id)
    kept: dict[int, tuple[int, _Index]] = getattr(_cache, name)
    if authority_id not in kept or kept[authority_id][0] != view.revision:
        with _reading:
            kept = getattr(_cache, name)
            if authority_id not in kept or kept[authority_id][0] != view.revision:
                kept[authority_id] = (view.revision, read(view))
    return kept[authority_id][1]


def _authorities(*, again: bool = False) -> dict[int, AuthorityView]:
    global _cache
    with _lock:
        now = time.monotonic()
        if again or now - _cache.looked_at > FRESH_FOR:
            rows = Authority.objects.select_related("area").order_by("code")
            _cache.authorities = {row.id: _authority_view(row) for row in rows}
            _cache.staff = {}
            _cache.looked_at = now
        return _cache.authorities


def _matching(code_or_id: str | int, views: dict[int, AuthorityView]) -> AuthorityView | None:
    if isinstance(code_or_id, int):
        return views.get(code_or_id)
    return next((view for view in views.values() if view.code == code_or_id), None)


def _existing(authority_id: int) -> AuthorityView:
    view = authority(authority_id)
    if view is None:
        raise LookupError(f"there is no authority {authority_id}")
    return view


def _authority_view(row: Authority) -> AuthorityView:
    return AuthorityView(
        id=row.id,
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        pack=row.pack,
        key_id=row.key_id,
        area_code=row.area_id,
        area_path=row.area.path,
        parent_id=row.parent_id,
        revision=row.revision,
        level=row.area.level,
    )


def _read_areas(view: AuthorityView) -> AreaIndex:
    rows = Area.objects.filter(path__startswith=view.area_path).order_by("code")
    old = _old_names(FormerName.objects.filter(area__path__startswith=view.area_path), "area_id")
    return AreaIndex(AreaView(*(*row, old.get(row[0], ()))) for row in rows.values_list(*AREA_COLUMNS))


def _read_units(view: AuthorityView) -> UnitIndex:
    rows = Unit.objects.filter(authority_id=view.id).order_by("code")
    old = _old_names(FormerName.objects.filter(unit__authority_id=view.id), "unit_id")
    serves = UnitArea.objects.filter(unit__authority_id=view.id).order_by("unit_id", "area_id")
    units = (UnitView(*(*row, old.get(row[0], ()))) for row in rows.values_list(*UNIT_COLUMNS))
    return UnitIndex(units, areas(view.id), serves.values_list("unit_id", "area_id"))


def _old_names(rows: QuerySet[FormerName], owner: str) -> dict[Any, tuple[OldName, ...]]:
    found: dict[Any, tuple[OldName, ...]] = {}
    for key, name, name_en, until in rows.order_by("until", "id").values_list(owner, "name", "name_en", "until"):
        found[key] = (*found.get(key, ()), OldName(name, name_en, until))
    return found
