"""The resident's door in a browser: with and without script, on a phone, accessible."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.pages.conftest import Open
from tests.pages.test_desk import AXE, violations

TEXT = "青石区解放路南门的路灯坏了快一个星期，晚上一片黑。"


def fill_in(page: Page) -> None:
    """Three steps, then send."""
    page.goto("/report/")
    page.fill("#id_text", TEXT)
    page.click("#next")
    expect(page.locator("#s2")).to_be_visible()
    page.fill("#id_place", "解放路南门")
    page.click("#next")
    expect(page.locator("#s3")).to_be_visible()
    page.fill("#id_phone", "13800005678")
    page.click("#next")


@pytest.mark.pages
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_reported_and_followed_on_a_phone(open_page: Open, script: bool) -> None:
    page = open_page(width=390, height=844, java_script_enabled=script)
    fill_in(page)
    number, code = page.locator("dd.mono").all_inner_texts()
    assert re.fullmatch(r"\d{8}", code)
    page.click("main a.btn--primary")
    expect(page.locator("[name=number]")).to_have_value(number)
    page.fill("[name=code]", code)
    page.click(".thumbbar button")
    expect(page.locator("main")).to_contain_text(number)
    expect(page.locator(".stepper [aria-current]")).to_have_count(1)


@pytest.mark.pages
def test_what_is_missing_is_said_on_the_page_and_focused(open_page: Open) -> None:
    page = open_page(width=390, height=844)
    page.goto("/report/")
    page.click("#next")
    expect(page.locator("#errors")).to_be_focused()
    page.click("#errors a")
    expect(page.locator("#id_text")).to_be_focused()


@pytest.mark.pages
@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: run make setup")
@pytest.mark.parametrize("width", [320, 390, 1366])
def test_accessible_and_never_wider_than_the_screen(open_page: Open, width: int) -> None:
    page = open_page(width=width, height=844)
    for address in ("/report/", "/report/?step=2", "/report/?step=3", "/report/track/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert violations(page) == [], address
    fill_in(page)
    assert violations(page) == []
