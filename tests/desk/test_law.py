"""Every action of the law through the desk's own pages, by the people whom the law lets take it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from hotline import walk
from hotline.desk import event_words, next_steps, timeline
from hotline.organisation.roles import Role
from hotline.workorder import queries as workorder
from hotline.workorder.lifecycle import PAST, RULES, Action, State, who
from tests.desk import states
from tests.desk.conftest import Desk
from tests.desk.test_acts import post, version
from tests.files.samples import picture

PEOPLE = {role.value for role in Role}


@pytest.fixture(autouse=True)
def _own_files(data_dir: Path) -> None:
    """Uploads go to a folder of the test's own."""


def state(desk: Desk, order_id: int) -> str:
    """Where the order stands."""
    return workorder.codes([order_id])[order_id].state


def page(client: Client, order_id: int, query: str = "") -> str:
    """The order page as text."""
    return client.get(f"/desk/orders/{order_id}/{query}").content.decode()


def unit_client(desk: Desk, order_id: int) -> Client:
    """A browser of the unit that leads the order."""
    return desk.client(states.staff(desk, desk.lead_of(order_id)))


def send(client: Client, order_id: int, action: str, **typed: object) -> HttpResponse:
    """Submit an action's form; the answer, refused or not."""
    seen = version(page(client, order_id, f"?act={action}"))
    return client.post(f"/desk/orders/{order_id}/{action}/", {"seen": seen, **typed})


def photo(name: str = "现场.jpg") -> SimpleUploadedFile:
    """A picture as a browser sends it."""
    return SimpleUploadedFile(name, picture(), content_type="image/jpeg")


# nothing lacks words


def test_every_action_of_people_has_a_group_an_icon_and_a_form() -> None:
    named = [action for actions in next_steps.ABOUT.values() for action in actions]
    assert len(named) == len(set(named)), "an action stands in one group"
    theirs = {name for name, rules in RULES.items() if rules[0].origin and who(name) & PEOPLE}
    assert set(named) == theirs
    assert set(next_steps.ICONS) == {action.value for action in Action}
    assert set(next_steps.USUAL) <= {each.value for each in State}
    assert {action for usual in next_steps.USUAL.values() for action in usual} <= theirs
    assert set(next_steps.KEYS) <= theirs


def test_every_icon_is_drawn() -> None:
    sheet = Path(timeline.__file__).parents[1] / "ui" / "static" / "hotline" / "icons.svg"
    drawn = set(re.findall(r'id="i-([a-z]+)"', sheet.read_text("utf-8")))
    assert set(next_steps.ICONS.values()) <= drawn


def test_every_event_of_the_law_has_its_sentence() -> None:
    lacking = [f"order.{past}" for past in PAST.values() if f"order.{past}" not in timeline.WORDS]
    assert not lacking
    assert set(event_words.ACTION_OF) <= set(timeline.WORDS)
    assert set(timeline.TONES) <= set(timeline.WORDS)


def test_the_page_of_every_state_is_calm(desk: Desk) -> None:
    head, member = states.merged(desk)
    laid = {
        "incomplete": states.incomplete(desk), "accepted": states.accepted(desk), "signed": states.signed(desk),
        "returned": states.returned(desk), "convened": states.convened(desk), "waiting": states.waiting(desk),
        "hung": states.hung(desk), "replied": states.replied(desk), "evaluated": states.evaluated(desk),
        "merged": member, "registered": head, "dispatched": desk.dispatched(),
    }  # fmt: skip
    for name, order_id in laid.items():
        assert state(desk, order_id) == name
        for role in ("agent", "dispatcher", "caller_back", "supervisor"):
            text = page(desk.client(role), order_id)
            side = text.partition('id="h-act"')[2].partition('class="more"')[0].partition("<details>")[0]
            assert side.count('class="btn') <= 1 + next_steps.MOST_USUAL, (name, role)
            assert text.count("data-opened") == 0, "no form is made that nobody opened"


# one form at a time


def test_htmx_gets_one_form_alone_and_what_is_not_lawful_is_said(desk: Desk) -> None:
    order_id = states.signed(desk)
    client = unit_client(desk, order_id)
    form = client.get(f"/desk/orders/{order_id}/?act=ask_extension", headers={"HX-Request": "true"})
    text = form.content.decode()
    assert "<html" not in text
    assert text.count("<form") == 1
    assert 'type="number"' in text
    assert "一次最多 5 个工作日" in text
    assert client.get(f"/desk/orders/{order_id}/?act=rule", headers={"HX-Request": "true"}).status_code == 409


