"""Towns are merged, bureaus renamed, water companies joined: what is open goes on, and nothing of what was vanishes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from hotline.callback import services as callback
from hotline.clocks.queries import ClockView
from hotline.clocks.queries import for_streams as clocks_of
from hotline.desk.choices import Catalogue
from hotline.desk.timeline import steps as told_steps
from hotline.dispatch import queries as suggestions
from hotline.ledger import queries as events
from hotline.ledger import services as ledger
from hotline.ledger.record import SYSTEM, Stream
from hotline.organisation import queries as organisation
from hotline.organisation import services as reorganising
from hotline.organisation.proposals import EndUnit, MergeAreas, MergeUnits, MoveArea, Proposal, RenameUnit
from hotline.organisation.tree import UnitView
from hotline.policy import queries as policies
from hotline.understanding import queries as readings
from hotline.vault import queries as vault
from hotline.workorder import facts as said
from hotline.workorder import queries as orders
from hotline.workorder import services as workorder
from hotline.workorder.services import Life, NewOrder, Step
from hotline.workorder.views import InboxQuery
from tests.walks.steps import accept, dispatch_to, reply, sign
from tests.world import World

Count = Callable[[int], AbstractContextManager[None]]


def towns(world: World) -> list[str]:
    """Codes of the county's towns."""
    return [area.code for area in organisation.areas(world.authority_id) if area.level == "town"]


def town_hall(world: World, code: str) -> UnitView:
    """The government of a town."""
    return organisation.unit_index(world.authority_id).by_role_area("town", code)[0]


def town_matter(world: World) -> str:
    """A matter that a town answers for itself."""
    matters = policies.current(world.authority_id, world.at).matters.values()
    return next(matter.code for matter in matters if matter.lead_role == "town")


def reorganise(world: World, proposal: Proposal, **more: int) -> None:
    """Do it, and let everything follow that follows by itself."""
    reorganising.reorganise(proposal=proposal, authority_id=world.authority_id, at=world.at, actor=SYSTEM, **more)
    world.walk()


def at_town(world: World, code: str, phone: str) -> int:
    """An order that the town has signed."""
    order_id = world.take(phone=phone, area_code=code).order_id
    accept(world, order_id, town_matter(world), area_code=code)
    dispatch_to(world, order_id, town_hall(world, code).id)
    sign(world, order_id)
    return order_id


def limits(order_id: int) -> list[tuple[str, datetime, datetime]]:
    """When its clocks began and when they are due."""
    running: list[ClockView] = list(clocks_of("order", [order_id])[order_id])
    return [(clock.kind, clock.started_at, clock.due_at) for clock in running]


def test_what_is_open_at_a_merged_town_goes_on_at_the_new_one(world: World) -> None:
    old_code, new_code, *_ = towns(world)
    old, new = town_hall(world, old_code), town_hall(world, new_code)
    closed, order_id = at_town(world, old_code, "13900001111"), at_town(world, old_code, "13900002222")
    reply(world, closed)
    happy = said.ResultRecorded(contacted=True, solved=True, satisfaction="satisfied")
    callback.act(order_id=closed, facts=happy, actor=world.viewer("caller_back").actor(), at=world.at)
    undecided = world.take(phone="13900003333", area_code=old_code).order_id
    accept(world, undecided, town_matter(world), area_code=old_code)
    clerk_there, clerk_here = world.viewer("clerk", old), world.viewer("clerk", new)
    before, number = limits(order_id), orders.codes([order_id])[order_id].number
    world.pass_time(hours=1)
    assert orders.open_at(unit_ids=[old.id], area_codes=[old_code]) == 2

    reorganise(world, MergeAreas((old_code,), new_code))

    order = orders.codes([order_id])[order_id]
    assert (order.state, order.unit_id, order.area_code, order.number) == ("signed", new.id, new_code, number)
    assert limits(order_id) == before, "its clocks run on as if nothing had happened"
    [moved] = [event for event in world.events(order_id) if event.kind == "order.rerouted"]
    assert (moved.facts["from_unit_id"], moved.facts["unit_id"], moved.facts["area_code"]) == (old.id, new.id, new_code)

    for viewer in (clerk_here, world.viewer("clerk", old), world.viewer("supervisor")):
        assert viewer.unit_id != old.id, "who worked there works here"
        for code in (old_code, new_code):
            everything = InboxQuery(states=("signed", "closed", "archived"), area=code)
            listed = {row.order_id for row in orders.inbox(viewer, everything, world.at).rows}
            assert {closed, order_id} <= listed, "nothing vanishes, whichever name one looks under"
        for unit_id in (old.id, new.id):
            theirs = InboxQuery(states=("signed", "closed", "archived"), unit_id=unit_id)
            assert {row.order_id for row in orders.inbox(viewer, theirs, world.at).rows} == {closed, order_id}
    assert organisation.viewer_for(clerk_there.staff_id) is not None
    assert {row.order_id for row in orders.inbox(clerk_here, InboxQuery(), world.at).rows} == {order_id}

    found = suggestions.suggestion(undecided)
    assert found is not None
    assert found.units[0].unit_id == new.id, "what was still to be decided is thought over again"
    assert found.area_code == new_code
    reply(world, order_id)
    assert orders.codes([order_id])[order_id].state in {"replied", "reviewing"}
    assert ledger.verify().ok


