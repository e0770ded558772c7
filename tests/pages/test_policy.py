"""The rules in a browser: accessible, narrow, by keyboard and without any script."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from hotline.packs import Limit
from hotline.policy import queries as policies
from hotline.policy import services as publishing
from tests.desk.conftest import Desk, small_city
from tests.pages.conftest import Open
from tests.pages.test_desk import AXE, violations

PARTS = ("limits", "handling", "callback", "matters", "roles", "exits", "lines", "templates", "calendar")


@pytest.fixture
def version(desk: Desk) -> int:
    """A draft: heat goes to the housing office, complaints have less time, a message says something else."""
    pack, code = small_city(), desk.matter("供热")
    rules, closed = pack.clocks.rules, pack.templates["closed"]
    shorter = replace(rules["reply_complaint"], limit=Limit(10, "working_days"))
    changed = replace(
        pack,
        matters={**pack.matters, code: replace(pack.matters[code], lead_role="housing", answerable_level="county")},
        clocks=replace(pack.clocks, rules={**rules, "reply_complaint": shorter}),
        templates={**pack.templates, "closed": replace(closed, zh=closed.zh + "谢谢您。")},
    )
    made = publishing.publish(pack=changed, authority_id=desk.authority_id, at=timezone.now(), activate=False)
    desk.appeal(kind="help", matter_code=code, area_code=desk.county, phone="13900002222")
    return made


def places(desk: Desk, version: int) -> list[str]:
    held = policies.current(desk.authority_id, timezone.now()).id
    calendar = policies.calendars(desk.authority_id)[0].id
    return [
        "/desk/policy/",
        *(f"/desk/policy/{version}/?part={part}" for part in PARTS),
        f"/desk/policy/{held}/to/{version}/",
        f"/desk/policy/{version}/preview/",
        f"/desk/policy/calendar/{calendar}/?year=2027",
    ]


def visit(page: Page, place: str) -> None:
    answer = page.goto(place)
    assert answer is not None
    assert answer.ok, place


def dressed(page: Page, theme: str, language: str, size: str = "normal") -> Page:
    cookies = {"theme": theme, "django_language": language, "size": size}
    root = page.url.partition("/desk/")[0] + "/"  # a cookie for a page's address would hold for that page alone
    page.context.add_cookies([{"name": n, "value": v, "url": root} for n, v in cookies.items()])
    return page


@pytest.mark.pages
@pytest.mark.skipif(not AXE.exists(), reason="NO AXE-CORE: python hatch_build.py brings it")
@pytest.mark.parametrize(("theme", "language", "size"), [("light", "zh-hans", "normal"), ("dark", "en", "elder")])
def test_every_page_of_the_rules_is_accessible(
    desk: Desk, version: int, open_page: Open, theme: str, language: str, size: str
) -> None:
    page = dressed(open_page("admin"), theme, language, size)
    for place in places(desk, version):
        visit(page, place)
        expect(page.locator("html")).to_have_attribute("lang", "en" if language == "en" else re.compile("^zh"))
        assert violations(page) == [], place


@pytest.mark.pages
@pytest.mark.parametrize(("width", "language"), [(320, "zh-hans"), (390, "en")])
def test_nothing_scrolls_sideways_on_a_narrow_screen(
    desk: Desk, version: int, open_page: Open, width: int, language: str
) -> None:
    page = dressed(open_page("admin", width=width, height=800), "light", language)
    for place in places(desk, version):
        visit(page, place)
        wide = page.evaluate(
            "[document.documentElement, document.querySelector('main'), ...document.querySelectorAll('.table-wrap')]"
            ".map((e) => e.scrollWidth - e.clientWidth).reduce((a, b) => Math.max(a, b))"
        )
        assert wide <= 0, f"{place} is {wide} px too wide at {width}"


@pytest.mark.pages
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_an_administrator_compares_looks_and_activates(desk: Desk, version: int, open_page: Open, script: bool) -> None:
    page = open_page("admin", java_script_enabled=script)
    page.goto("/desk/policy/")
    page.get_by_role("link", name="与执行中的对比 第 2 版").click()
    row = page.locator(".compared tr", has_text="答复期限（投诉）")
    expect(row.locator("del")).to_have_text("15")
    expect(row.locator("ins")).to_have_text("10")
    page.get_by_role("link", name="启用第 2 版会怎样").click()
    expect(page.locator(".policy-stats .val").nth(2)).to_contain_text("2")
    page.get_by_label("我看过这些变化").check()
    page.get_by_role("button", name="启用第 2 版").click()
    expect(page.locator(".note--ok")).to_contain_text("已启用第 2 版")
    expect(page.locator("tbody tr").first).to_contain_text("执行中")


@pytest.mark.pages
def test_the_rules_are_read_with_the_keys_alone(desk: Desk, version: int, open_page: Open) -> None:
    page = open_page("leader")
    page.goto(f"/desk/policy/{version}/")
    tabs = page.locator(".policy-tabs a")
    tabs.nth(3).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".policy-tabs [aria-current]")).to_have_text("事项")
    page.focus("#words")
    page.keyboard.type("停水")
    page.keyboard.press("Enter")
    expect(page.locator(".policy-matters tbody tr").first).to_contain_text("停水")
    summary = page.locator(".policy-matters summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".policy-matters details p").first).to_be_visible()


@pytest.mark.pages
def test_what_differs_is_marked_by_more_than_colour(desk: Desk, version: int, open_page: Open) -> None:
    page = open_page("supervisor")
    held = policies.current(desk.authority_id, timezone.now()).id
    page.goto(f"/desk/policy/{held}/to/{version}/")
    line = "(e) => getComputedStyle(e).textDecorationLine"
    assert page.locator(".compared del").first.evaluate(line) == "line-through"
    assert page.locator(".compared ins").first.evaluate(line) == "underline"