def test_an_open_form_keeps_to_its_statements(desk: Desk, count_queries) -> None:  # type: ignore[no-untyped-def]
    order_id, _ = states.assisted(desk)
    client = unit_client(desk, order_id)
    for query in ("?act=reply", "?act=return", "?act=remove_assist"):
        client.get(f"/desk/orders/{order_id}/{query}")
        with count_queries(15):
            assert client.get(f"/desk/orders/{order_id}/{query}").status_code == 200


# the appeal


def test_details_are_asked_for_and_come(desk: Desk) -> None:
    order_id, agent = desk.appeal(), desk.client("agent")
    post(agent, order_id, "ask_supplement", missing="place", guidance="请写清楼栋号")
    text = page(agent, order_id)
    assert "在等诉求人补充：具体地点" in text
    assert "没有回音的" in text
    post(agent, order_id, "supplement", supplement="7 栋 2 单元", files=photo())
    assert state(desk, order_id) == "registered"
    assert "收到附件" in page(agent, order_id)


def test_urgency_is_raised(desk: Desk) -> None:
    order_id = desk.appeal()
    post(desk.client("agent"), order_id, "mark_critical", phoned="yes", dispatch_opinion="室内有婴儿")
    assert workorder.codes([order_id])[order_id].urgency == "critical"
    assert "标为特急" in page(desk.client("agent"), order_id)


def test_one_order_is_merged_by_number_and_let_go_again(desk: Desk) -> None:
    head, member = desk.appeal(phone="13700001111"), desk.appeal(phone="13700002222")
    dispatcher = desk.client("dispatcher")
    refused = send(dispatcher, member, "merge", head_id="YJ20990101-000001")
    assert refused.status_code == 422
    assert "没有找到工单“YJ20990101-000001”" in refused.content.decode()
    number = workorder.codes([head])[head].number
    post(dispatcher, member, "merge", head_id=number.lower(), dispatch_opinion="同一栋楼")
    text = page(dispatcher, member)
    assert f"并入主单 {number}" in text
    assert f"/desk/orders/{head}/" in text
    assert "1 件随本单办理" in page(dispatcher, head)
    post(dispatcher, member, "unmerge", reason="other_cause")
    assert state(desk, member) == "accepted"


# who is answerable


def test_a_return_brings_its_evidence_and_is_rejected(desk: Desk) -> None:
    order_id = desk.dispatched()
    clerk, unit = unit_client(desk, order_id), states.another(desk, order_id)
    assert "可以退单" in page(clerk, order_id)
    bare = send(clerk, order_id, "return", reason="not_our_duty", return_reason="不归我们管")
    assert bare.status_code == 422
    assert "退单还需要" in bare.content.decode()
    assert "不归我们管" in bare.content.decode()
    post(
        clerk, order_id, "return", reason="not_our_duty", proposed_unit_id=unit.name, return_reason="三定方案第二条",
        evidence=list(states.evidence_of(desk)), files=photo("三定.jpg"),
    )  # fmt: skip
    assert state(desk, order_id) == "returned"
    dispatcher = desk.client("dispatcher")
    text = page(dispatcher, order_id)
    assert f"建议改派给{unit.name}" in text
    assert "附件 1 个" in text
    post(dispatcher, order_id, "reject_return", dispatch_opinion="管网归你们维护")
    assert state(desk, order_id) == "dispatched"
    assert "主办单位已经定下" in page(clerk, order_id)
    again = send(clerk, order_id, "return", reason="not_our_duty", return_reason="x")
    assert again.status_code in (409, 422)


def test_a_meeting_is_convened_and_ruled_on(desk: Desk) -> None:
    order_id, dispatcher = states.accepted(desk), desk.client("dispatcher")
    first, second = states.unit_of(desk, "housing"), states.unit_of(desk, "urban")
    post(
        dispatcher, order_id, "convene", meeting_at="2026-11-23T09:30", unit_ids=[first.name, second.name],
        dispatch_opinion="谁管这段管网",
    )  # fmt: skip
    text = page(dispatcher, order_id)
    assert "会商定在" in text
    assert second.name in text
    lead = next(iter(states.organisation.unit_index(desk.authority_id).suppliers("heat", desk.county)), first)
    post(dispatcher, order_id, "rule", unit_id=lead.name, basis="duties", dispatch_opinion="按权责清单")
    assert state(desk, order_id) == "dispatched"
    assert f"裁定由{lead.name}主办" in page(dispatcher, order_id)


