"""Living a history through: each step is judged by the law, up to the present state. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from hotline.ledger.record import Actor
from hotline.organisation import queries as organisation
from hotline.organisation.tree import UnitIndex
from hotline.packs import Limit
from hotline.policy import queries as policy_queries
from hotline.policy.policy import Policy
from hotline.refusal import Reason
from hotline.workorder.facts import Facts, Merged
from hotline.workorder.lifecycle import Change, Effect, judge
from hotline.workorder.queries.standing import Looked, case_of
from hotline.workorder.services.assisting import DECIDED_ANEW
from hotline.workorder.services.registering import NewOrder, facts_of
from hotline.workorder.services.ticking import ASSIST, helped, length
from hotline.workorder.situation import Head, Situation, Snapshot


@dataclass(frozen=True)
class Step:
    """One action of a life, as it was taken."""

    facts: Facts
    actor: Actor
    at: datetime
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Life:
    """An order from its registration on; `number` is its own number, `source_ref` names it for the quarantine.

    `order_id` is one that `reserve` gave out, for lives that others name: the head of a merge comes before
    its members.
    """

    number: str
    new: NewOrder
    actor: Actor
    registered_at: datetime
    steps: tuple[Step, ...] = ()
    source_ref: str = ""
    order_id: int | None = None


@dataclass(frozen=True)
class Help:
    """What an assisting unit did: since when, under which limit and policy, how and when its clock ended, and when it
    said last what it had done."""

    started_at: datetime
    limit: Limit | None
    policy: Policy
    verb: str = ""
    ended_at: datetime | None = None
    replied_at: datetime | None = None

    def ended(self, verb: str, at: datetime) -> Help:
        """The same help after its clock was stopped or cancelled; what has ended before stays as it ended."""
        return self if self.ended_at is not None else replace(self, verb=verb, ended_at=at)


@dataclass(frozen=True)
class Tick:
    """One step of a life that was found lawful: the order before it, what it changed, and under which policy."""

    step: Step
    before: Snapshot
    change: Change
    policy: Policy


@dataclass(frozen=True)
class Lived:
    """A life that the law allows, worked out to its present state; `policy` is the one that judges it now."""

    life: Life
    order: Snapshot
    policy: Policy
    units: UnitIndex
    ticks: tuple[Tick, ...] = ()
    helping: Mapping[int, Help] = field(default_factory=dict)


def live(life: Life, ended: Mapping[int, Head]) -> Lived | tuple[int, tuple[Reason, ...]]:
    """Walk the law step by step: the present state, or the number of the first unlawful step and why."""
    policy = policy_queries.current(life.new.authority_id, life.registered_at)
    lived = Lived(life, Snapshot(), policy, organisation.unit_index(life.new.authority_id))
    for number, step in enumerate((_first(life), *life.steps)):
        reasons, change = judge(step.facts.action, _case(lived, step, ended))
        if change is None:
            return number, reasons
        lived = _on(lived, step, change)
    return lived


def _on(lived: Lived, step: Step, change: Change) -> Lived:
    """The life after a lawful step."""
    helping = _helped(lived, step, change)
    adopted = change.order.policy_version_id
    return replace(
        lived,
        order=replace(change.order, assisting=len(helping)),
        policy=lived.policy if adopted in (None, lived.policy.id) else policy_queries.version(adopted or 0),
        ticks=(*lived.ticks, Tick(step, lived.order, change, lived.policy)),
        helping=helping,
    )


def _first(life: Life) -> Step:
    return Step(facts_of(life.new, ""), life.actor, life.registered_at, life.new.texts)


def _case(lived: Lived, step: Step, ended: Mapping[int, Head]) -> Situation:
    actor, facts = step.actor, step.facts
    head = ended.get(getattr(facts, "head_id", None) or 0)
    if head is not None and isinstance(facts, Merged):
        head = replace(head, state="signed", head_id=None)
    looked = Looked(
        files=frozenset(getattr(facts, "file_ids", ())), assists=frozenset(lived.helping), clocks=None, head=head
    )
    texts = {kind for kind, words in step.texts.items() if words}
    mine = Actor("resident", id="order:0") if actor.kind == "resident" else actor
    new = lived.life.new
    return case_of(lived.order, 0, new.authority_id, facts, mine, texts, lived.policy, step.at, looked)


def _helped(lived: Lived, step: Step, change: Change) -> dict[int, Help]:
    """The assisting units after a step."""
    helping = dict(lived.helping)
    for effect in (each for each in change.clocks if each.what == ASSIST):
        if effect.verb == "stop":
            own = lived.units.get(step.actor.unit_id)
            done = [unit for unit in helping if own is not None and _below(lived.units, unit, own.path)]
            helping |= {unit: _replied(helping[unit], step.at) for unit in done}
        elif effect.verb == "cancel":
            _let_go(helping, step)
        else:
            limit = _limit(lived, effect, step, change)
            helping |= {unit: Help(step.at, limit, lived.policy) for unit in helped(step.facts)}
    return helping


def _let_go(helping: dict[int, Help], step: Step) -> None:
    """Their clocks end; who was taken off, or assisted before all was decided anew, does not assist any more."""
    taken_off = step.facts.action == "remove_assist"
    for unit in [each for each in helping if not taken_off or each == getattr(step.facts, "unit_id", None)]:
        if taken_off or step.facts.action in DECIDED_ANEW:
            del helping[unit]
        else:
            helping[unit] = helping[unit].ended("cancel", step.at)


def _replied(told: Help, at: datetime) -> Help:
    return replace(told.ended("stop", at), replied_at=at)


def _limit(lived: Lived, effect: Effect, step: Step, change: Change) -> Limit | None:
    channel = lived.life.new.channel
    return length(effect, step.facts, lived.order, change.order, channel, lived.policy, lived.units)


def _below(units: UnitIndex, unit_id: int, path: str) -> bool:
    unit = units.get(unit_id)
    return unit is not None and unit.path.startswith(path)
