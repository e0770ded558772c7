"""Publishes rules and gives out order numbers."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from hotline.ledger import services as ledger
from hotline.ledger.record import SYSTEM, Actor, Draft, Json, Stream
from hotline.organisation.models import Authority
from hotline.packs import City
from hotline.policy import document, numbers, queries
from hotline.policy.models import CalendarVersion, PolicyVersion

_NUMBERS = "SELECT policy_next_number(%s::bigint, %s::text) FROM generate_series(1, %s::integer)"


@transaction.atomic
def publish(*, pack: City, authority_id: int, at: datetime, actor: Actor = SYSTEM) -> int:
    """Publish a city's rules and calendar; what did not change makes no new version. Returns the version's id."""
    # Two who publish at once wait here, so that versions stay in one row.
    Authority.objects.select_for_update().get(pk=authority_id)
    drafts: list[Draft] = []
    version, new_rules = _rules(pack, authority_id, at)
    calendar, new_calendar = _calendar(pack, authority_id, at)
    for row, new, kind in ((version, new_rules, "policy.published"), (calendar, new_calendar, "calendar.published")):
        facts: dict[str, Json] = {"version": row.version, "version_id": row.pk, "digest": row.digest}
        if new:
            drafts.append(Draft(Stream("policy", authority_id), kind, facts, actor, at))
    ledger.append(drafts=drafts, at=at)
    queries.forget_cache()
    return version.pk


def _rules(pack: City, authority_id: int, at: datetime) -> tuple[PolicyVersion, bool]:
    content = document.of_rules(pack)
    digest = document.digest(content)
    newest = PolicyVersion.objects.filter(authority_id=authority_id).defer("document").order_by("-version").first()
    if newest is not None and newest.digest == digest:
        return newest, False
    row = PolicyVersion.objects.create(
        authority_id=authority_id,
        version=newest.version + 1 if newest else 1,
        digest=digest,
        source=pack.source,
        valid_from=pack.valid_from,
        published_at=at,
        document=content,
    )
    return row, True


def _calendar(pack: City, authority_id: int, at: datetime) -> tuple[CalendarVersion, bool]:
    content = document.of_calendar(pack)
    digest = document.digest(content)
    newest = CalendarVersion.objects.filter(authority_id=authority_id).order_by("-version").first()
    if newest is not None and newest.digest == digest:
        return newest, False
    row = CalendarVersion.objects.create(
        authority_id=authority_id,
        version=newest.version + 1 if newest else 1,
        digest=digest,
        published_at=at,
        document=content,
    )
    return row, True


@transaction.atomic(savepoint=False)
def next_number(*, authority_id: int, at: datetime) -> str:
    """The next order number of the authority by its policy's pattern. One statement.

    Numbers are unique and rise within their period; a registration that is undone leaves a gap.
    """
    (number,) = next_numbers(authority_id=authority_id, count=1, at=at)
    return number


@transaction.atomic(savepoint=False)
def next_numbers(*, authority_id: int, count: int, at: datetime) -> list[str]:
    """The next `count` order numbers, rising. One statement."""
    rule = queries.current(authority_id, at).numbering
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [authority_id, numbers.period(rule, at), count])
        return [numbers.written(rule, at, seq) for seq in sorted(row[0] for row in cursor.fetchall())]
