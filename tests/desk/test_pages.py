"""Every page opens for its roles and for nobody else, in few statements, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hotline.desk import menu
from hotline.desk.menu import MENU
from tests.desk.conftest import Desk

Count = Callable[[int], AbstractContextManager[None]]
ROLES = ("agent", "dispatcher", "caller_back", "supervisor", "leader", "admin")
MOST = 15  # statements a page may send when the caches of policy and units are warm


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_s_menu_opens_in_few_statements(desk: Desk, count_queries: Count, role: str) -> None:
    desk.appeal()
    client = desk.client(role)
    places = [place for place in MENU if role in place.roles]
    assert places
    for place in places:
        client.get(reverse(place.name))
        with count_queries(MOST):
            page = client.get(reverse(place.name))
        assert page.status_code == 200, place.name
        assert 'aria-current="page"' in page.content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_what_is_not_in_the_menu_is_refused_with_words(desk: Desk, role: str) -> None:
    client = desk.client(role)
    for place in MENU:
        if role not in place.roles:
            page = client.get(reverse(place.name))
            assert page.status_code == 403
            assert "不在您的职责内" in page.content.decode()


def test_an_order_page_keeps_to_its_statements(desk: Desk, count_queries: Count) -> None:
    order_id = desk.appeal()
    for role in ("agent", "dispatcher", "supervisor"):
        client = desk.client(role)
        client.get(f"/desk/orders/{order_id}/")
        with count_queries(MOST):
            assert client.get(f"/desk/orders/{order_id}/").status_code == 200
        with count_queries(MOST):
            assert client.get(f"/desk/orders/{order_id}/?act=answer").status_code == 200


def test_statements_do_not_grow_with_the_list(desk: Desk, count_queries: Count) -> None:
    for number in range(4):
        desk.appeal(phone=f"1381234567{number}", text=f"第 {number} 处路灯不亮，请派人修。")
    client = desk.client("agent")
    client.get("/desk/inbox/")
    with count_queries(MOST):
        page = client.get("/desk/inbox/")
    assert page.content.decode().count('class="main"') == 4


def test_the_order_page_shows_what_is_known_and_masks_who_said_it(desk: Desk) -> None:
    page = desk.client("agent").get(f"/desk/orders/{desk.appeal()}/").content.decode()
    assert "锦绣家园" in page
    assert "张**" in page
    assert "138****5678" in page
    assert "13812345678" not in page
    assert "张三丰" not in page


def test_what_a_machine_read_is_pencil_with_its_evidence(desk: Desk) -> None:
    page = desk.client("agent").get(f"/desk/orders/{desk.appeal()}/?act=amend").content.decode()
    assert '<mark class="mark"' in page
    assert 'class="machine-line"' in page
    assert 'data-state="proposed"' in page


def test_words_typed_by_a_resident_stay_words(desk: Desk) -> None:
    page = desk.client("agent").get(
        f"/desk/orders/{desk.appeal(text='<script>alert(1)</script> 路灯不亮，请派人来修 &amp;', title='<b>灯</b>')}/"
    )
    assert "<script>alert" not in page.content.decode()
    assert "<b>灯</b>" not in page.content.decode()


def test_the_chrome_of_every_page_is_english_when_asked(desk: Desk) -> None:
    order_id = desk.appeal()
    for role, address in (
        ("supervisor", "/desk/overview/"),
        ("supervisor", "/desk/inbox/"),
        ("supervisor", "/desk/parked/"),
        ("admin", "/desk/components/"),
        ("agent", f"/desk/orders/{order_id}/"),
    ):
        text = desk.client(role, "en").get(address).content.decode()
        labels = re.findall(r"<(?:h1|h2|th|label|legend|button|summary)[^>]*>([^<]*)", text)
        chinese = [each for each in labels if re.search(r"[\u4e00-\u9fff]", each) and each not in ("中文",)]
        mine = [each for each in chinese if "王" not in each and "锦绣" not in each and "青石" not in each]
        assert not mine, (address, mine)


def test_pages_carry_no_inline_script_or_style(desk: Desk) -> None:
    for role, address in (("supervisor", "/desk/overview/"), ("agent", f"/desk/orders/{desk.appeal()}/")):
        page = desk.client(role).get(address)
        text = page.content.decode()
        assert " style=" not in text
        assert not re.findall(r"<script(?![^>]*(?:src=|application/json))", text)
        assert not re.findall(r"\son[a-z]+=", text)
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "query",
    ["?state=<x>", "?page=-1", "?page=99999", "?unit=abc", "?matter=%27%3B--", "?words=%00", "?words=" + "长" * 500,
     "?sort=x",
     "?state=registered&overdue=1&urgent=1&kind=help&matter=01&channel=web&area=99&sort=oldest&page=2"],
)  # fmt: skip
def test_any_address_of_a_list_opens(desk: Desk, query: str) -> None:
    desk.appeal()
    client = desk.client("supervisor")
    assert client.get("/desk/inbox/" + query).status_code == 200
    assert client.get("/desk/orders/" + query).status_code == 200


def test_an_order_is_found_by_number_phone_last_four_and_words(desk: Desk) -> None:
    desk.appeal()
    client = desk.client("agent")
    page = client.get("/desk/orders/").content.decode()
    number = re.findall(r"YJ\d{8}-\d+", page)[0]
    for words in (number, "13812345678", "5678", "暖气"):
        assert number in client.get("/desk/orders/", {"words": words}).content.decode(), words
    nothing = client.get("/desk/orders/", {"words": "没有这样的词"}).content.decode()
    assert "没有找到" in nothing


def test_htmx_gets_the_list_alone(desk: Desk) -> None:
    page = desk.client("agent").get("/desk/inbox/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert "待办都办完了" in page


def test_nobody_sees_an_order_outside_their_scope(desk: Desk, clerk_of: Callable[[int], Client]) -> None:
    order_id = desk.appeal()
    client = clerk_of(desk.unit("城市管理"))
    assert client.get(f"/desk/orders/{order_id}/").status_code == 404
    assert client.post(f"/desk/orders/{order_id}/sign/").status_code == 404
    assert client.post(f"/desk/orders/{order_id}/identity/", {"reason": "contact"}).status_code == 404
    assert client.get(f"/desk/orders/{order_id}/files/1/").status_code == 404


def test_the_page_of_an_order_that_staff_took_down_keeps_to_its_statements(desk: Desk, count_queries: Count) -> None:
    order_id = desk.taken_by_an_agent()
    for role in ("agent", "dispatcher", "supervisor"):
        client = desk.client(role)
        client.get(f"/desk/orders/{order_id}/")
        menu.forget()
        with count_queries(MOST):
            page = client.get(f"/desk/orders/{order_id}/").content.decode()
        assert "王**" in page, "the timeline names who took it down"
        menu.forget()
        with count_queries(MOST):
            assert client.get(f"/desk/orders/{order_id}/?act=answer").status_code == 200


def test_a_row_without_a_clock_says_how_long_it_has_waited(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.appeal()
    later = desk.at + timedelta(hours=3, minutes=12)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert "已等 3 小时 12 分" in desk.client("agent").get("/desk/inbox/").content.decode()
    assert "Waiting 3 hours 12 minutes" in desk.client("agent", "en").get("/desk/inbox/").content.decode()


def test_filters_are_folded_until_one_is_set(desk: Desk) -> None:
    desk.appeal()
    client = desk.client("dispatcher")
    plain = client.get("/desk/orders/").content.decode()
    assert '<details class="fold">' in plain
    assert '<details class="fold" open>' in client.get("/desk/orders/?kind=help").content.decode()
    assert '<details class="fold" open>' in client.get("/desk/orders/?state=registered").content.decode()
    assert "快到期的在前" in plain
    assert "急件在前，再按先后" in client.get("/desk/inbox/").content.decode()


def test_a_place_that_narrows_the_list_is_named_and_kept(desk: Desk) -> None:
    page = desk.client("supervisor").get(f"/desk/orders/?area={desk.county}").content.decode()
    assert "地方：青石区" in page
    assert f'name="area" value="{desk.county}"' in page
