"""A city in which something can be merged, renamed and moved: two counties, three towns, communities, a grid, water."""

from __future__ import annotations

from hotline import packs
from hotline.organisation.standing import Standing
from hotline.organisation.tree import AreaIndex, AreaView, UnitIndex, UnitView, paths
from tests.organisation.cities import area, city, unit

AREAS = [
    ("990100", "云江市", "city", "990000"),
    ("990102", "江北区", "county", "990100"),
    ("990103", "山南县", "county", "990100"),
    ("990102001", "城关街道", "town", "990102"),
    ("990102001001", "桥头社区", "community", "990102001"),
    ("990102001002", "码头社区", "community", "990102001"),
    ("990102002", "河东镇", "town", "990102"),
    ("990102002001", "石桥村", "community", "990102002"),
    ("990103001", "柳林镇", "town", "990103"),
]
# code, role, level, kind, area, parent, service areas
UNITS = [
    ("centre", "hotline", "city", "department", "990100", "", ("990100",)),
    ("city-urban", "urban", "city", "department", "990100", "centre", ("990100",)),
    ("north", "county_gov", "county", "department", "990102", "centre", ("990102",)),
    ("north-urban", "urban", "county", "department", "990102", "north", ("990102",)),
    ("north-housing", "housing", "county", "department", "990102", "north", ("990102",)),
    ("west-town", "town", "town", "town", "990102001", "north", ("990102001",)),
    ("bridge", "community", "community", "community", "990102001001", "west-town", ("990102001001",)),
    ("bridge-1", "grid", "grid", "community", "990102001001", "bridge", ("990102001001",)),
    ("pier", "community", "community", "community", "990102001002", "west-town", ("990102001002",)),
    ("east-town", "town", "town", "town", "990102002", "north", ("990102002",)),
    ("stone", "community", "community", "community", "990102002001", "east-town", ("990102002001",)),
    ("south", "county_gov", "county", "department", "990103", "centre", ("990103",)),
    ("willow-town", "town", "town", "town", "990103001", "south", ("990103001",)),
    ("water-west", "water", "supplier", "supplier", "990102", "centre", ("990102001",)),
    ("water-rest", "water", "supplier", "supplier", "990100", "centre", ("990102002", "990103")),
    ("drains", "drainage", "supplier", "supplier", "990100", "centre", ("990102",)),
]
IDS = {row[0]: number for number, row in enumerate(UNITS, start=1)}
CODES = {number: code for code, number in IDS.items()}


def towns() -> packs.City:
    """The city as a pack."""
    return city(areas=tuple(area(*row) for row in AREAS), units=tuple(unit(*row) for row in UNITS))


def standing() -> Standing:
    """How it stands, in memory: units by number of their row, one authority (1)."""
    placed = paths({IDS[row[0]]: IDS.get(row[5]) for row in UNITS})
    units = {
        IDS[code]: UnitView(
            IDS[code], code, code, code, level, kind, role, area_code, placed[IDS[code]], IDS.get(parent), 1, ""
        )
        for code, role, level, kind, area_code, parent, _ in UNITS
    }
    areas = {
        code: AreaView(code, name, name, level, parent if parent != "990000" else None, code)
        for code, name, level, parent in AREAS
    }
    return Standing(1, units, areas, {1: "990100"})


def index(state: Standing) -> UnitIndex:
    """The units of a state as the house looks them up."""
    serves = [(IDS[row[0]], code) for row in UNITS for code in row[6]]
    return UnitIndex(state.units.values(), AreaIndex(state.areas.values()), serves)
