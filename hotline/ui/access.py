"""Who may open a page: nobody, unless the page says so.

Every address needs a signed-in person unless its view is opened to all by name and with a reason, and every page of
the desk names the roles that may open it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django_htmx.middleware import HtmxDetails

from hotline.organisation.queries import viewer_for
from hotline.organisation.roles import Role
from hotline.organisation.viewer import Viewer
from hotline.refusal import N_, refuse

Arguments = ParamSpec("Arguments")
View = TypeVar("View", bound=Callable[..., Any])
PRIVATE = ("csrfmiddlewaretoken", "password", "key")  # fields that nobody copies
SHORTEST_KEPT = 8  # characters; what is shorter is quickly typed again
MEMBERSHIP = "membership"  # the key in the session: which of a person's memberships they act under
EVERY_ROLE: frozenset[str] = frozenset(role.value for role in Role)

# The registry of what needs no login: view or namespace, and why.
OPEN_VIEWS: dict[str, str] = {}
OPEN_NAMESPACES: dict[str, str] = {}


class StaffRequest(HttpRequest):
    """A request that passed `viewer_required`."""

    viewer: Viewer
    htmx: HtmxDetails


def open_to_all(why: str) -> Callable[[View], View]:
    """Let anybody open this view; `why` is shown in the list of open addresses."""

    def mark(view: View) -> View:
        OPEN_VIEWS[f"{view.__module__}.{view.__qualname__}"] = why
        return login_not_required(view)

    return mark


def open_namespace(namespace: str, why: str) -> None:
    """Let anybody reach the addresses under a URL namespace that checks its callers by other means (keys)."""
    OPEN_NAMESPACES[namespace] = why


class SignedInMiddleware(LoginRequiredMiddleware):
    """Sends who is not signed in to the sign-in page, except at what is in the registry."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is not None and any(name in OPEN_NAMESPACES for name in match.namespaces):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        """To the sign-in page; who sends a form after the session ended gets back what they typed, to copy."""
        kept = typed(request)
        if request.method == "POST" and kept:
            context = {"kept": kept, "sign_in": resolve_url(settings.LOGIN_URL)}
            return render(request, "ui/signed_out.html", context, status=401)
        return super().handle_no_permission(request, view_func)


def typed(request: HttpRequest) -> list[str]:
    """What a form brought that would be a pity to type again."""
    told = {name: str(value) for name, value in request.POST.items() if name not in PRIVATE}
    return [value for value in told.values() if len(value) > SHORTEST_KEPT]


def find_viewer(request: HttpRequest) -> Viewer | None:
    """The viewer a request acts as, kept on the request; None when nobody is signed in or no membership is chosen."""
    if not hasattr(request, "_viewer"):
        viewer: Viewer | None = None
        if request.user.is_authenticated and request.user.pk is not None:
            chosen = request.session.get(MEMBERSHIP)
            viewer = viewer_for(request.user.pk, int(chosen) if chosen else None)
        request._viewer = viewer  # type: ignore[attr-defined]
    return cast("Viewer | None", request._viewer)  # type: ignore[attr-defined]


def viewer_required(
    roles: frozenset[str] | set[str],
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Open this view to staff acting in one of `roles`; others are told who may, the undecided go home,
    where a role is chosen."""

    def guard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            viewer = find_viewer(request)
            if viewer is None:
                return redirect(settings.LOGIN_REDIRECT_URL)
            if viewer.role not in roles:
                refuse("role", N_("这一页不在您的职责内。请从左边的菜单打开您的页面，需要权限请找管理员。"), status=403)
            request.viewer = viewer  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.roles = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return guard
