"""Several orders at once: merged from a list, split on a page of its own."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from hotline.desk import splitting
from hotline.workorder import queries as workorder
from hotline.workorder.facts import Withdrawn
from tests.desk import states
from tests.desk.conftest import Desk
from tests.desk.test_acts import version

TWO = "锦绣家园 7 栋暖气不热，请派人修。另外小区南门的路灯也坏了三天，晚上看不见路。"


def three(desk: Desk) -> list[int]:
    """Three appeals that wait."""
    return [desk.appeal(phone=f"1370000111{number}", title=f"暖气不热 {number}") for number in range(3)]


def test_ticked_orders_are_merged_all_at_once(desk: Desk) -> None:
    head, *members = three(desk)
    dispatcher = desk.client("agent")
    listed = dispatcher.get("/desk/inbox/").content.decode()
    assert set(re.findall(r'type="checkbox" name="order" value="(\d+)"', listed)) == {str(head), *map(str, members)}
    page = dispatcher.get("/desk/orders/merge/", {"order": [head, *members]}).content.decode()
    assert page.count('type="radio" name="head"') == 4
    assert re.search(rf'value="{head}" checked', page), "the oldest stands as head"
    sent = {"go": "merge", "order": [head, *members], "head": head, "dispatch_opinion": "同一栋楼"}
    answer = dispatcher.post("/desk/orders/merge/", sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/desk/orders/{head}/")
    codes = workorder.codes([head, *members])
    assert [codes[each].state for each in (head, *members)] == ["registered", "merged", "merged"]
    assert "2 件随本单办理" in dispatcher.get(f"/desk/orders/{head}/").content.decode()


def test_a_head_may_be_typed_and_one_bad_order_stops_all(desk: Desk) -> None:
    head, *members = three(desk)
    agent, number = desk.client("agent"), workorder.codes([head])[head].number
    states.move(desk, head, Withdrawn(reason="filed_twice"), desk.viewer("agent"))
    sent = {"go": "merge", "order": members, "head": "other", "number": number, "dispatch_opinion": "我写的意见"}
    refused = agent.post("/desk/orders/merge/", sent)
    assert refused.status_code in (409, 422)
    text = refused.content.decode()
    assert "一件也没有动" in text
    assert "我写的意见" in text
    assert {code.state for code in workorder.codes(members).values()} == {"registered"}


def test_what_is_not_said_is_asked_for(desk: Desk) -> None:
    first, *_ = three(desk)
    agent = desk.client("agent")
    assert agent.get("/desk/orders/merge/").status_code == 422
    for sent, words in (
        ({"order": [first], "head": str(first)}, "只勾了一件"),
        ({"order": [first], "head": "other", "number": "YJ1"}, "没有找到主单“YJ1”"),
        ({"order": [first], "head": "999999999"}, "请选哪一件作主单"),
    ):
        refused = agent.post("/desk/orders/merge/", {"go": "merge", **sent})
        assert refused.status_code == 422
        assert words in refused.content.decode()


def test_only_orders_in_sight_are_merged_and_only_by_those_who_may(desk: Desk) -> None:
    order_id, other = states.signed(desk), desk.appeal()
    clerk = desk.client(states.staff(desk, desk.lead_of(order_id)))
    assert clerk.get("/desk/orders/merge/", {"order": [order_id, other]}).status_code == 403
    assert 'name="order"' not in clerk.get("/desk/inbox/").content.decode()
    junk = {"order": ["x", "-1", "99999999999999999999", str(other)]}
    assert desk.client("agent").get("/desk/orders/merge/", junk).status_code == 200


def test_an_appeal_with_two_demands_becomes_two_orders(desk: Desk) -> None:
    order_id, agent = desk.appeal(text=TWO), desk.client("agent")
    page = agent.get(f"/desk/orders/{order_id}/split/").content.decode()
    assert re.search(r'name="part-1-text"[^>]*>\s*另外小区南门的路灯', page)
    assert "part-2-text" not in page
    more = agent.post(f"/desk/orders/{order_id}/split/", {"go": "more", "parts": "1", "part-1-text": "路灯坏了"})
    assert "part-2-text" in more.content.decode()
    assert "路灯坏了" in more.content.decode()
    sent = {
        "seen": version(page), "parts": "2", "part-1-text": "小区南门路灯坏了三天", "part-1-title": "路灯不亮",
        "part-1-matter": desk.matter("路灯"), "part-1-kind": "help", "part-1-area": "青石区", "part-2-text": "",
    }  # fmt: skip
    answer = agent.post(f"/desk/orders/{order_id}/split/", sent, follow=True)
    assert "拆出 1 件" in answer.content.decode()
    whole = workorder.order(order_id, desk.viewer("agent"), desk.at)
    (part,) = whole.parts
    made = workorder.order(part.id, desk.viewer("agent"), desk.at)
    assert (made.kind, made.matter_code, made.area_code) == ("help", desk.matter("路灯"), desk.county)
    assert made.person.phone == whole.person.phone
    assert whole.number in agent.get(f"/desk/orders/{part.id}/").content.decode()


def test_names_nobody_knows_and_empty_parts_come_back_with_what_was_typed(desk: Desk) -> None:
    order_id, agent = desk.appeal(), desk.client("agent")
    sent = {"parts": "1", "part-1-text": "路灯坏了三天", "part-1-matter": "没有这种事"}
    refused = agent.post(f"/desk/orders/{order_id}/split/", sent)
    assert refused.status_code == 422
    assert "没有找到“没有这种事”" in refused.content.decode()
    assert "路灯坏了三天" in refused.content.decode()
    empty = agent.post(f"/desk/orders/{order_id}/split/", {"parts": "1"})
    assert empty.status_code == 422
    assert workorder.order(order_id, desk.viewer("agent"), desk.at).parts == ()


def test_an_order_that_is_decided_is_not_split(desk: Desk) -> None:
    order_id = states.signed(desk)
    page = desk.client("agent").get(f"/desk/orders/{order_id}/split/").content.decode()
    assert "不能拆单" in page
    assert "part-1-text" not in page


def test_demands_are_found_where_people_count_them() -> None:
    assert len(splitting.pieces("一是暖气不热，二是路灯不亮；三是垃圾没人收。")) == 3
    assert len(splitting.pieces("1、暖气不热。2、路灯不亮。")) == 2
    assert splitting.pieces("暖气不热，室内只有 12 度。") == ["暖气不热，室内只有 12 度。"]


@given(st.text(alphabet="一二是、，。；另外还有12.）（路灯\n ", max_size=60))
def test_cutting_loses_nothing_but_blanks(text: str) -> None:
    assert "".join("".join(splitting.pieces(text)).split()) == "".join(text.split())
