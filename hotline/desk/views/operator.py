"""For who keeps the machine going: steps that were given up, to look at and to try again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from hotline.desk.timeline import WORDS
from hotline.ledger import queries as ledger
from hotline.ledger import services as ledger_services
from hotline.ledger.queries import Parked
from hotline.organisation.permissions import Capability
from hotline.organisation.roles import Role
from hotline.organisation.viewer import Viewer
from hotline.refusal import N_, refuse
from hotline.ui.access import StaffRequest, viewer_required
from hotline.ui.moment import now

SHOWN = 100


@dataclass(frozen=True)
class Stuck:
    """One given-up step in words; `address` leads to its order where the viewer may see orders."""

    id: int
    what: str
    stream: str
    left: tuple[str, ...]
    error: str
    attempts: int
    since: datetime
    address: str


@require_GET
@viewer_required({Role.SUPERVISOR, Role.ADMIN})
def parked(request: StaffRequest) -> HttpResponse:
    """What the machine gave up, oldest first."""
    rows = [_stuck(each, request.viewer) for each in ledger.parked(limit=SHOWN)]
    context = {
        "heading": gettext("卡住的步骤"),
        "rows": rows,
        "capped": len(rows) == SHOWN,
        "may_retry": request.viewer.holds(Capability.RETRY_PARKED),
    }
    return render(request, "desk/parked.html", context)


def _stuck(each: Parked, viewer: Viewer) -> Stuck:
    template = WORDS.get(each.event.kind, "")
    what = gettext(template) if template and "%(" not in template else each.event.kind
    stream = each.event.stream
    linked = stream.kind == "order" and viewer.holds(Capability.SEE_ORDERS)
    address = reverse("desk:order", args=[stream.id]) if linked else ""
    return Stuck(each.pending_id, what, str(stream), each.left, each.error, each.attempts, each.since, address)


@require_POST
@viewer_required({Role.ADMIN})
def retry(request: StaffRequest, pending_id: int) -> HttpResponse:
    """Put one given-up step back in the queue."""
    if not ledger_services.retry_parked(pending_id=pending_id, at=now()):
        refuse("not_parked", N_("这一步已经不在这里了，可能有人先点了。请看最新的列表。"), status=409)
    messages.success(request, gettext("已放回队列，马上会再做一次。"))
    return redirect("desk:parked")
