"""Moving: the only way an order's state changes. Locks the order, asks the law, writes what the law says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hotline.clocks import services as clocks
from hotline.clocks.change import Change as ClockChange
from hotline.ledger import queries as ledger_queries
from hotline.ledger import services as ledger
from hotline.ledger.record import Actor, Draft, Event, Stream
from hotline.policy import deadlines
from hotline.policy import queries as policy_queries
from hotline.policy.policy import Policy
from hotline.refusal import N_, Reason, Refused, refuse
from hotline.vault import queries as vault
from hotline.workorder.facts import Dispatched, Facts, Redispatched
from hotline.workorder.lifecycle import ACTION_LABELS, PAST, Action, Change, Effect, judge
from hotline.workorder.models import Assist, Order
from hotline.workorder.queries.standing import situation
from hotline.workorder.services.registering import write_notes
from hotline.workorder.situation import Snapshot

FORBIDDEN = {"not_your_role", "not_own_unit", "not_own_appeal"}
ACTION_OF = {f"order.{past}": action for action, past in PAST.items()}


@dataclass(frozen=True)
class Moved:
    """The order after the move."""

    order_id: int
    state: str
    version: int
    event: Event


@transaction.atomic
def move(
    *,
    order_id: int,
    facts: Facts,
    actor: Actor,
    at: datetime,
    texts: Mapping[str, str] | None = None,
    seen: int | None = None,
) -> Moved:
    """Take the action that `facts` belong to. `seen` is the version the person was looking at.

    Raises `Refused`: 404 no such order, 409 changed meanwhile or not in this state, 403 not this person's to do,
    422 something is missing. Nothing is written then. At most 8 statements.
    """
    written = {kind: words for kind, words in (texts or {}).items() if words}
    order = lock(order_id)
    if seen is not None and seen != order.version:
        _tell_what_changed(order)
    policy = policy_queries.version(order.policy_version_id)
    change = _judged(order, facts, actor, frozenset(written), policy)
    version = order.version + 1
    if written:
        write_notes(order_id, version, written, vault.open_keys([order.key_id])[order.key_id], at)
    if isinstance(facts, Dispatched | Redispatched):
        _assign(order, facts)
    stream = Stream("order", order_id)
    kind = f"order.{PAST[Action(facts.action)]}"
    (event,) = ledger.append(drafts=[Draft(stream, kind, {**facts.codes(), "version": version}, actor, at)], at=at)
    if change.clocks:
        clocks.apply(stream=stream, changes=clock_changes(change.clocks, change.order, order.channel, policy),
                     policy=policy, at=at)  # fmt: skip
    Order.objects.filter(pk=order_id).update(**change.sets, version=version)
    return Moved(order_id, change.order.state, version, event)


def lock(order_id: int) -> Order:
    """The order, locked until the transaction ends. 1 statement."""
    found = Order.objects.select_for_update(of=("self",)).filter(pk=order_id).first()
    if found is None:
        refuse("no_such_order", N_("没有这件工单，请核对工单号。"), status=404)
    return found


def _judged(order: Order, facts: Facts, actor: Actor, texts: frozenset[str], policy: Policy) -> Change:
    case = situation(order, facts, actor, texts, policy)
    if actor.kind == "staff" and not case.actor_path:
        refuse("no_such_order", N_("没有这件工单，请核对工单号。"), status=404)
    reasons, change = judge(facts.action, case)
    if "not_own_unit" in {reason.code for reason in reasons} and not _assists(order.pk, case.actor_path):
        # Whoever may not see an order does not learn here that it exists.
        refuse("no_such_order", N_("没有这件工单，请核对工单号。"), status=404)
    if change is None:
        raise Refused(*reasons, status=_status(reasons))
    return change


def _assists(order_id: int, unit_path: str) -> bool:
    return Assist.objects.filter(order_id=order_id, unit__path__startswith=unit_path).exists()


def _status(reasons: Sequence[Reason]) -> int:
    codes = {reason.code for reason in reasons}
    if codes & FORBIDDEN:
        return 403
    return 409 if "not_in_state" in codes else 422


def _tell_what_changed(order: Order) -> None:
    """The second of two people hears what the first one did; nothing is overwritten."""
    moves = [event for event in ledger_queries.timeline(Stream("order", order.pk)) if event.kind in ACTION_OF]
    last = moves[-1]
    refuse(
        "changed_meanwhile",
        N_("%(when)s 有人对这件工单做了“%(action)s”。您写的都还在，请看过新的情况再提交。"),
        status=409,
        when=last.at,
        action=ACTION_LABELS[ACTION_OF[last.kind]],
        version=order.version,
    )


def _assign(order: Order, facts: Dispatched | Redispatched) -> None:
    if isinstance(facts, Redispatched):
        Assist.objects.filter(order_id=order.pk).delete()
    if facts.assist_ids:
        rows = [Assist(order_id=order.pk, unit_id=unit) for unit in facts.assist_ids]
        Assist.objects.bulk_create(rows, ignore_conflicts=True)


def clock_changes(effects: Sequence[Effect], after: Snapshot, channel: str, policy: Policy) -> list[ClockChange]:
    """The law's clock effects with the limits that the order's policy sets for them."""
    return [
        ClockChange(
            effect.what,
            effect.verb,
            deadlines.limit_for(policy, effect.what, kind=after.kind, matter_code=after.matter_code,
                                urgency=after.urgency, channel=channel) if effect.verb == "start" else None,
        )
        for effect in effects
    ]  # fmt: skip
