"""What a clock's row is reckoned by: its own policy and the version of the calendar that has reached it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hotline.clocks import queries
from hotline.clocks.calendar import Calendar
from hotline.clocks.models import Clock
from hotline.packs import CalendarTable, Limit
from hotline.policy import queries as policies
from hotline.policy.models import CalendarVersion
from hotline.policy.policy import Policy


@dataclass(frozen=True)
class Basis:
    """How the clock began (limit, or fixed moment, and start), under which calendar, and when it reminds."""

    start: tuple[Limit | None, datetime | None, datetime]
    calendar: Calendar
    warn_before: Limit


def of_row(row: Clock, policy: Policy) -> Basis:
    """The basis of a row; `policy` spares statements where it is the row's own."""
    own = policy if policy.id == row.policy_version_id else policies.version(row.policy_version_id)
    table = own.calendar
    if own.calendar_version != row.calendar_version:
        table = table_of(own.authority_id, row.calendar_version)
    limit = Limit(row.limit_amount, row.limit_unit) if row.limit_amount is not None else None
    calendar = queries.calendar_for(table, own.clocks)
    return Basis((limit, None if limit else row.first_due_at, row.started_at), calendar, own.clocks.warn_before)


def table_of(authority_id: int, version: int) -> CalendarTable:
    """An authority's calendar of this version. 1 statement, 2 when it is not known yet."""
    found = CalendarVersion.objects.filter(authority_id=authority_id, version=version).values_list("pk", flat=True)
    return policies.calendar(found.get())
