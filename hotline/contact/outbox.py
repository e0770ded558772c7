"""What happens to a message on its way out: states, how long a claim lasts, when to try again.

A claim is a lease: whoever claims a message writes down *before* delivering under which reference it will deliver, and
the lease ends by itself. A message that comes back with a reference may have been delivered by somebody who
died before saying so; the channel must look before it delivers again.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 6
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)


class MessageState(StrEnum):
    """Where a message is."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after the `attempts`-th failure (1, 4, 16 … minutes); None: give up, a person looks."""
    if attempts >= MAX_ATTEMPTS:
        return None
    return min(_FIRST_WAIT * int(4 ** max(attempts - 1, 0)), _LONGEST_WAIT)


def seal_context(stream: str, template: str) -> str:
    """What a sealed body is bound to, so that it cannot be moved to another message."""
    return f"message/{stream}/{template}"
