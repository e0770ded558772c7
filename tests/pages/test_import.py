"""Imports in a browser: with keys alone, at 390 px, accessible, in both languages, with the result coming by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hotline.organisation import services as imports
from tests.desk.conftest import Desk
from tests.organisation.importing import book
from tests.pages.conftest import Open
from tests.pages.test_desk import AXE, violations

AREAS = (("990102801", "河西街道", "街道", "990102"), ("990102802", "河东街道", "处", "990102"))


def upload(page: Page, tmp_path: Path) -> None:
    """Choose a file with one good and one bad row, and send it with the keys."""
    file = tmp_path / "区划.xlsx"
    file.write_bytes(book(AREAS, (), (), ()))
    page.goto("/desk/imports/")
    page.set_input_files("[name=file]", file)
    page.locator("[name=file]").focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/desk/imports/*/")


def test_the_result_comes_by_itself_and_is_written(desk: Desk, open_page: Open, tmp_path: Path) -> None:
    page = open_page("admin", width=390, height=800)
    upload(page, tmp_path)
    expect(page.locator("progress")).to_be_visible()
    imports.work_on_imports(at=desk.at)
    apply = page.get_by_role("button", name="只写入没有错的 1 行")
    expect(apply).to_be_visible(timeout=10_000)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{wide} px too wide"
    apply.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#run [role=status]")).to_have_text("正在写入")
    imports.work_on_imports(at=desk.at)
    expect(page.locator("#run [role=status]")).to_have_text("已写入", timeout=10_000)


def test_it_works_without_any_script(desk: Desk, open_page: Open, tmp_path: Path) -> None:
    page = open_page("admin", java_script_enabled=False)
    file = tmp_path / "区划.xlsx"
    file.write_bytes(book(AREAS[:1], (), (), ()))
    page.goto("/desk/imports/")
    page.set_input_files("[name=file]", file)
    page.locator("form.card-body button[type=submit]").click()
    imports.work_on_imports(at=desk.at)
    page.get_by_role("link", name="看最新进度").click()
    expect(page.get_by_role("button", name="写入这 1 行")).to_be_visible()


@pytest.mark.skipif(not AXE.exists(), reason="NO AXE-CORE: python hatch_build.py brings it")
@pytest.mark.parametrize(("theme", "language"), [("light", "zh-hans"), ("dark", "en")])
def test_the_pages_are_accessible(desk: Desk, open_page: Open, tmp_path: Path, theme: str, language: str) -> None:
    page = open_page("admin")
    cookies = {"theme": theme, "django_language": language}
    page.context.add_cookies([{"name": n, "value": v, "url": page.url} for n, v in cookies.items()])
    upload(page, tmp_path)
    assert violations(page) == []
    imports.work_on_imports(at=desk.at)
    page.reload()
    assert violations(page) == []
    page.goto("/desk/imports/")
    assert violations(page) == []
