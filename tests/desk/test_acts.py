"""Acting on orders: the whole walk by hand, what is refused and why, and nothing typed lost."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client

from hotline import walk
from hotline.workorder import queries as workorder
from tests.desk.conftest import Desk


def version(page: str) -> str:
    """The version that the page's forms carry."""
    return str(re.findall(r'name="seen" value="(\d+)"', page)[0])


def post(client: Client, order_id: int, action: str, **typed: object) -> int:
    """Fill in an action's form on the current page and submit it; returns the status."""
    page = client.get(f"/desk/orders/{order_id}/").content.decode()
    answer = client.post(f"/desk/orders/{order_id}/{action}/", {"seen": version(page), **typed})
    assert answer.status_code == 302, re.findall(r'<ul class="plain-list">(.*?)</ul>', answer.content.decode())
    return answer.status_code


def amended(desk: Desk, order_id: int) -> None:
    """An agent confirms kind, matter and place as they were pencilled or typed."""
    typed = {"kind": "help", "matter_code": desk.matter("供热"), "area_code": "青石区"}
    post(desk.client("agent"), order_id, "amend", **typed)


def test_an_order_walks_from_the_form_to_closed(desk: Desk, clerk_of: Callable[[int], Client]) -> None:
    order_id = desk.appeal()
    amended(desk, order_id)
    post(desk.client("agent"), order_id, "accept")
    walk.run_once(at=desk.at)
    unit_id = desk.suggested(order_id)
    post(desk.client("dispatcher"), order_id, "dispatch", unit_id=str(unit_id), dispatch_opinion="请今天上门")
    clerk = clerk_of(unit_id)
    assert "签收" in clerk.get("/desk/inbox/").content.decode()
    post(clerk, order_id, "sign")
    post(
        clerk, order_id, "reply", appeal_true="yes", beyond_duty="no", contacted="yes", solved="yes",
        contacted_at="2026-11-20T09:30", reply_public="管道已修好，室温恢复。", reply_internal="换阀门一个",
        contacted_number="13812345678",
    )  # fmt: skip
    post(desk.client("caller_back"), order_id, "record_result", contacted="yes", solved="yes", satisfaction="satisfied")
    order = workorder.order(order_id, desk.viewer("supervisor"), desk.at)
    assert (order.state, order.outcome) == ("closed", "solved")
    page = desk.client("supervisor").get(f"/desk/orders/{order_id}/").content.decode()
    for words in ("登记诉求", "核对更正", "签收", "管道已修好", "回访有了结果", "请今天上门"):
        assert words in page
    assert "换阀门一个" in page


