"""Several orders at once: one appeal split into its demands, several appeals merged into one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hotline.desk import merging, splitting
from hotline.desk.choices import Catalogue
from hotline.desk.offering import reasons_of
from hotline.desk.splitting import Sheet
from hotline.organisation.roles import Role
from hotline.policy import queries as policies
from hotline.refusal import N_, Refused, refuse
from hotline.ui import moment
from hotline.ui.access import StaffRequest, viewer_required
from hotline.ui.moment import now
from hotline.workorder import queries as workorder
from hotline.workorder import services as orders
from hotline.workorder.views import OrderView

# Whom the law lets split and merge.
JOINERS = frozenset({Role.AGENT, Role.DISPATCHER, Role.SUPERVISOR})


@require_http_methods(["GET", "POST"])
@never_cache
@viewer_required(JOINERS)
def split(request: StaffRequest, order_id: int) -> HttpResponse:
    """The appeal and one form for each further demand in it; sent, each becomes an order of its own."""
    at, viewer = now(), request.viewer
    order = workorder.order(order_id, viewer, at)
    catalogue = Catalogue.of(order.authority_id, policies.version(order.policy_version_id))
    if request.method != "POST":
        return _split_page(request, order, catalogue, splitting.fresh(order, catalogue))
    if request.POST.get("go") == "more":
        return _split_page(request, order, catalogue, splitting.returned(order, request.POST, more=1))
    sheet, seen = splitting.returned(order, request.POST), request.POST.get("seen", "")
    try:
        parts = splitting.read(sheet, catalogue)
        version = int(seen) if seen.isascii() and seen.isdigit() else None
        taken = orders.split(order_id=order_id, parts=parts, actor=viewer.actor(), at=at, seen=version)
    except Refused as refused:
        if refused.status == 404:
            raise
        return _split_page(request, order, catalogue, sheet, refused)
    said = ngettext("拆出 %(n)s 件：%(numbers)s。", "拆出 %(n)s 件：%(numbers)s。", len(taken))
    numbers = moment.listed(each.number for each in taken)
    messages.success(request, said % {"n": len(taken), "numbers": numbers})
    return redirect("desk:order", order_id)


def _split_page(
    request: StaffRequest, order: OrderView, catalogue: Catalogue, sheet: Sheet, refused: Refused | None = None
) -> HttpResponse:
    act = next((each for each in order.actions if each.action == "split"), None)
    context = {
        "order": order,
        "sheet": sheet,
        "appeal": order.texts.get("appeal", ""),
        "against": reasons_of(act) if act is not None and not act.allowed else [],
        "refused_reasons": splitting.say_all(refused) if refused else [],
        "matters": catalogue.listed("matter"),
        "areas": catalogue.listed("area"),
    }
    return render(request, "desk/split.html", context, status=refused.status if refused else 200)


@require_http_methods(["GET", "POST"])
@never_cache
@viewer_required(JOINERS)
def merge(request: StaffRequest) -> HttpResponse:
    """The orders that were ticked in a list, and which of them is the head; sent, the others follow it."""
    at, viewer = now(), request.viewer
    asked = merging.read(request.POST if request.method == "POST" else request.GET, viewer)
    if not asked.chosen:
        refuse("none_chosen", N_("请先在列表里勾选要并的工单。"))
    if request.method != "POST" or request.POST.get("go") != "merge":
        return render(request, "desk/merge.html", merging.page(asked, viewer, at))
    try:
        head_id, members = merging.decided(asked)
        texts = {"dispatch_opinion": asked.opinion}
        moved = orders.merge(head_id=head_id, member_ids=members, actor=viewer.actor(), at=at, texts=texts)
    except Refused as refused:
        context = {**merging.page(asked, viewer, at), "refused_reasons": splitting.say_all(refused)}
        return render(request, "desk/merge.html", context, status=refused.status)
    said = ngettext("%(n)s 件已并入主单。", "%(n)s 件已并入主单。", len(moved)) % {"n": len(moved)}
    messages.success(request, said + gettext("每件的诉求人、工单号和经过都还在。"))
    return redirect("desk:order", head_id)
