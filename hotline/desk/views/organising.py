"""Importing areas, units, grids and grid workers: send a file, look at what it would change, write it, take it back."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hotline.desk import importing as page
from hotline.organisation import services
from hotline.organisation.importing import runs
from hotline.organisation.importing.kinds import Kind
from hotline.organisation.importing.runs import RunView
from hotline.organisation.permissions import Capability, Reach
from hotline.organisation.queries import imports as views
from hotline.organisation.roles import Role
from hotline.policy import queries as policies
from hotline.refusal import N_, Refused, refuse
from hotline.ui.access import StaffRequest, viewer_required
from hotline.ui.moment import now
from hotline.ui.refusals import say

SHOWN = 50  # imports in the list, faults on a page
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
@viewer_required({Role.ADMIN})
def imports(request: StaffRequest) -> HttpResponse:
    """The list of imports and the form for a new one; `?template` gives the empty workbook."""
    _check_reach(request)
    viewer, at = request.viewer, now()
    policy = policies.current(viewer.authority_id, at)
    if "template" in request.GET:
        return _file(page.template(policy), gettext("机构导入模板.xlsx"))
    sent = request.method == "POST"
    form = page.UploadForm(request.POST if sent else None, request.FILES if sent else None)
    status = 200
    if sent and not form.is_valid():
        status = 422
    elif sent:
        name, content = form.content()
        try:
            run_id = services.start_import(
                authority_id=viewer.authority_id,
                file_name=name,
                content=content,
                rules=page.rules_of(policy),
                complete=form.cleaned_data["complete"],
                actor=viewer.actor(),
                at=at,
            )
            return redirect("desk:import", run_id)
        except Refused as refused:
            for each in refused.reasons:
                form.add_error("file", say(each).text)
            status = refused.status
    context = {
        "heading": gettext("机构导入"),
        "form": form,
        "runs": page.listed(views.import_runs(viewer.authority_id, limit=SHOWN)),
    }
    return render(request, "desk/imports.html", context, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
@viewer_required({Role.ADMIN})
def one(request: StaffRequest, run_id: int) -> HttpResponse:
    """One import: its numbers, samples and faults. A POST asks for its next step; `?mend` gives the bad rows."""
    _check_reach(request)
    view = views.import_run(run_id, request.viewer.authority_id)
    if view is None:
        refuse("import_unknown", N_("没有这次导入，请回到导入列表。"), status=404)
    if request.method == "POST":
        return _ask(request, view)
    if "mend" in request.GET:
        found = views.rows_to_mend(run_id, words=page.fault_words, say=gettext)
        return _file(found, gettext("要改的行.xlsx"))
    return render(request, "desk/import.html", _context(request, view))


def _ask(request: StaffRequest, view: RunView) -> HttpResponse:
    step = "undo" if request.POST.get("step") == "undo" else "apply"
    services.ask_for_import_step(
        run_id=view.id, step=step, partly="partly" in request.POST, actor=request.viewer.actor(), at=now()
    )
    messages.success(request, gettext("已经开始，您可以离开这一页，做完会显示在这里。"))
    return redirect("desk:import", view.id)


def _context(request: StaffRequest, view: RunView) -> dict[str, object]:
    number = request.GET.get("page", "")
    at_page = int(number) if number.isdecimal() and 0 < int(number) < 100_000 else 1
    details = views.import_details(view.id, page=at_page, size=SHOWN)
    [listed] = page.listed((view,))
    return {
        "heading": gettext("导入 %(number)s") % {"number": view.id},
        "run": view,
        "listed": listed,
        "counted": page.counted(view),
        "wrong": page.wrong(details),
        "often": page.often(details),
        "remarks": page.remarks(details),
        "samples": page.samples(details),
        "faulty": details.faulty,
        "page": at_page,
        "more": details.faulty > at_page * SHOWN,
        "may_apply": view.state == runs.PREVIEWED and view.writes > 0,
        "may_undo": view.state == runs.APPLIED,
        "left_some": view.state == runs.APPLIED and any(each.code == "undo_left" for each in view.trouble),
        "new_people": view.counts.get(Kind.WORKERS, {}).get("new", 0),
        "nothing": view.state == runs.PREVIEWED and view.writes == 0 and not details.faulty,
    }


def _check_reach(request: StaffRequest) -> None:
    if request.viewer.reach(Capability.MANAGE_STAFF) is not Reach.AUTHORITY:
        refuse("not_at_the_top", N_("机构和区划由热线中心的管理员调整，请联系他们。"), status=403)


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=WORKBOOK)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
