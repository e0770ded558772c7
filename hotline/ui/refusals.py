"""A refusal, shown: a page for people, a fragment for htmx, JSON for machines, errors beside the fields of a form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from hotline.refusal import Reason, Refused
from hotline.ui.moment import moment_words, now


@dataclass(frozen=True)
class Said:
    """One reason in the reader's language."""

    code: str
    text: str
    field: str | None


def _param(value: object) -> object:
    if isinstance(value, datetime):
        return moment_words(value, now())
    return gettext(value) if isinstance(value, str) and value else value


def say(reason: Reason) -> Said:
    """`reason` in the active language; words among its params are translated too, moments said in words."""
    params = {name: _param(value) for name, value in reason.params.items()}
    text = gettext(reason.text)
    return Said(reason.code, text % params if params else text, reason.field)


def title(status: int) -> str:
    """The heading of a refusal page."""
    named = {
        403: gettext("不能打开"),
        404: gettext("没有找到"),
        409: gettext("有人刚改过"),
        413: gettext("太大了"),
        429: gettext("太频繁了"),
    }
    return named.get(status, gettext("现在还不能这样做"))


def into_form(form: BaseForm, refused: Refused) -> None:
    """Put every reason beside its field, those without a field on top; what was typed stays."""
    for reason in refused.reasons:
        said = say(reason)
        form.add_error(said.field if said.field in form.fields else None, said.text)


def wants_json(request: HttpRequest) -> bool:
    """Whether a machine asks."""
    return request.path.startswith("/api/") or request.headers.get("Accept", "").startswith("application/json")


def as_json(refused: Refused) -> JsonResponse:
    """`{"reasons": [{code, message, field}]}` with the refusal's status."""
    reasons = [{"code": said.code, "message": said.text, "field": said.field} for said in map(say, refused.reasons)]
    return JsonResponse({"reasons": reasons}, status=refused.status, json_dumps_params={"ensure_ascii": False})


def answer(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The answer that fits who asked: JSON, htmx fragment, or full page."""
    if wants_json(request):
        return as_json(refused)
    context = {"reasons": [say(reason) for reason in refused.reasons], "title": title(refused.status)}
    if getattr(request, "htmx", False):
        response = render(request, "ui/refused_fragment.html", context, status=refused.status)
        response["HX-Retarget"] = "#refusal"
        response["HX-Reswap"] = "innerHTML show:top"
        return response
    return render(request, "ui/refused.html", context, status=refused.status)


class RefusedMiddleware:
    """Turns a `Refused` that a view let through into an answer; nothing was changed by it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a `Refused`; let anything else go on to the 500 page."""
        return answer(request, exception) if isinstance(exception, Refused) else None
