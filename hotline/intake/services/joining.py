"""Taking an appeal down and letting it join the incident that it is about, in one call."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from hotline.intake.appeal import AppealForm
from hotline.intake.services.taking import Taken, take_down
from hotline.ledger.record import Actor
from hotline.organisation import queries as organisation
from hotline.refusal import Reason, Refused
from hotline.workorder import queries as orders
from hotline.workorder import services as workorder
from hotline.workorder.incident import IncidentView


@dataclass(frozen=True)
class Joined:
    """The order made of an appeal, and whether it is in the incident now; else why not."""

    taken: Taken
    joined: bool
    reasons: tuple[Reason, ...] = ()


@transaction.atomic
def take_and_join(*, form: AppealForm, incident_id: int, actor: Actor, at: datetime) -> Joined:
    """Make an order of `form` and merge it into the incident's. What the form leaves open of kind, matter and urgency
    is the incident's.

    An incident that ended meanwhile costs no appeal: it is taken down all the same, and `reasons` say why it stands
    alone. Raises Refused like `take_down`. At most 12 statements more than that."""
    found = _incident(form.authority_code, incident_id)
    if isinstance(found, Refused):
        return Joined(take_down(form=form, actor=actor, at=at), False, found.reasons)
    taken = take_down(form=filled(form, found), actor=actor, at=at)
    if taken.already:
        now = orders.incident_of(taken.order_id)
        return Joined(taken, now is not None and now.id == incident_id)
    # A resident acts on the appeal that is theirs now.
    mine = Actor("resident", id=f"order:{taken.order_id}") if actor.kind == "resident" else actor
    try:
        workorder.join(incident_id=incident_id, order_ids=[taken.order_id], actor=mine, at=at)
    except Refused as refused:
        return Joined(taken, False, refused.reasons)
    return Joined(taken, True)


def filled(form: AppealForm, incident: IncidentView) -> AppealForm:
    """The form with what the incident is about, where it says nothing of it."""
    return replace(
        form,
        kind=form.kind or incident.kind or None,
        matter_code=form.matter_code or incident.matter_code,
        urgency=form.urgency or incident.urgency,
    )


def _incident(authority_code: str, incident_id: int) -> IncidentView | Refused:
    """The incident of this authority, or why there is none; an unknown authority is refused by taking down."""
    authority = organisation.authority(authority_code)
    try:
        return orders.incident_view(incident_id, authority.id if authority is not None else 0)
    except Refused as refused:
        return refused
