"""Areas and units as frozen trees in memory: looked up thousands of times, built once per revision. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from hotline.organisation.roles import Level

_SUPPLIER_KINDS = frozenset({"supplier", "utility"})

_K = TypeVar("_K")
_V = TypeVar("_V")


@dataclass(frozen=True)
class AreaView:
    """A division or community. `code` is its public code, `pinyin` the key to sort it by."""

    code: str
    name: str
    name_en: str
    level: str
    parent_code: str | None
    pinyin: str = ""


@dataclass(frozen=True)
class UnitView:
    """A unit as other rooms see it; `path` is "/1/5/", ids from the root down to the unit."""

    id: int
    code: str
    name: str
    name_en: str
    level: str
    kind: str
    role_code: str
    area_code: str
    path: str
    parent_id: int | None
    authority_id: int
    phone: str
    active: bool = True


class AreaIndex:
    """The areas of one authority, from its own division down."""

    def __init__(self, areas: Iterable[AreaView]) -> None:
        self._by_code: Mapping[str, AreaView] = MappingProxyType({area.code: area for area in areas})
        self._children = _grouped((area.parent_code, area) for area in self)
        self._by_name = _grouped((area.name, area) for area in self)

    def __iter__(self) -> Iterator[AreaView]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def get(self, code: str | None) -> AreaView | None:
        """The area with this code, None if the authority has no such area."""
        return self._by_code.get(code) if code else None

    def children(self, code: str) -> tuple[AreaView, ...]:
        """The areas right below `code`, sorted by sound."""
        return tuple(sorted(self._children.get(code, ()), key=lambda area: (area.pinyin, area.code)))

    def by_name(self, name: str) -> tuple[AreaView, ...]:
        """All areas with exactly this Chinese name; several towns may share one."""
        return self._by_name.get(name, ())

    def ancestors(self, code: str | None) -> tuple[AreaView, ...]:
        """The area itself and everything above it, nearest first; () for an unknown code."""
        found: list[AreaView] = []
        area = self.get(code)
        while area is not None:
            found.append(area)
            area = self.get(area.parent_code)
        return tuple(found)


class UnitIndex:
    """The units of one authority, found by what they answer for and where.

    Inactive units are found by `get` only, because old orders still name them.
    """

    def __init__(self, units: Iterable[UnitView], areas: AreaIndex, serves: Iterable[tuple[int, str]]) -> None:
        """`serves` are pairs of unit id and code of an area that it serves."""
        self.areas = areas
        self._by_id: Mapping[int, UnitView] = MappingProxyType({unit.id: unit for unit in units})
        active = [unit for unit in self if unit.active]
        self._children = _grouped((unit.parent_id, unit) for unit in active)
        self._by_seat = _grouped(
            ((unit.role_code, unit.area_code), unit) for unit in active if unit.level != Level.SUPPLIER.value
        )
        self._by_service = _grouped(
            ((unit.role_code, area_code), unit)
            for unit, area_code in ((self._by_id.get(unit_id), area_code) for unit_id, area_code in serves)
            if unit is not None and unit.active and unit.kind in _SUPPLIER_KINDS
        )
        self._top_codes = tuple(area.code for area in areas if areas.get(area.parent_code) is None)

    def __iter__(self) -> Iterator[UnitView]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, unit_id: int | None) -> UnitView | None:
        """The unit with this id, active or not."""
        return self._by_id.get(unit_id) if unit_id is not None else None

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
        found = {
            unit
            for (role, served), serving in self._by_service.items()
            if role == role_code and any(area.code == area_code for area in self.areas.ancestors(served))
            for unit in serving
        }
        return tuple(sorted(found, key=lambda unit: unit.code))

    def _climb(
        self, groups: Mapping[tuple[str, str], tuple[UnitView, ...]], role_code: str, area_code: str | None
    ) -> tuple[UnitView, ...]:
        codes = tuple(area.code for area in self.areas.ancestors(area_code)) or self._top_codes
        found = (unit for code in codes for unit in groups.get((role_code, code), ()))
        return tuple(dict.fromkeys(found))


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
