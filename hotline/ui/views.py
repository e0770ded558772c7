"""Pages that belong to no room: the reader's preferences, and what is said when something is not there or broke."""

from __future__ import annotations

from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST

from hotline.refusal import N_, Reason, Refused
from hotline.ui import frame, language, refusals
from hotline.ui.access import open_to_all, typed


@open_to_all("residents choose language, theme and size too; only cookies of their own browser are written")
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen among language, theme and size, and go back to where the reader was."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    language.remember(response, request.POST.get("language", ""))
    for name in ("theme", "size"):
        frame.remember(response, name, request.POST.get(name, ""))
    return response


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is no such page, or it is not the reader's."""
    return refusals.answer(
        request, Refused(Reason("not_found", N_("没有这个地址。请检查网址，或从首页重新开始。")), status=404)
    )


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 from below the views, the lockout of sign-in included."""
    return refusals.answer(
        request, Refused(Reason("forbidden", N_("您现在不能打开这一页。需要权限请找管理员。")), status=403)
    )


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose protection ran out (cookies off, left open over night): what was typed is given back to copy."""
    return render(request, "ui/csrf.html", {"kept": typed(request)}, status=403)


@requires_csrf_token
def broken(request: HttpRequest) -> HttpResponse:
    """500: says what to do and a number to quote; asks nothing of the database, which may be what broke."""
    number = uuid4().hex[:8].upper()
    if refusals.wants_json(request):
        return refusals.as_json(Refused(Reason("broken", N_("没有办成，请稍后再试。")), status=500))
    return render(None, "ui/500.html", {"number": number}, status=500)