def test_a_step_is_shown_under_the_name_of_its_day(world: World) -> None:
    code = towns(world)[0]
    order_id = at_town(world, code, "13900001111")
    hall = town_hall(world, code)
    world.pass_time(days=1)
    reorganise(world, RenameUnit(hall.id, "青河镇人民政府", "Qinghe Town"))
    world.pass_time(hours=1)
    reply(world, order_id)
    viewer = world.viewer("supervisor")
    order = world.order(order_id, viewer)
    assert order.unit is not None
    assert order.unit.name == "青河镇人民政府", "an open order stands under today's name"
    catalogue = Catalogue.of(world.authority_id, policies.current(world.authority_id, world.at))
    told = {step.what: step for step in told_steps(order.timeline, catalogue, order)}
    assert f"派给{hall.name}主办" in told
    assert told["签收"].who.startswith(hall.name)
    assert told["答复"].who.startswith("青河镇人民政府")
    happy = said.ResultRecorded(contacted=True, solved=True, satisfaction="satisfied")
    callback.act(order_id=order_id, facts=happy, actor=world.viewer("caller_back").actor(), at=world.at)
    world.pass_time(days=1)
    reorganise(world, RenameUnit(hall.id, "新河镇人民政府"))
    old = world.order(order_id, viewer)
    assert old.unit is not None
    assert old.unit.name == "青河镇人民政府", "what is closed keeps the name that it was closed under"


def test_companies_that_join_serve_what_both_served(world: World) -> None:
    first, *_, last = towns(world)
    heat = [organisation.unit_index(world.authority_id).suppliers("heat", code)[0] for code in (first, last)]
    assert heat[0].id != heat[1].id
    order_id = world.take(area_code=first).order_id
    accept(world, order_id, area_code=first)
    dispatch_to(world, order_id, heat[0].id)
    waiting = world.take(phone="13900001111", area_code=first).order_id
    accept(world, waiting, area_code=first)
    reorganise(world, MergeUnits((heat[0].id,), heat[1].id))
    assert orders.codes([order_id])[order_id].unit_id == heat[1].id
    again = world.take(phone="13900002222", area_code=first).order_id
    accept(world, again, area_code=first)
    found = suggestions.suggestion(again)
    assert found is not None
    assert found.units[0].unit_id == heat[1].id
    assert "service_area" in [reason.code for reason in found.units[0].reasons]
    dispatch_to(world, again, heat[1].id)


def test_an_old_name_of_a_place_is_still_understood(world: World) -> None:
    old_code, new_code, *_ = towns(world)
    areas = organisation.areas(world.authority_id)
    old, county = areas.get(old_code), areas.ancestors(old_code)[1]
    assert old is not None
    reorganise(world, MergeAreas((old_code,), new_code))
    order_id = world.take(f"{county.name}{old.name}的路灯坏了，晚上看不见路。", area_code=None).order_id
    world.walk()
    place = readings.readings([order_id])[order_id].place
    assert place is not None
    assert place.area_code == new_code


