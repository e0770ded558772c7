"""Re-organisations on real tables: what was planned is what stands there, and everything goes along."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hotline.ledger import queries as ledger
from hotline.ledger.record import SYSTEM, Stream
from hotline.organisation import queries, services
from hotline.organisation.models import Area, FormerName, Grid, GridWorker, Membership, Unit, UnitArea
from hotline.organisation.proposals import (
    EndUnit,
    MergeAreas,
    MergeUnits,
    MoveArea,
    MoveUnit,
    Proposal,
    RenameArea,
    RenameUnit,
)
from hotline.organisation.queries import AuthorityView
from hotline.organisation.reorganisation import Plan
from hotline.organisation.tree import UnitView, paths
from hotline.refusal import Refused
from tests.organisation.cities import area, city, unit
from tests.organisation.towns import towns

pytestmark = pytest.mark.django_db
Counter = Callable[[int], AbstractContextManager[None]]
MOST = 22  # statements, however large the city


@pytest.fixture
def yunjiang(db: None, at: datetime) -> AuthorityView:
    """The city of towns, loaded."""
    services.load_city(pack=towns(), at=at)
    found = queries.authority("990100")
    assert found is not None
    return found


@pytest.fixture
def units(yunjiang: AuthorityView) -> dict[str, UnitView]:
    """Its units by code, as they stood in the beginning."""
    return {unit.code: unit for unit in queries.unit_index(yunjiang.id)}


def person(name: str, place: UnitView, role: str, at: datetime) -> int:
    """Somebody who works there."""
    return services.create_staff(username=name, name="王芳", password=None, unit_id=place.id, role=role, at=at)


def carry_out(proposal: Proposal, authority_id: int, at: datetime, **more: int) -> Plan:
    """Do it, and check that the tables say what the plan said."""
    shown = queries.preview(proposal, authority_id, at, **more).plan
    done = services.reorganise(proposal=proposal, authority_id=authority_id, at=at, actor=SYSTEM, **more)
    assert done == shown
    index = queries.unit_index(authority_id)
    for each in done.units:
        assert queries.unit(each.after.id) == replace(each.after, formerly=())
    for change in done.areas:
        area_now = index.areas.get(change.after.code)
        assert area_now is not None
        assert (area_now.parent_code, area_now.active) == (change.after.parent_code, change.after.active)
    parents = dict(Unit.objects.values_list("id", "parent_id"))
    assert dict(Unit.objects.values_list("id", "path")) == paths(parents)
    grounds = dict(Area.objects.values_list("code", "parent_id"))
    assert dict(Area.objects.values_list("code", "path")) == paths(grounds)
    return done


def test_towns_are_merged(yunjiang: AuthorityView, units: dict[str, UnitView], at: datetime) -> None:
    west, east = units["west-town"], units["east-town"]
    clerk, both = person("clerk", west, "clerk", at), person("both", west, "clerk", at)
    services.add_membership(staff_id=both, unit_id=east.id, role="clerk", at=at)
    hat = Membership.objects.get(staff_id=clerk).id
    later = at + timedelta(days=1)
    shown = queries.preview(MergeAreas(("990102001",), "990102002"), yunjiang.id, later)
    assert (shown.staff, shown.grids) == (2, 1)
    carry_out(MergeAreas(("990102001",), "990102002"), yunjiang.id, later)

    viewer = queries.viewer_for(clerk, hat)
    assert viewer is not None, "nobody is signed out: the same membership goes on"
    assert (viewer.unit_id, viewer.covers(queries.unit_index(yunjiang.id).get(west.id).path)) == (east.id, True)  # type: ignore[union-attr]
    assert [row.unit_id for row in queries.memberships(both)] == [east.id]
    old = Area.objects.get(code="990102001")
    assert (old.active, old.successor_id, old.ended_at) == (False, "990102002", later)
    assert (Unit.objects.get(id=west.id).successor_id, Unit.objects.get(id=west.id).ended_at) == (east.id, later)
    assert set(UnitArea.objects.filter(unit_id=units["water-west"].id).values_list("area_id", flat=True)) == {
        "990102002"
    }, "what serves is said in today's codes"
    assert set(UnitArea.objects.filter(unit_id=west.id).values_list("area_id", flat=True)) == {"990102001"}, (
        "what ended stays as it was"
    )
    facts = {event.kind: event.facts for event in ledger.timeline(Stream("unit", west.id))}
    assert facts == {"unit.merged": {"into_id": east.id, "from_parent_id": units["north"].id}}
    kinds = [event.kind for event in ledger.timeline(Stream("authority", yunjiang.id))]
    assert kinds == ["authority.loaded", "authority.reorganised", "area.merged"]
    told = [event.kind for event in ledger.timeline(Stream("staff", clerk))]
    assert told == ["staff.created", "staff.moved"]
    assert [event.kind for event in ledger.timeline(Stream("staff", both))][-1] == "staff.left"
    [done] = queries.reorganisations(yunjiang.id)
    assert (done.facts["verb"], done.facts["codes"], done.facts["people"]) == ("merge_areas", ["990102001"], 2)


def test_names_change_and_are_remembered(yunjiang: AuthorityView, units: dict[str, UnitView], at: datetime) -> None:
    later = at + timedelta(days=30)
    carry_out(RenameUnit(units["bridge-1"].id, "桥头第一网格", "Bridge grid 1"), yunjiang.id, later)
    carry_out(RenameArea("990102002", "河东街道", "Hedong"), yunjiang.id, later)
    carry_out(RenameArea("990102002", "新河街道"), yunjiang.id, later + timedelta(days=1))
    index = queries.unit_index(yunjiang.id)
    before, now = index.get(units["bridge-1"].id, at), index.get(units["bridge-1"].id, later)
    assert before is not None
    assert now is not None
    assert (before.name, now.name) == (units["bridge-1"].name, "桥头第一网格")
    assert Grid.objects.get().name == "桥头第一网格"
    called = [index.areas.get("990102002", moment) for moment in (at, later, later + timedelta(days=2))]
    assert [area.name for area in called if area] == ["河东镇", "河东街道", "新河街道"]
    assert [area.code for area in index.areas.by_name("河东镇")] == ["990102002"]
    assert Area.objects.get(code="990102002").pinyin == "xin he jie dao"
    assert FormerName.objects.count() == 3
    assert [event.kind for event in ledger.timeline(Stream("unit", units["bridge-1"].id))] == ["unit.renamed"]


def test_grids_and_their_walkers_go_along(yunjiang: AuthorityView, units: dict[str, UnitView], at: datetime) -> None:
    rows = [
        *towns().units,
        unit("pier-1", "grid", "grid", "community", "990102001002", "pier", ()),
    ]
    services.load_city(pack=city(areas=towns().areas, units=tuple(rows)), at=at)
    pier = next(each for each in queries.unit_index(yunjiang.id) if each.code == "pier-1")
    walker = person("walker", units["bridge-1"], "grid_worker", at)
    GridWorker.objects.create(grid=Grid.objects.get(unit_id=units["bridge-1"].id), staff_id=walker)
    carry_out(MergeUnits((units["bridge-1"].id,), pier.id), yunjiang.id, at)
    assert list(GridWorker.objects.values_list("grid__unit_id", "staff_id")) == [(pier.id, walker)]
    carry_out(MergeAreas(("990102001002",), "990102001001"), yunjiang.id, at)
    assert set(Grid.objects.filter(unit_id=pier.id).values_list("area_id", flat=True)) == {"990102001001"}


def test_a_border_moves_and_old_codes_lead_on(
    yunjiang: AuthorityView, units: dict[str, UnitView], at: datetime
) -> None:
    carry_out(MoveArea("990102001", "990103", "990103009"), yunjiang.id, at)
    index = queries.unit_index(yunjiang.id)
    assert [found.code for found in index.by_role_area("town", "990102001001")] == ["west-town"]
    assert set(Grid.objects.values_list("area_id", flat=True)) == {"990103009001"}
    kinds = [(event.kind, event.facts.get("into_code")) for event in
             ledger.timeline(Stream("authority", yunjiang.id), kinds=("area.moved",))]  # fmt: skip
    assert [code for _, code in kinds] == ["990103009", "990103009001", "990103009002"]
    carry_out(MoveArea("990103009002", "990102002"), yunjiang.id, at)
    assert units["pier"].id in {found.id for found in queries.unit_index(yunjiang.id).children(units["east-town"].id)}


def test_what_is_abolished_lets_its_people_go(
    yunjiang: AuthorityView, units: dict[str, UnitView], at: datetime
) -> None:
    clerk = person("clerk", units["pier"], "clerk", at)
    with pytest.raises(Refused):
        carry_out(EndUnit(units["pier"].id), yunjiang.id, at, open_orders=1)
    carry_out(EndUnit(units["pier"].id), yunjiang.id, at)
    assert queries.viewer_for(clerk) is None
    assert [event.kind for event in ledger.timeline(Stream("unit", units["pier"].id))] == ["unit.ended"]


def test_who_had_left_before_comes_back_in_the_old_place(
    yunjiang: AuthorityView, units: dict[str, UnitView], at: datetime
) -> None:
    west, east = units["west-town"], units["east-town"]
    clerk = person("clerk", west, "clerk", at)
    ended = services.add_membership(staff_id=clerk, unit_id=east.id, role="clerk", at=at)
    services.end_membership(membership_id=ended, at=at)
    carry_out(MergeUnits((west.id,), east.id), yunjiang.id, at)
    assert [row.id for row in queries.memberships(clerk)] == [ended]


def test_a_province_and_its_city_both_see_it(yunjiang: AuthorityView, at: datetime) -> None:
    office = unit("office", "hotline", "city", "department", "990102001", "", ())
    province = city("990000", province_code="", areas=(area("990000", "江东省", "province", ""),), units=(office,))
    services.load_city(pack=province, at=at)
    services.load_city(pack=towns(), at=at)
    above = queries.authority("990000")
    assert above is not None
    before = {key: queries.unit_index(key) for key in (above.id, yunjiang.id)}
    carry_out(MergeAreas(("990102001",), "990102002"), yunjiang.id, at)
    for key in (above.id, yunjiang.id):
        assert queries.unit_index(key) is not before[key]
        now = queries.areas(key).current("990102001")
        assert now is not None
        assert now.code == "990102002"
        assert "area.merged" in [event.kind for event in ledger.timeline(Stream("authority", key))]
    assert next(iter(queries.unit_index(above.id))).area_code == "990102002", "everybody's units sit where ground is"
    with pytest.raises(Refused):
        services.reorganise(proposal=EndUnit(next(iter(queries.unit_index(above.id))).id), authority_id=yunjiang.id,
                            at=at, actor=SYSTEM)  # fmt: skip


def test_what_replaces_what(yunjiang: AuthorityView, units: dict[str, UnitView], at: datetime) -> None:
    days = [at + timedelta(days=number) for number in range(4)]
    carry_out(MergeAreas(("990102001",), "990102002"), yunjiang.id, days[0])
    carry_out(MergeUnits((units["east-town"].id,), units["willow-town"].id), yunjiang.id, days[1])
    carry_out(EndUnit(units["pier"].id), yunjiang.id, days[2])
    carry_out(MoveArea("990102002", "990103"), yunjiang.id, days[3])
    events = [
        *ledger.timeline(Stream("unit", units["west-town"].id)),
        *ledger.timeline(Stream("unit", units["pier"].id)),
    ]
    [found] = queries.replacements(events)
    assert found.authority_id == yunjiang.id
    assert found.units == {units["west-town"].id: units["willow-town"].id, units["pier"].id: None}
    assert found.areas == {"990102001": "990102002"}, "what ended in the same step comes along"
    [moved] = ledger.timeline(Stream("authority", yunjiang.id), kinds=("area.moved",))
    assert queries.replacements([moved]) == (), "what kept its code is not replaced"
    assert queries.replacements(ledger.timeline(Stream("staff", 1))) == ()


def test_another_process_is_not_believed(
    yunjiang: AuthorityView, units: dict[str, UnitView], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries.unit_index(yunjiang.id)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(queries, "forget_cache", lambda: None)
        services.reorganise(
            proposal=MergeUnits((units["west-town"].id,), units["east-town"].id),
            authority_id=yunjiang.id, at=at, actor=SYSTEM,
        )  # fmt: skip
    heir = queries.unit_index(yunjiang.id).successor_of(units["west-town"].id)
    assert heir is not None
    assert heir.id == units["west-town"].id, "this process has not heard of it yet"
    [found] = queries.replacements(ledger.timeline(Stream("unit", units["west-town"].id)))
    assert found.units == {units["west-town"].id: units["east-town"].id}


def test_reading_the_pack_again_revives_nobody(
    yunjiang: AuthorityView, units: dict[str, UnitView], at: datetime
) -> None:
    carry_out(MergeAreas(("990102001",), "990102002"), yunjiang.id, at)
    carry_out(MergeUnits((units["water-west"].id,), units["drains"].id), yunjiang.id, at)
    services.load_city(pack=towns(), at=at)
    index = queries.unit_index(yunjiang.id)
    heir = index.successor_of(units["west-town"].id)
    assert heir is not None
    assert heir.code == "east-town"
    assert [found.code for found in index.by_role_area("town", "990102001001")] == ["east-town"]
    assert "drains" in [found.code for found in index.suppliers("water", "990102002001")]
    assert "990102001" not in [found.code for found in index.areas]


@pytest.mark.parametrize("size", [3, 300])
def test_statements_do_not_grow_with_what_is_moved(size: int, at: datetime, count_queries: Counter) -> None:
    codes = [f"990102001{number:03}" for number in range(1, size + 1)]
    areas = [*towns().areas, *(area(code, f"第{code[-3:]}社区", "community", "990102001") for code in codes)]
    rows = [unit(f"c{code}", "community", "community", "community", code, "west-town", (code,)) for code in codes]
    known = {row.code for row in towns().areas}
    services.load_city(
        pack=city(
            areas=tuple({row.code: row for row in areas}.values()),
            units=(*towns().units, *(row for row in rows if row.area_code not in known)),
        ),
        at=at,
    )
    authority = queries.authority("990100")
    assert authority is not None
    with count_queries(MOST):
        services.reorganise(
            proposal=MoveArea("990102001", "990103", "990103009"), authority_id=authority.id, at=at, actor=SYSTEM
        )
    assert Area.objects.filter(code__startswith="990103009", active=True).count() == size + 1 or size < 3


def test_moving_a_unit_is_told(yunjiang: AuthorityView, units: dict[str, UnitView], at: datetime) -> None:
    carry_out(MoveUnit(units["west-town"].id, units["south"].id), yunjiang.id, at)
    [event] = ledger.timeline(Stream("unit", units["west-town"].id))
    assert (event.kind, event.facts["parent_id"]) == ("unit.moved", units["south"].id)
    assert ledger.timeline(Stream("unit", units["bridge"].id)) == []
