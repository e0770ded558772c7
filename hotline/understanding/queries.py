"""Readings of orders."""

from __future__ import annotations

from collections.abc import Iterable

from hotline.understanding.models import OrderReading
from hotline.understanding.reading import Reading, from_document


def readings(order_ids: Iterable[int]) -> dict[int, Reading]:
    """The newest reading of each order, without redacted text; orders not read yet are absent. 1 statement."""
    rows = (
        OrderReading.objects.filter(order_id__in=list(order_ids))
        .order_by("order_id", "-pk")
        .distinct("order_id")
        .values_list("order_id", "engine", "version", "document", "empty_reason")
    )
    return {
        order_id: from_document(engine, version, document, empty_reason)
        for order_id, engine, version, document, empty_reason in rows
    }