def test_what_nobody_takes_over_goes_back_to_the_dispatcher(world: World) -> None:
    code = towns(world)[0]
    order_id = at_town(world, code, "13900001111")
    hall = town_hall(world, code)
    reorganise(world, EndUnit(hall.id), open_orders=0)  # an order that came in while it was decided
    order = orders.codes([order_id])[order_id]
    assert (order.state, order.unit_id) == ("accepted", None)
    assert order_id in {row.order_id for row in orders.inbox(world.viewer("dispatcher"), InboxQuery(), world.at).rows}
    assert hall.id not in {unit.unit_id for unit in suggested(order_id)}


def suggested(order_id: int) -> tuple[suggestions.SuggestedUnit, ...]:
    """The units on the list."""
    found = suggestions.suggestion(order_id)
    return found.units if found else ()


def test_who_assists_goes_along(world: World) -> None:
    first, second, *_ = towns(world)
    old, new = town_hall(world, first), town_hall(world, second)
    order_id = world.take(area_code=first).order_id
    accept(world, order_id, area_code=first)
    facts = said.Dispatched(unit_id=world.unit("heat").id, assist_ids=(old.id,))
    workorder.move(order_id=order_id, facts=facts, actor=world.viewer("dispatcher").actor(), at=world.at)
    before = world.order(order_id, world.viewer("supervisor")).assists[0].clock
    reorganise(world, MergeUnits((old.id,), new.id))
    [assist] = world.order(order_id, world.viewer("clerk", new)).assists
    assert (assist.unit.id, assist.clock) == (new.id, before)


def lives(world: World, count: int, unit: UnitView, code: str) -> list[Life]:
    """Orders that the unit has before it."""
    authority = organisation.authority(world.authority_id)
    assert authority is not None
    key = vault.open_keys([authority.key_id])[authority.key_id]
    new = NewOrder(world.authority_id, "phone", key, {"appeal": "道路积水"}, kind="help", area_code=code,
                   matter_code=town_matter(world), anonymous=True)  # fmt: skip
    agent, dispatcher = world.viewer("agent").actor(), world.viewer("dispatcher").actor()
    steps = (
        Step(said.Accepted(), agent, world.at + timedelta(minutes=5)),
        Step(said.Dispatched(unit.id), dispatcher, world.at + timedelta(minutes=9)),
    )
    return [Life(f"YJ{number:06}", new, agent, world.at, steps) for number in range(count)]


def test_a_thousand_open_orders_go_along_in_a_few_statements(world: World, count_queries: Count) -> None:
    old_code, new_code, *_ = towns(world)
    old, new = town_hall(world, old_code), town_hall(world, new_code)
    world.walk()
    done = workorder.append_lives(lives=lives(world, 1000, old, old_code), at=world.at)
    assert (done.created, done.quarantined) == (1000, 0)
    world.pass_time(hours=1)
    proposal = MergeAreas((old_code,), new_code)
    reorganising.reorganise(proposal=proposal, authority_id=world.authority_id, at=world.at, actor=SYSTEM)
    causes = events.timeline(Stream("unit", old.id))
    with count_queries(20):
        assert workorder.reroute(events=causes, at=world.at) == 1000
    assert orders.open_at(unit_ids=[old.id], area_codes=[old_code]) == 0
    assert orders.open_at(unit_ids=[new.id]) == 1000
    assert workorder.reroute(events=causes, at=world.at) == 0, "again is no harm"
    last = orders.ids_in(world.authority_id, ("dispatched",))[-1]
    [event] = events.timeline(Stream("order", last), kinds=("order.rerouted",))
    assert event.facts["from_unit_id"] == old.id


def test_a_border_is_moved_and_orders_take_the_new_code(world: World) -> None:
    code, other, *_ = towns(world)
    order_id = at_town(world, code, "13900001111")
    county = organisation.areas(world.authority_id).ancestors(code)[1].code
    reorganise(world, MoveArea(code, county, "990199001"))
    order = orders.codes([order_id])[order_id]
    assert (order.area_code, order.unit_id) == ("990199001", town_hall(world, code).id)
    listed = orders.inbox(world.viewer("supervisor"), InboxQuery(area=county), world.at)
    assert order_id in {row.order_id for row in listed.rows}
    assert other != code
