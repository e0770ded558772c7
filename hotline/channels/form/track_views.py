"""Following an appeal: by number and code, whose turn it is, the answer, and the resident's last word."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hotline.callback import services as callback
from hotline.channels import progress
from hotline.channels.form import guesses, incidents, standing
from hotline.channels.form.fields import ReopenForm, ResultForm, SupplementForm, TrackForm, WithdrawForm
from hotline.channels.form.views import PHOTO_TYPES
from hotline.files import queries as file_queries
from hotline.files import services as files
from hotline.handling import services as handling
from hotline.ledger.record import Actor, Stream
from hotline.organisation import queries as organisation
from hotline.policy import queries as policies
from hotline.refusal import N_, Refused, refuse
from hotline.ui.access import open_to_all
from hotline.ui.moment import in_chinese, now
from hotline.ui.refusals import say
from hotline.workorder import queries as orders
from hotline.workorder import services as workorder
from hotline.workorder.choices import Choices, scale
from hotline.workorder.facts import Reopened, ResultRecorded, Supplemented, Withdrawn
from hotline.workorder.lifecycle import RULES
from hotline.workorder.queries import PublicOrder
from hotline.workorder.services.attaching import Upload

Said = ResultRecorded | Reopened | Withdrawn | Supplemented
Typed = ResultForm | ReopenForm | WithdrawForm | SupplementForm
COOKIE = "tracked"
OPEN_FOR = timedelta(minutes=30)
_SALT = "hotline.tracked"
_NUMBER = re.compile(r"[0-9A-Za-z-]{1,40}")
_CODE = re.compile(r"[0-9]{4,12}")
_WHY = "residents follow their appeal with its number and secret code; wrong guesses are counted"


@open_to_all(_WHY)
@never_cache
@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Number and code. A wrong number and a wrong code get the same answer."""
    if request.method == "GET":
        return render(
            request,
            "channels/form/track.html",
            {"form": TrackForm(initial={"number": request.GET.get("number", "")[:40]})},
        )
    form = TrackForm(request.POST)
    if form.is_valid():
        at, address = now(), request.META.get("REMOTE_ADDR", "")
        number, code = form.cleaned_data["number"].strip().upper(), "".join(form.cleaned_data["code"].split())
        guesses.refuse_if_too_many(address, number, at)
        plausible = _NUMBER.fullmatch(number) and _CODE.fullmatch(code)
        proven = orders.prove(number=number, code=code) if plausible else None
        if proven is not None:
            response = redirect("form:order")
            ticket = signing.dumps(proven.order_id, salt=_SALT)
            response.set_cookie(COOKIE, ticket, max_age=int(OPEN_FOR.total_seconds()), httponly=True, samesite="Lax")
            return response
        guesses.note_wrong(address=address, number=number, at=at)
        form.add_error(None, gettext("工单号或查询码不对，请对照短信再填一次。"))
    return render(request, "channels/form/track.html", {"form": form}, status=422)


@open_to_all(_WHY)
@never_cache
@require_http_methods(["GET", "POST"])
def order(request: HttpRequest) -> HttpResponse:
    """The appeal that was opened with number and code, and what its owner may do."""
    order_id = _opened(request)
    if order_id is None:
        return redirect("form:track")
    at = now()
    if request.method == "POST":
        return _act(request, order_id, at)
    return _show(request, order_id, at, {})


@open_to_all(_WHY)
@require_http_methods(["GET"])
def photo(request: HttpRequest, file_id: int) -> HttpResponse:
    """A file of the opened appeal."""
    order_id = _opened(request)
    known = file_queries.for_stream(Stream("order", order_id)) if order_id is not None else []
    if file_id not in {each.id for each in known}:
        refuse("no_such_file", N_("没有这个文件，请从工单页面打开。"), status=404)
    content, media_type = files.read(file_id)
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = "inline" if media_type.startswith("image/") else "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def _opened(request: HttpRequest) -> int | None:
    try:
        return int(signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=OPEN_FOR))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def _act(request: HttpRequest, order_id: int, at: datetime) -> HttpResponse:
    forms: dict[str, Typed] = {
        "result": ResultForm(_scale(order_id, at), request.POST),
        "reopen": ReopenForm(request.POST),
        "withdraw": WithdrawForm(request.POST),
        "supplement": SupplementForm(request.POST),
    }
    verb = request.POST.get("verb", "")
    form = forms.get(verb)
    if form is None or not form.is_valid():
        return _show(request, order_id, at, {verb: form} if form is not None else {}, status=422)
    facts, texts = _said(verb, form.cleaned_data)
    seen = request.POST.get("version", "")
    version = int(seen) if seen.isdecimal() and len(seen) < 10 else None
    uploads = [Upload(each.name or "", each) for each in request.FILES.getlist("files")]
    try:
        _tell(order_id, facts, texts, version, at, uploads)
    except Refused as refused:
        form.add_error(None, " ".join(say(reason).text for reason in refused.reasons))
        return _show(request, order_id, at, {verb: form}, status=refused.status)
    return redirect("form:order")


