"""Taking an appeal down: one address, one form. What the pressed button says (`go`) is done; everything else looks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hotline.desk import caller, pencil, taking
from hotline.desk.choices import Catalogue
from hotline.desk.taking_page import Photo, context, photos_of
from hotline.files import services as files
from hotline.intake import queries as intake_queries
from hotline.intake import services as intake
from hotline.intake.appeal import FILES_MOST, AppealForm
from hotline.organisation import queries as organisation
from hotline.policy import queries as policies
from hotline.refusal import N_, Reason, Refused, refuse
from hotline.ui import refusals
from hotline.ui.access import StaffRequest, viewer_required
from hotline.ui.moment import now
from hotline.workorder import queries as workorder

SUBMIT, ANSWER, JOIN = "submit", "answer:", "join:"
REUSED = "key_reused"


@dataclass(frozen=True)
class Sheet:
    """One request to the page: what was typed, the staged files, the key that makes it one order, what is wrong."""

    data: QueryDict | None
    catalogue: Catalogue
    authority_code: str
    at: datetime
    photos: tuple[Photo, ...] = ()
    key: str = ""
    faults: tuple[Reason, ...] = ()


@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_post_parameters()
@viewer_required(taking.FILERS)
def take(request: StaffRequest) -> HttpResponse:
    """The form; live reading, the caller and files by htmx; `go=submit` makes the order, `go=join:7` lets it join an
    incident as well."""
    sheet = _sheet(request, now())
    if request.method == "GET":
        return _page(request, sheet)
    go = request.POST.get("go", "")
    if request.htmx:
        return _part(request, sheet, go)
    sheet = _with_files(request, replace(sheet, data=taking.with_taken(request.POST, request.POST.get("take", ""))))
    if sheet.faults or not (go == SUBMIT or go.startswith((ANSWER, JOIN))):
        return _page(request, sheet)
    return _submit(request, sheet, go)


def _sheet(request: StaffRequest, at: datetime) -> Sheet:
    viewer = request.viewer
    authority = organisation.authority(viewer.authority_id)
    if authority is None:
        refuse("authority_unknown", N_("没有找到您所在的热线平台，请联系管理员。"), status=404)
    catalogue = Catalogue.of(viewer.authority_id, policies.current(viewer.authority_id, at))
    data = request.POST if request.method == "POST" else None
    return Sheet(data, catalogue, authority.code, at, photos_of(data), _key(data))


def _key(data: QueryDict | None) -> str:
    """The page's own number: minted with the empty form, kept as long as the page is."""
    try:
        return str(uuid.UUID(str(data.get("key", "")))) if data is not None else str(uuid.uuid4())
    except ValueError:
        return str(uuid.uuid4())


def _submit(request: StaffRequest, sheet: Sheet, go: str) -> HttpResponse:
    heard, incident_id = _hear(request, sheet), _named(go)
    if incident_id is not None:  # how urgent it is, the incident says
        heard = replace(heard, faults=tuple(each for each in heard.faults if each.code != taking.URGENCY))
    found = {reason.field for reason in heard.faults}
    others = intake_queries.refusals(request.viewer.authority_id, heard.appeal, sheet.at)
    faults = (*heard.faults, *(reason for reason in others if reason.field not in found))
    if faults:
        return _page(request, replace(sheet, faults=faults))
    form = replace(heard.appeal, idempotency_key=f"desk/{request.viewer.staff_id}/{sheet.key}")
    try:
        made = _made(request, form, incident_id, sheet.at)
    except Refused as refused:
        return _page(request, _refused(sheet, refused), status=refused.status)
    if isinstance(made, intake.Joined) and made.joined:
        return _joined(request, made.taken)
    taken = _alone(request, made)
    return _done(request, taken, go, critical=form.urgency == pencil.CRITICAL or taken.exit == pencil.EMERGENCY)


def _refused(sheet: Sheet, refused: Refused) -> Sheet:
    if all(reason.code != REUSED for reason in refused.reasons):
        return replace(sheet, faults=refused.reasons)
    # The page was sent before and then changed: pressing once more is another appeal, on purpose this time.
    words = N_("这一页刚才已经登记过一件，您又改了内容。是另一件事，请再按一次登记；是补充，请到原来的工单里写。")
    return replace(sheet, key=str(uuid.uuid4()), faults=(Reason(REUSED, words),))


def _named(go: str) -> int | None:
    """The incident that the pressed button names."""
    told = go.removeprefix(JOIN)
    return int(told) if go.startswith(JOIN) and told.isascii() and told.isdigit() and len(told) < 16 else None


def _made(
    request: StaffRequest, form: AppealForm, incident_id: int | None, at: datetime
) -> intake.Taken | intake.Joined:
    actor = request.viewer.actor()
    if incident_id is None:
        return intake.take_down(form=form, actor=actor, at=at)
    return intake.take_and_join(form=form, incident_id=incident_id, actor=actor, at=at)


