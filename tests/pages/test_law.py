"""The whole law in a browser: forms that open by link and key, lists that merge, the resident's phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from hotline.workorder import queries as workorder
from hotline.workorder.facts import SupplementAsked
from tests.desk import states
from tests.desk.conftest import Desk
from tests.files.samples import picture
from tests.pages.conftest import Open
from tests.pages.test_desk import AXE, violations

PHOTO = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": picture()}


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Uploads go to a folder of the test's own."""
    monkeypatch.setattr(settings, "HOTLINE_DATA_DIR", tmp_path)


def state(order_id: int) -> str:
    """Where the order stands."""
    return workorder.codes([order_id])[order_id].state


def unit_page(desk: Desk, open_page: Open, order_id: int, **options: object) -> Page:
    """The order in the browser of the unit that leads it."""
    page = open_page(states.staff(desk, desk.lead_of(order_id)), **options)
    page.goto(f"/desk/orders/{order_id}/")
    return page


def opened(page: Page, action: str) -> Page:
    """Press the button of an action, wherever it stands; returns its form."""
    button = page.locator(f"#act-{action}")
    if not button.is_visible():
        page.locator("details.more > summary").click()
    button.click()
    form = page.locator(f"#act-{action} form")
    expect(form).to_be_visible()
    return form  # type: ignore[return-value]


def done(page: Page) -> None:
    """It was taken down."""
    expect(page.locator(".note--ok").first).to_be_visible()


def test_more_time_is_asked_for_and_granted_by_keys(desk: Desk, open_page: Open) -> None:
    order_id = states.signed(desk)
    page = unit_page(desk, open_page, order_id)
    form = opened(page, "ask_extension")
    expect(form.locator("[name=extension_asked]")).to_be_focused()
    page.keyboard.type("2")
    form.locator("[name=reason][value=works]").check()
    form.locator("[name=extension_reason]").fill("管件要订货")
    page.keyboard.press("Control+Enter")
    done(page)
    desk_page = open_page("dispatcher")
    desk_page.goto("/desk/inbox/")
    desk_page.locator(".tally a", has_text="待审延期").click()
    expect(desk_page.locator("#list tbody tr")).to_have_count(1)
    desk_page.locator("#list a.main").click()
    expect(desk_page.locator(".notice").first).to_contain_text("申请延长 2 个工作日")
    desk_page.keyboard.press("Alt+a")
    form = desk_page.locator("#act-grant_extension form")
    expect(form).to_be_visible()
    desk_page.keyboard.press("Control+Enter")
    done(desk_page)
    assert workorder.order(order_id, desk.viewer("supervisor"), desk.at).extensions == 1


def test_a_return_with_a_photo_is_rejected(desk: Desk, open_page: Open) -> None:
    order_id = desk.dispatched()
    page = unit_page(desk, open_page, order_id)
    form = opened(page, "return")
    form.locator("[name=reason]").select_option("not_our_duty")
    for code in states.evidence_of(desk):
        form.locator(f"[name=evidence][value={code}]").check()
    form.locator("[name=return_reason]").fill("三定方案第二条")
    form.locator("[name=files]").set_input_files([PHOTO])
    form.locator("button[type=submit]").click()
    done(page)
    assert state(order_id) == "returned"
    desk_page = open_page("dispatcher")
    desk_page.goto(f"/desk/orders/{order_id}/")
    expect(desk_page.locator(".thumb img")).to_have_count(1)
    form = opened(desk_page, "reject_return")
    form.locator("textarea").fill("管网归你们维护")
    form.locator("button[type=submit]").click()
    done(desk_page)
    assert state(order_id) == "dispatched"


def test_a_meeting_is_convened_and_ruled_on(desk: Desk, open_page: Open) -> None:
    order_id, lead = states.accepted(desk), states.unit_of(desk, "housing")
    page = open_page("dispatcher")
    page.goto(f"/desk/orders/{order_id}/")
    form = opened(page, "convene")
    form.locator("[name=unit_ids]").first.fill(lead.name)
    form.locator("[name=dispatch_opinion]").fill("谁管这段管网")
    form.locator("button[type=submit]").click()
    done(page)
    expect(page.locator(".notice").first).to_contain_text("会商定在")
    page.keyboard.press("Alt+b")
    form = page.locator("#act-rule form")
    expect(form).to_be_visible()
    form.locator("[name=unit_id]").fill(lead.name)
    form.locator("[name=basis]").select_option("duties")
    form.locator("[name=dispatch_opinion]").fill("按权责清单")
    page.keyboard.press("Control+Enter")
    done(page)
    assert workorder.codes([order_id])[order_id].unit_id == lead.id