def test_all_that_is_missing_is_said_at_once_and_what_was_typed_stays(
    desk: Desk, clerk_of: Callable[[int], Client]
) -> None:
    order_id = desk.dispatched()
    clerk = clerk_of(desk.lead_of(order_id))
    post(clerk, order_id, "sign")
    page = clerk.get(f"/desk/orders/{order_id}/").content.decode()
    answer = clerk.post(
        f"/desk/orders/{order_id}/reply/", {"seen": version(page), "reply_public": "已经派人去看了", "solved": "no"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "已经派人去看了" in text
    for label in ("诉求属实", "超职责诉求", "已联系群众", "办理情况（内部）"):
        assert f"请填写“{label}”" in text
    assert workorder.order(order_id, desk.viewer("supervisor"), desk.at).state == "signed"


def test_the_second_of_two_people_hears_what_changed_and_loses_nothing(desk: Desk) -> None:
    order_id = desk.appeal()
    first, second = desk.client("agent"), desk.client("dispatcher")
    seen = version(second.get(f"/desk/orders/{order_id}/").content.decode())
    amended(desk, order_id)
    answer = second.post(f"/desk/orders/{order_id}/amend/", {"seen": seen, "kind": "complaint", "title": "我写的标题"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "核对更正" in text
    assert "我写的标题" in text
    assert version(text) != seen
    assert workorder.order(order_id, desk.viewer("agent"), desk.at).kind == "help"
    assert first.get(f"/desk/orders/{order_id}/").status_code == 200


def test_a_unit_or_matter_that_nobody_knows_is_said_by_name(desk: Desk) -> None:
    order_id = desk.appeal()
    answer = desk.client("agent").post(f"/desk/orders/{order_id}/amend/", {"matter_code": "没有这种事", "kind": "help"})
    assert answer.status_code == 422
    assert "没有找到“没有这种事”" in answer.content.decode()


def test_what_is_not_lawful_is_listed_with_its_reason_and_refused_when_tried(desk: Desk) -> None:
    order_id = desk.appeal()
    agent = desk.client("agent")
    page = agent.get(f"/desk/orders/{order_id}/").content.decode()
    assert "现在还不能做的" in page
    assert "工单现在是“待受理”" in page
    answer = agent.post(f"/desk/orders/{order_id}/sign/")
    assert answer.status_code in (403, 409)
    assert "签收" in answer.content.decode()
    assert agent.post(f"/desk/orders/{order_id}/nonsense/").status_code == 302
    assert agent.post(f"/desk/orders/{order_id}/register/").status_code == 404


def test_the_suggested_unit_is_one_press_away(desk: Desk) -> None:
    order_id = desk.appeal()
    amended(desk, order_id)
    post(desk.client("agent"), order_id, "accept")
    walk.run_once(at=desk.at)
    page = desk.client("dispatcher").get(f"/desk/orders/{order_id}/").content.decode()
    assert "Alt R" in page
    assert f'name="unit_id" value="{desk.suggested(order_id)}"' in page


def test_an_identity_is_shown_for_a_reason_and_the_look_is_on_the_page(desk: Desk) -> None:
    order_id = desk.appeal()
    agent = desk.client("agent")
    shown = agent.post(f"/desk/orders/{order_id}/identity/", {"reason": "contact"}, headers={"HX-Request": "true"})
    text = shown.content.decode()
    assert "张三丰" in text
    assert "13812345678" in text
    assert "no-store" in shown.headers["Cache-Control"]
    after = agent.get(f"/desk/orders/{order_id}/").content.decode()
    assert "张三丰" not in after
    assert "查看了诉求人身份" in after
    assert agent.post(f"/desk/orders/{order_id}/identity/", {"reason": "curious"}).status_code == 422


def test_leaders_see_matters_not_callers(desk: Desk) -> None:
    order_id = desk.appeal()
    leader = desk.client("leader")
    assert "查看完整信息" not in leader.get(f"/desk/orders/{order_id}/").content.decode()
    assert leader.post(f"/desk/orders/{order_id}/identity/", {"reason": "contact"}).status_code == 403


def test_one_press_turns_one_proposal_to_ink_and_nothing_else(desk: Desk) -> None:
    order_id, agent = desk.appeal(), desk.client("agent")
    page = agent.get(f"/desk/orders/{order_id}/").content.decode()
    assert "先确认机器读出的" in page
    assert page.index('id="h-read"') < page.index('id="h-sug"'), "what the next step waits for stands first"
    offered = dict(re.findall(r'class="offer" type="submit" name="(\w+)" value="([^"]+)"', page))
    assert {"kind", "matter_code", "area_code"} <= offered.keys()
    post(agent, order_id, "amend", kind=offered["kind"])
    order = workorder.order(order_id, desk.viewer("agent"), desk.at)
    assert (order.kind, order.matter_code, order.area_code) == (offered["kind"], "", "")
    page = agent.get(f"/desk/orders/{order_id}/").content.decode()
    assert page.count("已确认") == 1
    assert "先确认机器读出的" not in page
    assert 'btn--primary" type="submit"' in page, "accepting is the next step now"


def test_who_may_not_check_is_offered_nothing_to_press(desk: Desk) -> None:
    assert 'class="offer"' not in desk.client("leader").get(f"/desk/orders/{desk.appeal()}/").content.decode()


def test_another_matter_is_offered_instead_of_what_stands_there(desk: Desk) -> None:
    order_id, agent = desk.appeal(), desk.client("agent")
    post(agent, order_id, "amend", matter_code=desk.matter("路灯"))
    page = agent.get(f"/desk/orders/{order_id}/").content.decode()
    best = re.findall(r'class="offer" type="submit" name="matter_code" value="([^"]+)">\s*<span class="xs">改成', page)
    assert best
    post(agent, order_id, "amend", matter_code=best[0])
    assert workorder.order(order_id, desk.viewer("agent"), desk.at).matter_code == best[0]
