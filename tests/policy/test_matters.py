"""Duties of departments are not pushed down."""

import pytest

from hotline.packs import City
from hotline.policy.matters import KIND_LABELS, Kind, barrier, more_urgent, tree


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
    ],
)
def test_who_may_lead(pack: City, matter: str, role: str, level: str, why: str | None) -> None:
    assert barrier(level, role, pack.matters[matter], pack.roles) == why


def test_no_duty_of_a_department_is_ever_pushed_down(pack: City) -> None:
    """The hard floor: the catalogue's row is the reason, whichever matter it is."""
    for matter in pack.matters.values():
        for role in ("town", "community"):
            barred = barrier(role, role, matter, pack.roles) == "below_floor"
            assert barred is not (matter.grassroots_ok or matter.answerable_level == "town"), matter.code


def test_whoever_the_catalogue_names_may_lead_at_its_level(pack: City) -> None:
    for matter in pack.matters.values():
        expected = None if pack.roles[matter.lead_role].leads == "yes" else "never_leads"
        assert barrier(matter.answerable_level, matter.lead_role, matter, pack.roles) == expected, matter.code


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
