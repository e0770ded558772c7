"""Areas and units as frozen trees in memory: looked up thousands of times, built once per revision. Pure.

What was merged away stays in the trees: old orders name it, and what it answered for is answered for by its successor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

from hotline.organisation.roles import Level
from hotline.organisation.seen import AreaView, OldName, UnitView, called

__all__ = ["AreaIndex", "AreaView", "OldName", "UnitIndex", "UnitView", "paths"]

_SUPPLIER_KINDS = frozenset({"supplier", "utility"})

_K = TypeVar("_K")
_V = TypeVar("_V")


class AreaIndex:
    """The areas of one authority, from its own division down. It iterates over those that stand today."""

    def __init__(self, areas: Iterable[AreaView]) -> None:
        self._by_code: Mapping[str, AreaView] = MappingProxyType({area.code: area for area in areas})
        self._active = tuple(area for area in self._by_code.values() if area.active)
        self._children = _grouped((area.parent_code, area) for area in self)
        self._by_name = _grouped((area.name, area) for area in self)
        ended = [(area, self.current(area.code)) for area in self._by_code.values() if not area.active]
        self._formerly = _grouped((now.code, area.code) for area, now in ended if now is not None)
        merged = [(area.name, now) for area, now in ended if now is not None]
        renamed = [(old.name, self.current(area.code)) for area in self._by_code.values() for old in area.formerly]
        self._by_old_name = _grouped((name, now) for name, now in dict.fromkeys([*merged, *renamed]) if now is not None)

    def __iter__(self) -> Iterator[AreaView]:
        return iter(self._active)

    def __len__(self) -> int:
        return len(self._active)

    def get(self, code: str | None, at: datetime | None = None) -> AreaView | None:
        """The area with this code, ended or not (None: no such code); with `at` under the name that it had then."""
        area = self._by_code.get(code) if code else None
        return called(area, at) if area is not None and at is not None else area

    def current(self, code: str | None) -> AreaView | None:
        """The area that holds the ground of `code` today: itself, or what it was merged into, step by step."""
        area = self.get(code)
        for _ in range(len(self._by_code)):  # chains end; a circle, which no service makes, must not hold anybody up
            if area is None or area.active:
                return area
            area = self.get(area.successor_code)
        return None

    def formerly(self, code: str) -> tuple[str, ...]:
        """The codes that were merged into `code`, at once or step by step: old orders carry them."""
        return self._formerly.get(code, ())

    def within(self, code: str) -> tuple[str, ...]:
        """Every code that an order of this place may carry: its own, of all below it, and all that these had before."""
        top = self.current(code)
        found = [top] if top is not None else []
        for area in found:  # it grows while it is walked through
            found.extend(self._children.get(area.code, ()))
        return tuple(each for area in found for each in (area.code, *self.formerly(area.code))) or (code,)

    def children(self, code: str) -> tuple[AreaView, ...]:
        """The areas right below `code`, sorted by sound."""
        return tuple(sorted(self._children.get(code, ()), key=lambda area: (area.pinyin, area.code)))

    def by_name(self, name: str) -> tuple[AreaView, ...]:
        """All areas with exactly this Chinese name; several towns may share one. Where no area has it today, those
        that had it, or took over what had it."""
        return self._by_name.get(name) or self._by_old_name.get(name, ())

    def old_names(self) -> Iterator[tuple[str, AreaView]]:
        """Names that people still say, each with an area that it means today."""
        return ((name, area) for name, areas in self._by_old_name.items() for area in areas)

    def ancestors(self, code: str | None, at: datetime | None = None) -> tuple[AreaView, ...]:
        """The area itself and everything above it, nearest first; () for an unknown code. `at` as with `get`."""
        found: list[AreaView] = []
        area = self.get(code, at)
        while area is not None:
            found.append(area)
            area = self.get(area.parent_code, at)
        return tuple(found)


class UnitIndex:
    """The units of one authority, found by what they answer for and where.

    Inactive units are found by `get` only, because old orders still name them.
    """

    def __init__(self, units: Iterable[UnitView], areas: AreaIndex, serves: Iterable[tuple[int, str]]) -> None:
        """`serves` are pairs of unit id and code of an area that it serves."""
        self.areas = areas
        self._by_id: Mapping[int, UnitView] = MappingProxyType({unit.id: unit for unit in units})
        ended = [(unit, heir) for unit in self if not unit.active and (heir := self.successor_of(unit.id)) is not None]
        self._formerly = _grouped((heir.id, unit.id) for unit, heir in ended)
        self._by_id = MappingProxyType({**self._by_id, **_heirs(ended)})
        self._children = _grouped((unit.parent_id, unit) for unit in self if unit.active)
        # A unit holds its own seat and service areas, and those of whatever was merged into it.
        holders = [(unit, unit) for unit in self if unit.active]
        holders += [(unit, self._by_id[heir.id]) for unit, heir in ended]
        self._by_seat = _grouped(
            ((unit.role_code, self._code_now(unit.area_code)), holder)
            for unit, holder in holders
            if unit.level != Level.SUPPLIER.value
        )
        held = {unit.id: (unit, holder) for unit, holder in holders if unit.kind in _SUPPLIER_KINDS}
        self._by_service = _grouped(
            ((held[unit_id][0].role_code, self._code_now(area_code)), held[unit_id][1])
            for unit_id, area_code in serves
            if unit_id in held
        )
        self._top_codes = tuple(area.code for area in areas if areas.get(area.parent_code) is None)

    def __iter__(self) -> Iterator[UnitView]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, unit_id: int | None, at: datetime | None = None) -> UnitView | None:
        """The unit with this id, active or not; with `at` under the name that it had then."""
        unit = self._by_id.get(unit_id) if unit_id is not None else None
        return called(unit, at) if unit is not None and at is not None else unit

    def successor_of(self, unit_id: int | None) -> UnitView | None:
        """The active unit that does this one's work today: itself, or what it was merged into, step by step."""
        unit = self.get(unit_id)
        for _ in range(len(self._by_id)):  # as with areas
            if unit is None or unit.active:
                return unit
            unit = self.get(unit.successor_id)
        return None

    def formerly(self, unit_id: int) -> tuple[int, ...]:
        """The units whose work this one took over, at once or step by step."""
        return self._formerly.get(unit_id, ())

    def children(self, unit_id: int | None) -> tuple[UnitView, ...]:
        """Active units right below `unit_id`; None gives the roots."""
        return self._children.get(unit_id, ())

    def by_role_area(self, role_code: str, area_code: str | None) -> tuple[UnitView, ...]:
        """Units with this role for this place: the nearest level first, then climbing to the city.

        Without a known place only the units of the authority's own division are given. Suppliers are not: they answer
        by service area, not by where their office is.
        """
        return self._climb(self._by_seat, role_code, area_code)

    def suppliers(self, role_code: str, area_code: str | None) -> tuple[UnitView, ...]:
        """Suppliers and utilities with this role whose service area holds the place, the narrowest area first."""
        return self._climb(self._by_service, role_code, area_code)

    def suppliers_within(self, role_code: str, area_code: str) -> tuple[UnitView, ...]:
        """Suppliers and utilities with this role that serve only parts of the place, by code."""
        place = self._code_now(area_code)
        found = {
            unit.id: unit
            for (role, served), serving in self._by_service.items()
            if role == role_code and any(area.code == place for area in self.areas.ancestors(served))
            for unit in serving
        }
        return tuple(sorted(found.values(), key=lambda unit: unit.code))

    def _climb(
        self, groups: Mapping[tuple[str, str], tuple[UnitView, ...]], role_code: str, area_code: str | None
    ) -> tuple[UnitView, ...]:
        place = self._code_now(area_code) if area_code else None
        codes = tuple(area.code for area in self.areas.ancestors(place)) or self._top_codes
        found = (unit for code in codes for unit in groups.get((role_code, code), ()))
        return tuple({unit.id: unit for unit in found}.values())

    def _code_now(self, code: str) -> str:
        now = self.areas.current(code)
        return now.code if now is not None else code


