"""One order: the page, one form of it, acting on it, files that are added to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotline.desk import acts, order_page
from hotline.desk.choices import Catalogue, understood
from hotline.desk.menu import WORKING
from hotline.desk.offering import Filled
from hotline.organisation.roles import Role
from hotline.policy import queries as policies
from hotline.refusal import N_, Refused, refuse
from hotline.ui.access import StaffRequest, viewer_required
from hotline.ui.moment import now
from hotline.workorder.forms import form_for
from hotline.workorder.lifecycle import ACTION_LABELS, RULES, Action
from hotline.workorder.services.attaching import Upload, attach

READERS = WORKING | {Role.LEADER}


@require_GET
@never_cache
@viewer_required(READERS)
def order(request: StaffRequest, order_id: int) -> HttpResponse:
    """The order page; `?act=reply` opens that action's form (htmx gets the form alone), `entry` is the knowledge that
    was chosen on the phone."""
    wanted = request.GET.get("act", "")
    if wanted and request.htmx and not request.htmx.history_restore_request:
        return _one_act(request, order_id, wanted)
    context = order_page.build(order_id, request.viewer, now(), wanted=wanted)
    order_page.choose_entry(context["offered"].acts, request.GET.get("entry", ""))
    return render(request, "desk/order.html", context)


def _one_act(request: StaffRequest, order_id: int, wanted: str) -> HttpResponse:
    context = order_page.one_act(order_id, request.viewer, now(), wanted)
    if context["each"] is None:
        refuse("not_now", N_("这一步现在不能做了，请刷新页面看新的情况。"), status=409)
    return render(request, "desk/act.html", context)


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
        typed = understood(form_for(action, policy), dict(request.POST.lists()), catalogue, viewer)
        seen = request.POST.get("seen", "")
        known = int(seen) if seen.isascii() and seen.isdigit() else None
        acts.perform(acts.Asked(order_id, action, typed, known, _uploads(request)), viewer, at)
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


@require_POST
@never_cache
@viewer_required(WORKING)
def attach_files(request: StaffRequest, order_id: int) -> HttpResponse:
    """Keep files with the order, by themselves: photos of the site, papers that a later step needs."""
    at, viewer = now(), request.viewer
    try:
        kept = attach(order_id=order_id, uploads=_uploads(request), actor=viewer.actor(), at=at)
    except Refused as refused:
        if refused.status == 404:
            raise
        context = order_page.build(order_id, viewer, at)
        context["refused_reasons"] = order_page.say_all(refused)
        context["refused_action"] = gettext("上传附件")
        return render(request, "desk/order.html", context, status=refused.status)
    messages.success(request, gettext("%(n)s 个附件已存好。") % {"n": len(kept)})
    return redirect("desk:order", order_id)


def _uploads(request: StaffRequest) -> tuple[Upload, ...]:
    """The files that came with the request."""
    return tuple(Upload(each.name or "", each) for each in request.FILES.getlist("files"))
