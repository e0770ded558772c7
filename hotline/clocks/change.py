"""What happens to a clock: it starts with a limit, stops because its step is done, or is cancelled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from hotline.ledger.record import Stream
from hotline.packs import Limit
from hotline.policy.policy import Policy

VERBS = ("start", "stop", "cancel")


@dataclass(frozen=True)
class Change:
    """One change of one clock; `verb` is start, stop or cancel, only a start has a limit."""

    kind: str
    verb: str
    limit: Limit | None = None


@dataclass(frozen=True)
class HistoryClock:
    """A clock of an imported life: when it ran under which policy, and what ended it (nothing while it runs)."""

    stream: Stream
    kind: str
    policy: Policy
    started_at: datetime
    limit: Limit
    stopped_at: datetime | None
    verb: str | None

    def ended(self, verb: str, at: datetime) -> Self:
        """The same clock, stopped or cancelled."""
        return replace(self, verb=verb, stopped_at=at)


def outcome(verb: str, due_at: datetime, at: datetime) -> str:
    """How a clock ended: met (its last moment included), late, or cancelled."""
    if verb == "cancel":
        return "cancelled"
    return "met" if at <= due_at else "late"
