"""Re-organisations for who keeps units and divisions: choose a step, see what it would change, do it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from hotline.desk import reorganising as page
from hotline.organisation import queries as organisation
from hotline.organisation import services
from hotline.organisation.permissions import Capability, Reach
from hotline.organisation.proposals import KINDS, LABELS
from hotline.organisation.roles import Role
from hotline.refusal import N_, Refused, refuse
from hotline.ui.access import StaffRequest, viewer_required
from hotline.ui.moment import now
from hotline.ui.refusals import into_form


@require_http_methods(["GET", "POST"])
@viewer_required({Role.ADMIN})
def reorganising(request: StaffRequest) -> HttpResponse:
    """`?verb=merge_units` asks for one step, `look` shows what it would change, a POST does it."""
    if request.viewer.reach(Capability.MANAGE_STAFF) is not Reach.AUTHORITY:
        refuse("not_at_the_top", N_("机构和区划由热线中心的管理员调整，请联系他们。"), status=403)
    typed = request.POST if request.method == "POST" else request.GET
    if typed.get("verb") not in KINDS:
        return render(request, "desk/reorganising.html", _context(request, "", None, None))
    return _step(request, str(typed["verb"]), typed)


def _step(request: StaffRequest, verb: str, typed: QueryDict) -> HttpResponse:
    viewer, at, doing = request.viewer, now(), request.method == "POST"
    known = page.Known(viewer.authority_id)
    form = page.ProposalForm(verb, known, typed if doing or "look" in typed else None)
    dry_run, status = None, 200
    try:
        if form.is_bound:
            proposal = form.proposal()
            left = page.open_orders(proposal)
            if doing:
                services.reorganise(
                    proposal=proposal, authority_id=viewer.authority_id, at=at, actor=viewer.actor(), open_orders=left
                )
                messages.success(request, gettext("“%(action)s”已办好。") % {"action": gettext(LABELS[verb])})
                return redirect("desk:reorganising")
            found = organisation.preview(proposal, viewer.authority_id, at, open_orders=left)
            dry_run = page.dry_run(found, known)
    except Refused as refused:
        form.is_valid()
        into_form(form, refused)
        status = refused.status
    context = {**_context(request, verb, form, known), "dry_run": dry_run}
    return render(request, "desk/reorganising.html", context, status=status)


def _context(
    request: StaffRequest, verb: str, form: page.ProposalForm | None, known: page.Known | None
) -> dict[str, object]:
    authority_id = request.viewer.authority_id
    return {
        "heading": gettext("机构调整"),
        "verb": verb,
        "label": gettext(LABELS[verb]) if verb else "",
        "means": gettext(page.MEANS[verb]) if verb else "",
        "steps": [(each, gettext(label), gettext(page.MEANS[each])) for each, label in LABELS.items()],
        "form": form,
        "lists": known.listed() if known else (),
        "history": page.history(authority_id, organisation.unit_index(authority_id)),
    }
