"""Lists of orders: what waits for me, and everything I may look up."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hotline.desk import inboxes, lists, names
from hotline.desk.menu import MENU, WORKING, label_of, tally_of
from hotline.organisation import queries as organisation
from hotline.organisation.roles import Role
from hotline.policy import queries as policies
from hotline.policy.policy import Policy
from hotline.ui.access import StaffRequest, viewer_required
from hotline.ui.moment import now
from hotline.workorder import queries as workorder
from hotline.workorder.queries import asking
from hotline.workorder.views import InboxQuery


@require_GET
@viewer_required(WORKING)
def inbox(request: StaffRequest) -> HttpResponse:
    """What waits for the viewer's role, what leaves first on top."""
    return _list(request, everything=False)


@require_GET
@viewer_required(WORKING | {Role.LEADER})
def orders(request: StaffRequest) -> HttpResponse:
    """All orders in the viewer's scope, to look up."""
    return _list(request, everything=True)


def _list(request: StaffRequest, *, everything: bool) -> HttpResponse:
    at, viewer = now(), request.viewer
    policy = policies.current(viewer.authority_id, at)
    query = inboxes.read(request.GET.dict(), everything=everything)
    page = workorder.inbox(viewer, query, at)
    sorts = inboxes.sort_choices(query.order_by, untimed=not everything and viewer.role in inboxes.UNTIMED)
    place = next(each for each in MENU if each.name == ("desk:orders" if everything else "desk:inbox"))
    context = {
        "heading": label_of(place, viewer.role),
        "everything": everything,
        "query": query,
        "page": page,
        "area": names.area(organisation.areas(viewer.authority_id), query.area) or query.area,
        "lines": lists.lines(page.rows, policy, viewer, at),
        "counters": [] if everything else _counters(request, query, policy),
        "may_merge": viewer.role in lists.JOINERS,
        "states": inboxes.state_choices(query.states[0] if len(query.states) == 1 else ""),
        "kinds": inboxes.kind_choices(query.kind),
        "channels": inboxes.channel_choices(policy, query.channel),
        "classes": inboxes.class_choices(policy, query.matter),
        "sorts": sorts,
        "narrowed": inboxes.narrows(query) or bool(query.words),
        "filtered": inboxes.narrows(query) or (everything and len(query.states) == 1),
        "find_words": query.words,
        "sort_label": next(each.label for each in sorts if each.chosen),
    }
    fragment = bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request
    return render(request, "desk/list_body.html" if fragment else "desk/list.html", context)


def _counters(request: StaffRequest, query: InboxQuery, policy: Policy) -> list[lists.Counter]:
    viewer = request.viewer
    asked = asking(viewer) if lists.decides_extensions(viewer, policy) else None
    return lists.counters(tally_of(request, viewer), query, viewer, asked)
