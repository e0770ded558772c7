"""One appeal with several demands: each further demand becomes an order of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hotline.ledger.record import Actor
from hotline.refusal import N_, Reasons, refuse
from hotline.vault import queries as vault
from hotline.vault.cipher import OpenKey
from hotline.workorder import notes
from hotline.workorder.facts import Split
from hotline.workorder.models import Order
from hotline.workorder.queries.texts import texts as read_texts
from hotline.workorder.services.moving import move
from hotline.workorder.services.registering import NewOrder, Taken, register_many

MOST_PARTS = 10


@dataclass(frozen=True)
class Part:
    """A further demand: its own words, and what is known of it already."""

    text: str
    title: str = ""
    place: str = ""
    kind: str = ""
    matter_code: str = ""
    area_code: str = ""
    urgency: str = "normal"


@transaction.atomic
def split(
    *, order_id: int, parts: Sequence[Part], actor: Actor, at: datetime, seen: int | None = None
) -> tuple[Taken, ...]:
    """Register each part as an order of the same resident, with its own number and code; the order itself goes on with
    what is left in it. Raises `Refused` as the law says, or when a part says nothing. About 20 statements."""
    reasons = Reasons()
    if not 1 <= len(parts) <= MOST_PARTS:
        reasons.add("parts_count", N_("请分出 1 至 %(most)s 项诉求。"), most=MOST_PARTS)
    if any(not part.text.strip() for part in parts):
        reasons.add("part_empty", N_("每一项诉求都要写明内容。"))
    reasons.raise_if_any()
    order = Order.objects.select_related("key").select_for_update(of=("self",)).filter(pk=order_id).first()
    if order is None:
        refuse("no_such_order", N_("没有这件工单，请核对工单号。"), status=404)
    above = vault.open_keys([order.key.parent_id]) if order.key.parent_id is not None else {}
    parent = above.get(order.key.parent_id or 0)
    if parent is None:
        refuse("forgotten", N_("这件诉求的内容已按要求删除，不能拆单。"), status=409)
    given = read_texts([order_id], [notes.GIVEN_NAME]).get(order_id, {})
    taken = register_many(new=[_new(order, part, given, parent) for part in parts], actor=actor, at=at)
    move(order_id=order_id, facts=Split(tuple(one.order_id for one in taken)), actor=actor, at=at, seen=seen)
    return tuple(taken)


def _new(order: Order, part: Part, given: dict[str, str], parent: OpenKey) -> NewOrder:
    return NewOrder(
        authority_id=order.authority_id,
        channel=order.channel,
        parent_key=parent,
        texts={"appeal": part.text.strip(), "title": part.title, "place": part.place, **given},
        resident_id=order.resident_id,
        line=order.line,
        kind=part.kind,
        matter_code=part.matter_code,
        area_code=part.area_code or order.area_code,
        urgency=part.urgency,
        secret=order.secret,
        own_at=order.own_at,
        source="split",
        split_from_id=order.pk,
    )
