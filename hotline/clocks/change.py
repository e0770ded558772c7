"""What happens to a clock: it starts, is paused and goes on, is put off or brought forward, and ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from hotline.ledger import chain
from hotline.ledger.record import Stream
from hotline.packs import Limit
from hotline.policy.policy import Policy

VERBS = ("start", "stop", "cancel", "pause", "resume", "extend", "shorten")
# What may happen, any number of times, between the start of a clock and its end.
BETWEEN = ("pause", "resume", "extend", "shorten")


@dataclass(frozen=True)
class Change:
    """One change of one clock; `verb` is one of VERBS. Where it needs a length and has none it does nothing.

    A start takes a `limit`, or `until`: a fixed moment to look again. An extension adds `limit` to what the clock has,
    a shortening counts `limit` from now, and the earlier due moment wins.
    """

    kind: str
    verb: str
    limit: Limit | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Timed:
    """A change and when it was made."""

    change: Change
    at: datetime

    def written(self) -> list[Any]:
        """As the clock's row keeps it: verb, moment, amount and unit of its limit."""
        limit = self.change.limit
        return [self.change.verb, chain.moment(self.at), *((limit.amount, limit.unit) if limit else (None, None))]

    @staticmethod
    def read(kind: str, row: Sequence[Any]) -> Timed:
        """What `written` wrote down."""
        verb, moment, amount, unit = row
        limit = Limit(amount, unit) if unit else None
        return Timed(Change(kind, verb, limit), datetime.fromisoformat(moment))


@dataclass(frozen=True)
class HistoryClock:
    """A clock of an imported life: when it ran under which policy, what changed it on the way, and what ended it.

    `stopped_at` and `verb` (stop or cancel) are None while it runs; it has a `limit`, or `until` where that is None.
    """

    stream: Stream
    kind: str
    policy: Policy
    started_at: datetime
    limit: Limit | None
    stopped_at: datetime | None
    verb: str | None
    changes: tuple[Timed, ...] = ()
    until: datetime | None = None

    def changed(self, change: Change, at: datetime) -> Self:
        """The same clock after one more change on its way."""
        return replace(self, changes=(*self.changes, Timed(change, at)))

    def ended(self, verb: str, at: datetime) -> Self:
        """The same clock, stopped or cancelled."""
        return replace(self, verb=verb, stopped_at=at)


def outcome(verb: str, due_at: datetime, at: datetime) -> str:
    """How a clock ended: met (its last moment included), late, or cancelled. A paused clock ended when it paused."""
    if verb == "cancel":
        return "cancelled"
    return "met" if at <= due_at else "late"
