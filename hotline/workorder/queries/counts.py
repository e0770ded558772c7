"""How many orders there are, where and in which state; no order and no person is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count, Q

from hotline.clocks import queries as clocks
from hotline.organisation.roles import Role
from hotline.organisation.viewer import Viewer
from hotline.workorder.lifecycle import OPEN
from hotline.workorder.models import Order
from hotline.workorder.queries.access import scoped
from hotline.workorder.queries.inbox import turn
from hotline.workorder.views import AreaCount, Tally

_OPEN = tuple(state.value for state in OPEN)


def tally(viewer: Viewer, at: datetime) -> Tally:
    """What waits for the viewer's role, what of it is late, what is urgent, by state. 1 statement."""
    rows = list(_counted(viewer, turn(viewer) or _OPEN, at, "state"))
    return Tally(
        waiting={state: many for state, many, _, _ in rows},
        overdue={state: late for state, _, late, _ in rows if late},
        urgent={state: urgent for state, _, _, urgent in rows if urgent},
    )


def by_area(viewer: Viewer, at: datetime) -> tuple[AreaCount, ...]:
    """The open orders the viewer may count, by area; those without a known area are left out. 1 statement."""
    rows = _counted(viewer, _OPEN, at, "area_code")
    return tuple(AreaCount(area, many, late) for area, many, late, _ in rows if area)


def any_of(authority_id: int) -> bool:
    """Whether the authority has any order. 1 statement."""
    return Order.objects.filter(authority_id=authority_id).exists()


def ids_in(authority_id: int, states: Sequence[str]) -> list[int]:
    """The ids of the authority's orders in these states, oldest first: for work on all of them. 1 statement."""
    found = Order.objects.filter(authority_id=authority_id, state__in=states).order_by("pk")
    return list(found.values_list("pk", flat=True))


def _counted(viewer: Viewer, states: Sequence[str], at: datetime, by: str) -> Iterable[tuple[str, int, int, int]]:
    """Group, all, late, urgent. Whoever keeps the accounts sees no order, but may count them."""
    everything = Order.objects.filter(authority_id=viewer.authority_id)
    seen = everything if viewer.role is Role.ADMIN else scoped(viewer)
    # Only what is late is looked up, so the cost follows the arrears and not the whole stock.
    late = clocks.running("order").filter(due_at__lt=at).values("stream_id")
    return (
        seen.filter(state__in=states)
        .order_by(by)
        .values_list(by)
        .annotate(
            many=Count("pk"),
            late=Count("pk", filter=Q(pk__in=late)),
            urgent=Count("pk", filter=~Q(urgency="normal")),
        )
    )
