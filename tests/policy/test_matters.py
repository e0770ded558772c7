"""Duties of departments are not pushed down."""

from dataclasses import replace

import pytest

from hotline import packs
from hotline.organisation.tree import UnitView
from hotline.packs import City
from hotline.policy.matters import FIRMS, KIND_LABELS, Kind, barrier, more_urgent, tree


def unit(level: str, role: str, kind: str = "department") -> UnitView:
    """A unit that stands alone."""
    return UnitView(1, role, role, role, level, kind, role, "990100", "/1/", None, 1, "")


@pytest.mark.parametrize(
    ("matter", "role", "level", "why"),
    [
        ("0401001", "urban", "county", None),  # night works: a department's duty
        ("0401001", "urban", "city", None),
        ("0401001", "town", "town", "below_floor"),
        ("0401001", "community", "community", "below_floor"),
        ("0101004", "town", "town", None),  # owners' committee: on the town's list
        ("0101004", "housing", "county", None),
        ("0101004", "community", "community", None),  # handed down by the town
        ("0101004", "grid", "grid", "never_leads"),  # a grid reports, it answers for nothing
        ("0104003", "fund", "county", "below_floor"),  # provident fund: answerable in the city only
        ("0104003", "fund", "city", None),
        ("0104003", "hotline", "province", None),
        ("0201001", "heat", "supplier", None),  # heating
        ("0201001", "housing", "county", None),
        ("0201001", "town", "town", "below_floor"),
        ("0201001", "water", "supplier", "not_its_business"),
        ("0401001", "heat", "supplier", "not_its_business"),
        ("0401001", "school", "county", "never_leads"),
        ("0204001", "power", "city", None),  # a power cut is the power company's, at whatever level that stands
        ("0401001", "power", "city", "not_its_business"),  # which leads no other matter
        ("0601001", "municipal", "city", "not_its_business"),
    ],
)
def test_who_may_lead(pack: City, matter: str, role: str, level: str, why: str | None) -> None:
    assert barrier(unit(level, role, pack.roles[role].kind), pack.matters[matter], pack.roles) == why


def test_no_duty_of_a_department_is_ever_pushed_down(pack: City) -> None:
    """The hard floor: the catalogue's row is the reason, whichever matter it is."""
    for matter in pack.matters.values():
        for role in ("town", "community"):
            barred = barrier(unit(role, role), matter, pack.roles) == "below_floor"
            assert barred is not (matter.grassroots_ok or matter.answerable_level == "town"), matter.code


def test_whoever_the_catalogue_names_may_lead_at_its_level(pack: City) -> None:
    for matter in pack.matters.values():
        expected = None if pack.roles[matter.lead_role].leads == "yes" else "never_leads"
        named = unit(matter.answerable_level, matter.lead_role, pack.roles[matter.lead_role].kind)
        assert barrier(named, matter, pack.roles) == expected, matter.code


@pytest.mark.parametrize("city", packs.cities())
def test_a_firm_leads_only_what_names_it(city: str) -> None:
    """A firm of a city or county stands as high as a department, and has no authority over anybody."""
    pack = packs.load(city)
    firms = {(each.level, each.role_code, each.kind) for each in pack.units if each.kind in FIRMS}
    assert {level for level, _, _ in firms} >= {"city", "county", "supplier"}
    for level, role, kind in firms:
        for matter in pack.matters.values():
            helps = matter.answerable_level == "supplier" and role in matter.assist_roles
            if barrier(unit(level, role, kind), matter, pack.roles) is None:
                assert role == matter.lead_role or helps, (role, matter.code)


def test_who_takes_over_a_firm_takes_over_what_it_leads(pack: City) -> None:
    drains = next(matter for matter in pack.matters.values() if matter.lead_role == "drainage")
    roads = unit("county", "municipal", "utility")
    assert barrier(roads, drains, pack.roles) == "not_its_business"
    assert barrier(replace(roads, inherited=("drainage",)), drains, pack.roles) is None
    assert barrier(replace(unit("county", "school"), inherited=("education",)), drains, pack.roles) is None


def test_the_tree_holds_every_leaf_once_in_order(pack: City) -> None:
    leaves = [
        leaf.code for first in tree(pack.matters.values()) for second in first.branches for leaf in second.branches
    ]
    assert leaves == sorted(pack.matters)
    assert len(tree(pack.matters.values())) == 18


def test_kinds_and_degrees() -> None:
    assert set(KIND_LABELS) == set(Kind)
    assert more_urgent("normal", "critical") == "critical"
    assert more_urgent("urgent", "normal") == "urgent"
