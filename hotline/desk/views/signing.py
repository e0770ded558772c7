"""Signing in and out, choosing the role to act in, and the way home."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from hotline.desk.menu import start_page
from hotline.desk.signing import SignInForm, locked_out
from hotline.organisation import queries as organisation
from hotline.organisation.roles import ROLE_LABELS
from hotline.ui import language
from hotline.ui.access import MEMBERSHIP, find_viewer, open_to_all


@open_to_all("nobody is signed in yet")
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; after too many wrong tries it is locked for a while and says so."""
    form = SignInForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "desk/sign_in.html", {"form": form, "next": request.GET.get("next", "")})
    if form.is_valid():
        staff = authenticate(request, **form.cleaned_data)
        if getattr(request, "axes_locked_out", False):
            return locked_out(request)
        if staff is not None:
            return _enter(request, staff)
        form.add_error(None, gettext("用户名或密码不对。请再试一次；忘记了，请管理员重设。"))
    context = {"form": form, "next": request.POST.get("next", "")}
    return render(request, "desk/sign_in.html", context, status=422)


def _enter(request: HttpRequest, staff: Any) -> HttpResponse:
    login(request, staff, backend="django.contrib.auth.backends.ModelBackend")
    after = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}, require_https=request.is_secure()):
        after = ""
    several = len(organisation.memberships(staff.pk)) > 1
    response = redirect("desk:choose-role") if several else redirect(after or "desk:home")
    viewer = organisation.viewer_for(staff.pk)
    if viewer is not None:
        language.remember(response, viewer.language)
    return response


@require_POST
@open_to_all("signing out needs no role")
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("desk:sign-in")


def choose_role(request: HttpRequest) -> HttpResponse:
    """Pick one of one's memberships; the page stays open to who has none, and says whom to ask."""
    mine = organisation.memberships(request.user.pk) if request.user.pk is not None else ()
    if request.method == "POST":
        chosen = next((each for each in mine if str(each.id) == request.POST.get("membership")), None)
        if chosen is not None:
            request.session[MEMBERSHIP] = chosen.id
            return redirect("desk:home")
    choices = [(each, gettext(ROLE_LABELS[each.role])) for each in mine]
    return render(request, "desk/choose_role.html", {"choices": choices})


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Send everyone to the start page of the role they act in."""
    viewer = find_viewer(request)
    return redirect(start_page(viewer.role)) if viewer else redirect("desk:choose-role")
