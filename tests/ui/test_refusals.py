"""A refusal reaches a person as a page, htmx as a fragment, a machine as JSON: with all reasons, in their language."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.test import RequestFactory
from django.utils import translation

from hotline.refusal import N_, Reason, Refused
from hotline.ui import refusals

REFUSED = Refused(
    Reason("a", N_("没有办成，请稍后再试。")),
    Reason(
        "b",
        "“%(label)s”在 %(when)s",
        "basis",
        {"label": N_("退单"), "when": datetime(2025, 1, 2, 3, 4, tzinfo=ZoneInfo("Asia/Shanghai"))},
    ),
    status=409,
)


def test_machines_get_every_reason_with_code_and_field() -> None:
    answer = refusals.answer(RequestFactory().get("/api/v1/x"), REFUSED)
    assert answer.status_code == 409
    said = json.loads(answer.content)["reasons"]
    assert [each["code"] for each in said] == ["a", "b"]
    assert said[1]["field"] == "basis"


def test_words_among_the_params_are_translated_and_moments_said() -> None:
    with translation.override("en"):
        said = refusals.say(REFUSED.reasons[1])
    assert said.text == "“Return”在 2 Jan 2025, 03:04"


def test_reasons_go_beside_their_fields_and_the_rest_on_top() -> None:
    form = forms.Form({})
    form.fields["basis"] = forms.CharField(required=False)
    refusals.into_form(form, REFUSED)
    assert len(form.errors["basis"]) == 1
    assert len(form.non_field_errors()) == 1


def test_an_unknown_address_says_what_to_do(client: object) -> None:
    from django.test import Client

    page = Client().get("/nowhere/")
    assert page.status_code == 404
    assert "没有这个地址" in page.content.decode()


def test_the_500_page_asks_nothing_of_request_or_database() -> None:
    from hotline.ui.views import broken

    page = broken(RequestFactory().get("/desk/"))
    assert page.status_code == 500
    assert "编号" in page.content.decode()
