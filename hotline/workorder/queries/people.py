"""The person behind an order as a viewer sees them: masked, and no phone to units when secrecy was asked for."""

from __future__ import annotations

from collections.abc import Iterable

from hotline.organisation.permissions import Capability
from hotline.organisation.viewer import Viewer
from hotline.residents import queries as residents
from hotline.residents.queries import MaskedResident
from hotline.workorder.models import Order
from hotline.workorder.views import PersonView

NOBODY = PersonView(None, "", "")


def people(orders: Iterable[Order], viewer: Viewer) -> dict[int, PersonView]:
    """The masked person of each order, by order id. 1 statement, none when all are anonymous."""
    rows = list(orders)
    ids = {order.resident_id for order in rows if order.resident_id is not None}
    masked = residents.masked(ids) if ids else {}
    return {order.pk: person(order, masked.get(order.resident_id or 0), viewer) for order in rows}


def person(order: Order, found: MaskedResident | None, viewer: Viewer) -> PersonView:
    """One person; a secret order shows units neither name nor number, not even masked."""
    if found is None:
        return PersonView(None, "", "", secret=order.secret)
    unit_path = order.unit.path if order.unit is not None else None
    wanted = Capability.REVEAL_SECRET_IDENTITY if order.secret else Capability.REVEAL_IDENTITY
    may = viewer.may(wanted, authority_id=order.authority_id, unit_path=unit_path) and not found.erased
    hidden = order.secret and not viewer.holds(Capability.REVEAL_SECRET_IDENTITY)
    return PersonView(
        None if hidden else found.id,
        "" if hidden else found.name,
        "" if hidden else found.phone,
        found.kind,
        order.secret,
        found.erased,
        may,
    )
