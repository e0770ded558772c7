"""Reactions of tests: they fail when told to, and remember what they were given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hotline.ledger import services as ledger
from hotline.ledger.record import SYSTEM, Draft, Event, Stream


@dataclass
class Noting:
    """Writes one event per order, and then fails for the orders named in `bad`."""

    name: str
    bad: set[int] = field(default_factory=set)
    given: list[list[int]] = field(default_factory=list)

    def __call__(self, *, events: Sequence[Event], at: datetime) -> None:
        """Write first, fail afterwards: what was written has to be undone."""
        orders = [event.stream.id for event in events]
        self.given.append(orders)
        drafts = [Draft(Stream("order", each), f"test.{self.name}", {}, SYSTEM, at, history=True) for each in orders]
        ledger.append(drafts=drafts, at=at)
        if self.bad & set(orders):
            raise ValueError("张三丰 13812345678: never to be logged")
