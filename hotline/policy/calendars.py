"""Published calendars by their version: a clock is reckoned by the one that it has, until a newer one reaches it."""

from __future__ import annotations

from functools import lru_cache

from hotline.packs import CalendarTable
from hotline.policy import document
from hotline.policy.models import CalendarVersion


def table(authority_id: int, version: int) -> CalendarTable:
    """The calendar of this version; raises CalendarVersion.DoesNotExist. At most 2 statements, 1 when warm."""
    row = CalendarVersion.objects.filter(authority_id=authority_id, version=version).values_list("pk", "digest").get()
    return _read(*row)


@lru_cache(maxsize=64)
def _read(pk: int, digest: str) -> CalendarTable:
    # The digest belongs to the key: databases of tests use the same ids again.
    return document.calendar(CalendarVersion.objects.get(pk=pk, digest=digest).document)
