"""Suggesting who should answer, and a person's decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict

from django.db import transaction

from hotline.dispatch import queries, rulings
from hotline.dispatch.models import Ruling, SuggestionRecord
from hotline.dispatch.questions import pose
from hotline.dispatch.record import from_document, to_document
from hotline.dispatch.rulings import InForce
from hotline.dispatch.suggestion import suggest
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
from hotline.workorder.facts import Dispatched, Redispatched, Ruled
from hotline.workorder.queries import OrderCodes
from hotline.workorder.services import Moved

# States in which somebody has yet to say whose job it is.
UNDECIDED = ("registered", "incomplete", "accepted", "returned", "convened")


@transaction.atomic
def suggest_batch(*, events: Sequence[Event], at: datetime) -> None:
    """Suggest units for the orders that the events speak of, where it is still to be decided whose job it is.

    What is unchanged is not stored again. An order that has neither a matter nor a reading raises LookupError: it is
    tried again later. At most 5 statements for any number of orders.
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
    bound, rows = queries.rulings_in_force({order.authority_id for order in open_orders}), []
    for order in open_orders:
        document = _document(order, readings.get(order.id), proposed.get(order.id), bound)
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
    facts = Dispatched(unit_id=unit_id, assist_ids=tuple(assist_ids), **_compared(order_id, unit_id))
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
    facts = Redispatched(unit_id=unit_id, assist_ids=tuple(assist_ids), **_compared(order_id, unit_id))
    return orders.move(
        order_id=order_id, facts=facts, actor=viewer.actor(), at=at, texts={"dispatch_opinion": opinion}, seen=seen
    )


@transaction.atomic
def rule(*, order_id: int, facts: Ruled, opinion: str, viewer: Viewer, at: datetime, seen: int | None = None) -> Moved:
    """Carry out what a meeting decided. A binding ruling goes before the catalogue's order in suggestions from now on:
    for the same matter in the same county, until its row of the catalogue changes or a newer ruling replaces it."""
    order = workorder.codes([order_id]).get(order_id)
    moved = orders.move(
        order_id=order_id, facts=facts, actor=viewer.actor(), at=at, texts={"dispatch_opinion": opinion}, seen=seen
    )
    if facts.binding and order is not None:
        _keep_ruling(order, facts, at)
    return moved


def _keep_ruling(order: OrderCodes, facts: Ruled, at: datetime) -> None:
    policy = policy_queries.version(order.policy_version_id)
    area_code = rulings.scope(organisation.areas(order.authority_id), order.area_code)
    if area_code is None:
        refuse("ruling_place", N_("要作为同类依据，请先补充地点。"), field="binding")
    same = {"authority_id": order.authority_id, "matter_code": order.matter_code, "area_id": area_code}
    Ruling.objects.filter(**same, replaced_at=None).update(replaced_at=at)
    Ruling.objects.create(
        **same, unit_id=facts.unit_id, assist_ids=list(facts.assist_ids), order_id=order.id, ruled_at=at,
        row_digest=rulings.digest(policy.matters[order.matter_code]),
    )  # fmt: skip


def _document(
    order: OrderCodes, reading: Reading | None, proposed: object, bound: Mapping[int, InForce]
) -> dict[str, Any]:
    policy, units = policy_queries.version(order.policy_version_id), organisation.unit_index(order.authority_id)
    ruled = bound[order.authority_id].under(policy, units.areas)
    posed = pose(order, reading, proposed if isinstance(proposed, int) else None, ruled)
    if posed is None:
        raise LookupError(f"order {order.id} is not read yet")
    found = suggest(posed.question, policy, units)
    return to_document(found, area_code=posed.area_code, basis=posed.basis)


class _Compared(TypedDict):
    suggested: tuple[int, ...]
    rank: int
    basis: str


def _compared(order_id: int, unit_id: int) -> _Compared:
    """What had been suggested beside what is taken, for the event."""
    order = workorder.codes([order_id]).get(order_id)
    if order is None:
        refuse("no_such_order", N_("没有这件工单，请核对工单号。"), status=404)
    document = queries.documents([order_id]).get(order_id)
    suggested = tuple(each.unit_id for each in from_document(document).units) if document else ()
    rank = suggested.index(unit_id) + 1 if unit_id in suggested else 0
    return {"suggested": suggested, "rank": rank, "basis": str(document["basis"]) if document else ""}
