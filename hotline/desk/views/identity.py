"""What is shown only to who may, and on the record: who an order is about, and its files."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from hotline.desk import attachments, order_page
from hotline.desk.menu import WORKING
from hotline.ledger.record import Stream
from hotline.organisation.roles import Role
from hotline.refusal import N_, refuse
from hotline.residents import services as residents
from hotline.ui import refusals
from hotline.ui.access import StaffRequest, viewer_required
from hotline.ui.moment import now
from hotline.workorder import queries as workorder


@require_POST
@never_cache
@viewer_required(WORKING)
def reveal(request: StaffRequest, order_id: int) -> HttpResponse:
    """Show name and number for 60 seconds; the look and its reason are in the order's way from now on."""
    at, viewer = now(), request.viewer
    person = workorder.order(order_id, viewer, at).person
    if person.resident_id is None:
        refuse("anonymous", N_("这件诉求没有留下姓名和电话。"), status=404)
    identity = residents.reveal(
        resident_id=person.resident_id,
        viewer=viewer,
        reason_code=request.POST.get("reason", ""),
        order_stream=Stream("order", order_id),
        secret=person.secret,
        at=at,
    )
    context = order_page.build(order_id, viewer, at)
    if identity.withheld is not None:
        context["withheld"] = refusals.say(identity.withheld).text
    else:
        context["identity"] = identity
    return render(request, "desk/identity.html" if request.htmx else "desk/order.html", context)


@require_GET
@never_cache
@viewer_required(WORKING | {Role.LEADER})
def file(request: StaffRequest, order_id: int, file_id: int) -> HttpResponse:
    """One attachment of an order that the viewer may see; anything but a picture is downloaded, never opened here."""
    content, media_type = attachments.read(order_id, file_id, request.viewer)
    response = HttpResponse(content, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    if not media_type.startswith("image/"):
        response["Content-Disposition"] = "attachment"
    return response
