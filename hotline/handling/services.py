"""What an answerable unit does with an order: sign for it, give it back, answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from hotline.organisation.viewer import Viewer
from hotline.workorder import services as workorder
from hotline.workorder.facts import Replied, Returned, Signed
from hotline.workorder.services import Moved

Step = Signed | Returned | Replied


def act(
    *,
    order_id: int,
    facts: Step,
    viewer: Viewer,
    at: datetime,
    texts: Mapping[str, str] | None = None,
    seen: int | None = None,
) -> Moved:
    """Take one of the unit's steps. Raises `Refused` as the law says; nothing is written then."""
    return workorder.move(order_id=order_id, facts=facts, actor=viewer.actor(), at=at, texts=texts, seen=seen)
