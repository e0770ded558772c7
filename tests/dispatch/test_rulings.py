"""Rulings that bind the next suggestion, until the catalogue says otherwise; the way through the county's centre."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hotline.dispatch import queries
from hotline.dispatch import services as dispatch
from hotline.organisation import queries as organisation
from hotline.policy import services as publishing
from hotline.refusal import Refused
from hotline.workorder.facts import Ruled
from tests.world import World, small_pack

HEAT = "0201001"


def town(world: World) -> str:
    return next(area.code for area in organisation.areas(world.authority_id) if area.level == "town")


def convened(world: World) -> int:
    order_id = world.take(kind="help", matter_code=HEAT, area_code=town(world)).order_id
    world.move(order_id, "accept", world.viewer("agent"))
    world.move(order_id, "convene", world.viewer("dispatcher"), meeting_at="2026-11-20T15:00:00+08:00",
               unit_ids=[str(world.unit("housing").id)], dispatch_opinion="谁来管？")  # type: ignore[arg-type]  # fmt: skip
    return order_id


def ruled(world: World, binding: bool = True) -> int:
    unit = world.unit("housing", area_code=organisation.areas(world.authority_id).ancestors(town(world))[1].code)
    facts = Ruled(unit.id, "duties", binding=binding)
    moved = dispatch.rule(order_id=convened(world), facts=facts, opinion="由住建部门主办。",
                          viewer=world.viewer("supervisor"), at=world.at)  # fmt: skip
    assert moved.state == "dispatched"
    return unit.id


def suggested(world: World, area_code: str = "") -> tuple[int | None, list[str]]:
    order_id = world.take(kind="help", matter_code=HEAT, area_code=area_code or town(world)).order_id
    world.walk()
    found = queries.suggestion(order_id)
    assert found is not None
    first = found.units[0] if found.units else None
    return (first.unit_id, [reason.code for reason in first.reasons]) if first else (None, [])


def test_a_binding_ruling_comes_first_from_then_on(world: World) -> None:
    before, _ = suggested(world)
    unit_id = ruled(world)
    assert before != unit_id
    assert suggested(world) == (unit_id, ["ruled"])


def test_what_is_not_said_to_bind_binds_nobody(world: World) -> None:
    before = suggested(world)
    ruled(world, binding=False)
    assert suggested(world) == before


def test_a_newer_ruling_replaces_the_older_one(world: World) -> None:
    ruled(world)
    other = world.unit("urban").id
    dispatch.rule(order_id=convened(world), facts=Ruled(other, "area", binding=True), opinion="改由城管主办。",
                  viewer=world.viewer("supervisor"), at=world.at)  # fmt: skip
    assert suggested(world)[0] == other


def test_a_ruling_lapses_when_its_row_of_the_catalogue_changes(world: World) -> None:
    unit_id = ruled(world)
    pack = small_pack()
    row = replace(pack.matters[HEAT], duty="供热企业负责二次网和入户温度。")
    publishing.publish(pack=replace(pack, matters={**pack.matters, HEAT: row}), authority_id=world.authority_id,
                       at=world.at)  # fmt: skip
    assert suggested(world)[0] != unit_id


def test_the_floor_beats_a_ruling(world: World) -> None:
    order_id = world.take(kind="complaint", matter_code="0101001", area_code=town(world)).order_id
    world.move(order_id, "accept", world.viewer("agent"))
    world.move(order_id, "convene", world.viewer("dispatcher"), meeting_at="2026-11-20T15:00:00+08:00",
               unit_ids=[str(world.unit("housing").id)], dispatch_opinion="谁来管？")  # type: ignore[arg-type]  # fmt: skip
    with pytest.raises(Refused) as refused:
        dispatch.rule(order_id=order_id, facts=Ruled(world.unit("town").id, "area", binding=True), opinion="交镇街。",
                      viewer=world.viewer("supervisor"), at=world.at)  # fmt: skip
    (reason,) = refused.value.reasons
    assert reason.code == "below_floor"
    assert reason.params["code"] == "0101001", "the catalogue's row is the reason"


def test_where_the_city_wants_it_orders_go_through_the_countys_centre(changde: World) -> None:
    code = town(changde)
    order_id = changde.take("物业乱收费", kind="complaint", matter_code="0101001", area_code=code).order_id
    changde.walk()
    found = queries.suggestion(order_id)
    assert found is not None
    centre = organisation.unit_index(changde.authority_id).get(found.units[0].unit_id)
    assert centre is not None
    assert (centre.role_code, centre.level) == ("hotline", "county")
    why = found.units[0].reasons[-1]
    assert why.code == "through_centre"
    assert "住" in str(why.params["unit"])
