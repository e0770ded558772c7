"""The page on which units and divisions are re-organised: look first, then do, and see what was done."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from urllib.parse import urlencode

import pytest
from django.test import Client

from hotline.desk import overview
from hotline.organisation import queries as organisation
from hotline.organisation import services as staffing
from hotline.organisation.tree import AreaView, UnitView
from hotline.workorder.views import AreaCount
from tests.desk.conftest import PASSWORD, Desk

Count = Callable[[int], AbstractContextManager[None]]
PAGE = "/desk/reorganising/"


def towns(desk: Desk) -> tuple[AreaView, ...]:
    """The three towns of the county."""
    return organisation.areas(desk.authority_id).children(desk.county)


def government(desk: Desk, code: str) -> UnitView:
    """The government of a town."""
    return organisation.unit_index(desk.authority_id).by_role_area("town", code)[0]


def look(client: Client, verb: str, **typed: object) -> str:
    """The page with the plan of a step."""
    query = urlencode({"verb": verb, "look": "1", **typed}, doseq=True)
    return client.get(f"{PAGE}?{query}").content.decode()


def test_every_step_can_be_chosen(desk: Desk) -> None:
    client = desk.client("admin")
    body = client.get(PAGE).content.decode()
    for verb in ("rename_unit", "merge_units", "move_unit", "end_unit", "rename_area", "merge_areas", "move_area"):
        assert f"?verb={verb}" in body
        assert f'name="verb" value="{verb}"' in client.get(f"{PAGE}?verb={verb}").content.decode()
    assert client.get(f"{PAGE}?verb=no_such_step").status_code == 200
    assert "还没有调整过" in body


def test_a_plan_is_shown_before_anything_changes(desk: Desk) -> None:
    first, second, _ = towns(desk)
    body = look(desk.client("admin"), "merge_areas", codes=[first.code], into_code=second.name)
    assert f"“{first.name}”并入“{second.name}”" in body
    assert "会变成这样" in body
    assert f"代码 {first.code} 改为 {second.code}" in body
    assert government(desk, first.code).name in body
    assert organisation.areas(desk.authority_id).get(first.code) == first, "looking changes nothing"


def test_what_was_shown_is_done_and_listed(desk: Desk) -> None:
    first, second, _ = towns(desk)
    client, old, new = desk.client("admin"), government(desk, first.code), government(desk, second.code)
    typed = {"verb": "merge_areas", "codes": [first.code], "into_code": second.code}
    answer = client.post(PAGE, typed, follow=True)
    body = answer.content.decode()
    assert "“区划合并”已办好" in body
    assert f"“{first.name}”并入“{second.name}”" in body
    assert organisation.unit_index(desk.authority_id).successor_of(old.id) == organisation.unit_index(
        desk.authority_id
    ).get(new.id)
    client.post(PAGE, {"verb": "rename_unit", "unit_id": new.code, "name": "新城镇人民政府", "name_en": "New Town"})
    assert f"“{new.name}”改名为“新城镇人民政府”" in client.get(PAGE).content.decode()
    english = desk.client("admin", "en").get(PAGE).content.decode()
    assert "is renamed “New Town”" in english


def test_reasons_stand_beside_what_was_typed(desk: Desk) -> None:
    client = desk.client("admin")
    answer = client.post(PAGE, {"verb": "merge_units", "unit_ids": ["没有这个单位"], "into_id": ""})
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "没有这个单位" in body, "nothing typed is lost"
    assert body.count("没有找到这个单位，请从列表中选择") >= 2
    assert "会变成这样" not in body


def test_a_name_that_several_share_is_not_guessed(desk: Desk) -> None:
    first, second, _ = towns(desk)
    units = [government(desk, each.code) for each in (first, second)]
    client = desk.client("admin")
    for unit in units:
        client.post(PAGE, {"verb": "rename_unit", "unit_id": unit.code, "name": "同名单位"})
    assert "没有找到这个单位" in look(client, "end_unit", unit_id="同名单位")
    assert "没有找到这个单位" not in look(client, "end_unit", unit_id=f"同名单位 {units[0].code}")


def test_open_orders_keep_a_unit_from_being_abolished(desk: Desk) -> None:
    lead = desk.lead_of(desk.dispatched())
    code = next(unit.code for unit in organisation.unit_index(desk.authority_id) if unit.id == lead)
    body = look(desk.client("admin"), "end_unit", unit_id=code)
    assert "还有 1 件没办结的工单" in body
    top = organisation.unit_index(desk.authority_id).children(None)[0]
    shown = look(desk.client("admin"), "merge_units", unit_ids=[code], into_id=top.code)
    assert '没办结的工单</span><span class="val">1<' in shown


@pytest.mark.parametrize("role", ["agent", "supervisor", "leader"])
def test_only_who_keeps_accounts_may(desk: Desk, role: str) -> None:
    assert desk.client(role).get(PAGE).status_code == 403
    assert desk.client(role).post(PAGE, {"verb": "end_unit", "unit_id": "1"}).status_code == 403


def test_an_administrator_below_the_centre_is_told_whom_to_ask(desk: Desk) -> None:
    town = government(desk, towns(desk)[0].code)
    desk.staff["below"] = staffing.create_staff(
        username="below", name="李四", password=PASSWORD, unit_id=town.id, role="admin", at=desk.at
    )
    answer = desk.client("below").get(PAGE)
    assert answer.status_code == 403
    assert "热线中心的管理员" in answer.content.decode()


def test_the_page_keeps_to_its_statements(desk: Desk, count_queries: Count) -> None:
    first, second, third = towns(desk)
    client = desk.client("admin")
    client.post(PAGE, {"verb": "merge_areas", "codes": [first.code], "into_code": second.code})
    client.get(PAGE)
    with count_queries(9):  # session, person, viewer, history, staff, parked
        client.get(PAGE)
    with count_queries(16):  # and the trees, people, grids, open orders
        look(client, "merge_areas", codes=[third.code], into_code=second.code)


def test_a_merged_town_is_found_on_the_map_and_in_filters(desk: Desk) -> None:
    first, second, _ = towns(desk)
    order_id = desk.appeal(area_code=first.code)
    desk.client("admin").post(PAGE, {"verb": "merge_areas", "codes": [first.code], "into_code": second.code})
    drawn = overview.towns([AreaCount(first.code, 1, 0)], organisation.areas(desk.authority_id), desk.viewer("leader"))
    assert [(town.code, town.open) for town in drawn] == [(second.code, 1)]
    shapes = [each["code"] for each in drawn[0].drawn(organisation.areas(desk.authority_id))]
    assert shapes == [second.code, first.code], "the old shape shows what the new town has"
    for code in (first.code, second.code):
        body = desk.client("supervisor").get(f"/desk/orders/?area={code}").content.decode()
        assert f"/desk/orders/{order_id}/" in body
