"""Reads, what they cost, and when the process looks again."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest

from hotline.organisation import queries, services
from hotline.organisation.models import Authority, Membership, Staff
from hotline.organisation.queries import AuthorityView
from hotline.organisation.roles import Role
from hotline.organisation.tree import UnitView
from hotline.organisation.viewer import Viewer

pytestmark = pytest.mark.django_db
Counter = Callable[[int], AbstractContextManager[None]]


@pytest.fixture
def clerk(units: dict[str, UnitView], at: datetime) -> int:
    """A clerk of the county's urban management."""
    return services.create_staff(
        username="wang.clerk", name="王小明", password=None, unit_id=units["north-urban"].id, role="clerk", at=at
    )


def test_indexes_cost_a_few_queries_once(yunjiang: AuthorityView, count_queries: Counter) -> None:
    queries.forget_cache()
    with count_queries(6):  # authorities; areas and units with their old names; service areas
        queries.unit_index(yunjiang.id)
    with count_queries(0):
        queries.unit_index(yunjiang.id)
        queries.areas(yunjiang.id)
        queries.authority("990100")
        queries.authority(yunjiang.id)
        queries.authorities()


def test_another_process_is_noticed_after_some_seconds(
    yunjiang: AuthorityView, monkeypatch: pytest.MonkeyPatch, count_queries: Counter
) -> None:
    before = queries.unit_index(yunjiang.id)
    Authority.objects.filter(id=yunjiang.id).update(revision=yunjiang.revision + 1)
    assert queries.unit_index(yunjiang.id) is before
    monkeypatch.setattr(queries.indexes, "FRESH_FOR", -1.0)
    assert queries.unit_index(yunjiang.id) is not before
    with count_queries(1):  # only the revision is looked at
        queries.unit_index(yunjiang.id)


def test_unknown_authorities(yunjiang: AuthorityView) -> None:
    assert queries.authority("000000") is None
    with pytest.raises(LookupError):
        queries.unit_index(0)


def test_units_by_id(units: dict[str, UnitView], count_queries: Counter) -> None:
    with count_queries(1):
        found = queries.units_by_ids([units["north"].id, units["south"].id, 0])
    assert found == {units["north"].id: units["north"], units["south"].id: units["south"]}
    assert queries.unit(units["north"].id) == units["north"]
    assert queries.unit(0) is None


def test_a_viewer_costs_one_query(clerk: int, units: dict[str, UnitView], count_queries: Counter) -> None:
    with count_queries(1):
        viewer = queries.viewer_for(clerk)
    own = units["north-urban"]
    assert viewer == Viewer(clerk, "王小明", Role.CLERK, own.id, own.path, own.authority_id, "zh-hans")


def test_a_person_wears_one_hat_at_a_time(clerk: int, units: dict[str, UnitView], at: datetime) -> None:
    second = services.add_membership(staff_id=clerk, unit_id=units["centre"].id, role="agent", at=at)
    first, other = queries.memberships(clerk)
    assert (first.role, other.id, other.role) == (Role.CLERK, second, Role.AGENT)
    viewer = queries.viewer_for(clerk, second)
    assert viewer is not None
    assert viewer.role is Role.AGENT
    services.end_membership(membership_id=second, at=at)
    services.end_membership(membership_id=second, at=at)
    assert queries.viewer_for(clerk, second) is None
    assert services.add_membership(staff_id=clerk, unit_id=units["centre"].id, role="agent", at=at) == second


def test_nobody_sees_through_closed_eyes(clerk: int, units: dict[str, UnitView], at: datetime) -> None:
    other = services.create_staff(
        username="other", name="李", password=None, unit_id=units["south"].id, role="clerk", at=at
    )
    foreign = Membership.objects.get(staff_id=other).id
    assert queries.viewer_for(clerk, foreign) is None
    Staff.objects.filter(id=clerk).update(is_active=False)
    assert queries.viewer_for(clerk) is None
    assert queries.viewer_for(0) is None
    assert queries.staff_names([clerk, other, 0]) == {clerk: "王小明", other: "李"}


@pytest.mark.parametrize(
    ("role", "unit", "sees"),
    [
        (Role.AGENT, "centre", None),
        (Role.CLERK, "north-urban", "north-urban"),
        (Role.DISPATCHER, "north", "north"),
        (Role.GRID_WORKER, "bridge-1", "bridge-1"),
        (Role.ADMIN, "centre", "nothing"),
    ],
)
def test_row_scope(role: Role, unit: str, sees: str | None, units: dict[str, UnitView]) -> None:
    own = units[unit]
    viewer = Viewer(1, "", role, own.id, own.path, own.authority_id, "en")
    scope = queries.unit_scope(viewer)
    if sees == "nothing":
        assert scope is not None
        assert not any(found.path.startswith(scope) for found in units.values())
    else:
        assert scope == (units[sees].path if sees else None)
