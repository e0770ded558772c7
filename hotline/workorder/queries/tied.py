"""Orders by their number or by choice, and how many ask for more time: what a face needs before it acts on several."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from hotline.organisation.viewer import Viewer
from hotline.workorder.queries.access import scoped
from hotline.workorder.queries.inbox import title_of
from hotline.workorder.queries.texts import texts
from hotline.workorder.views import OrderRef


@dataclass(frozen=True)
class ChosenOrder:
    """One of several orders that were ticked in a list."""

    id: int
    number: str
    state: str
    title: str
    area_code: str
    registered_at: datetime


def numbered(number: str, viewer: Viewer) -> OrderRef | None:
    """The order with this number, if the viewer may see it. 1 statement."""
    found = scoped(viewer).filter(number=number.strip().upper()).values_list("pk", "number", "state").first()
    return OrderRef(*found) if found is not None else None


def chosen(order_ids: Collection[int], viewer: Viewer) -> tuple[ChosenOrder, ...]:
    """The orders with these ids that the viewer may see, oldest first. 3 statements."""
    names = ("pk", "number", "state", "area_code", "registered_at")
    rows = list(scoped(viewer).filter(pk__in=order_ids).order_by("registered_at", "pk").values_list(*names))
    words = texts([row[0] for row in rows], ("title", "appeal")) if rows else {}
    return tuple(
        ChosenOrder(pk, number, state, title_of(words.get(pk, {})), area_code, registered_at)
        for pk, number, state, area_code, registered_at in rows
    )


def asking(viewer: Viewer) -> int:
    """How many orders in the viewer's scope have a unit that asks for more time. 1 statement."""
    return scoped(viewer).filter(extension_asked__gt=0).count()
