"""Which of an authority's versions holds on which day: the one activated last of those whose first day has come.

Activating is the only verb, and it does everything. An older version that is activated again is simply the newest
activation: that is how one rolls back, and nothing else is needed for it. A version activated ahead waits for its first
day. Whoever activates another one that holds on that day too has decided anew, so the waiting one goes back to being a
draft and says so, instead of silently never coming.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum


class Standing(Enum):
    """Where a version stands: not activated, activated ahead, in force, or replaced by another."""

    DRAFT = "draft"
    WAITING = "waiting"
    IN_FORCE = "in_force"
    FORMER = "former"


@dataclass(frozen=True)
class Turn:
    """What decides about one version; `activated_at` None is a draft."""

    id: int
    valid_from: date
    activated_at: datetime | None


def in_force(turns: Iterable[Turn], day: date) -> Turn | None:
    """The version that holds on `day`; None where none has begun by then."""
    begun = [each for each in turns if each.activated_at is not None and each.valid_from <= day]
    return max(begun, key=_order, default=None)


def newest(turns: Iterable[Turn]) -> Turn | None:
    """The version that was activated last, whether or not its first day has come."""
    return max((each for each in turns if each.activated_at is not None), key=_order, default=None)


def overtaken(turns: Iterable[Turn], chosen: Turn, day: date) -> tuple[Turn, ...]:
    """The versions waiting after `day` that would never hold if `chosen` were activated now."""
    waiting = (each for each in turns if each.activated_at is not None and each.valid_from > day)
    return tuple(each for each in waiting if each.id != chosen.id and each.valid_from >= chosen.valid_from)


def standing(turn: Turn, turns: Iterable[Turn], day: date) -> Standing:
    """Where one of the versions stands on `day`."""
    if turn.activated_at is None:
        return Standing.DRAFT
    if turn.valid_from > day:
        return Standing.WAITING
    return Standing.IN_FORCE if in_force(turns, day) == turn else Standing.FORMER


def _order(turn: Turn) -> tuple[datetime, int]:
    assert turn.activated_at is not None  # noqa: S101 - drafts were left out
    return turn.activated_at, turn.id
