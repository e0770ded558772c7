"""Small cities for tests, in the shape of a pack, without reading one."""

from types import SimpleNamespace
from typing import cast

from hotline import packs

AREAS = [
    ("990100", "云江市", "city", "990000"),
    ("990102", "江北区", "county", "990100"),
    ("990103", "山南县", "county", "990100"),
    ("990102001", "城关街道", "town", "990102"),
    ("990102001001", "桥头社区", "community", "990102001"),
    ("990103001", "城关街道", "town", "990103"),
]
# code, role, level, kind, area, parent, service areas
UNITS = [
    ("centre", "hotline", "city", "department", "990100", "", ("990100",)),
    ("city-urban", "urban", "city", "department", "990100", "centre", ("990100",)),
    ("north", "county_gov", "county", "department", "990102", "centre", ("990102",)),
    ("north-urban", "urban", "county", "department", "990102", "north", ("990102",)),
    ("north-town", "town", "town", "town", "990102001", "north", ("990102001",)),
    ("bridge", "community", "community", "community", "990102001001", "north-town", ("990102001001",)),
    ("bridge-1", "grid", "grid", "community", "990102001001", "bridge", ("990102001001",)),
    ("south", "county_gov", "county", "department", "990103", "centre", ("990103",)),
    ("water-north", "water", "supplier", "supplier", "990100", "centre", ("990102",)),
    ("water-all", "water", "supplier", "supplier", "990100", "centre", ("990100",)),
    ("water-south", "water", "supplier", "supplier", "990100", "centre", ("990103",)),
    ("city-drains", "drainage", "city", "utility", "990100", "centre", ("990100",)),
]


def area(code: str, name: str, level: str, parent: str) -> packs.Area:
    """A row of a pack's areas."""
    return packs.Area(code=code, name=name, name_en=name, level=level, parent_code=parent, note="")


def unit(
    code: str, role: str, level: str, kind: str, area_code: str, parent: str, serves: tuple[str, ...]
) -> packs.Unit:
    """A row of a pack's units."""
    return packs.Unit(
        code=code,
        name=f"{code}(示例)",
        name_en=code,
        role_code=role,
        level=level,
        kind=kind,
        area_code=area_code,
        parent_code=parent,
        service_area_codes=serves,
        phone="",
        illustrative=True,
        note="",
    )


def city(code: str = "990100", **changes: object) -> packs.City:
    """The fictional 云江市, with six areas and a dozen units at all levels."""
    parts: dict[str, object] = {
        "folder": "yunjiang",
        "code": code,
        "name": "云江市",
        "name_en": "Yunjiang City",
        "province_code": "990000",
        "above": None,
        "areas": tuple(area(*row) for row in AREAS),
        "units": tuple(unit(*row) for row in UNITS),
    }
    return cast(packs.City, SimpleNamespace(**(parts | changes)))
