"""Language, theme and size are kept in cookies, and lead back to where the reader was, nowhere else."""

from __future__ import annotations

from django.test import Client, RequestFactory
from django.utils import translation

from hotline.ui import frame, language
from hotline.ui.templatetags.ui import here_with, icon, seal


def test_a_choice_is_kept_and_leads_back() -> None:
    answer = Client().post(
        "/ui/preferences", {"language": "en", "theme": "dark", "size": "elder", "next": "/desk/?a=1"}
    )
    assert answer.headers["Location"] == "/desk/?a=1"
    assert {name: answer.cookies[name].value for name in ("django_language", "theme", "size")} == {
        "django_language": "en", "theme": "dark", "size": "elder",
    }  # fmt: skip


def test_nobody_is_led_to_another_site() -> None:
    assert Client().post("/ui/preferences", {"next": "https://example.org/"}).headers["Location"] == "/"


def test_unknown_choices_are_ignored() -> None:
    answer = Client().post("/ui/preferences", {"language": "xx", "theme": "pink", "size": "", "next": "/"})
    assert not answer.cookies


def test_pages_are_chinese_until_english_is_chosen_and_the_api_listens_to_its_caller() -> None:
    page = RequestFactory().get("/desk/", headers={"accept-language": "en"})
    assert language.wanted(page) == "zh-hans"
    assert language.wanted(RequestFactory().get("/api/v1/x", headers={"accept-language": "en"})) == "en"
    page.COOKIES["django_language"] = "en"
    assert language.wanted(page) == "en"


def test_broken_cookies_count_as_the_default() -> None:
    request = RequestFactory().get("/")
    request.COOKIES.update(theme="<x>", size="9")
    assert frame.preferences(request) == frame.Preferences("auto", "normal")


def test_tags_escape_what_they_are_given() -> None:
    assert "<script" not in icon("<script>")
    with translation.override("zh-hans"):
        assert "急" in seal("urgent")
    assert seal("normal") == ""


def test_links_keep_the_rest_of_the_query_and_start_at_the_first_page() -> None:
    request = RequestFactory().get("/desk/inbox/", {"kind": "help", "page": "3"})
    assert here_with({"request": request}, urgent="1") == "/desk/inbox/?kind=help&urgent=1"
    assert here_with({"request": request}, page=4) == "/desk/inbox/?kind=help&page=4"
    assert here_with({"request": request}, kind="") == "/desk/inbox/"