def _tell(
    order_id: int, facts: Said, texts: Mapping[str, str], seen: int | None, at: datetime, uploads: Sequence[Upload]
) -> None:
    actor = Actor("resident", id=f"order:{order_id}")
    if isinstance(facts, Supplemented):
        words = texts["supplement"]
        handling.supplement(order_id=order_id, words=words, uploads=uploads, actor=actor, at=at, seen=seen)
    elif isinstance(facts, ResultRecorded):
        callback.act(order_id=order_id, facts=facts, actor=actor, at=at, texts=texts, seen=seen)
    else:
        workorder.move(order_id=order_id, facts=facts, actor=actor, at=at, texts=texts, seen=seen)


def _said(verb: str, told: Mapping[str, Any]) -> tuple[Said, dict[str, str]]:
    if verb == "reopen":
        return Reopened(reason=told["reason"]), {"supplement": told["supplement"]}
    if verb == "supplement":
        return Supplemented(), {"supplement": told["words"]}
    if verb == "withdraw":
        return Withdrawn(reason=told["reason"]), {}
    solved = told["solved"]
    remark = "\n".join(
        part for part in (gettext("只解决了一部分。") if solved == "partly" else "", told["remark"]) if part
    )
    facts = ResultRecorded(
        contacted=told["contacted"] == "yes", solved=solved == "yes", satisfaction=told["satisfaction"] or "not_said"
    )
    return facts, {"callback_remark": remark}


def _result_form(order_id: int, at: datetime, typed: Mapping[str, object]) -> object:
    return typed.get("result") or ResultForm(_scale(order_id, at))


def _scale(order_id: int, at: datetime) -> Choices:
    """The steps of satisfaction of the city whose order this is, in the reader's language."""
    policy = policies.version(orders.codes([order_id])[order_id].policy_version_id)
    return scale(policy, not in_chinese())


def _may(action: str, state: str) -> bool:
    return any("resident" in rule.who and state in {each.value for each in rule.origin} for rule in RULES[action])


def _show(
    request: HttpRequest, order_id: int, at: datetime, typed: Mapping[str, object], status: int = 200
) -> HttpResponse:
    found = orders.public(order_id, at)
    context = {
        **_forms(found, at, typed),
        "order": found,
        "city": organisation.authority(found.authority_id),
        "stations": progress.STATIONS,
        "station": progress.station(found.state),
        "state_words": progress.STATE_WORDS[found.state],
        "your_turn": progress.your_turn(found.state),
        "steps": list(reversed(_steps(found))),
        "reply": progress.reply(found.steps),
        "guidance": progress.guidance(found.state, found.outcome, found.texts),
        "limit": standing.limit(found, at),
        "incident": incidents.news(found, at),
        "title": found.texts.get("title") or found.texts.get("appeal", "")[:40],
        "appeal": found.texts.get("appeal", ""),
        "photos": file_queries.for_stream(Stream("order", order_id)),
    }
    return render(request, "channels/form/order.html", context, status=status)


def _forms(found: PublicOrder, at: datetime, typed: Mapping[str, object]) -> dict[str, object]:
    """What the owner may say now, as typed where it came back."""
    state, final = found.state, found.outcome == "final"
    return {
        "result_form": _result_form(found.id, at, typed) if _may("record_result", state) else None,
        "supplement_form": (typed.get("supplement") or SupplementForm()) if _may("supplement", state) else None,
        "asked_to_add": progress.asked_to_add(state),
        "file_types": PHOTO_TYPES,
        "reopen_form": (typed.get("reopen") or ReopenForm()) if _may("reopen", state) and not final else None,
        "final": final,
        "withdraw_form": (typed.get("withdraw") or WithdrawForm()) if _may("withdraw", state) else None,
        "stale": next(iter(form for form in typed.values() if form is not None), None),
    }


def _steps(found: PublicOrder) -> list[dict[str, object]]:
    """The way so far, each step in the reader's words, units under the names of then."""
    units, steps = organisation.unit_index(found.authority_id), []
    for step in progress.steps(found.steps):
        unit = units.get(step.unit_id, step.at)
        name = "" if unit is None else (unit.name if in_chinese() or not unit.name_en else unit.name_en)
        words = gettext(step.words)
        said = words % {"unit": name} if step.unit_id else words
        steps.append({"at": step.at, "words": said, "shape": step.shape, "help": step.help})
    return steps
