"""Taking an appeal down."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from hotline.files import services as files
from hotline.intake.appeal import AppealForm, check, tidy
from hotline.intake.completeness import Question, missing
from hotline.intake.services import requests
from hotline.intake.services.knowing import known
from hotline.ledger.record import Actor
from hotline.organisation import queries as organisation
from hotline.policy import queries as policies
from hotline.policy.policy import Policy
from hotline.refusal import N_, Refused, refuse
from hotline.residents import services as residents
from hotline.residents.services import Remembered
from hotline.workorder import queries as orders
from hotline.workorder import services as workorder
from hotline.workorder.notes import GIVEN_NAME

# Of what urgency a matter has to be that the face says "call first" beside the order's number.
EMERGENCY = "critical"


@dataclass(frozen=True)
class Taken:
    """The order made of an appeal, or (`already`) made of it before.

    `missing` are questions to ask; `exit` is "emergency" where the matter must not wait for a queue.
    """

    order_id: int
    number: str
    query_code: str = field(repr=False)
    missing: tuple[Question, ...] = ()
    exit: str | None = None
    already: bool = False


@transaction.atomic
def take_down(*, form: AppealForm, actor: Actor, at: datetime) -> Taken:
    """Make an order of `form`. With the same idempotency key or source reference again: the same order.

    Raises Refused with every fault of the form (422), or 409 when a key comes back with another appeal.
    At most 10 statements without files.
    """
    authority = organisation.authority(form.authority_code)
    if authority is None:
        refuse("authority_unknown", N_("没有这个热线平台代码，请核对。"), field="authority_code")
    policy = policies.current(authority.id, at)
    form = tidy(form)
    faults = check(form, known(policy, authority.id), at)
    if faults:
        raise Refused(*faults)
    matter = policy.matters.get(form.matter_code or "")
    questions = missing(form, matter)
    request = requests.begin(authority_id=authority.id, form=form, at=at)
    if request is not None and request.order_id is not None:
        code = orders.texts([request.order_id], ["query_code"]).get(request.order_id, {}).get("query_code", "")
        return Taken(request.order_id, request.number, code, questions, None, already=True)
    taken = _register(form, authority.id, policy, actor, at)
    if request is not None:
        requests.finish(request_id=request.id, order_id=taken.order_id, number=taken.number)
    exit_hint = "emergency" if matter is not None and matter.urgency == EMERGENCY else None
    return Taken(taken.order_id, taken.number, taken.query_code, questions, exit_hint)


def _register(form: AppealForm, authority_id: int, policy: Policy, actor: Actor, at: datetime) -> workorder.Taken:
    remembered = residents.remember(
        authority_id=authority_id, phone=form.phone, name=form.name, language=form.language, at=at
    )
    new = new_order(form, authority_id, policy, remembered)
    taken = workorder.register(new=new, actor=actor, at=at)
    if form.file_tokens:
        files.attach(tokens=form.file_tokens, stream=taken.stream, key=taken.key, at=at)
    return taken


def new_order(form: AppealForm, authority_id: int, policy: Policy, person: Remembered) -> workorder.NewOrder:
    """What the order room is handed for a tidied and checked form."""
    matter = policy.matters.get(form.matter_code or "")
    written = {
        "title": form.title,
        "appeal": form.text,
        "place": form.place,
        "source_ref": form.source_ref,
        GIVEN_NAME: form.name if person.name_differs else "",
    }
    return workorder.NewOrder(
        authority_id=authority_id,
        channel=form.channel,
        parent_key=person.key,
        texts={kind: words for kind, words in written.items() if words},
        resident_id=person.id,
        line=form.line or "",
        kind=form.kind or "",
        matter_code=form.matter_code or "",
        area_code=form.area_code or "",
        urgency=form.urgency or (matter.urgency if matter is not None else "normal"),
        secret=form.secret,
        anonymous=form.anonymous,
        own_at=form.own_at,
        source=form.sender,
    )
