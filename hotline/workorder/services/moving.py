"""Moving: the only way an order's state changes. Locks the order, asks the law, writes what the law says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hotline.clocks import services as clocks
from hotline.ledger import queries as ledger_queries
from hotline.ledger import services as ledger
from hotline.ledger.record import Actor, Draft, Event, Json, Stream
from hotline.policy import queries as policy_queries
from hotline.policy.policy import Policy
from hotline.refusal import N_, Reason, Refused, refuse
from hotline.vault import queries as vault
from hotline.workorder import guards
from hotline.workorder.facts import Facts, Merged
from hotline.workorder.lifecycle import ACTION_LABELS, PAST, Action, Change, judge
from hotline.workorder.models import Order
from hotline.workorder.queries.standing import look, situation
from hotline.workorder.services.assisting import assist
from hotline.workorder.services.registering import write_notes
from hotline.workorder.services.ticking import clock_changes
from hotline.workorder.situation import Situation

FORBIDDEN = frozenset(
    {"not_your_role", "not_own_unit", "not_own_appeal", "unit_acts", "centre_decides", "upper_decides", "upper_reviews",
     "centre_reviews", "not_closer", "not_assisting"}
)  # fmt: skip
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
    order = lock(order_id, facts)
    if seen is not None and seen != order.version:
        _tell_what_changed(order)
    policy = policy_queries.version(order.policy_version_id)
    case, change = _judged(order, facts, actor, frozenset(written), policy, at)
    version = order.version + 1
    if written:
        write_notes(order_id, version, written, vault.open_keys([order.key_id])[order.key_id], at)
    stream = Stream("order", order_id)
    kind = f"order.{PAST[Action(facts.action)]}"
    said = told(facts, version, case.order.state, change.order.state)
    (event,) = ledger.append(drafts=[Draft(stream, kind, said, actor, at)], at=at)
    changes = clock_changes(change.clocks, facts, case.order, change.order, order.channel, policy, case.units)
    if changes:
        clocks.apply(stream=stream, changes=changes, policy=policy, at=at)
    helping = assist(order=order, before=case.order, facts=facts, change=change, actor=actor, policy=policy,
                     units=case.units, at=at)  # fmt: skip
    Order.objects.filter(pk=order_id).update(**change.sets, assisting=helping, version=version)
    return Moved(order_id, change.order.state, version, event)


def told(facts: Facts, version: int, before: str, after: str) -> dict[str, Json]:
    """What the event keeps: what was said, the order's version after it, and the new state where it changed."""
    return {**facts.codes(), "version": version, **({"state": after} if after != before else {})}


def lock(order_id: int, facts: Facts) -> Order:
    """The order, locked until the transaction ends; with the order that it is to follow, which must not be answered
    meanwhile, both in the order of their ids so that two who merge do not wait for each other. 1 statement."""
    wanted = {order_id, facts.head_id} if isinstance(facts, Merged) else {order_id}
    found = Order.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk").in_bulk()
    if order_id not in found:
        refuse("no_such_order", N_("没有这件工单，请核对工单号。"), status=404)
    return found[order_id]


def _judged(
    order: Order, facts: Facts, actor: Actor, texts: frozenset[str], policy: Policy, at: datetime
) -> tuple[Situation, Change]:
    case = situation(order, facts, actor, texts, policy, at, look(order, facts))
    reasons, change = judge(facts.action, case)
    codes = {reason.code for reason in reasons}
    if actor.kind == "staff" and (case.own is None or ("not_own_unit" in codes and guards.own_scope(case))):
        # Whoever may not see an order does not learn here that it exists.
        refuse("no_such_order", N_("没有这件工单，请核对工单号。"), status=404)
    if change is None:
        raise Refused(*reasons, status=_status(reasons))
    return case, change


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
