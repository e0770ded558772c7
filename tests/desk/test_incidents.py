"""Incidents on the desk: opening one, speaking for it, the banner while typing, one keystroke to join."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone

from hotline.organisation import queries as organisation
from hotline.workorder import queries as workorder
from hotline.workorder import services
from tests.desk.conftest import Desk

Count = Callable[[int], AbstractContextManager[None]]
LIST, TAKE = "/desk/incidents/", "/desk/take/"
GAS = "0203001"
PLACE = "青石区鹤陂街道"
WORDS = "鹤陂街道停气，抢修人员已到场。"
TEXT = f"{PLACE}锦绣家园从早上起停气了，做不了饭。"


def page(response: HttpResponseBase) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def town(desk: Desk) -> str:
    """The town of the text."""
    return next(area.code for area in organisation.areas(desk.authority_id) if area.name == "鹤陂街道")


def gas(desk: Desk, number: int = 0, **said: object) -> int:
    """An order about the gas, each from another number."""
    given = {"phone": f"139{number:08d}", "kind": "help", "matter_code": GAS, "area_code": town(desk), **said}
    return desk.appeal(TEXT, **given)


def outage(desk: Desk, **said: object) -> int:
    """An incident on an order of its own."""
    given = {"area_codes": [town(desk)], "words": WORDS, "expected_at": desk.at + timedelta(hours=8), **said}
    actor = desk.viewer("agent").actor()
    return services.open_incident(order_id=gas(desk), actor=actor, at=desk.at, **given)  # type: ignore[arg-type]


def look(client: Client, **typed: str) -> str:
    """The live part of the taking page."""
    given = {"go": "look", "text": TEXT, "channel": "phone", "privacy": "open", **typed}
    return page(client.post(TAKE, given, headers={"HX-Request": "true"}))


def press(client: Client, go: str, **typed: str) -> HttpResponseBase:
    """The taking page, sent."""
    given = {"go": go, "text": TEXT, "channel": "phone", "privacy": "open", "phone": "13800001111", **typed}
    return client.post(TAKE, given, follow=True)


def test_an_incident_is_opened_from_the_page_of_an_order(desk: Desk) -> None:
    order_id, client = gas(desk), desk.client("agent")
    assert f"/desk/orders/{order_id}/incident/" in page(client.get(f"/desk/orders/{order_id}/"))
    form = page(client.get(f"/desk/orders/{order_id}/incident/"))
    assert "青石区鹤陂街道停气与气压低，正在处理。" in form, "a first sentence stands there"
    assert "Gas cut or low pressure" in form, "and its English"
    typed = {"area_codes": [PLACE], "words": WORDS, "words_en": "", "expected_at": "2026-11-20T18:00"}
    answer = client.post(f"/desk/orders/{order_id}/incident/", typed, follow=True)
    html = page(answer)
    assert "突发事件已设立" in html
    for words in (WORDS, "预计 今天 18:00 恢复", "青石区鹤陂街道 · 停气与气压低"):
        assert words in html
    (view,) = workorder.active(desk.authority_id, desk.at)
    assert (view.head_id, view.area_codes) == (order_id, (town(desk),))
    html = page(client.get(f"/desk/orders/{order_id}/"))
    assert "这件属于突发事件" in html
    assert "设为突发事件" not in html


def test_what_is_wrong_comes_back_beside_its_field_with_all_that_was_typed(desk: Desk) -> None:
    order_id, client = gas(desk), desk.client("agent")
    typed = {"area_codes": ["不存在的地方"], "words": "停气，请打 13812345678。", "expected_at": "2026-11-19T18:00"}
    answer = client.post(f"/desk/orders/{order_id}/incident/", typed)
    assert answer.status_code == 422
    html = page(answer)
    assert "没有找到“不存在的地方”" in html
    assert "请打 13812345678。" in html
    answer = client.post(f"/desk/orders/{order_id}/incident/", {**typed, "area_codes": [PLACE]})
    html = page(answer)
    assert "请去掉电话号码“13812345678”" in html
    assert "预计恢复的时间已经过去" in html
    assert not workorder.active(desk.authority_id, desk.at)


@pytest.mark.parametrize("verb", ["progress", "announce", "restore"])
def test_speaking_for_it(desk: Desk, verb: str) -> None:
    incident_id, client = outage(desk), desk.client("dispatcher")
    address = f"{LIST}{incident_id}/"
    seen = workorder.incident_view(incident_id, desk.authority_id).version
    answer = client.post(f"{address}{verb}/", {"words": "已修好一半。", "seen": str(seen)}, follow=True)
    assert "已修好一半。" in page(answer)
    again = client.post(f"{address}{verb}/", {"words": "还有一句。", "seen": str(seen)})
    assert again.status_code == 409, "what changed meanwhile is shown first"
    if verb != "restore":
        assert "还有一句。" in page(again), "nothing typed is lost"
    refused = client.post(f"{address}{verb}/", {"words": ""})
    assert refused.status_code in (409, 422)


def test_widening_by_name(desk: Desk) -> None:
    incident_id, client = outage(desk), desk.client("supervisor")
    other = next(a for a in organisation.areas(desk.authority_id).children(desk.county) if a.code != town(desk))
    answer = client.post(f"{LIST}{incident_id}/widen/", {"area_codes": [f"青石区{other.name}", ""]}, follow=True)
    assert other.name in page(answer)
    assert workorder.incident_view(incident_id, desk.authority_id).area_codes == (town(desk), other.code)
    assert client.post(f"{LIST}{incident_id}/unheard-of/").status_code == 404


def test_who_only_reads_has_no_forms(desk: Desk, clerk_of: Callable[[int], Client]) -> None:
    incident_id = outage(desk)
    html = page(desk.client("leader").get(f"{LIST}{incident_id}/"))
    assert WORDS in html
    assert "act-progress" not in html
    clerk = clerk_of(desk.unit("城市管理"))
    assert "act-progress" not in page(clerk.get(f"{LIST}{incident_id}/"))
    assert clerk.post(f"{LIST}{incident_id}/progress/", {"words": "好了"}).status_code == 404
    assert clerk.post(f"{LIST}{incident_id}/join/", {"order_id": "1"}).status_code == 403
    assert desk.client("agent").get(f"{LIST}{incident_id + 10**6}/").status_code == 404


def test_the_banner_says_it_while_the_agent_types(desk: Desk) -> None:
    client = desk.client("agent")
    assert "正在处理：" not in look(client)
    incident_id = outage(desk)
    html = look(client)
    for words in (WORDS, "预计 今天 18:00 恢复", "已有 1 件", f'value="join:{incident_id}"', "<kbd>Alt J</kbd>"):
        assert words in html
    assert "正在处理：" not in look(client, text=f"{PLACE}锦绣家园的路灯坏了一个星期，晚上一片黑。")
    assert "正在处理：" not in look(client, text="停气"), "too little is said"
    shown = page(desk.client("dispatcher").get(TAKE))
    assert 'aria-live="polite"' in shown


def test_one_press_registers_and_joins(desk: Desk) -> None:
    incident_id, client = outage(desk), desk.client("agent")
    answer = press(client, f"join:{incident_id}", urgency="")
    html = page(answer)
    assert answer.redirect_chain[-1][0] == TAKE, "on to the next call"  # type: ignore[attr-defined]
    assert "已登记并并入突发事件" in html
    number, code = re.findall(r'<b class="read-out mono">([^<]+)</b>', html)
    proven = workorder.prove(number=number, code=code)
    assert proven is not None
    order = workorder.order(proven.order_id, desk.viewer("agent"), desk.at)
    assert (order.state, order.matter_code, order.channel) == ("merged", GAS, "phone")
    assert workorder.incident_view(incident_id, desk.authority_id).joined == 2


def test_pressed_twice_it_is_one_order(desk: Desk) -> None:
    incident_id, client = outage(desk), desk.client("agent")
    key = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"
    for _ in range(2):
        assert "已登记并并入突发事件" in page(press(client, f"join:{incident_id}", key=key))
    assert workorder.incident_view(incident_id, desk.authority_id).joined == 2


def test_when_it_is_over_meanwhile_the_appeal_is_registered_all_the_same(desk: Desk) -> None:
    incident_id, client = outage(desk), desk.client("agent")
    actor = desk.viewer("agent").actor()
    services.restore(incident_id=incident_id, words="已恢复。", actor=actor, at=desk.at)
    html = page(press(client, f"join:{incident_id}"))
    assert "已登记。请念给诉求人" in html
    assert "这件突发事件已经恢复或结束，不能再并入" in html


def test_what_is_wrong_keeps_the_page(desk: Desk) -> None:
    incident_id, client = outage(desk), desk.client("agent")
    answer = press(client, f"join:{incident_id}", text="")
    assert answer.status_code == 422
    assert workorder.incident_view(incident_id, desk.authority_id).joined == 1


def test_the_dispatcher_is_offered_to_join_on_the_page_of_the_order(desk: Desk) -> None:
    order_id = gas(desk, 7)
    incident_id, client = outage(desk), desk.client("dispatcher")
    html = page(client.get(f"/desk/orders/{order_id}/"))
    assert "可能属于突发事件" in html
    assert f'action="/desk/incidents/{incident_id}/join/"' in html
    answer = client.post(f"{LIST}{incident_id}/join/", {"order_id": str(order_id), "back": "order"}, follow=True)
    html = page(answer)
    assert answer.redirect_chain[-1][0] == f"/desk/orders/{order_id}/"  # type: ignore[attr-defined]
    assert "已并入 1 件" in html
    assert "这件属于突发事件" in html


def test_what_came_before_is_joined_at_one_stroke(desk: Desk) -> None:
    before = [gas(desk, number) for number in range(1, 4)]
    incident_id, client = outage(desk), desk.client("dispatcher")
    html = page(client.get(f"{LIST}{incident_id}/"))
    assert "可能是同一件事的 3 件" in html
    answer = client.post(f"{LIST}{incident_id}/join/", {"order_id": [str(each) for each in before]}, follow=True)
    html = page(answer)
    assert "已并入 3 件" in html
    assert "可能是同一件事" not in html
    assert client.post(f"{LIST}{incident_id}/join/", {}).status_code == 422


def test_a_promise_that_has_passed_is_seen(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    outage(desk)
    later = desk.at + timedelta(hours=9)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert "原定 今天 18:00 恢复，已经过了" in page(desk.client("agent").get(LIST))


def test_the_list_and_the_page_keep_to_their_statements(desk: Desk, count_queries: Count) -> None:
    incident_id, client = outage(desk), desk.client("dispatcher")
    for number in range(1, 6):
        gas(desk, number)
    for address in (LIST, f"{LIST}{incident_id}/"):
        client.get(address)
        with count_queries(13):
            client.get(address)


def test_all_in_english(desk: Desk) -> None:
    incident_id = outage(desk, words_en="Gas is off in Dongfeng.")
    for role in ("agent", "dispatcher"):
        client = desk.client(role, "en")
        for address in (LIST, f"{LIST}{incident_id}/"):
            html = re.sub(
                r"<datalist.*?</datalist>|<textarea.*?</textarea>|<[^>]+>|中文",
                "",
                page(client.get(address)),
                flags=re.S,
            )
            assert "Gas is off in Dongfeng." in html
            left = [each for each in re.findall(r"[\u4e00-\u9fff]+", html) if each not in "王agent王dispatcher云江市"]
            assert not left, left
