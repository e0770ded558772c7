"""What another version of the rules would change for an order that is not dispatched yet: the unit, the limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hotline.dispatch.questions import Asked
from hotline.dispatch.suggestion import Question, Suggestion, suggest
from hotline.organisation.tree import UnitIndex
from hotline.packs import CLOCK_KINDS, Limit
from hotline.policy.deadlines import limit_for
from hotline.policy.policy import Policy


class Waiting(Asked, Protocol):
    """The codes of an order that decide about its suggestion and its limits."""

    @property
    def id(self) -> int: ...
    @property
    def number(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def urgency(self) -> str: ...
    @property
    def channel(self) -> str: ...


@dataclass(frozen=True)
class Relimited:
    """A limit that would change; None where a version sets none."""

    clock: str
    before: Limit | None
    after: Limit | None


@dataclass(frozen=True)
class Outlook:
    """Who would be suggested first (None with the reason in `empty`, a code of `EMPTY`), for which matter."""

    unit_id: int | None
    empty: str | None
    matter_code: str


@dataclass(frozen=True)
class Foreseen:
    """An order for which something would change."""

    order_id: int
    number: str
    before: Outlook
    after: Outlook
    limits: tuple[Relimited, ...]

    @property
    def moves(self) -> bool:
        """Whether another unit would be suggested first, or none, or one where there was none."""
        return (self.before.unit_id, self.before.empty) != (self.after.unit_id, self.after.empty)


def foresee(
    order: Waiting, questions: tuple[Question, Question], before: Policy, after: Policy, units: UnitIndex
) -> Foreseen | None:
    """What would change for the order under `after`; None where nothing would. `questions` are what is asked under the
    one and under the other: a ruling may lapse with its row of the catalogue."""
    was, comes = (
        _outlook(question, suggest(question, policy, units))
        for question, policy in zip(questions, (before, after), strict=True)
    )
    limits = tuple(
        Relimited(clock, old, new)
        for clock in CLOCK_KINDS
        if (old := _limit(order, clock, was, before, units)) != (new := _limit(order, clock, comes, after, units))
    )
    found = Foreseen(order.id, order.number, was, comes, limits)
    return found if found.moves or limits else None


def _outlook(question: Question, found: Suggestion) -> Outlook:
    first = question.matters[0][0] if question.matters else ""
    if not found.units:
        return Outlook(None, found.empty_reason, first)
    return Outlook(found.units[0].unit_id, found.empty_reason, found.units[0].matter_code)


def _limit(order: Waiting, clock: str, outlook: Outlook, policy: Policy, units: UnitIndex) -> Limit | None:
    lead = units.get(outlook.unit_id)
    return limit_for(
        policy,
        clock,
        kind=order.kind,
        matter_code=order.matter_code or outlook.matter_code,
        urgency=order.urgency,
        channel=order.channel,
        level=lead.level if lead else "",
    )