def test_who_may_not_lead_stands_in_the_list_with_the_reason(desk: Desk) -> None:
    order_id = states.accepted(desk)
    town = states.unit_of(desk, "town", "town")
    text = page(desk.client("dispatcher"), order_id, "?act=dispatch")
    assert re.search(rf'<option value="{town.name}" label="[^"]*目录[^"]*主办"', text)
    refused = send(desk.client("dispatcher"), order_id, "dispatch", unit_id=town.name)
    assert refused.status_code == 422
    assert "目录写明" in refused.content.decode()


def test_an_order_goes_down_one_level_from_a_list_of_few(desk: Desk) -> None:
    order_id = states.above_others(desk)
    clerk = unit_client(desk, order_id)
    text = page(clerk, order_id, "?act=hand_down")
    options = re.findall(r'<option value="(\d+)">([^<]+)</option>', text)
    below = states.organisation.unit_index(desk.authority_id).children(desk.lead_of(order_id))
    assert {int(value) for value, _ in options} <= {unit.id for unit in below}
    post(clerk, order_id, "hand_down", unit_id=options[0][0], days="3")
    assert state(desk, order_id) == "dispatched"
    text = page(desk.client("dispatcher"), order_id)
    assert "首办" in text
    assert f"下派给{options[0][1]}" in text


def test_units_assist_answer_and_are_taken_off(desk: Desk) -> None:
    order_id, helper = states.assisted(desk)
    clerk = unit_client(desk, order_id)
    text = page(clerk, order_id)
    assert "协办单位" in text
    assert helper.name in text
    other = desk.client(states.staff(desk, helper.id))
    post(other, order_id, "assist_reply", assist_reply="路面已恢复", files=photo())
    text = page(clerk, order_id)
    assert "已反馈" in text
    assert "路面已恢复" in text
    options = re.findall(r'<option value="(\d+)">', page(clerk, order_id, "?act=remove_assist"))
    assert options == [str(helper.id)]
    post(clerk, order_id, "remove_assist", unit_id=options[0])
    assert f"不再由{helper.name}协办" in page(clerk, order_id)


def test_an_order_is_escalated(desk: Desk) -> None:
    order_id, supervisor = states.evaluated(desk), desk.client("supervisor")
    higher = states.unit_of(desk, "housing", "city")
    assert higher.name in page(supervisor, order_id, "?act=escalate")
    post(supervisor, order_id, "escalate", unit_id=higher.name, reason="major", dispatch_opinion="请市局牵头")
    assert state(desk, order_id) == "dispatched"
    assert workorder.codes([order_id])[order_id].unit_id == higher.id
    listed = supervisor.get("/desk/inbox/?escalated=1").content.decode()
    assert listed.count('class="main"') == 1


# time


def test_more_time_is_asked_seen_and_granted(desk: Desk) -> None:
    order_id = states.signed(desk)
    clerk, dispatcher = unit_client(desk, order_id), desk.client("dispatcher")
    too_much = send(clerk, order_id, "ask_extension", extension_asked="30", reason="works", extension_reason="订货")
    assert too_much.status_code == 422
    post(clerk, order_id, "ask_extension", extension_asked="3", reason="works", extension_reason="管件要订货")
    listed = dispatcher.get("/desk/inbox/?asking=1").content.decode()
    assert "待审延期" in listed
    assert listed.count('class="main"') == 1
    assert "同意延期" in listed
    text = page(dispatcher, order_id)
    assert "申请延长 3 个工作日：需要施工或采购周期" in text
    assert "管件要订货" in text
    post(dispatcher, order_id, "grant_extension")
    assert "同意延期" in page(clerk, order_id)
    assert dispatcher.get("/desk/inbox/?asking=1").content.decode().count('class="main"') == 0


def test_more_time_is_refused_with_a_reason(desk: Desk) -> None:
    order_id, dispatcher = states.asking(desk), desk.client("dispatcher")
    assert send(dispatcher, order_id, "refuse_extension").status_code == 422
    post(dispatcher, order_id, "refuse_extension", extension_remark="可以先修临时管")
    assert "可以先修临时管" in page(unit_client(desk, order_id), order_id)


def test_an_order_waits_for_its_resident_and_goes_on(desk: Desk) -> None:
    order_id = states.signed(desk)
    clerk = unit_client(desk, order_id)
    post(clerk, order_id, "pause", reason="access", guidance="请约在家时间")
    text = page(clerk, order_id)
    assert "已暂停：等约定的入户时间" in text
    assert 'data-tone="paused"' in text
    post(clerk, order_id, "resume", contact_remark="约在周六")
    assert state(desk, order_id) == "signed"


