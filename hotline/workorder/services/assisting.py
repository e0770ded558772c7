"""Assisting units: who helps on an order, each with a clock of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hotline.clocks import services as clocks
from hotline.clocks.change import Change as ClockChange
from hotline.ledger.record import Actor, Stream
from hotline.organisation.tree import UnitIndex
from hotline.packs import Limit
from hotline.policy.policy import Policy
from hotline.workorder.facts import AssistRemoved, Facts
from hotline.workorder.lifecycle import Change, Effect
from hotline.workorder.models import Assist, Order
from hotline.workorder.services.ticking import ASSIST, helped, length
from hotline.workorder.situation import Snapshot

# Who leads is decided anew: whoever assisted before does not any more.
DECIDED_ANEW = frozenset({"dispatch", "redispatch", "rule", "escalate"})


def assist(
    *, order: Order, before: Snapshot, facts: Facts, change: Change, actor: Actor, policy: Policy, units: UnitIndex,
    at: datetime,
) -> int:  # fmt: skip
    """Carry out what the law says of assisting units; returns how many assist afterwards.

    No statement for an order that nobody assists, else about two for each unit concerned."""
    effects = {effect.verb: effect for effect in change.clocks if effect.what == ASSIST}
    wanted = helped(facts)
    if not effects or (not order.assisting and not wanted):
        return order.assisting
    rows = list(Assist.objects.filter(order_id=order.pk).order_by("pk")) if order.assisting else []
    if "stop" in effects:
        _replied([row for row in rows if _is_own(row, actor, units)], policy, at)
    if "cancel" in effects:
        rows = _ended(rows, facts, policy, at)
    if "start" in effects and wanted:
        limit = length(effects["start"], facts, before, change.order, order.channel, policy, units)
        rows += _added(order.pk, wanted, effects["start"], limit, policy, at)
    return len(rows)


def _is_own(row: Assist, actor: Actor, units: UnitIndex) -> bool:
    own, helper = units.get(actor.unit_id), units.get(row.unit_id)
    return own is not None and helper is not None and helper.path.startswith(own.path)


def _replied(rows: Sequence[Assist], policy: Policy, at: datetime) -> None:
    Assist.objects.filter(pk__in=[row.pk for row in rows]).update(replied_at=at)
    for row in rows:
        clocks.apply(stream=Stream(ASSIST, row.pk), changes=[ClockChange(ASSIST, "stop")], policy=policy, at=at)


def _ended(rows: list[Assist], facts: Facts, policy: Policy, at: datetime) -> list[Assist]:
    """Their clocks end; the rows stay as a record of who helped, unless they were taken off or all is decided anew."""
    ending = [row for row in rows if row.unit_id == facts.unit_id] if isinstance(facts, AssistRemoved) else rows
    for row in ending:
        clocks.apply(stream=Stream(ASSIST, row.pk), changes=[ClockChange(ASSIST, "cancel")], policy=policy, at=at)
    if isinstance(facts, AssistRemoved) or facts.action in DECIDED_ANEW:
        Assist.objects.filter(pk__in=[row.pk for row in ending]).delete()
        return [row for row in rows if row not in ending]
    return rows


def _added(
    order_id: int, wanted: Sequence[int], effect: Effect, limit: Limit | None, policy: Policy, at: datetime
) -> list[Assist]:
    rows = Assist.objects.bulk_create(Assist(order_id=order_id, unit_id=unit) for unit in dict.fromkeys(wanted))
    if limit is not None:
        for row in rows:
            changes = [ClockChange(ASSIST, effect.verb, limit)]
            clocks.apply(stream=Stream(ASSIST, row.pk), changes=changes, policy=policy, at=at)
    return rows
