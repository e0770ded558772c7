"""Asking the resident: reached? solved? satisfied? Then close, or send back to be done properly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from hotline.ledger.record import SYSTEM, Actor
from hotline.workorder import services as workorder
from hotline.workorder.facts import CallbackAttempted, Closed, ResultRecorded, Reworked
from hotline.workorder.services import Moved

Step = CallbackAttempted | ResultRecorded | Reworked | Closed
UNHAPPY = frozenset({"dissatisfied", "very_dissatisfied"})


@transaction.atomic
def act(
    *,
    order_id: int,
    facts: Step,
    actor: Actor,
    at: datetime,
    texts: Mapping[str, str] | None = None,
    seen: int | None = None,
) -> Moved:
    """Take one step of the callback, by a caller-back or by the resident on their own page.

    What the resident calls solved without being unhappy is closed in the same breath; anything else waits for a
    person to send it back or to close it with a reason. Raises `Refused` as the law says."""
    moved = workorder.move(order_id=order_id, facts=facts, actor=actor, at=at, texts=texts, seen=seen)
    if isinstance(facts, ResultRecorded) and facts.solved and facts.satisfaction not in UNHAPPY:
        return workorder.move(order_id=order_id, facts=Closed(), actor=SYSTEM, at=at)
    return moved
