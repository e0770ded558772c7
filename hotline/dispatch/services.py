"""Suggesting who should answer, and a person's decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict

from django.db import transaction

from hotline.dispatch import queries
from hotline.dispatch.models import SuggestionRecord
from hotline.dispatch.record import from_document, to_document
from hotline.dispatch.suggestion import Question, barrier, suggest
from hotline.ledger.record import Event
from hotline.organisation import queries as organisation
from hotline.organisation.viewer import Viewer
from hotline.policy import queries as policy_queries
from hotline.refusal import N_, refuse
from hotline.rows import insert
from hotline.understanding import queries as understanding
from hotline.understanding.reading import Reading
from hotline.workorder import queries as workorder
from hotline.workorder import services as orders
from hotline.workorder.facts import Dispatched, Redispatched
from hotline.workorder.queries import OrderCodes
from hotline.workorder.services import Moved

UNDECIDED = ("registered", "accepted", "returned")  # states in which somebody has yet to say whose job it is
MACHINE_EXIT = 0.7  # a way out that was read with less confidence does not keep units from being suggested
BARRIERS: Mapping[str, str] = {
    "never_leads": N_("“%(unit)s”不作为主办单位，请改选目录列出的主办单位。"),
    "below_floor": N_("目录写明“%(matter)s”不能由“%(unit)s”主办，请改派部门；需要配合的可列为协办。"),
    "not_its_business": N_("“%(matter)s”不归“%(unit)s”这类服务单位主办，请改选目录列出的主办单位。"),
}


@transaction.atomic
def suggest_batch(*, events: Sequence[Event], at: datetime) -> None:
    """Suggest units for the orders that the events speak of, where it is still to be decided whose job it is.

    What is unchanged is not stored again. An order that has neither a matter nor a reading raises LookupError: it is
    tried again later. At most 4 statements for any number of orders.
    """
    orders = workorder.codes({event.stream.id for event in events if event.stream.kind == "order"})
    open_orders = [order for order in orders.values() if order.state in UNDECIDED]
    if not open_orders:
        return
    ids = [order.id for order in open_orders]
    readings, before = understanding.readings(ids), queries.documents(ids)
    proposed = {
        event.stream.id: event.facts.get("proposed_unit_id") for event in events if event.kind == "order.returned"
    }
    rows = []
    for order in open_orders:
        document = _document(order, readings.get(order.id), proposed.get(order.id))
        if before.get(order.id) != document:
            rows.append(SuggestionRecord(order_id=order.id, document=document, created_at=at))
    insert(rows)


def decide(
    *,
    order_id: int,
    unit_id: int,
    assist_ids: Sequence[int] = (),
    opinion: str = "",
    viewer: Viewer,
    at: datetime,
    seen: int | None = None,
) -> Moved:
    """Give the order to a unit. The event keeps what had been suggested and which of it was taken (rank 0: none).

    Raises `Refused` with all reasons when the catalogue's floor or the law is against it.
    """
    facts = Dispatched(unit_id=unit_id, assist_ids=tuple(assist_ids), **_compared(order_id, unit_id, seen))
    return orders.move(
        order_id=order_id, facts=facts, actor=viewer.actor(), at=at, texts={"dispatch_opinion": opinion}, seen=seen
    )


def redispatch(
    *,
    order_id: int,
    unit_id: int,
    assist_ids: Sequence[int] = (),
    opinion: str = "",
    viewer: Viewer,
    at: datetime,
    seen: int | None = None,
) -> Moved:
    """Give the order to another unit; otherwise like `decide`."""
    facts = Redispatched(unit_id=unit_id, assist_ids=tuple(assist_ids), **_compared(order_id, unit_id, seen))
    return orders.move(
        order_id=order_id, facts=facts, actor=viewer.actor(), at=at, texts={"dispatch_opinion": opinion}, seen=seen
    )


def _document(order: OrderCodes, reading: Reading | None, proposed: object) -> dict[str, Any]:
    matters, basis = _matters(order, reading)
    place = reading.place if reading else None
    area_code = order.area_code or (place.area_code if place else None)
    way_out = reading.out_of_scope if reading and order.state == "registered" else None
    question = Question(
        matters=matters,
        area_code=area_code,
        way_out=way_out.value if way_out and way_out.confidence >= MACHINE_EXIT else None,
        returned_by=order.unit_id if order.state == "returned" else None,
        proposed=proposed if isinstance(proposed, int) else None,
    )
    found = suggest(
        question, policy_queries.version(order.policy_version_id), organisation.unit_index(order.authority_id)
    )
    return to_document(found, area_code=area_code, basis=basis)


def _matters(order: OrderCodes, reading: Reading | None) -> tuple[tuple[tuple[str, float], ...], str]:
    """What a person chose beats what a machine read."""
    if order.matter_code:
        return ((order.matter_code, 1.0),), "person"
    if reading is None:
        raise LookupError(f"order {order.id} is not read yet")
    return tuple((guess.value, guess.confidence) for guess in reading.matters), "reading"


class _Compared(TypedDict):
    suggested: tuple[int, ...]
    rank: int
    basis: str


def _compared(order_id: int, unit_id: int, seen: int | None) -> _Compared:
    """What had been suggested beside what is taken, for the event. Raises `Refused` when the catalogue forbids it."""
    order = workorder.codes([order_id]).get(order_id)
    if order is None:
        refuse("no_such_order", N_("没有这件工单，请核对工单号。"), status=404)
    if seen is None or seen == order.version:  # else the law first tells what changed meanwhile
        _check_floor(order, unit_id)
    document = queries.documents([order_id]).get(order_id)
    suggested = tuple(each.unit_id for each in from_document(document).units) if document else ()
    rank = suggested.index(unit_id) + 1 if unit_id in suggested else 0
    return {"suggested": suggested, "rank": rank, "basis": str(document["basis"]) if document else ""}


def _check_floor(order: OrderCodes, unit_id: int) -> None:
    policy = policy_queries.version(order.policy_version_id)
    unit = organisation.unit_index(order.authority_id).get(unit_id)
    matter = policy.matters.get(order.matter_code)
    if unit is None or matter is None:  # the law says so itself
        return
    against = barrier(unit, matter, policy)
    if against is not None:
        refuse(against, BARRIERS[against], field="unit_id", unit=unit.name, matter=matter.name)
