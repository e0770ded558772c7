"""The law's clock effects as changes of clocks, with the lengths that policy and facts give them."""

from __future__ import annotations

from collections.abc import Iterable

from hotline.clocks.change import Change
from hotline.organisation.tree import UnitIndex
from hotline.packs import Limit
from hotline.policy import deadlines
from hotline.policy.policy import Policy
from hotline.workorder.facts import Facts
from hotline.workorder.guards.delaying import longest
from hotline.workorder.lifecycle import Effect
from hotline.workorder.situation import Snapshot

ASSIST = "assist"
LENGTHS = ("start", "extend", "shorten")


def clock_changes(
    effects: Iterable[Effect], facts: Facts, before: Snapshot, after: Snapshot, channel: str, policy: Policy,
    units: UnitIndex,
) -> list[Change]:  # fmt: skip
    """The changes of the order's own clocks; a clock that this city does not have is left out."""
    changes = []
    for effect in effects:
        if effect.what == ASSIST:
            continue
        if effect.verb not in LENGTHS:
            changes.append(Change(effect.what, effect.verb))
            continue
        until = getattr(facts, "review_at", None) if effect.by == "review_at" else None
        limit = None if until else length(effect, facts, before, after, channel, policy, units)
        verb = effect.verb
        if verb == "shorten" and length(effect, facts, before, before, channel, policy, units) is None:
            verb = "start"  # what the order was had no such clock; what it has become has one
        if limit is not None or until is not None:
            changes.append(Change(effect.what, verb, limit, until))
    return changes


def length(
    effect: Effect, facts: Facts, before: Snapshot, after: Snapshot, channel: str, policy: Policy, units: UnitIndex
) -> Limit | None:
    """How long: what the action said, what was asked for, or the policy's rule; None where there is none."""
    if effect.by == "pause_days":
        return Limit(policy.handling.pause_days, "days")
    if effect.by == "asked":
        return Limit(before.extension_asked, longest(policy, before.matter_code).unit)
    days = getattr(facts, "days", None) if effect.by == "days" else None
    if days:
        return Limit(days, "working_days")
    if effect.by == "days" and effect.verb == "shorten":
        return None
    lead = units.get(after.unit_id)
    return deadlines.limit_for(
        policy, effect.what, kind=after.kind, matter_code=after.matter_code, urgency=after.urgency, channel=channel,
        level=lead.level if lead is not None else "",
    )  # fmt: skip


def helped(facts: Facts) -> tuple[int, ...]:
    """The units that the facts make assist."""
    many = getattr(facts, "assist_ids", None)
    if many is not None:
        return tuple(many)
    one = getattr(facts, "unit_id", None)
    return (one,) if facts.action == "add_assist" and one is not None else ()
