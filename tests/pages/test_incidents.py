"""Incidents in a browser: said to agents while they type, joined by one keystroke, on a phone for residents."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hotline.organisation import queries as organisation
from hotline.workorder import queries as workorder
from hotline.workorder import services
from tests.desk.conftest import Desk
from tests.pages.conftest import Open
from tests.pages.test_desk import AXE, violations

GAS = "0203001"
PLACE = "青石区鹤陂街道"
TEXT = f"{PLACE}锦绣家园从早上起停气了，做不了饭。"
WORDS = "鹤陂街道一带停气，抢修人员已到场，请先关好灶具阀门。"
WORDS_EN = "Gas is off around Hebei Street. The crew is there; please turn your stove off."
TAKE, LIST, PUBLIC = "/desk/take/", "/desk/incidents/", "/report/incidents/"

pytestmark = pytest.mark.pages


def gas(desk: Desk, number: int) -> int:
    """An order about the gas."""
    area = next(each.code for each in organisation.areas(desk.authority_id) if each.name == "鹤陂街道")
    return desk.appeal(TEXT, phone=f"139{number:08d}", kind="help", matter_code=GAS, area_code=area)


@pytest.fixture
def outage(desk: Desk) -> int:
    """An incident with three in it, some news, and two orders that may belong to it."""
    head, *rest = (gas(desk, number) for number in range(5))
    area = workorder.codes([head])[head].area_code
    actor = desk.viewer("agent").actor()
    incident_id = services.open_incident(
        order_id=head, area_codes=[area], words=WORDS, words_en=WORDS_EN, expected_at=desk.at + timedelta(hours=6),
        actor=actor, at=desk.at,
    )  # fmt: skip
    services.join(incident_id=incident_id, order_ids=rest[:2], actor=actor, at=desk.at)
    services.progress(
        incident_id=incident_id, words="漏点已找到，正在换管。", words_en="The leak is found.", actor=actor, at=desk.at
    )
    return incident_id


def prefer(page: Page, theme: str, language: str, size: str) -> None:
    """The reader's preferences."""
    told = {"theme": theme, "django_language": language, "size": size}
    cookies: list[Any] = [
        {"name": name, "value": value, "domain": "127.0.0.1", "path": "/"} for name, value in told.items()
    ]
    page.context.add_cookies(cookies)


def type_in(page: Page) -> None:
    """A number and the appeal, by keyboard."""
    page.goto(TAKE)
    page.keyboard.type("13812345678")
    page.keyboard.press("Enter")
    expect(page.locator("#id_text")).to_be_focused()
    page.keyboard.insert_text(TEXT)


def test_an_agent_sees_it_while_typing_and_joins_by_one_keystroke(desk: Desk, open_page: Open, outage: int) -> None:
    page = open_page("agent")
    type_in(page)
    banner = page.locator("#incident")
    expect(banner).to_contain_text(WORDS)
    expect(banner).to_contain_text("已有 3 件")
    assert banner.evaluate("node => node.parentElement.getAttribute('aria-live')") == "polite"
    expect(page.locator("#id_text")).to_be_focused()
    page.keyboard.press("Alt+j")
    page.wait_for_selector(".read-out")
    assert page.url.endswith(TAKE), "on to the next call"
    number, code = page.locator(".read-out").all_inner_texts()
    proven = workorder.prove(number=number, code=code)
    assert proven is not None
    assert workorder.codes([proven.order_id])[proven.order_id].state == "merged"
    assert workorder.incident_view(outage, desk.authority_id).joined == 4


def test_what_is_already_said_is_not_said_again(open_page: Open, outage: int) -> None:
    page = open_page("agent")
    type_in(page)
    expect(page.locator("#incident .incident-line")).to_be_visible()
    page.evaluate("document.querySelector('.incident-line').seen = true")
    with page.expect_response(lambda answer: answer.url.endswith(TAKE)):
        page.keyboard.insert_text("老人小孩都在家。")
    page.wait_for_timeout(300)
    assert page.evaluate("document.querySelector('.incident-line').seen")


