"""Taking an appeal down in a browser: by keyboard alone, without script, with the session gone; how it looks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hotline.workorder import queries as workorder
from tests.desk.conftest import TEXT, Desk
from tests.pages.conftest import Open
from tests.pages.test_desk import AXE, violations

TAKE = "/desk/take/"
FIRE = "青石区东风街道解放路锦绣家园着火了，楼上还有人被困，浓烟很大，快来人。"


def type_in(page: Page, text: str = TEXT, phone: str = "13812345678") -> None:
    """Type number and appeal by keyboard, and wait until it is read."""
    page.goto(TAKE)
    expect(page.locator("#id_phone")).to_be_focused()
    page.keyboard.type(phone)
    page.keyboard.press("Enter")
    expect(page.locator("#id_text")).to_be_focused()
    page.keyboard.insert_text(text)
    expect(page.locator("#pencil-kind .pencil-take, #danger a").first).to_be_visible()


def test_an_appeal_is_taken_down_by_keyboard_alone(desk: Desk, open_page: Open) -> None:
    page = open_page("agent")
    assert page.url.endswith(TAKE), "an agent's day starts here"
    type_in(page)
    expect(page.locator("#caller")).to_contain_text("张**")
    expect(page.locator("#caller a").first).to_be_visible()
    for name in ("kind", "matter_code", "area_code", "urgency"):
        assert page.locator(f"#id_{name}").input_value() == "", "nothing is taken over silently"
    page.keyboard.press("Tab")  # the marked words
    page.keyboard.press("Tab")
    expect(page.locator("#id_place")).to_be_focused()
    for name in ("place", "area_code", "kind", "matter_code", "urgency"):
        expect(page.locator(f"#id_{name}")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(f"#id_{name}")).not_to_have_value("")
    page.keyboard.type("暖气不热")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/orders/*/")
    number, code = page.locator(".read-out").all_inner_texts()
    proven = workorder.prove(number=number, code=code)
    assert proven is not None
    order = workorder.order(proven.order_id, desk.viewer("agent"), desk.at)
    assert (order.channel, order.state) == ("phone", "registered")
    assert order.kind
    assert order.matter_code
    assert order.texts["title"] == "暖气不热"


def test_one_click_turns_a_proposal_to_ink_and_keeps_the_hands_in_the_form(open_page: Open) -> None:
    page = open_page("agent")
    type_in(page)
    offered = page.locator("#pencil-matter_code .pencil-take")
    label = offered.last.get_attribute("data-value")
    offered.last.click()
    expect(page.locator("#id_matter_code")).to_have_value(label or "")
    expect(page.locator("#id_urgency")).to_be_focused()
    expect(page.locator("#id_urgency")).to_have_value("")


def test_a_danger_is_seen_while_typing(open_page: Open) -> None:
    page = open_page("agent")
    type_in(page, FIRE)
    expect(page.locator("#danger")).to_contain_text("119")
    expect(page.locator("#danger")).to_contain_text("请先离开火场")


def test_a_session_that_ends_while_typing_costs_nothing(open_page: Open) -> None:
    page = open_page("agent")
    type_in(page)
    kept = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.keyboard.insert_text("还有别的事。")
    expect(page.locator("#expired")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#expired")).to_be_focused()
    assert page.locator("#id_text").input_value() == TEXT + "还有别的事。"
    page.context.add_cookies([each for each in kept if each["name"] == "sessionid"])  # type: ignore[list-item]
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator("#expired")).to_be_hidden()
    page.locator("#id_urgency").select_option("normal")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/orders/*/")


def test_the_whole_of_it_works_without_any_script(open_page: Open) -> None:
    page = open_page("agent", java_script_enabled=False)
    page.goto(TAKE)
    page.fill("#id_phone", "13812345678")
    page.fill("#id_text", TEXT)
    page.get_by_role("button", name="看一看").click()
    expect(page.locator("#caller")).to_contain_text("张**")
    page.locator("#take-kind-1").click()
    expect(page.locator("#id_kind")).not_to_have_value("")
    page.locator("#submit").click()
    expect(page.locator(".error-summary")).to_contain_text("紧急程度")
    page.locator("#take-urgency-1").click()
    page.locator("#submit").click()
    expect(page.locator(".read-out").first).to_be_visible()


@pytest.mark.skipif(not AXE.exists(), reason="NO AXE-CORE: python hatch_build.py brings it")
@pytest.mark.parametrize(("theme", "language", "size"), [("light", "zh-hans", "normal"), ("dark", "en", "elder")])
def test_it_is_accessible_empty_read_and_refused(open_page: Open, theme: str, language: str, size: str) -> None:
    page = open_page("agent")
    cookies: list[Any] = [
        {"name": name, "value": value, "url": page.url}
        for name, value in {"theme": theme, "django_language": language, "size": size}.items()
    ]
    page.context.add_cookies(cookies)
    page.goto(TAKE)
    assert violations(page) == []
    type_in(page, FIRE)
    assert violations(page) == []
    page.locator("#submit").click()
    expect(page.locator(".error-summary")).to_be_visible()
    assert violations(page) == []


def test_it_fits_one_screen_and_a_phone(open_page: Open) -> None:
    page = open_page("agent")
    type_in(page)
    tall = page.evaluate(
        "document.querySelector('.take-mid').scrollHeight - document.querySelector('.take-mid').clientHeight"
    )
    assert tall <= 0, f"{tall} px of the form are out of sight at 1440 × 900"
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("document.querySelector('main').scrollWidth - document.querySelector('main').clientWidth")
        assert wide <= 0, f"{wide} px too wide at {width}"
    assert re.search(r"sticky", page.evaluate("getComputedStyle(document.querySelector('.take-bar')).position"))
