"""Reads policies. They are kept in the process: a version never changes, only which one is current does."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from hotline.packs import CalendarTable
from hotline.policy import document
from hotline.policy.models import CalendarVersion, PolicyVersion
from hotline.policy.numbers import ZONE
from hotline.policy.policy import Policy
from hotline.refusal import N_, refuse

FRESH_SECONDS = 5.0
_PUBLISHED = """
SELECT id, valid_from,
       (SELECT id FROM policy_calendarversion WHERE authority_id = %s ORDER BY version DESC LIMIT 1)
FROM policy_policyversion WHERE authority_id = %s ORDER BY version DESC
"""


@dataclass(frozen=True)
class _Published:
    versions: tuple[tuple[int, date], ...]  # id and first day, newest version first
    calendar_id: int
    looked_at: float  # monotonic seconds


class _Kept:
    """What this process has read already."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.published: dict[int, _Published] = {}
        self.authority_of: dict[int, int] = {}
        self.policies: dict[tuple[int, int], Policy] = {}
        self.calendars: dict[int, tuple[int, CalendarTable]] = {}


_kept = _Kept()


def forget_cache() -> None:
    """Forget what this process has read: after publishing, and between databases of tests."""
    with _kept.lock:
        _kept.published.clear()
        _kept.authority_of.clear()
        _kept.policies.clear()
        _kept.calendars.clear()


def current(authority_id: int, at: datetime) -> Policy:
    """The newest policy that holds on the day of `at` (the oldest one for days before all of them).

    No statement when warm, one every 5 seconds, more when there is a new version. Raises `Refused` (404) where none
    was published.
    """
    published = _published(authority_id)
    day = at.astimezone(ZONE).date()
    held = (version_id for version_id, valid_from in published.versions if valid_from <= day)
    return _policy(next(held, published.versions[-1][0]), published.calendar_id)


def version(version_id: int) -> Policy:
    """The policy of this version, with its authority's newest calendar. Raises `Refused` (404) when there is none."""
    authority_id = _kept.authority_of.get(version_id)
    if authority_id is None:
        found = PolicyVersion.objects.filter(pk=version_id).values_list("authority_id", flat=True).first()
        if found is None:
            refuse("policy_unknown", N_("没有这个规则版本，请刷新页面后重试。"), status=404)
        authority_id = _kept.authority_of[version_id] = found
    return _policy(version_id, _published(authority_id).calendar_id)


def _published(authority_id: int) -> _Published:
    """What is published, looked up at most once in FRESH_SECONDS: the process' own clock, not anybody's time."""
    known = _kept.published.get(authority_id)
    if known is not None and time.monotonic() - known.looked_at < FRESH_SECONDS:
        return known
    with connection.cursor() as cursor:
        cursor.execute(_PUBLISHED, [authority_id, authority_id])
        rows = cursor.fetchall()
    if not rows or rows[0][2] is None:
        refuse("policy_missing", N_("本市规则尚未发布，请联系管理员先发布规则。"), status=404)
    known = _Published(tuple((row[0], row[1]) for row in rows), rows[0][2], time.monotonic())
    _kept.published[authority_id] = known
    return known


def _policy(policy_id: int, calendar_id: int) -> Policy:
    known = _kept.policies.get((policy_id, calendar_id))
    if known is None:
        row = PolicyVersion.objects.get(pk=policy_id)
        number, calendar = _calendar(calendar_id)
        known = Policy(
            id=row.pk,
            authority_id=row.authority_id,
            version=row.version,
            calendar_version=number,
            calendar=calendar,
            **document.rulebook(row.document),
        )
        _kept.policies[policy_id, calendar_id] = known
        _kept.authority_of[policy_id] = row.authority_id
    return known


def _calendar(calendar_id: int) -> tuple[int, CalendarTable]:
    known = _kept.calendars.get(calendar_id)
    if known is None:
        row = CalendarVersion.objects.get(pk=calendar_id)
        known = _kept.calendars[calendar_id] = (row.version, document.calendar(row.document))
    return known
