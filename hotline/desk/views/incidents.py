"""Incidents: the list, one of them with its orders, opening one on an order, speaking for it, letting orders join."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotline.desk import incident_page as page
from hotline.desk.choices import Catalogue
from hotline.desk.menu import WORKING
from hotline.organisation.roles import Role
from hotline.organisation.viewer import Viewer
from hotline.policy import queries as policies
from hotline.refusal import N_, Refused, refuse
from hotline.ui import incident_words
from hotline.ui.access import StaffRequest, viewer_required
from hotline.ui.moment import now
from hotline.ui.refusals import into_form
from hotline.workorder import queries as workorder
from hotline.workorder import services
from hotline.workorder.incident import SPEAKERS, IncidentView

READERS = WORKING | {Role.LEADER}
JOINERS = frozenset({Role.AGENT, Role.DISPATCHER, Role.SUPERVISOR})
Refilled = tuple[str, page.SayForm]


@require_GET
@viewer_required(READERS)
def incidents(request: StaffRequest) -> HttpResponse:
    """What goes on, and what was closed within three months."""
    at, catalogue = now(), _catalogue(request.viewer)
    found = page.lines(workorder.listed(request.viewer.authority_id, at), catalogue, at)
    running = [each for each in found if each.state == "open"]
    context = {
        "heading": gettext("突发事件"),
        "running": running,
        "over": [each for each in found if each not in running],
    }
    return render(request, "desk/incidents.html", context)


@require_GET
@viewer_required(READERS)
def incident(request: StaffRequest, incident_id: int) -> HttpResponse:
    """One incident: what was said, where its orders stand, what may still join, and the forms to speak for it."""
    return _show(request, incident_id)


@require_POST
@viewer_required(WORKING)
def speak(request: StaffRequest, incident_id: int, verb: str) -> HttpResponse:
    """Report progress, change the announcement, widen, restore; refused, the page comes back with what was typed."""
    if verb not in page.VERBS:
        refuse("no_such_page", N_("没有这一页，请从菜单打开。"), status=404)
    form = page.SayForm(verb, _catalogue(request.viewer), request.POST)
    try:
        _say(request, incident_id, verb, form.heard(), now())
    except Refused as refused:
        if refused.status == 404:
            raise
        form.is_valid()
        into_form(form, refused)
        return _show(request, incident_id, (verb, form), refused.status)
    messages.success(request, gettext("“%(action)s”已记下。") % {"action": gettext(page.VERBS[verb][0])})
    return redirect("desk:incident", incident_id)


def _say(request: StaffRequest, incident_id: int, verb: str, said: dict[str, Any], at: datetime) -> None:
    seen = request.POST.get("seen", "")
    known: dict[str, Any] = {
        "incident_id": incident_id,
        "actor": request.viewer.actor(),
        "seen": int(seen) if seen.isascii() and seen.isdigit() else None,
    }
    if verb == "progress":
        services.progress(**known, **said, at=at)
    elif verb == "announce":
        services.announce(**known, **said, at=at)
    elif verb == "widen":
        services.widen(**known, **said, at=at)
    else:
        services.restore(**known, **said, at=at)


@require_POST
@viewer_required(JOINERS)
def join(request: StaffRequest, incident_id: int) -> HttpResponse:
    """Merge the chosen orders into the incident; back to where the button was pressed."""
    ids = [int(each) for each in request.POST.getlist("order_id") if each.isascii() and each.isdigit()]
    back = request.POST.get("back", "")
    services.join(incident_id=incident_id, order_ids=ids, actor=request.viewer.actor(), at=now())
    told = ngettext("已并入 %(n)s 件。诉求人会收到消息。", "已并入 %(n)s 件。诉求人会收到消息。", len(ids))
    messages.success(request, told % {"n": len(ids)})
    return redirect("desk:order", ids[0]) if back == "order" and ids else redirect("desk:incident", incident_id)


@require_http_methods(["GET", "POST"])
@viewer_required({Role(each) for each in SPEAKERS})
def open_incident(request: StaffRequest, order_id: int) -> HttpResponse:
    """The form by which an order becomes the one on which an incident stands."""
    at, viewer = now(), request.viewer
    catalogue = _catalogue(viewer)
    order = workorder.order(order_id, viewer, at)
    data: QueryDict | None = request.POST if request.method == "POST" else None
    form = page.SayForm("open", catalogue, data, page.first_words(order, catalogue))
    status = 200
    if data is not None:
        try:
            opened = services.open_incident(order_id=order_id, **form.heard(), actor=viewer.actor(), at=at)
        except Refused as refused:
            form.is_valid()
            into_form(form, refused)
            status = refused.status
        else:
            messages.success(request, gettext("突发事件已设立。话务员、机器人和公开网页现在都看得到。"))
            return redirect("desk:incident", opened)
    context = {"order": order, "form": form, "areas": catalogue.listed("area")}
    return render(request, "desk/incident_open.html", context, status=status)


def _catalogue(viewer: Viewer) -> Catalogue:
    return Catalogue.of(viewer.authority_id, policies.current(viewer.authority_id, now()))


def _show(request: StaffRequest, incident_id: int, refilled: Refilled | None = None, status: int = 200) -> HttpResponse:
    at, viewer = now(), request.viewer
    catalogue, found = _catalogue(viewer), workorder.incident(incident_id, viewer)
    view, speaks = found.incident, page.may_speak(viewer, found.incident.unit_id, catalogue)
    may_join = viewer.role in JOINERS and view.joinable
    context = {
        "line": page.line(view, catalogue, at),
        "view": view,
        "unit": catalogue.units.get(view.unit_id),
        "notices": [incident_words.said(each, at) for each in view.notices],
        "states": page.states(found.states),
        "orders": found.orders,
        "candidates": workorder.candidates(view, viewer) if may_join else (),
        "acts": _acts(view, catalogue, refilled) if speaks and view.state == "open" else [],
        "lists": [("areas", catalogue.listed("area"))],
    }
    return render(request, "desk/incident.html", context, status=status)


def _acts(view: IncidentView, catalogue: Catalogue, refilled: Refilled | None) -> list[dict[str, Any]]:
    """The verbs with their forms; the one that was refused is open and holds what was typed."""
    mine = dict([refilled]) if refilled else {}
    return [
        {
            "verb": verb,
            "label": gettext(label),
            "means": gettext(means),
            "icon": icon,
            "form": mine.get(verb) or page.SayForm(verb, catalogue, initial=page.expected_initial(view)),
            "open": verb in mine,
            "primary": verb == "progress",
        }
        for verb, (label, means, icon) in page.VERBS.items()
    ]
