"""How many open orders there are, or a re-organisation would touch: numbers, no order."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from hotline.workorder.lifecycle import OPEN
from hotline.workorder.models import Assist, Order


def open_at(*, unit_ids: Collection[int], area_codes: Collection[str] = ()) -> int:
    """Open orders that one of these units leads or assists, or that lie in one of these areas. 1 statement."""
    assisted = Assist.objects.filter(order=OuterRef("pk"), unit_id__in=unit_ids)
    named = Q(unit_id__in=unit_ids) | Q(area_code__in=area_codes) | Exists(assisted)
    return Order.objects.filter(named, state__in=[state.value for state in OPEN]).count()


def open_of(authority_id: int) -> int:
    """Open orders of an authority. 1 statement."""
    return Order.objects.filter(authority_id=authority_id, state__in=[state.value for state in OPEN]).count()