def _joined(request: StaffRequest, taken: intake.Taken) -> HttpResponse:
    """Nothing is left to do with it: to the empty form for the next call."""
    said = gettext("已登记并并入突发事件。请念给诉求人：工单号 {number}，查询码 {code}。进展和恢复会告诉诉求人。")
    messages.success(request, _read_out(said, taken))
    return redirect("desk:take")


def _alone(request: StaffRequest, made: intake.Taken | intake.Joined) -> intake.Taken:
    """The order; where it should have joined an incident, why it stands alone."""
    if isinstance(made, intake.Taken):
        return made
    for reason in made.reasons:
        messages.warning(request, refusals.say(reason).text)
    return made.taken


def _read_out(said: str, taken: intake.Taken) -> SafeString:
    """A sentence with number and code, large enough to read out."""
    code = f"{taken.query_code[:4]} {taken.query_code[4:]}".strip()
    number, code = (format_html('<b class="read-out mono">{}</b>', each) for each in (taken.number, code))
    return format_html(said, number=number, code=code)


def _done(request: StaffRequest, taken: intake.Taken, go: str, *, critical: bool) -> HttpResponse:
    """To the order, with number and code to read out once; whoever may not see it gets an empty form."""
    said = gettext("已登记。请念给诉求人：工单号 {number}，查询码 {code}。查询码只显示这一次。")
    if taken.already:
        said = gettext("这一件刚才已经登记过，没有重复。请念给诉求人：工单号 {number}，查询码 {code}。")
    messages.success(request, _read_out(said, taken))
    if not workorder.may_see(taken.order_id, request.viewer):
        return redirect("desk:take")
    address = reverse("desk:order", args=[taken.order_id])
    if critical:
        messages.warning(request, gettext("特急的事先打电话交给 110、119、120 或 122，再在这里记下。"))
        return redirect(f"{address}?act=transfer#act-transfer")
    entry = go.removeprefix(ANSWER)
    if go.startswith(ANSWER) and entry.isascii() and entry.isdigit():
        return redirect(f"{address}?act=answer&entry={entry}#act-answer")
    return redirect(address)


def _hear(request: StaffRequest, sheet: Sheet) -> taking.Heard:
    data = sheet.data if sheet.data is not None else QueryDict()
    tokens = tuple(photo.token for photo in sheet.photos)
    return taking.hear(data, request.viewer, sheet.catalogue, sheet.authority_code, tokens)


def _with_files(request: StaffRequest, sheet: Sheet) -> Sheet:
    """Stage what was chosen and drop what was taken out; a refused file costs none of the others."""
    dropped = set(request.POST.getlist("drop"))
    photos = [photo for photo in sheet.photos if photo.token not in dropped]
    faults: list[Reason] = []
    chosen = [each for each in request.FILES.getlist("files") if isinstance(each, UploadedFile)]
    room = max(0, FILES_MOST - len(photos))
    if len(chosen) > room:
        faults.append(
            Reason("files_too_many", N_("最多附 %(most)s 个文件，请去掉几个。"), "files", {"most": FILES_MOST})
        )
    key = intake_queries.authority_key(request.viewer.authority_id) if chosen else None
    for each in chosen[:room]:
        if key is None:
            break
        try:
            staged = files.stage(name=each.name or "", content=each, authority_key=key, at=sheet.at)
        except Refused as refused:
            faults += [replace(reason, field="files") for reason in refused.reasons]
        else:
            photos.append(Photo(staged.token, (each.name or "")[:100]))
    return replace(sheet, photos=tuple(photos), faults=tuple(faults))


def _part(request: StaffRequest, sheet: Sheet, go: str) -> HttpResponse:
    """What htmx asks for: the caller, the files, or what the machine reads and what is still to be asked."""
    if go == "caller":
        found = caller.find(request.POST.get("phone", ""), request.viewer, sheet.at)
        said = bool(request.POST.get("phone", "").strip())
        return render(request, "desk/taking_caller.html", {"caller": found, "caller_typed": said})
    if go == "files" or "drop" in request.POST:
        sheet = _with_files(request, sheet)
        return render(request, "desk/taking_files.html", _context(request, sheet))
    return render(request, "desk/taking_live.html", _context(request, sheet))


def _page(request: StaffRequest, sheet: Sheet, status: int = 200) -> HttpResponse:
    shown: dict[str, Any] = _context(request, sheet)
    phone = str(sheet.data.get("phone", "")) if sheet.data is not None else ""
    shown |= {"caller": caller.find(phone, request.viewer, sheet.at) if phone else None, "caller_typed": bool(phone)}
    return render(request, "desk/taking.html", shown, status=422 if sheet.faults and status == 200 else status)


def _context(request: StaffRequest, sheet: Sheet) -> dict[str, Any]:
    return context(
        request.viewer,
        sheet.catalogue,
        _hear(request, sheet).appeal,
        sheet.data,
        sheet.at,
        photos=sheet.photos,
        key=sheet.key,
        faults=sheet.faults,
    )