def _heirs(ended: Iterable[tuple[UnitView, UnitView]]) -> dict[int, UnitView]:
    """The units that others were merged into, with the roles that came with these."""
    found: dict[int, UnitView] = {}
    for unit, heir in ended:
        heir = found.get(heir.id, heir)
        roles = dict.fromkeys((*heir.duties, unit.role_code))
        found[heir.id] = replace(heir, inherited=tuple(role for role in roles if role != heir.role_code))
    return found


def _grouped(pairs: Iterable[tuple[_K, _V]]) -> Mapping[_K, tuple[_V, ...]]:
    groups: defaultdict[_K, list[_V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return MappingProxyType({key: tuple(values) for key, values in groups.items()})


def paths(parents: Mapping[_K, _K | None], above: Mapping[_K, str] = MappingProxyType({})) -> dict[_K, str]:
    """Materialised paths ("/1/5/") of all keys, from each key's parent.

    `above` holds the paths of parents that are not keys themselves; an unknown parent makes a root. Raises ValueError
    naming the keys of a circle.
    """
    found: dict[_K, str] = {}
    for start in parents:
        chain: list[_K] = []
        node: _K | None = start
        while node is not None and node in parents and node not in found:
            if node in chain:
                raise ValueError(f"these are their own ancestors: {', '.join(map(str, chain))}")
            chain.append(node)
            node = parents[node]
        path = found.get(node) or above.get(node, "/") if node is not None else "/"
        for item in reversed(chain):
            path = found[item] = f"{path}{item}/"
    return found
