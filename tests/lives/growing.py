"""Whole random lives for the bulk path: alone, or as the head and the members of a merge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hotline.ledger.record import SYSTEM, Actor
from hotline.workorder import services as workorder
from hotline.workorder.facts import ClosedAlong, Facts, ReplyShared, Unmerged
from hotline.workorder.guards.joining import FOLLOWED
from hotline.workorder.lifecycle import LAW, WAITS_IN, State
from hotline.workorder.services import Life, NewOrder, Step
from hotline.workorder.services.registering import facts_of
from hotline.workorder.situation import Head
from tests.lives.drawing import next_step, passing
from tests.lives.scene import Scene
from tests.lives.walked import Walked

DOORS = sorted({role for rule in LAW if not rule.origin for role in rule.who})
ANSWERED = ("replied", "evaluated")
MOST_STEPS, IDLE = 60, 8
FAMILIES = 0.08  # so many lives are heads of a merge


@dataclass
class Lead:
    """A head as its members see it: where it stood when, and how it ended."""

    order_id: int
    head: Head
    states: list[tuple[datetime, str]] = field(default_factory=list)

    def followed_at(self, at: datetime) -> bool:
        """Could an order be merged into it then?"""
        known = [state for since, state in self.states if since <= at]
        return bool(known) and known[-1] in FOLLOWED

    def settled(self, after: datetime) -> tuple[datetime, str] | None:
        """When it was answered or ended, and how."""
        return next(((at, state) for at, state in self.states if at > after and state not in FOLLOWED), None)


class Growth:
    """One life being drawn."""

    def __init__(self, scene: Scene, begun: datetime, until: datetime, lead: Lead | None = None) -> None:
        self.scene, self.until, self.at, self.lead = scene, until, begun, lead
        self.steps: list[Step] = []
        self.states: list[tuple[datetime, str]] = []
        self.new = _new(scene)
        self.walked = Walked(scene.authority_id, self.new.channel, scene.policy, scene.units)
        self.first = scene.actor(DOORS, self.walked.order, 0, ())
        facts = facts_of(self.new, "")
        reasons, change = self.walked.judge(facts, self.first, frozenset(self.new.texts), begun)
        assert change is not None, reasons
        self._take(facts, self.first, {}, change)
        self.steps.clear()

    def grow(self, number: str, order_id: int | None = None) -> Life:
        """The life, to its end or to `until`."""
        begun, idle = self.at, 0
        while len(self.steps) < MOST_STEPS and idle < IDLE and not self._rests():
            later = self._later()
            if later > self.until:
                break
            idle = 0 if self._step(later) else idle + 1
        return Life(number, self.new, self.first, begun, tuple(self.steps), number, order_id)

    def _later(self) -> datetime:
        """Whoever calls about the same thing calls soon."""
        chance = self.scene.chance
        if self._may_follow() and self.walked.order.state in FOLLOWED:
            return self.at + timedelta(minutes=chance.uniform(0.1, 30))
        return passing(chance, self.at)

    def _rests(self) -> bool:
        state = self.walked.order.state
        return state == "archived" or (State(state) not in WAITS_IN and self.scene.chance.random() < 0.25)

    def _step(self, later: datetime) -> bool:
        if self.walked.order.state == "merged" and self._followed(later):
            return True
        self.at = later
        head = self.lead.head if self.lead is not None and self._may_follow() else None
        drawn = next_step(self.scene, self.walked, self.at, head=head)
        if drawn is not None:
            self._take(drawn.facts, drawn.actor, drawn.texts, drawn.change)
        return drawn is not None

    def _may_follow(self) -> bool:
        return self.lead is not None and self.lead.followed_at(self.at)

    def _followed(self, later: datetime) -> bool:
        """What its head did before `later` happens to it, too."""
        assert self.lead is not None
        settled = self.lead.settled(self.at)
        if settled is None or (settled[0] > later and self.scene.chance.random() < 0.2) or settled[0] > self.until:
            return False
        self.at = settled[0] + timedelta(seconds=1)
        facts = _follows(self.lead, settled[1])
        reasons, change = self.walked.judge(facts, SYSTEM, frozenset(), self.at, self.lead.head)
        assert change is not None, reasons
        texts = {"reply_public": "同一问题已处理好。"} if isinstance(facts, ReplyShared) else {}
        self._take(facts, SYSTEM, texts, change)
        return True

    def _take(self, facts: Facts, actor: Actor, texts: dict[str, str], change: object) -> None:
        self.walked.take(facts, actor, self.at, change)  # type: ignore[arg-type]
        self.steps.append(Step(facts, actor, self.at, texts))
        self.states.append((self.at, self.walked.order.state))


def lives(scenes: Sequence[Scene], *, count: int, begin: datetime, days: int, label: str) -> Iterator[Life]:
    """`count` lives at least, in the cities by turns, begun within so many days; heads come before their members."""
    made = 0
    until = begin + timedelta(days=days + 400)
    while made < count:
        scene = scenes[made % len(scenes)]
        begun = begin + timedelta(days=scene.chance.uniform(0, days))
        if scene.chance.random() < FAMILIES:
            family = _family(scene, begun, until, f"{label}{made}")
        else:
            family = [Growth(scene, begun, until).grow(f"{label}{made}")]
        yield from family
        made += len(family)


def _family(scene: Scene, begun: datetime, until: datetime, number: str) -> list[Life]:
    (order_id,) = workorder.reserve(count=1, at=until)
    growth = Growth(scene, begun, until)
    found = [growth.grow(number, order_id)]
    now = growth.walked.order
    head = Head(order_id, scene.authority_id, "signed", None, now.unit_id, now.outcome)
    lead = Lead(order_id, head, growth.states)
    for member in range(scene.chance.randint(1, 4)):
        last = next((at for at, state in growth.states if state not in FOLLOWED), until)
        later = begun + scene.chance.uniform(0.01, 0.8) * min(last - begun, timedelta(days=3))
        found.append(Growth(scene, later, until, lead).grow(f"{number}-{member}"))
    return found


def _follows(lead: Lead, state: str) -> Facts:
    if state in ANSWERED:
        return ReplyShared(lead.order_id)
    return Unmerged("head_gone") if state == "withdrawn" else ClosedAlong(lead.order_id)


def _new(scene: Scene) -> NewOrder:
    chance = scene.chance
    known = chance.random() < 0.8
    matter = chance.choice(scene.matters)
    return NewOrder(
        authority_id=scene.authority_id,
        channel=chance.choice(scene.channels),
        parent_key=scene.key,
        texts={"appeal": "楼下的路灯不亮。"},
        kind=chance.choice(("consult", "help", "complaint", "report", "suggestion")) if known else "",
        matter_code=matter.code if known else "",
        area_code=chance.choice(scene.towns),
        urgency=chance.choice(("normal", "normal", "normal", "urgent", "critical")),
        secret=chance.random() < 0.05,
        anonymous=True,
    )
