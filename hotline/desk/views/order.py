"""One order: the page, acting on it, looking at who it is about, its files."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from hotline.desk import acts, order_page
from hotline.desk.choices import Catalogue, understood
from hotline.desk.menu import WORKING
from hotline.desk.order_page import Filled
from hotline.organisation.roles import Role
from hotline.policy import queries as policies
from hotline.refusal import Refused
from hotline.ui.access import StaffRequest, viewer_required
from hotline.ui.moment import now
from hotline.workorder.forms import form_for
from hotline.workorder.lifecycle import ACTION_LABELS, RULES, Action

READERS = WORKING | {Role.LEADER}


@require_GET
@never_cache
@viewer_required(READERS)
def order(request: StaffRequest, order_id: int) -> HttpResponse:
    """The order page; `?act=reply` opens that action's form, `entry` is the knowledge that was chosen on the phone."""
    context = order_page.build(order_id, request.viewer, now(), wanted=request.GET.get("act", ""))
    order_page.choose_entry(context["acts"], request.GET.get("entry", ""))
    return render(request, "desk/order.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@viewer_required(WORKING)
def act(request: StaffRequest, order_id: int, action: str) -> HttpResponse:
    """Take one lawful action; when it is refused the page comes back with all reasons and everything typed."""
    if request.method != "POST" or action not in RULES:
        return redirect("desk:order", order_id)
    at, viewer = now(), request.viewer
    try:
        policy = policies.current(viewer.authority_id, at)
        catalogue = Catalogue.of(viewer.authority_id, policy)
        typed = understood(form_for(action, policy), dict(request.POST.lists()), catalogue)
        seen = request.POST.get("seen", "")
        asked = acts.Asked(order_id, action, typed, int(seen) if seen.isascii() and seen.isdigit() else None)
        acts.perform(asked, viewer, at)
    except Refused as refused:
        if refused.status == 404:
            raise
        filled = Filled(action, request.POST, refused)
        context = order_page.build(order_id, viewer, at, filled=filled, wanted=action)
        context["refused_reasons"] = order_page.say_all(refused)
        context["refused_action"] = gettext(ACTION_LABELS[Action(action)])
        return render(request, "desk/order.html", context, status=refused.status)
    messages.success(request, gettext("“%(action)s”已记下。") % {"action": gettext(ACTION_LABELS[Action(action)])})
    return redirect("desk:order", order_id)
