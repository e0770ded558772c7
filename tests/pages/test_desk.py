"""The desk in a browser: keys, accessibility, narrow screens, and all of it without any script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hotline import ui
from hotline.workorder import queries as workorder
from tests.desk.conftest import Desk
from tests.pages.conftest import Open

AXE = Path(ui.__file__).parent / "static" / "vendor" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[Any]:
    """What axe-core finds on the page, each with where."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
    found: list[Any] = page.evaluate(
        "async (rules) => (await axe.run(document, {runOnly: rules})).violations"
        ".map((v) => [v.id, v.nodes.map((n) => n.target.join(' ') + ' ' + n.failureSummary)])",
        RULES,
    )
    return found


def places(desk: Desk) -> list[tuple[str, str]]:
    """Pages and who looks at them."""
    order = f"/desk/orders/{desk.first}/"
    return [
        ("agent", "/desk/inbox/"),
        ("agent", order),
        ("agent", f"{order}?act=amend"),
        ("agent", f"{order}?act=answer"),
        ("dispatcher", order),
        ("supervisor", "/desk/overview/"),
        ("supervisor", "/desk/orders/"),
        ("supervisor", "/desk/orders/?words=没有这样的词"),
        ("supervisor", "/desk/parked/"),
        ("admin", "/desk/reorganising/"),
        ("admin", "/desk/reorganising/?verb=merge_areas&look=1&codes=1&into_code=990102"),
        ("admin", "/desk/components/"),
        ("admin", "/desk/inbox/"),
    ]


@pytest.mark.skipif(not AXE.exists(), reason="NO AXE-CORE: python hatch_build.py brings it")
@pytest.mark.parametrize(("theme", "language", "size"), [("light", "zh-hans", "normal"), ("dark", "en", "elder")])
def test_every_page_is_accessible(desk: Desk, open_page: Open, theme: str, language: str, size: str) -> None:
    pages: dict[str, Page] = {}
    for role, place in places(desk):
        page = pages.get(role) or open_page(role)
        if role not in pages:
            cookies = {"theme": theme, "django_language": language, "size": size}
            origin = page.evaluate("location.origin")
            page.context.add_cookies([{"name": n, "value": v, "url": origin} for n, v in cookies.items()])
            pages[role] = page
        page.goto(place)
        assert violations(page) == [], place
    fresh = open_page()
    fresh.goto("/desk/sign-in/")
    assert violations(fresh) == []


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_scrolls_sideways_on_a_narrow_screen(desk: Desk, open_page: Open, width: int) -> None:
    pages: dict[str, Page] = {}
    for role, place in places(desk):
        page = pages.setdefault(role, pages.get(role) or open_page(role, width=width, height=800))
        page.goto(place)
        wide = page.evaluate(
            "[document.documentElement, document.querySelector('main')]"
            ".map((e) => e.scrollWidth - e.clientWidth).reduce((a, b) => Math.max(a, b))"
        )
        assert wide <= 0, f"{place} is {wide} px too wide at {width}"


def test_an_agent_works_with_the_keys_alone(desk: Desk, open_page: Open) -> None:
    page = open_page("agent")
    page.goto("/desk/inbox/")
    expect(page.locator("#list tbody tr")).to_have_count(2)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator('tr[aria-selected="true"]')).to_have_count(1)
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders/*/")
    order_id = int(page.url.rstrip("/").rpartition("/")[2])
    page.keyboard.press("Alt+m")
    form = page.locator("#act-amend form")
    expect(form).to_be_visible()
    expect(form.locator('[data-state="proposed"]').first).to_be_visible()
    form.locator("[name=kind]").select_option("help")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".note--ok")).to_be_visible()
    page.keyboard.press("Alt+a")
    expect(page.locator(".note--ok")).to_be_visible()
    assert workorder.order(order_id, desk.viewer("agent"), desk.at).state == "accepted"
    page.keyboard.press("Alt+k")
    expect(page.locator("#find")).to_be_focused()


def test_the_list_filters_in_place_and_its_address_can_be_kept(open_page: Open) -> None:
    page = open_page("agent")
    page.goto("/desk/inbox/")
    page.fill("#words", "路灯")
    page.keyboard.press("Enter")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    assert "words=" in page.url
    page.reload()
    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.go_back()
    expect(page.locator("#list tbody tr")).to_have_count(2)


def test_an_identity_is_shown_in_place_and_said_to_be_recorded(desk: Desk, open_page: Open) -> None:
    page = open_page("agent")
    page.goto(f"/desk/orders/{desk.first}/")
    page.click("summary.reveal")
    page.click(".reveal-box button")
    expect(page.locator("#identity .tel")).to_have_text("13812345678")
    page.reload()
    expect(page.locator("#identity .tel")).to_have_text("138****5678")


def test_everything_works_without_any_script(desk: Desk, open_page: Open) -> None:
    page = open_page("agent", java_script_enabled=False)
    page.goto(f"/desk/orders/{desk.first}/?act=amend")
    form = page.locator("#act-amend form")
    form.locator("[name=kind]").select_option("complaint")
    form.locator("button[type=submit]").click()
    expect(page.locator(".note--ok")).to_be_visible()
    page.goto("/desk/inbox/?words=路灯")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.goto(f"/desk/orders/{desk.first}/")
    page.locator("summary.reveal").click()
    page.locator(".reveal-box button").click()
    expect(page.locator("#identity .tel")).to_have_text("13812345678")


def test_the_map_is_drawn_and_the_table_says_the_same(open_page: Open) -> None:
    page = open_page("supervisor")
    expect(page.locator("#town-map canvas")).to_be_visible()
    expect(page.locator(".map-figure tbody tr").first).to_contain_text("青石区")


def test_pencil_turns_to_ink_key_by_key(desk: Desk, open_page: Open) -> None:
    page = open_page("agent")
    page.goto(f"/desk/orders/{desk.first}/")
    for confirmed in (1, 2, 3):
        with page.expect_navigation():
            page.keyboard.press("Alt+n")
        expect(page.locator(".inked")).to_have_count(confirmed)
    expect(page.locator(".offer kbd")).to_have_count(0)


def test_on_a_phone_the_search_stays_and_the_filters_fold(open_page: Open) -> None:
    page = open_page("supervisor", width=390)
    page.goto("/desk/orders/")
    expect(page.locator("#words")).to_be_visible()
    expect(page.locator("#kind")).to_be_hidden()
    page.locator(".fold > summary").click()
    expect(page.locator("#kind")).to_be_visible()
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.locator(".fold")).to_be_hidden()
    expect(page.locator("#kind")).to_be_visible()


def test_a_printed_order_says_on_every_page_who_printed_it(desk: Desk, open_page: Open) -> None:
    page = open_page("agent")
    page.goto(f"/desk/orders/{desk.first}/")
    page.emulate_media(media="print")
    foot = page.locator(".print-foot")
    expect(foot).to_contain_text("打印人：王agent")
    assert foot.evaluate("(e) => getComputedStyle(e).display") == "table-footer-group", (
        "a table's foot is on every page"
    )
    expect(page.locator(".sign-table")).to_be_visible()
    expect(page.locator(".order-side")).to_be_hidden()
