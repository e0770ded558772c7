"""Whose orders a viewer may see, and how a resident proves that an appeal is theirs."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from hotline.ledger.record import Actor
from hotline.organisation.permissions import Capability, Reach
from hotline.organisation.viewer import Viewer
from hotline.workorder.models import Assist, Order
from hotline.workorder.queries.codes import code_index


@dataclass(frozen=True)
class Proven:
    """A resident who holds the number and the code of an order."""

    order_id: int
    authority_id: int
    actor: Actor


def scoped(viewer: Viewer) -> QuerySet[Order]:
    """The orders this viewer may see: the whole authority, or those led or assisted by the own subtree, or none."""
    reach = viewer.reach(Capability.SEE_ORDERS)
    orders = Order.objects.filter(authority_id=viewer.authority_id)
    if reach is Reach.AUTHORITY:
        return orders
    if reach is None:
        return orders.none()
    assisting = Assist.objects.filter(order=OuterRef("pk"), unit__path__startswith=viewer.unit_path)
    return orders.filter(Q(unit__path__startswith=viewer.unit_path) | Exists(assisting))


def may_see(order_id: int, viewer: Viewer) -> bool:
    """Whether the order lies within the viewer's scope. 1 statement."""
    return scoped(viewer).filter(pk=order_id).exists()


def prove(*, number: str, code: str) -> Proven | None:
    """The order that number and code belong to; None for a wrong number and for a wrong code alike. 1 statement."""
    tidy, secret = number.strip().upper(), "".join(code.split())
    wanted = code_index(tidy, secret)
    for order in Order.objects.filter(number=tidy).only("pk", "authority_id", "query_code_index"):
        if hmac.compare_digest(bytes(order.query_code_index), wanted):
            return Proven(order.pk, order.authority_id, Actor("resident", id=f"order:{order.pk}"))
    return None
