"""Reads policies. They are kept in the process: a version never changes, only which one is current does."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from hotline.packs import CalendarTable
from hotline.policy import document
from hotline.policy.models import CalendarVersion, PolicyVersion
from hotline.policy.numbers import ZONE
from hotline.policy.policy import Policy
from hotline.policy.standing import Standing, Turn, in_force, overtaken, standing
from hotline.refusal import N_, refuse

FRESH_SECONDS = 5.0
_PUBLISHED = """
SELECT id, valid_from, activated_at,
       (SELECT id FROM policy_calendarversion WHERE authority_id = %s ORDER BY version DESC LIMIT 1)
FROM policy_policyversion WHERE authority_id = %s AND activated_at IS NOT NULL
"""


@dataclass(frozen=True)
class _Published:
    turns: tuple[Turn, ...]  # all that were activated
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
    """The policy activated last of those that hold on the day of `at` (the oldest one for days before all of them).

    No statement when warm, one every 5 seconds, more when there is a new version. Raises `Refused` (404) where none
    was activated.
    """
    published = _published(authority_id)
    held = in_force(published.turns, at.astimezone(ZONE).date())
    oldest = min(published.turns, key=lambda turn: (turn.valid_from, turn.id))
    return _policy((held or oldest).id, published.calendar_id)


def version(version_id: int) -> Policy:
    """The policy of this version, draft or not, with its authority's newest calendar. Raises `Refused` (404) when there
    is none."""
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
    if not rows or rows[0][3] is None:
        refuse("policy_missing", N_("本市还没有启用的规则，请联系管理员先发布并启用规则。"), status=404)
    known = _Published(tuple(Turn(*row[:3]) for row in rows), rows[0][3], time.monotonic())
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


@dataclass(frozen=True)
class VersionView:
    """One published version of the rules. `published_by` and `activated_by` are ids of staff, None at the command line;
    `activated_at` is None in a draft."""

    id: int
    authority_id: int
    version: int
    source: str
    valid_from: date
    published_at: datetime
    published_by: int | None
    activated_at: datetime | None
    activated_by: int | None
    standing: Standing


@dataclass(frozen=True)
class CalendarView:
    """One published calendar; the newest is in force."""

    id: int
    version: int
    published_at: datetime
    published_by: int | None
    in_force: bool


def versions(authority_id: int, at: datetime) -> tuple[VersionView, ...]:
    """All versions of an authority's rules, newest first. 1 statement."""
    names = [each for each in VersionView.__dataclass_fields__ if each != "standing"]
    rows = PolicyVersion.objects.filter(authority_id=authority_id).order_by("-version").values(*names)
    turns = [Turn(row["id"], row["valid_from"], row["activated_at"]) for row in rows]
    day = at.astimezone(ZONE).date()
    return tuple(VersionView(**row, standing=standing(turn, turns, day)) for row, turn in zip(rows, turns, strict=True))


def withdrawn_by(version_id: int, known: Sequence[VersionView], at: datetime) -> tuple[VersionView, ...]:
    """Which of an authority's versions wait for a first day and would be drafts again if this one were activated."""
    turns = {each.id: Turn(each.id, each.valid_from, each.activated_at) for each in known}
    back = {each.id for each in overtaken(turns.values(), turns[version_id], at.astimezone(ZONE).date())}
    return tuple(each for each in known if each.id in back)


def calendars(authority_id: int) -> tuple[CalendarView, ...]:
    """All calendars of an authority, newest first. 1 statement."""
    rows = CalendarVersion.objects.filter(authority_id=authority_id).order_by("-version")
    found = rows.values_list("id", "version", "published_at", "published_by")
    return tuple(CalendarView(*row, place == 0) for place, row in enumerate(found))


def calendar(calendar_id: int) -> CalendarTable:
    """One published calendar, kept in the process. Raises `Refused` (404) when there is none."""
    try:
        return _calendar(calendar_id)[1]
    except CalendarVersion.DoesNotExist:
        refuse("calendar_unknown", N_("没有这个日历版本，请刷新页面后重试。"), status=404)
