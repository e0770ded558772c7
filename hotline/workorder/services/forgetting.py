"""Forgetting: what this room holds of a resident besides sealed texts goes when the resident's key is destroyed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from hotline.ledger.record import Event
from hotline.workorder.models import Note, Order, SearchEntry


@transaction.atomic
def forget(*, events: Sequence[Event], at: datetime) -> None:
    """Reaction to resident.erased: delete the search tokens and the unreadable notes of that resident's orders."""
    residents = [event.stream.id for event in events]
    orders = Order.objects.filter(resident_id__in=residents)
    SearchEntry.objects.filter(order__in=orders).delete()
    Note.objects.filter(order__in=orders).delete()
