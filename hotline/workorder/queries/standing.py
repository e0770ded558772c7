"""How an order stands before the law: gathered once, for acting, for showing what could be done, and for histories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from hotline.clocks import queries as clocks
from hotline.clocks.queries import ClockView
from hotline.clocks.reckoning import ZONE, warn
from hotline.files import queries as files
from hotline.ledger.record import Actor, Stream
from hotline.organisation import queries as organisation
from hotline.policy.policy import Policy
from hotline.workorder.facts import AssistAdded, AssistRemoved, AssistReplied, ExtensionAsked, Facts, Merged
from hotline.workorder.models import Assist, Incident, Order
from hotline.workorder.situation import Head, Situation, Snapshot

_SAME = tuple(each.name for each in fields(Snapshot) if each.name != "members")
_ASSISTS = (AssistAdded, AssistRemoved, AssistReplied)


@dataclass(frozen=True)
class Looked:
    """What is beside the order's own row; None was not looked up, and the law keeps quiet about it."""

    files: AbstractSet[int] | None = None
    assists: AbstractSet[int] | None = None
    clocks: Mapping[str, ClockView] | None = None
    head: Head | None = None
    members: int = 0


def snapshot(order: Order, members: int = 0) -> Snapshot:
    """The order as the law looks at it."""
    return Snapshot(**{name: getattr(order, name) for name in _SAME}, members=members)


def situation(
    order: Order,
    facts: Facts | None,
    actor: Actor,
    texts: AbstractSet[str],
    policy: Policy,
    at: datetime,
    looked: Looked | None = None,
) -> Situation:
    """What the law needs to know of a stored order; 0 statements when warm."""
    looked = looked or Looked()
    return case_of(
        snapshot(order, looked.members), order.pk, order.authority_id, facts, actor, texts, policy, at, looked
    )


def case_of(
    order: Snapshot,
    order_id: int,
    authority_id: int,
    facts: Facts | None,
    actor: Actor,
    texts: AbstractSet[str],
    policy: Policy,
    at: datetime,
    looked: Looked,
) -> Situation:
    """What the law needs to know of an order, stored or not; 0 statements when warm."""
    area = getattr(facts, "area_code", "")
    place = organisation.areas(authority_id).get(area)
    known = place is not None and place.active
    return Situation(
        order=order,
        actor=actor,
        facts=facts,
        rules=policy,
        units=organisation.unit_index(authority_id),
        at=at,
        order_id=order_id,
        authority_id=authority_id,
        texts=texts,
        known_areas={area} if known else frozenset(),
        files=looked.files,
        assists=looked.assists,
        due={kind: clock.due_at for kind, clock in looked.clocks.items()} if looked.clocks is not None else None,
        return_until=return_until(order, policy),
        ask_until=ask_until(looked.clocks or {}, policy),
        head=looked.head,
    )


def return_until(order: Snapshot, policy: Policy) -> datetime | None:
    """The last moment in which the lead may return the order, None where there is no such limit."""
    window = policy.handling.return_window
    if window is None or order.dispatched_at is None or order.state not in ("dispatched", "signed"):
        return None
    return clocks.due_for(policy, window, order.dispatched_at)


def ask_until(running: Mapping[str, ClockView], policy: Policy) -> datetime | None:
    """The last moment in which more time may be asked for, None while no reply clock runs (or none was looked up)."""
    clock, rules = running.get("reply"), policy.extension
    if clock is None:
        return None
    until = clock.due_at
    if rules.ask_before is not None:
        until = warn(rules.ask_before, clock.started_at, until, clock.unit, clocks.calendar_of(policy))
    if rules.ask_until is not None:
        last_day = (until - timedelta(microseconds=1)).astimezone(ZONE).date()  # midnight still belongs to the day
        until = min(until, datetime.combine(last_day, rules.ask_until, ZONE))
    return until


def look(order: Order, facts: Facts) -> Looked:
    """What the law needs to see beside the order for this action. At most 1 statement for most actions."""
    stream = Stream("order", order.pk)
    named = bool(getattr(facts, "file_ids", ()))
    followed = getattr(facts, "head_id", None)
    helped = order.assisting > 0 or isinstance(facts, _ASSISTS)
    return Looked(
        files={each.id for each in files.for_stream(stream)} if named else None,
        assists=assisting(order.pk) if helped else None,
        clocks=clocks.running_of("order", [order.pk]).get(order.pk, {}) if isinstance(facts, ExtensionAsked) else None,
        head=heads([followed]).get(followed) if followed is not None else None,
        members=followers(order.pk) if isinstance(facts, Merged) else 0,
    )


def assisting(order_id: int) -> frozenset[int]:
    """The units that assist on an order. 1 statement."""
    return frozenset(Assist.objects.filter(order_id=order_id).values_list("unit_id", flat=True))


def followers(order_id: int) -> int:
    """How many orders are merged into this one now. 1 statement."""
    return Order.objects.filter(head_id=order_id, state="merged").count()


def heads(ids: Iterable[int]) -> dict[int, Head]:
    """Orders as those that others follow. 1 statement."""
    names = ("id", "authority_id", "state", "head_id", "unit_id", "outcome")
    running = Exists(Incident.objects.filter(head=OuterRef("pk"), state="open"))
    return {row[0]: Head(*row) for row in Order.objects.filter(pk__in=list(ids)).values_list(*names, running)}
