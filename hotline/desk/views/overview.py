"""The start page of supervisor, leader and administrator: what waits, what is late, where."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hotline.desk import overview as pages
from hotline.desk.menu import MENU, label_of, tally_of
from hotline.ledger import queries as ledger
from hotline.organisation import queries as organisation
from hotline.organisation.permissions import Capability
from hotline.organisation.roles import Role
from hotline.ui.access import StaffRequest, viewer_required
from hotline.ui.moment import now
from hotline.workorder import queries as workorder


@require_GET
@viewer_required({Role.SUPERVISOR, Role.LEADER, Role.ADMIN})
def overview(request: StaffRequest) -> HttpResponse:
    """Counts by state and a map of open orders per town; the table beside it says the same."""
    viewer, at = request.viewer, now()
    areas = organisation.areas(viewer.authority_id)
    towns = pages.towns(workorder.by_area(viewer, at), areas, viewer)
    authority = organisation.authority(viewer.authority_id)
    shapes, note = pages.shapes(authority.pack if authority else "", areas)
    context = {
        "heading": label_of(next(each for each in MENU if each.name == "desk:overview"), viewer.role),
        "stats": pages.stats(tally_of(request, viewer), viewer),
        "towns": towns,
        "values": [each for town in towns for each in town.drawn(areas)],
        "shapes": shapes,
        "shape_note": note,
        "shows_parked": viewer.holds(Capability.SEE_PARKED),
        "parked": ledger.parked_count() if viewer.holds(Capability.SEE_PARKED) else 0,
    }
    return render(request, "desk/overview.html", context)
