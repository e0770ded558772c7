"""The rules of the city: read a version, compare two, see what activating would do, activate."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from hotline.desk import policy_calendar, policy_changes, policy_pages
from hotline.organisation.roles import Role
from hotline.organisation.viewer import Viewer
from hotline.policy import queries as policies
from hotline.policy import services as policy_services
from hotline.policy.comparison import compare, compare_calendars
from hotline.policy.numbers import ZONE
from hotline.refusal import N_, refuse
from hotline.ui.access import StaffRequest, viewer_required
from hotline.ui.moment import now

READERS = frozenset({Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER, Role.ADMIN})


@require_GET
@viewer_required(READERS)
def versions(request: StaffRequest) -> HttpResponse:
    """All versions of rules and calendar; `?before=1&after=2` leads to their comparison."""
    before, after = request.GET.get("before", ""), request.GET.get("after", "")
    if _number(before) and _number(after):
        return redirect("desk:policy-compare", int(before), int(after))
    at, viewer = now(), request.viewer
    known = policy_pages.versions(viewer, at)
    context = {
        "heading": gettext("规则"),
        "versions": known,
        "in_force": policy_pages.in_force(known),
        "calendars": policy_pages.calendars(viewer),
    }
    return render(request, "desk/policy/versions.html", context)


@require_GET
@viewer_required(READERS)
def version(request: StaffRequest, version_id: int) -> HttpResponse:
    """One version, a part at a time."""
    at, viewer = now(), request.viewer
    known = policy_pages.one(viewer, version_id, at)
    policy = policies.version(version_id)
    asked = request.GET.get("part", "")
    part = asked if asked in policy_pages.PARTS else "limits"
    if part == "calendar":
        shown = _calendar(viewer, policies.calendars(viewer.authority_id)[0].id, request.GET.get("year", ""), at)
    else:
        shown = policy_pages.part(part, policy, request.GET.dict())
    context = {
        "heading": gettext("规则第 %(version)s 版") % {"version": known.view.version},
        "version": known,
        "policy": policy,
        "part": part,
        "parts": [(code, gettext(word)) for code, word in policy_pages.PARTS.items()],
        **shown,
    }
    return render(request, "desk/policy/version.html", context)


@require_GET
@viewer_required(READERS)
def compared(request: StaffRequest, before_id: int, after_id: int) -> HttpResponse:
    """Two versions of the rules side by side."""
    at, viewer = now(), request.viewer
    first, second = (policy_pages.one(viewer, each, at) for each in (before_id, after_id))
    old, new = policies.version(before_id), policies.version(after_id)
    context = {
        "heading": gettext("规则有哪些变化"),
        "names": [
            gettext("第 %(version)s 版") % {"version": each.view.version} + f" · {each.standing}"
            for each in (first, second)
        ],
        "groups": policy_changes.groups(compare(old, new), old, new),
        "version": second,
    }
    return render(request, "desk/policy/compared.html", context)


@require_GET
@viewer_required(READERS)
def calendar(request: StaffRequest, calendar_id: int) -> HttpResponse:
    """One calendar, a year at a time."""
    at, viewer = now(), request.viewer
    context = {
        "heading": gettext("日历第 %(version)s 版") % {"version": _listed(viewer, calendar_id).version},
        **_calendar(viewer, calendar_id, request.GET.get("year", ""), at),
    }
    return render(request, "desk/policy/calendar.html", context)


@require_GET
@viewer_required(READERS)
def compared_calendars(request: StaffRequest, before_id: int, after_id: int) -> HttpResponse:
    """Two calendars side by side."""
    viewer = request.viewer
    first, second = (_listed(viewer, each) for each in (before_id, after_id))
    policy = policies.current(viewer.authority_id, now())
    changes = compare_calendars(policies.calendar(before_id), policies.calendar(after_id))
    context = {
        "heading": gettext("日历有哪些变化"),
        "names": [gettext("日历第 %(version)s 版") % {"version": each.version} for each in (first, second)],
        "groups": policy_changes.groups(changes, policy, policy),
    }
    return render(request, "desk/policy/compared.html", context)


@require_GET
@viewer_required(READERS)
def preview(request: StaffRequest, version_id: int) -> HttpResponse:
    """What activating a version would do: the step before the button."""
    return _preview(request, version_id)


@require_POST
@viewer_required({Role.ADMIN})
def activate(request: StaffRequest, version_id: int) -> HttpResponse:
    """Let a version hold; whoever did not confirm that they looked gets the step before once more."""
    at, viewer = now(), request.viewer
    known = policy_pages.one(viewer, version_id, at)
    if not policy_pages.may_activate(viewer):
        refuse("not_yours", N_("启用规则由全市平台的管理员决定，请联系他们。"), status=403)
    if request.POST.get("agreed") != "1":
        return _preview(request, version_id, unconfirmed=True)
    seen = request.POST.get("seen", "")
    done = policy_services.activate(
        version_id=version_id, at=at, actor=viewer.actor(), seen_id=int(seen) if _number(seen) else None
    )
    number = {"version": known.view.version, "day": policy_pages.day_words(done.begins)}
    if done.at_once:
        messages.success(request, gettext("已启用第 %(version)s 版。还没派出的工单随后改按新规则。") % number)
    else:
        messages.success(request, gettext("已启用第 %(version)s 版，从 %(day)s起执行。") % number)
    return redirect("desk:policies")


def _preview(request: StaffRequest, version_id: int, *, unconfirmed: bool = False) -> HttpResponse:
    at, viewer = now(), request.viewer
    known = policy_pages.versions(viewer, at)
    chosen, held = policy_pages.one(viewer, version_id, at), policy_pages.in_force(known)
    prospect = policy_changes.prospect(viewer, version_id, at)
    views = [each.view for each in known]
    old, new = policies.version(held.view.id if held else version_id), policies.version(version_id)
    back = policies.withdrawn_by(version_id, views, at)
    at_once = chosen.view.valid_from <= at.astimezone(ZONE).date()
    context: dict[str, Any] = {
        "heading": gettext("启用第 %(version)s 版会怎样") % {"version": chosen.view.version},
        "version": chosen,
        "in_force": held,
        "changes": len(compare(old, new)),
        "prospect": prospect,
        "consequences": policy_changes.consequences(chosen.view, prospect.seen, back, at_once=at_once),
        "unconfirmed": unconfirmed,
    }
    return render(request, "desk/policy/preview.html", context, status=422 if unconfirmed else 200)


def _calendar(viewer: Viewer, calendar_id: int, asked: str, at: datetime) -> dict[str, Any]:
    listed, table = _listed(viewer, calendar_id), policies.calendar(calendar_id)
    policy, year = policies.current(viewer.authority_id, at), policy_calendar.chosen_year(asked, at)
    return {
        "listed": listed,
        "facts": policy_calendar.facts(table, policy),
        "year": policy_calendar.drawn(table, policy, year),
        "years": policy_calendar.offered(table, year),
        "weekdays": policy_calendar.weekdays(),
    }


def _listed(viewer: Viewer, calendar_id: int) -> policies.CalendarView:
    """A calendar of the viewer's own authority."""
    found = [each for each in policies.calendars(viewer.authority_id) if each.id == calendar_id]
    if not found:
        refuse("calendar_unknown", N_("没有这个日历版本，请刷新页面后重试。"), status=404)
    return found[0]


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 15
