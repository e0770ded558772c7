"""Asking the resident: reached? solved? satisfied? Then close, or send back to be done properly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from hotline.ledger.record import SYSTEM, Actor
from hotline.policy import queries as policies
from hotline.workorder import queries as orders
from hotline.workorder import services as workorder
from hotline.workorder.facts import (
    CallbackAttempted,
    CallbackGivenUp,
    CallbackPlanned,
    Closed,
    FinallyAnswered,
    ResultRecorded,
    Reworked,
)
from hotline.workorder.services import Moved
from hotline.workorder.services.attaching import Upload, attach

Step = CallbackPlanned | CallbackAttempted | CallbackGivenUp | ResultRecorded | Reworked | Closed | FinallyAnswered


@transaction.atomic
def act(
    *,
    order_id: int,
    facts: Step,
    actor: Actor,
    at: datetime,
    texts: Mapping[str, str] | None = None,
    seen: int | None = None,
    uploads: Sequence[Upload] = (),
) -> Moved:
    """Take one step of the callback, by a caller-back or by the resident on their own page. `uploads` are kept with the
    order first, and are the papers of a final answer.

    Where the city wants it, what the resident calls solved without being unhappy is closed in the same breath; anything
    else waits for whoever closes orders in this city. Raises `Refused` as the law says."""
    if uploads:
        kept = attach(order_id=order_id, uploads=uploads, actor=actor, at=at)
        facts = replace(facts, file_ids=(*facts.file_ids, *kept)) if isinstance(facts, FinallyAnswered) else facts
    moved = workorder.move(order_id=order_id, facts=facts, actor=actor, at=at, texts=texts, seen=seen)
    if isinstance(facts, ResultRecorded) and facts.solved and _closes(order_id, facts.satisfaction):
        return workorder.move(order_id=order_id, facts=Closed(), actor=SYSTEM, at=at)
    return moved


def _closes(order_id: int, satisfaction: str) -> bool:
    """Whether the city closes what is called solved with this answer. 1 statement."""
    rules = policies.version(orders.codes([order_id])[order_id].policy_version_id).callback
    unhappy = {step.code for step in rules.scale if not step.satisfied}
    return rules.auto_close and satisfaction not in unhappy
