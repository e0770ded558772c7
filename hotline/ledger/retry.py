"""When a reaction that failed is tried again."""

from __future__ import annotations

from datetime import timedelta

WAITING = "waiting"
PARKED = "parked"  # given up by the machine: it waits on a person's list
NOTHING = timedelta(0)
_FIRST = timedelta(seconds=10)
_LONGEST = timedelta(hours=1)


def pause(attempts: int) -> timedelta:
    """How long to wait after this many failed attempts (1 or more): 10 s, 40 s, 160 s … at most an hour."""
    return min(_FIRST * (1 << 2 * min(attempts - 1, 10)), _LONGEST)
