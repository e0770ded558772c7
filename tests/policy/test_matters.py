"""Duties of departments are not pushed down."""

import pytest

from hotline.packs import City
from hotline.policy.matters import KIND_LABELS, Kind, may_lead, more_urgent, tree


@pytest.mark.parametrize(
    ("matter", "level", "may"),
    [
        ("0401001", "county", True),  # night works: a department's duty
        ("0401001", "city", True),
        ("0401001", "town", False),
        ("0401001", "community", False),
        ("0101004", "town", True),  # owners' committee: on the town's list
        ("0101004", "county", True),
        ("0101004", "community", False),
        ("0104003", "county", False),  # provident fund: answerable in the city only
        ("0104003", "city", True),
        ("0201001", "supplier", True),  # heating
        ("0201001", "county", True),
        ("0201001", "town", False),
        ("0401001", "supplier", False),
        ("0401001", "", False),
    ],
)
def test_who_may_lead(pack: City, matter: str, level: str, may: bool) -> None:
    assert may_lead(pack.matters[matter], level) is may


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