def test_an_order_is_hung_with_its_review_day_and_taken_up_again(desk: Desk) -> None:
    order_id, supervisor = states.signed(desk), desk.client("supervisor")
    far = send(
        supervisor, order_id, "hang", reason="funds", approver="centre_head", review_at="2028-01-01T09:00",
        guidance="要立项",
    )  # fmt: skip
    assert far.status_code == 422
    post(
        supervisor, order_id, "hang", reason="funds", approver="centre_head", review_at="2026-12-21T09:00",
        guidance="要立项，年后再看",
    )  # fmt: skip
    text = page(supervisor, order_id)
    assert "已挂账：需要立项或资金。批准人：热线中心负责人" in text
    assert "12月21日" in text
    assert "已挂账" in supervisor.get("/desk/inbox/").content.decode()
    post(supervisor, order_id, "unhang")
    assert state(desk, order_id) == "signed"


# the answer and the end


def test_the_unit_says_that_it_called_first(desk: Desk) -> None:
    order_id = states.signed(desk)
    clerk = unit_client(desk, order_id)
    post(clerk, order_id, "contact", contacted_at="2026-11-20T09:40", way="phone", contact_remark="下午上门")
    assert "先行联系了诉求人" in page(clerk, order_id)


def test_a_callback_is_planned_and_given_up_after_enough_tries(desk: Desk) -> None:
    order_id, caller = states.replied(desk), desk.client("caller_back")
    post(caller, order_id, "plan_callback", planned_at="2026-11-21T15:00", way="phone")
    assert "约定了回访" in page(caller, order_id)
    assert send(caller, order_id, "give_up_callback").status_code == 422
    for _ in range(3):
        post(caller, order_id, "attempt_callback", outcome="no_answer")
    post(caller, order_id, "give_up_callback", close_remark="三次无人接听")
    assert (state(desk, order_id), workorder.codes([order_id])[order_id].state) == ("closed", "closed")


def test_a_final_answer_needs_its_paper(desk: Desk) -> None:
    order_id, supervisor = states.evaluated(desk), desk.client("supervisor")
    said = {"basis": "unreasonable", "approver": "centre_head", "reply_public": "现予最终答复"}
    assert "要附盖章的书面材料" in send(supervisor, order_id, "final_answer", **said).content.decode()
    kept = supervisor.post(f"/desk/orders/{order_id}/files/", {"files": photo("盖章.jpg")})
    assert kept.status_code == 302
    ticked = re.findall(r'name="file_ids" value="(\d+)"', page(supervisor, order_id, "?act=final_answer"))
    assert len(ticked) == 1
    post(supervisor, order_id, "final_answer", file_ids=ticked, **said)
    assert state(desk, order_id) == "closed"
    assert "最终答复" in page(supervisor, order_id)


def test_everything_by_machine_reads_in_words_too(desk: Desk) -> None:
    head, member = states.merged(desk)
    post(desk.client("agent"), head, "decline", reason="outside_city", guidance="请拨当地热线")
    walk.run_until_idle(at=desk.at)
    text = page(desk.client("agent"), member)
    assert state(desk, member) == "closed"
    assert "随主单办结" in text


# files


def test_files_are_kept_by_whoever_works_on_the_order_and_by_nobody_else(desk: Desk) -> None:
    order_id = states.signed(desk)
    clerk = unit_client(desk, order_id)
    assert clerk.post(f"/desk/orders/{order_id}/files/", {"files": [photo(), photo()]}).status_code == 302
    text = page(clerk, order_id)
    assert text.count('class="thumb"') == 2
    assert "收到附件" in text
    bad = clerk.post(f"/desk/orders/{order_id}/files/", {"files": SimpleUploadedFile("x.jpg", b"no picture")})
    assert bad.status_code == 422
    assert "没有办成" in bad.content.decode()
    assert clerk.post(f"/desk/orders/{order_id}/files/").status_code == 422
    stranger = desk.client(states.staff(desk, states.another(desk, order_id).id))
    assert stranger.post(f"/desk/orders/{order_id}/files/", {"files": photo()}).status_code == 404
    assert desk.client("leader").post(f"/desk/orders/{order_id}/files/", {"files": photo()}).status_code == 403


def test_the_way_reads_in_english_too(desk: Desk) -> None:
    order_id = states.asking(desk)
    text = desk.client("dispatcher", "en").get(f"/desk/orders/{order_id}/").content.decode()
    assert "asks for 1 working day more: Works or purchases take time" in text
    assert "More" in text
