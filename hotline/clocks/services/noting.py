"""Noting once in the ledger that a limit is near or has passed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hotline.clocks import queries
from hotline.clocks.models import RUNNING, Clock
from hotline.ledger import chain
from hotline.ledger import services as ledger
from hotline.ledger.record import SYSTEM, Draft, Json, Stream
from hotline.policy import queries as policies
from hotline.policy.models import CalendarVersion

# One worker notes at a time. Nobody reckons anew meanwhile: what has just been noted must not be moved under it.
_LOCK = """
SELECT CASE WHEN pg_try_advisory_xact_lock(hashtext('clocks.note_passed'))
            THEN pg_advisory_xact_lock(hashtext('clocks.recompute')) IS NOT NULL ELSE false END
"""


@transaction.atomic
def note_passed(*, at: datetime, limit: int = 500) -> int:
    """Append "clock.limit_passed" once for each clock whose limit has passed, `limit` at most; returns how many.

    Likewise "clock.limit_near", once, for those whose limit will pass soon: of clocks in working hours only while
    offices work, of clocks in duty hours only while somebody is on duty. One worker does it at a time; the others find
    nothing to do. Clocks of sealed history are left alone, and so are paused ones and those that a newer calendar has
    not reached yet: who knows what is due there.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        if not cursor.fetchone()[0]:
            return 0
    passed = list(_current(Q(passed_noted_at__isnull=True, outcome__in=["", "late"], paused_at__isnull=True,
                             due_at__lt=at)).order_by("due_at", "pk")[:limit])  # fmt: skip
    near = _near(at, limit - len(passed))
    # The ledger locks the heads of the streams; clock rows are locked after them, as everywhere.
    drafts = [_draft(row, "clock.limit_passed", at) for row in passed]
    ledger.append(drafts=[*drafts, *(_draft(row, "clock.limit_near", at) for row in near)], at=at)
    if passed:
        noted = Clock.objects.filter(pk__in=[row.pk for row in passed])
        noted.update(passed_noted_at=at, near_noted_at=Coalesce(F("near_noted_at"), at))
    if near:
        Clock.objects.filter(pk__in=[row.pk for row in near]).update(near_noted_at=at)
    return len(passed) + len(near)


def _current(which: Q) -> QuerySet[Clock]:
    newest = CalendarVersion.objects.filter(authority=OuterRef("authority")).values("authority")
    return Clock.objects.filter(which, calendar_version=Subquery(newest.annotate(last=Max("version")).values("last")))


def _near(at: datetime, limit: int) -> list[Clock]:
    soon = _current(RUNNING & Q(near_noted_at__isnull=True, warn_at__lte=at, due_at__gte=at))
    groups = soon.order_by().values_list("policy_version_id", "unit").distinct()
    awake = [Q(policy_version_id=version_id, unit=unit) for version_id, unit in groups if _awake(version_id, unit, at)]
    if not awake or limit <= 0:
        return []
    return list(soon.filter(_any(awake)).order_by("warn_at", "pk")[:limit])


def _awake(version_id: int, unit: str, at: datetime) -> bool:
    """May people be reminded of a clock in this unit now?"""
    calendar = queries.calendar_of(policies.version(version_id))
    hours = calendar.office if unit == "working_days" else calendar.hours_of(unit)
    return hours is None or hours.inside(at)


def _any(conditions: Iterable[Q]) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found


def _draft(row: Clock, kind: str, at: datetime) -> Draft:
    facts: dict[str, Json] = {
        "clock_id": row.pk,
        "clock": row.kind,
        "round": row.round,
        "due_at": chain.moment(row.due_at),
        "policy_version_id": row.policy_version_id,
        "calendar_version": row.calendar_version,
    }
    return Draft(Stream(row.stream_kind, row.stream_id), kind, facts, SYSTEM, at)