def test_an_incident_is_opened_and_spoken_for_by_keyboard(desk: Desk, open_page: Open) -> None:
    order_id = gas(desk, 9)
    page = open_page("dispatcher")
    page.goto(f"/desk/orders/{order_id}/incident/")
    page.locator("#open-words").fill(WORDS)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{LIST}*/")
    summary = page.locator("#act-progress > summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.locator("#progress-words").fill("漏点已找到。")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".timeline")).to_contain_text("漏点已找到。")
    (view,) = workorder.active(desk.authority_id, desk.at)
    assert (view.head_id, view.news.words if view.news else "") == (order_id, "漏点已找到。")


def test_what_came_before_joins_at_one_stroke(desk: Desk, open_page: Open, outage: int) -> None:
    page = open_page("dispatcher")
    page.goto(f"{LIST}{outage}/")
    expect(page.get_by_text("可能是同一件事的 2 件")).to_be_visible()
    page.keyboard.press("Alt+j")
    expect(page.locator(".page")).to_contain_text("已并入 2 件")
    assert workorder.incident_view(outage, desk.authority_id).joined == 5


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_resident_is_asked_and_joins_on_a_phone(desk: Desk, open_page: Open, outage: int, script: bool) -> None:
    page = open_page(width=390, height=844, java_script_enabled=script)
    page.goto("/report/")
    page.fill("#id_text", TEXT)
    page.click("#next")
    expect(page.locator("#incident")).to_contain_text(WORDS)
    page.check("#incident [type=checkbox]")
    page.click("#next")
    expect(page.locator("#s3")).to_be_visible()
    expect(page.locator("#incident [type=checkbox]")).to_be_checked()
    page.fill("#id_phone", "13800005678")
    page.click("#next")
    expect(page.locator("main")).to_contain_text("一并跟进")
    assert workorder.incident_view(outage, desk.authority_id).joined == 4


def test_from_the_public_page_to_the_form(open_page: Open, outage: int) -> None:
    page = open_page(width=390, height=844)
    page.goto(PUBLIC)
    page.click("main .btn--lg")
    expect(page.locator("#incident [type=checkbox]")).to_be_checked()
    expect(page.locator("#id_text")).to_have_value(WORDS)


@pytest.mark.skipif(not AXE.exists(), reason="NO AXE-CORE: python hatch_build.py brings it")
@pytest.mark.parametrize(
    ("theme", "language", "size", "width"),
    [("light", "zh-hans", "normal", 1440), ("dark", "en", "elder", 1440), ("light", "en", "normal", 390)],
)
def test_every_page_is_accessible_and_fits(
    desk: Desk, open_page: Open, outage: int, theme: str, language: str, size: str, width: int
) -> None:
    order_id = gas(desk, 9)
    page = open_page("dispatcher", width=width, height=900)
    prefer(page, theme, language, size)
    pages = (LIST, f"{LIST}{outage}/", f"/desk/orders/{order_id}/incident/", f"/desk/orders/{order_id}/", PUBLIC)
    for address in pages:
        page.goto(address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    page.goto(f"{LIST}{outage}/")
    page.locator("#act-progress > summary").click()
    page.locator("#act-progress button").click()
    expect(page.locator("#act-progress .error-summary")).to_be_visible()
    assert violations(page) == []
    type_in(page)
    expect(page.locator("#incident .incident-line")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.skipif(not AXE.exists(), reason="NO AXE-CORE: python hatch_build.py brings it")
@pytest.mark.parametrize("width", [320, 390, 1366])
def test_the_residents_pages_are_accessible_and_fit(open_page: Open, outage: int, width: int) -> None:
    page = open_page(width=width, height=844)
    for address in (PUBLIC, f"/report/?incident={outage}"):
        page.goto(address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
