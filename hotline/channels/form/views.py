"""Reporting: three steps, then the number and the secret code."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hotline.channels.form import drafts, incidents
from hotline.channels.form.fields import ReportForm
from hotline.channels.form.typed import LAST_STEP, STEPS, Photo, Typed, step_of, to_appeal, up_to
from hotline.files import services as files
from hotline.intake import queries as intake_queries
from hotline.intake.appeal import FILES_MOST, TEXT_LONGEST
from hotline.organisation import queries as organisation
from hotline.organisation.queries import AuthorityView
from hotline.refusal import N_, Reason, Refused, refuse
from hotline.ui.access import open_to_all
from hotline.ui.moment import in_chinese, now
from hotline.ui.refusals import say

PHOTO_TYPES = "image/jpeg,image/png,image/webp,application/pdf"
_WHY = "residents report without an account; what they type is bound to a signed cookie"


@dataclass(frozen=True)
class _Visit:
    """One request to the form: the draft it works on, and the authority it is for."""

    draft_id: uuid.UUID
    typed: Typed
    authority: AuthorityView
    fresh: bool


@open_to_all(_WHY)
@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """The three steps on one address; `?step=` says which. With several cities and no `code`: which city?"""
    at = now()
    authority = _authority(code)
    if authority is None:
        return render(request, "channels/form/cities.html", {"cities": _roots()})
    visit = _visit(request, authority, at)
    if request.method == "GET" and "incident" in request.GET:
        return _with_ticket(_affected(request, visit, at), visit)
    if request.method == "POST":
        return _with_ticket(_take(request, visit, at), visit)
    if visit.typed.number and "again" not in request.GET:
        return redirect("form:done")
    return _with_ticket(_show(request, visit, _step(request.GET.get("step")), at), visit)


@open_to_all(_WHY)
@never_cache
@require_http_methods(["GET"])
def done(request: HttpRequest) -> HttpResponse:
    """The number and the code, once more for as long as the draft lives."""
    draft_id = drafts.read_ticket(request.COOKIES.get(drafts.COOKIE, ""))
    typed = drafts.find(draft_id, now()) if draft_id else None
    if typed is None or not typed.number:
        return redirect("form:start")
    authority = organisation.authority(typed.authority_code)
    return render(request, "channels/form/done.html", {"typed": typed, "city": authority})


def _roots() -> list[AuthorityView]:
    return list(organisation.answering())


def _authority(code: str | None) -> AuthorityView | None:
    if code is not None:
        found = organisation.authority(code)
        if found is None:
            refuse("authority_unknown", N_("没有这个城市，请从列表里选。"), status=404)
        return found
    roots = _roots()
    return roots[0] if len(roots) == 1 else None


def _visit(request: HttpRequest, authority: AuthorityView, at: datetime) -> _Visit:
    draft_id = drafts.read_ticket(request.COOKIES.get(drafts.COOKIE, ""))
    typed = drafts.find(draft_id, at) if draft_id else None
    anew = request.method == "GET" and ("again" in request.GET or "incident" in request.GET)
    handed_in = typed is not None and bool(typed.number) and anew
    if draft_id is None or typed is None or typed.authority_code != authority.code or handed_in:
        return _Visit(uuid.uuid4(), Typed(authority_code=authority.code), authority, fresh=True)
    return _Visit(draft_id, typed, authority, fresh=False)


def _with_ticket(response: HttpResponse, visit: _Visit) -> HttpResponse:
    response.set_cookie(
        drafts.COOKIE,
        drafts.ticket(visit.draft_id),
        max_age=int(drafts.KEPT.total_seconds()),
        httponly=True,
        samesite="Lax",
    )
    return response


def _take(request: HttpRequest, visit: _Visit, at: datetime) -> HttpResponse:
    """One press of a button: keep what was typed, then go where the button says."""
    if visit.typed.number:
        return redirect("form:done")
    posted = {name: str(request.POST[name]) for name in request.POST}
    typed, reasons = _with_photos(request, visit.typed.with_words(posted), visit.authority, at)
    go, step = posted.get("go", ""), _step(posted.get("step"))
    visit = replace(visit, typed=typed)
    if go == "submit":
        return _submit(request, visit, reasons, at)
    drafts.keep(draft_id=visit.draft_id, typed=typed, at=at)
    if go == "keep":
        found = incidents.hint(typed, visit.authority.id, at)
        return render(request, "channels/form/incident_hint.html", {"hint": found})
    wanted = _step(go) if go.isdigit() else step
    if wanted > step:
        reasons += up_to(_faults(visit, at), wanted - 1)
    if reasons:
        return _show(request, visit, step_of(reasons[0]), at, reasons)
    return redirect(f"{request.path}?step={wanted}")


def _submit(request: HttpRequest, visit: _Visit, reasons: list[Reason], at: datetime) -> HttpResponse:
    reasons += _faults(visit, at)
    if not reasons:
        try:
            drafts.hand_in(draft_id=visit.draft_id, typed=visit.typed, language=get_language() or "zh-hans", at=at)
        except Refused as refused:
            reasons += refused.reasons
        else:
            return redirect("form:done")
    drafts.keep(draft_id=visit.draft_id, typed=visit.typed, at=at)
    return _show(request, visit, step_of(reasons[0]), at, reasons)


def _faults(visit: _Visit, at: datetime) -> list[Reason]:
    form = to_appeal(visit.typed, language="zh-hans", idempotency_key=str(visit.draft_id))
    return list(intake_queries.faults(visit.authority.id, form, at))


def _with_photos(
    request: HttpRequest, typed: Typed, authority: AuthorityView, at: datetime
) -> tuple[Typed, list[Reason]]:
    """Stage what was chosen and drop what was taken out; a refused file costs none of the others."""
    dropped = set(request.POST.getlist("drop"))
    photos = [photo for photo in typed.photos if photo.token not in dropped]
    reasons: list[Reason] = []
    chosen = [each for each in request.FILES.getlist("photos") if isinstance(each, UploadedFile)]
    if len(photos) + len(chosen) > FILES_MOST:
        reasons.append(
            Reason("files_too_many", N_("最多附 %(most)s 个文件，请去掉几个。"), "photos", {"most": FILES_MOST})
        )
        chosen = chosen[: FILES_MOST - len(photos)]
    key = intake_queries.authority_key(authority.id) if chosen else None
    for each in chosen:
        if key is None:
            break
        try:
            staged = files.stage(name=each.name or "", content=each, authority_key=key, at=at)
        except Refused as refused:
            reasons += [replace(reason, field="photos") for reason in refused.reasons]
        else:
            photos.append(Photo(str(staged.token), (each.name or "")[:100]))
    return replace(typed, photos=tuple(photos)), reasons


def _step(told: str | None) -> int:
    return int(told) if told and told.isdecimal() and 1 <= int(told) <= LAST_STEP else 1


def _affected(request: HttpRequest, visit: _Visit, at: datetime) -> HttpResponse:
    """Somebody said on the public page that they are affected too: the form knows what it is about."""
    typed = incidents.affected(visit.typed, visit.authority.id, request.GET["incident"], at)
    drafts.keep(draft_id=visit.draft_id, typed=typed, at=at)
    return redirect("form:start-at", visit.authority.code)


def _show(request: HttpRequest, visit: _Visit, step: int, at: datetime, reasons: Sequence[Reason] = ()) -> HttpResponse:
    form = ReportForm(areas=_counties(visit.authority), initial={**visit.typed.__dict__})
    said = [say(reason) for reason in reasons]
    context = {
        "form": form,
        "typed": visit.typed,
        "city": visit.authority,
        "step": step,
        "steps": STEPS,
        "errors": [
            {"text": each.text, "field": each.field or "", "step": step_of(reason)}
            for each, reason in zip(said, reasons, strict=True)
        ],
        "photo_types": PHOTO_TYPES,
        "hint": incidents.hint(visit.typed, visit.authority.id, at),
        "longest": TEXT_LONGEST,
        "most_files": FILES_MOST,
        "start": reverse("form:start") if len(_roots()) == 1 else request.path,
    }
    return render(request, "channels/form/report.html", context, status=422 if reasons else 200)


def _counties(authority: AuthorityView) -> list[tuple[str, str]]:
    areas = organisation.areas(authority.id).children(authority.area_code)
    return [(each.code, each.name if in_chinese() or not each.name_en else each.name_en) for each in areas]