def test_orders_are_ticked_and_merged_by_keys(desk: Desk, open_page: Open) -> None:
    page = open_page("agent")
    page.goto("/desk/inbox/")
    expect(page.locator("#list tbody tr")).to_have_count(2)
    for _ in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.locator("[data-picked]")).to_contain_text("2")
    page.keyboard.press("m")
    page.wait_for_url("**/orders/merge/**")
    page.locator("[name=dispatch_opinion]").fill("同一件事")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/desk/orders/*/")
    expect(page.locator(".notice").first).to_contain_text("1 件随本单办理")


def test_an_appeal_is_split(desk: Desk, open_page: Open) -> None:
    order_id = desk.appeal(text="7 栋暖气不热，请派人修。另外小区南门的路灯也坏了三天。", phone="13700004444")
    page = open_page("agent")
    page.goto(f"/desk/orders/{order_id}/")
    page.locator("details.more > summary").click()
    page.get_by_role("link", name="拆单").click()
    expect(page.locator("[name=part-1-text]")).to_have_value("另外小区南门的路灯也坏了三天。")
    page.locator("[name=part-1-title]").fill("路灯不亮")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/desk/orders/{order_id}/")
    expect(page.locator(".notice").first).to_contain_text("拆出了 1 件")


def test_an_order_is_hung_until_its_review_day(desk: Desk, open_page: Open) -> None:
    order_id = states.signed(desk)
    page = open_page("supervisor")
    page.goto(f"/desk/orders/{order_id}/")
    form = opened(page, "hang")
    form.locator("[name=reason]").select_option("funds")
    form.locator("[name=approver][value=centre_head]").check()
    form.locator("[name=guidance]").fill("要等立项，我们会盯着")
    form.locator("button[type=submit]").click()
    done(page)
    expect(page.locator(".notice").first).to_contain_text("已挂账：需要立项或资金")
    expect(page.locator('.clock[data-tone="paused"]').first).to_be_visible()


def test_typing_is_kept_while_another_form_opens(desk: Desk, open_page: Open) -> None:
    order_id = states.signed(desk)
    page = unit_page(desk, open_page, order_id)
    opened(page, "reply").locator("[name=reply_public]").fill("写到一半")
    opened(page, "contact")
    expect(page.locator("#act-reply [name=reply_public]")).to_have_value("写到一半")


def test_every_form_opens_without_any_script(desk: Desk, open_page: Open) -> None:
    order_id = states.signed(desk)
    page = open_page(states.staff(desk, desk.lead_of(order_id)), java_script_enabled=False)
    page.goto(f"/desk/orders/{order_id}/")
    page.locator("#act-contact").click()
    form = page.locator("#act-contact form")
    form.locator("[name=way][value=phone]").check()
    form.locator("button[type=submit]").click()
    done(page)


def test_a_grid_worker_signs_calls_and_answers_with_a_photo_on_a_phone(desk: Desk, open_page: Open) -> None:
    order_id = desk.dispatched()
    page = open_page(states.staff(desk, desk.lead_of(order_id), "grid_worker"), width=390, height=800)
    page.goto(f"/desk/orders/{order_id}/")
    page.get_by_role("button", name="签收").click()
    done(page)
    form = opened(page, "reply")
    for name in ("appeal_true", "solved"):
        form.locator(f"[name={name}][value=yes]").check()
    for name in ("beyond_duty", "contacted"):
        form.locator(f"[name={name}][value=no]").check()
    form.locator("[name=reply_public]").fill("已修好")
    form.locator("[name=reply_internal]").fill("换阀门")
    form.locator("[name=files]").set_input_files([PHOTO])
    form.locator("button[type=submit]").click()
    done(page)
    assert state(order_id) == "replied"
    expect(page.locator(".thumb")).to_have_count(1)


def test_a_resident_answers_on_the_phone_what_was_asked(desk: Desk, open_page: Open) -> None:
    order_id = desk.appeal(phone="13700005555")
    asked = SupplementAsked(missing="place")
    states.move(desk, order_id, asked, desk.viewer("agent"), guidance="请写清楼栋号")
    code = workorder.texts([order_id], ["query_code"])[order_id]["query_code"]
    page = open_page(width=390, height=800)
    page.goto(reverse("form:track"))
    page.fill("[name=number]", workorder.codes([order_id])[order_id].number)
    page.fill("[name=code]", code)
    page.keyboard.press("Enter")
    expect(page.get_by_text("轮到您了")).to_be_visible()
    page.locator("[name=supplement-words]").fill("7 栋 2 单元")
    page.locator("[name=files]").set_input_files([PHOTO])
    page.get_by_role("button", name="补充好了").click()
    expect(page.get_by_text("收到补充的情况")).to_be_visible()
    assert state(order_id) == "registered"
    if AXE.exists():
        assert violations(page) == []


@pytest.mark.skipif(not AXE.exists(), reason="NO AXE-CORE: python hatch_build.py brings it")
def test_the_pages_of_the_law_are_accessible_and_fit_a_phone(desk: Desk, open_page: Open) -> None:
    order_id, _ = states.assisted(desk)
    clerk = states.staff(desk, desk.lead_of(order_id))
    asking, hung, member = states.asking(desk), states.hung(desk), states.merged(desk)[1]
    places = [
        (clerk, f"/desk/orders/{order_id}/?act=return"), (clerk, f"/desk/orders/{order_id}/?act=remove_assist"),
        (clerk, f"/desk/orders/{order_id}/?act=reply"), ("dispatcher", f"/desk/orders/{asking}/"),
        ("supervisor", f"/desk/orders/{hung}/"), ("dispatcher", f"/desk/orders/{member}/?act=unmerge"),
        ("agent", f"/desk/orders/{desk.first}/split/"), ("agent", f"/desk/orders/merge/?order={desk.first}"),
        ("dispatcher", "/desk/inbox/?asking=1"),
    ]  # fmt: skip
    pages: dict[str, Page] = {}
    for role, place in places:
        page = pages.setdefault(role, pages.get(role) or open_page(role))
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(place)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert violations(page) == [], place
        page.set_viewport_size({"width": 390, "height": 800})
        wide = page.evaluate("document.querySelector('main').scrollWidth - document.querySelector('main').clientWidth")
        assert wide <= 0, f"{place} is {wide} px too wide"
