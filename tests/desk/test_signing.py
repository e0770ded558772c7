"""Signing in, being locked out, choosing a role."""

from __future__ import annotations

import pytest
from django.test import Client

from hotline.organisation import services as staffing
from tests.desk.conftest import PASSWORD, Desk

pytestmark = pytest.mark.usefixtures("desk")


def sign_in(client: Client, password: str = PASSWORD, **more: str) -> int:
    """Try to sign in as the agent; returns the status."""
    return client.post("/desk/sign-in/", {"username": "agent", "password": password, **more}).status_code


def test_the_right_password_leads_to_the_start_page() -> None:
    client = Client()
    answer = client.post("/desk/sign-in/", {"username": "agent", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/desk/take/"


def test_one_is_led_to_the_page_one_wanted_but_to_no_other_site() -> None:
    answer = Client().post("/desk/sign-in/", {"username": "agent", "password": PASSWORD, "next": "/desk/orders/?a=1"})
    assert answer.headers["Location"] == "/desk/orders/?a=1"
    answer = Client().post("/desk/sign-in/", {"username": "agent", "password": PASSWORD, "next": "//example.org"})
    assert answer.headers["Location"] == "/desk/"


def test_a_wrong_password_is_said_and_the_name_stays() -> None:
    page = Client().post("/desk/sign-in/", {"username": "agent", "password": "wrong"})
    assert page.status_code == 422
    assert 'value="agent"' in page.content.decode()
    assert "用户名或密码不对" in page.content.decode()


def test_too_many_wrong_ones_lock_the_door_and_say_for_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # the lock counts real time
    client = Client()
    statuses = [sign_in(client, "wrong") for _ in range(6)]
    assert statuses[-1] == 429
    page = client.post("/desk/sign-in/", {"username": "agent", "password": PASSWORD})
    assert page.status_code == 429
    assert "先锁 15 分钟" in page.content.decode()


def test_empty_fields_are_asked_for() -> None:
    page = Client().post("/desk/sign-in/", {}).content.decode()
    assert "请填写用户名" in page
    assert "请填写密码" in page


def test_who_has_two_roles_chooses_and_acts_in_the_chosen_one(desk: Desk) -> None:
    staffing.add_membership(
        staff_id=desk.staff["agent"], unit_id=desk.viewer("agent").unit_id, role="dispatcher", at=desk.at
    )
    client = Client()
    answer = client.post("/desk/sign-in/", {"username": "agent", "password": PASSWORD})
    assert answer.headers["Location"] == "/desk/role/"
    page = client.get("/desk/role/").content.decode()
    chosen = page.rpartition('name="membership" value="')[2].partition('"')[0]
    client.post("/desk/role/", {"membership": chosen})
    assert "派单队列" in client.get("/desk/inbox/").content.decode()


def test_a_membership_of_somebody_else_is_not_taken(desk: Desk) -> None:
    client = desk.client("agent")
    client.post("/desk/role/", {"membership": "999999"})
    assert "待受理" in client.get("/desk/inbox/").content.decode()


def test_signing_out_ends_it(desk: Desk) -> None:
    client = desk.client("agent")
    client.post("/desk/sign-out/")
    assert client.get("/desk/inbox/").status_code == 302
