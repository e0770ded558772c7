"""What is to become of each order of the synthetic city: how far it gets, how old it is, and who follows whom."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hotline.demo import speech
from hotline.packs import Handling

# How far the orders of the city have got; the open states wait in somebody's inbox.
ENDS = (
    ("closed", 52.0), ("answered", 17.0), ("registered", 3.5), ("incomplete", 0.9), ("accepted", 3.0),
    ("dispatched", 4.2), ("signed", 6.0), ("asking", 0.8), ("waiting", 1.0), ("hung", 0.9), ("returned", 1.2),
    ("convened", 0.5), ("ruled", 0.4), ("escalated", 0.4), ("reviewing", 1.0), ("replied", 3.6), ("evaluated", 2.6),
    ("final", 0.3), ("group", 0.35), ("answered_group", 0.35), ("split", 0.5), ("referred", 1.0), ("declined", 0.8),
    ("transferred", 0.7), ("withdrawn", 1.0),
)  # fmt: skip
# How old, in hours, an order of this end may be; what has ended is spread over the last weeks.
AGES = {"registered": 4, "incomplete": 60, "accepted": 10, "dispatched": 20, "returned": 16, "convened": 16,
        "ruled": 30, "signed": 170, "asking": 60, "waiting": 70, "reviewing": 90, "escalated": 120, "replied": 120,
        "evaluated": 150, "group": 30}  # fmt: skip
YOUNGEST = {"hung": 20 * 24, "final": 12 * 24, "asking": 26, "waiting": 24, "escalated": 40, "split": 30, "group": 8}
OLDEST_HOURS = 24 * 60
# What has ended in one of these ways was sent through a unit; the others never left the hotline.
GROUPS = ("group", "answered_group")


@dataclass
class Family:
    """Orders about one thing: the head with what its members need to know of it, filled in while it is told."""

    head_id: int
    text: str = ""
    matter_code: str = ""
    area_code: str = ""
    place: str = ""
    answered_at: datetime | None = None
    answer: str = ""
    closed: bool = False
    parts: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """One order: when it begins, what becomes of it, and its place in a family (head, member, part) if it has one."""

    begun: datetime
    end: str
    family: Family | None = None
    role: str = ""
    order_id: int | None = None


class Ids:
    """Ids that were reserved for orders which others name."""

    def __init__(self, ids: list[int]) -> None:
        self._ids = iter(ids)

    def next(self) -> int:
        """One more."""
        return next(self._ids)


def plans(chance: random.Random, count: int, at: datetime, handling: Handling, ids: Ids) -> list[Plan]:
    """`count` plans in the order of their beginnings; nothing begins later than `at`."""
    found: list[Plan] = []
    while len(found) < count:
        end = _possible(speech.pick(chance, ENDS), handling)
        begun = at - timedelta(hours=_age(chance, end))
        made = list(_family(chance, begun, at, end, ids)) if end in (*GROUPS, "split") else [_alone(begun, end, ids)]
        found += made if len(found) + len(made) <= count else [_alone(begun, "closed", ids)]
    # A head begins before its members.
    return sorted(found, key=lambda plan: plan.begun)


def _possible(end: str, handling: Handling) -> str:
    """Not every city hangs orders, waits for residents, or looks at answers."""
    missing = {"reviewing": handling.reply_review == "none", "hung": not handling.hang_days,
               "waiting": not handling.pause_days, "incomplete": not handling.pause_days}  # fmt: skip
    return "signed" if missing.get(end) else end


def _alone(begun: datetime, end: str, ids: Ids) -> Plan:
    # What is done in the city's present needs the order's id.
    known = ids.next() if end in ("returned", "convened", "ruled", "final") else None
    return Plan(begun, end, order_id=known)


def _family(chance: random.Random, begun: datetime, at: datetime, end: str, ids: Ids) -> Iterator[Plan]:
    family = Family(ids.next())
    role = "whole" if end == "split" else "head"
    yield Plan(begun, "signed" if end == "group" else "closed", family, role, family.head_id)
    for number in range(chance.randint(1, 2) if end == "split" else chance.randint(2, 5)):
        if end == "split":
            part = ids.next()
            family.parts.append(part)
            yield Plan(begun + timedelta(minutes=6, seconds=number), "signed", family, "part", part)
        else:
            later = timedelta(minutes=chance.uniform(8, 90))
            yield Plan(begun + later, "closed", family, "member")


def _age(chance: random.Random, end: str) -> float:
    least, longest = YOUNGEST.get(end, 0.2), AGES.get(end)
    if longest is not None:
        return chance.triangular(least, longest, least + (longest - least) / 8)  # most of what waits is young
    return chance.triangular(max(least, 30), OLDEST_HOURS, max(least, 200))
