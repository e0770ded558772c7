"""Trees in memory, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.organisation.tree import AreaIndex, AreaView, UnitIndex, UnitView, paths
from tests.organisation.cities import AREAS, UNITS

AREA_INDEX = AreaIndex(AreaView(code, name, name, level, parent, pinyin=code) for code, name, level, parent in AREAS)
IDS = {row[0]: number for number, row in enumerate(UNITS, start=1)}
PATHS = paths({IDS[row[0]]: IDS.get(row[5]) for row in UNITS})


def index(*, inactive: frozenset[str] = frozenset()) -> UnitIndex:
    """The units of the small city."""
    units = [
        UnitView(
            id=IDS[code],
            code=code,
            name=code,
            name_en=code,
            level=level,
            kind=kind,
            role_code=role,
            area_code=area,
            path=PATHS[IDS[code]],
            parent_id=IDS.get(parent),
            authority_id=1,
            phone="",
            active=code not in inactive,
        )
        for code, role, level, kind, area, parent, _ in UNITS
    ]
    return UnitIndex(units, AREA_INDEX, [(IDS[row[0]], area) for row in UNITS for area in row[6]])


def codes(units: tuple[UnitView, ...]) -> list[str]:
    """What was found, in order."""
    return [unit.code for unit in units]


@pytest.mark.parametrize(
    ("role", "area", "found"),
    [
        ("urban", "990102001001", ["north-urban", "city-urban"]),
        ("urban", "990103001", ["city-urban"]),
        ("town", "990102001001", ["north-town"]),
        ("town", "990103001", []),
        ("community", "990102001001", ["bridge"]),
        ("urban", None, ["city-urban"]),
        ("urban", "123456", ["city-urban"]),
        ("water", "990102001001", []),
        ("no_such_role", "990102", []),
    ],
)
def test_units_are_found_by_climbing(role: str, area: str | None, found: list[str]) -> None:
    assert codes(index().by_role_area(role, area)) == found


@pytest.mark.parametrize(
    ("role", "area", "found"),
    [
        ("water", "990102001001", ["water-north", "water-all"]),
        ("water", "990103001", ["water-south", "water-all"]),
        ("water", None, ["water-all"]),
        ("drainage", "990102", ["city-drains"]),
        ("urban", "990102", []),
    ],
)
def test_suppliers_are_found_by_service_area(role: str, area: str | None, found: list[str]) -> None:
    assert codes(index().suppliers(role, area)) == found


def test_inactive_units_are_only_found_by_id() -> None:
    units = index(inactive=frozenset({"north-urban", "water-north"}))
    assert codes(units.by_role_area("urban", "990102001001")) == ["city-urban"]
    assert codes(units.suppliers("water", "990102")) == ["water-all"]
    assert "north-urban" not in codes(units.children(IDS["north"]))
    found = units.get(IDS["north-urban"])
    assert found is not None
    assert not found.active


def test_children_and_roots() -> None:
    assert codes(index().children(None)) == ["centre"]
    assert codes(index().children(IDS["north"])) == ["north-urban", "north-town"]
    assert index().get(None) is None
    assert len(index()) == len(UNITS)


def test_areas() -> None:
    assert [area.name for area in AREA_INDEX.ancestors("990102001001")] == ["桥头社区", "城关街道", "江北区", "云江市"]
    assert [area.code for area in AREA_INDEX.by_name("城关街道")] == ["990102001", "990103001"]
    assert [area.code for area in AREA_INDEX.children("990100")] == ["990102", "990103"]
    assert AREA_INDEX.ancestors("1") == AREA_INDEX.by_name("无") == AREA_INDEX.children("1") == ()
    assert AREA_INDEX.get("") is None


def test_paths_hang_below_known_parents() -> None:
    assert paths({"b": "a", "c": "b", "d": "x"}, {"a": "/a/"}) == {"b": "/a/b/", "c": "/a/b/c/", "d": "/d/"}


def test_a_circle_is_named() -> None:
    with pytest.raises(ValueError, match="own ancestors: 7, 8"):
        paths({7: 8, 8: 7, 1: None})


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30))
def test_every_path_ends_its_parents_path(choices: list[int]) -> None:
    parents = {key: choice if choice < key else None for key, choice in enumerate(choices)}
    found = paths(parents)
    for key, parent in parents.items():
        assert found[key] == (found[parent] if parent is not None else "/") + f"{key}/"
