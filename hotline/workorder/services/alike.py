"""Many small moves at once: actions that touch neither clocks nor texts, judged one by one and written together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from hotline.ledger import services as ledger
from hotline.ledger.record import Actor, Draft, Event, Stream
from hotline.policy import queries as policy_queries
from hotline.workorder.facts import Facts
from hotline.workorder.lifecycle import PAST, RULES, Action, judge
from hotline.workorder.models import Order
from hotline.workorder.queries.standing import situation
from hotline.workorder.services.moving import told

_NAMES = ("state", "unit_id", "first_unit_id", "area_code", "ended_at", "policy_version_id", "extension_asked")
_WRITE = f"""
UPDATE workorder_order AS o SET version = o.version + 1, {", ".join(f"{name} = n.{name}" for name in _NAMES)}
FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[], %s::bigint[],
            %s::integer[]) AS n(id, {", ".join(_NAMES)})
WHERE o.id = n.id
"""  # noqa: S608 - names of our own columns


@transaction.atomic
def move_alike(*, moves: Mapping[int, Facts], actor: Actor, at: datetime) -> list[Event]:
    """Take these actions, each on its order; those that the law does not allow (any more) are left out.

    For actions without clocks and texts only. Returns the events, by order. 3 statements however many orders."""
    for facts in moves.values():
        if not simple(facts.action):
            raise ValueError(f"{facts.action} changes clocks: it is moved one by one")
    found = Order.objects.select_for_update(of=("self",)).filter(pk__in=list(moves)).order_by("pk")
    drafts: list[Draft] = []
    rows: list[tuple[Any, ...]] = []
    for order in found:
        facts = moves[order.pk]
        case = situation(order, facts, actor, frozenset(), policy_queries.version(order.policy_version_id), at)
        _, change = judge(facts.action, case)
        if change is None or change.clocks:
            continue
        kind = f"order.{PAST[Action(facts.action)]}"
        said = told(facts, order.version + 1, order.state, change.order.state)
        drafts.append(Draft(Stream("order", order.pk), kind, said, actor, at))
        rows.append((order.pk, *(getattr(change.order, name) for name in _NAMES)))
    if not rows:
        return []
    events = ledger.append(drafts=drafts, at=at)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [list(column) for column in zip(*rows, strict=True)])
    return list(events)


def simple(action: str) -> bool:
    """Has the action a row of the law that changes no clock and counts nothing?"""
    return any(not rule.does for rule in RULES[action])
