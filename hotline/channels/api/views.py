"""The machine door, version 1."""

from __future__ import annotations

import re
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import File, Header, NinjaAPI, Path, Status
from ninja.files import UploadedFile

from hotline.channels import progress
from hotline.channels.api import errors, incidents
from hotline.channels.api.keys import Caller, KeyNeeded, caller_of
from hotline.channels.api.schemas import AppealIn, AppealOut, AppealTaken, FileTaken, QuestionOut, RefusalOut, Step
from hotline.files import services as files
from hotline.intake import queries as intake_queries
from hotline.intake import services as intake
from hotline.intake.appeal import AppealForm
from hotline.organisation import queries as organisation
from hotline.organisation.tree import UnitView
from hotline.refusal import N_, refuse
from hotline.ui.moment import in_chinese, now
from hotline.workorder import queries as orders

NUMBER = re.compile(r"[0-9A-Za-z-]{1,40}")
_REFUSALS = {code: RefusalOut for code in (400, 401, 403, 404, 409, 413, 422, 429)}

api = NinjaAPI(
    title="hotline12345",
    version="1",
    description=(
        "Appeals to a 12345 hotline. Every refusal is a 4xx with all reasons, in the language of Accept-Language "
        "(zh-hans or en). Send an Idempotency-Key with each appeal: sent again, it gives the same order."
    ),
    urls_namespace="api",
    docs_url=None,  # the usual viewer loads scripts from elsewhere, which the content policy forbids
)
errors.install(api)


api.add_router("/incidents", incidents.router)


@api.post(
    "/appeals",
    response={200: AppealTaken, 201: AppealTaken, **_REFUSALS},
    auth=KeyNeeded("appeals:write"),
    operation_id="take_appeal",
    summary="Hand in an appeal",
    tags=["appeals"],
)
def take_appeal(
    request: HttpRequest,
    appeal: AppealIn,
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)] = None,
) -> Status[AppealTaken]:
    """201: a new order. 200: the order that this key or `source_ref` made before. 409: it came with another appeal."""
    caller = caller_of(request)
    said = appeal.model_dump(exclude={"channel", "file_tokens", "incident"})
    form = AppealForm(
        authority_code=_authority_code(caller),
        channel=appeal.channel or caller.channel,
        file_tokens=tuple(str(token) for token in appeal.file_tokens),
        idempotency_key=idempotency_key,
        sender=caller.partner,
        **said,
    )
    taken, joined = _taken(form, appeal.incident, caller)
    answer = AppealTaken(
        number=taken.number,
        query_code=taken.query_code,
        already=taken.already,
        joined=joined,
        missing=[QuestionOut(code=q.code, text=gettext(q.text), field=q.field) for q in taken.missing],
    )
    return Status(200 if taken.already else 201, answer)


def _taken(form: AppealForm, incident_id: int | None, caller: Caller) -> tuple[intake.Taken, bool]:
    """The order, and whether it is in the incident that was named."""
    if incident_id is None:
        return intake.take_down(form=form, actor=caller.actor(), at=now()), False
    found = intake.take_and_join(form=form, incident_id=incident_id, actor=caller.actor(), at=now())
    return found.taken, found.joined


@api.get(
    "/appeals/{number}",
    response={200: AppealOut, **_REFUSALS},
    auth=KeyNeeded("appeals:read"),
    operation_id="read_appeal",
    summary="Where an appeal stands",
    tags=["appeals"],
)
def read_appeal(request: HttpRequest, number: Annotated[str, Path(max_length=40)]) -> AppealOut:
    """Only appeals that this partner handed in; any other number is 404."""
    caller = caller_of(request)
    order_id = None
    if NUMBER.fullmatch(number):
        order_id = intake_queries.sent(caller.authority_id, caller.partner, number.upper())
    if order_id is None:
        refuse("no_such_order", N_("没有这件工单，请核对编号。"), status=404)
    found = orders.public(order_id, now())
    units = organisation.unit_index(found.authority_id)
    return AppealOut(
        number=found.number,
        state=found.state,
        state_words=gettext(progress.STATE_WORDS[found.state]),
        outcome=found.outcome,
        station=progress.station(found.state),
        registered_at=found.registered_at,
        unit=_name(found.unit.name, found.unit.name_en) if found.unit is not None else None,
        reply=progress.reply(found.steps) or progress.guidance(found.state, found.outcome, found.texts) or None,
        steps=[
            Step(at=step.at, code=step.code, words=_words(step, units.get(step.unit_id, step.at)))
            for step in progress.steps(found.steps)
        ],
    )


@api.post(
    "/files",
    response={201: FileTaken, **_REFUSALS},
    auth=KeyNeeded("files:write"),
    operation_id="stage_file",
    summary="Stage a photo or document",
    tags=["files"],
)
def stage_file(request: HttpRequest, file: File[UploadedFile]) -> Status[FileTaken]:
    """The file is checked at once and kept for an hour; an appeal that names its token takes it over."""
    caller = caller_of(request)
    key = intake_queries.authority_key(caller.authority_id)
    staged = files.stage(name=file.name or "", content=file, authority_key=key, at=now())
    return Status(201, FileTaken(token=UUID(staged.token), media_type=staged.media_type, size=staged.size))


def _authority_code(caller: Caller) -> str:
    authority = organisation.authority(caller.authority_id)
    return authority.code if authority is not None else ""


def _words(step: progress.PublicStep, unit: UnitView | None) -> str:
    words = gettext(step.words)
    return words % {"unit": _name(unit.name, unit.name_en) if unit else ""} if step.unit_id else words


def _name(name: str, name_en: str) -> str:
    return name if in_chinese() or not name_en else name_en
