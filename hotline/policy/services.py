"""Publishes and activates rules, and gives out order numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from hotline.ledger import services as ledger
from hotline.ledger.record import SYSTEM, Actor, Draft, Json, Stream
from hotline.organisation.models import Authority
from hotline.packs import City
from hotline.policy import document, numbers, queries, standing
from hotline.policy.models import CalendarVersion, PolicyVersion
from hotline.policy.numbers import ZONE
from hotline.policy.standing import Turn
from hotline.refusal import N_, refuse

_NUMBERS = "SELECT policy_next_number(%s::bigint, %s::text) FROM generate_series(1, %s::integer)"
_INSTANT = timedelta(microseconds=1)


@transaction.atomic
def publish(*, pack: City, authority_id: int, at: datetime, actor: Actor = SYSTEM, activate: bool = True) -> int:
    """Publish a city's rules and calendar; what did not change makes no new version. Returns the version's id.

    A calendar is in force at once. Rules are a draft; with `activate` a draft of this content is activated too, while
    one that was activated before and replaced since stays replaced: whoever wants it back says so with `activate`.
    A province that came with its city gets its first rules here; later ones it publishes itself.
    """
    _province(pack, at)
    # Two who publish at once wait here, so that versions stay in one row.
    Authority.objects.select_for_update().get(pk=authority_id)
    version, new_rules = _rules(pack, authority_id, at, actor)
    calendar, new_calendar = _calendar(pack, authority_id, at, actor)
    drafts: list[Draft] = []
    for row, new, kind in ((version, new_rules, "policy.published"), (calendar, new_calendar, "calendar.published")):
        facts: dict[str, Json] = {"version": row.version, "version_id": row.pk, "digest": row.digest}
        if new:
            drafts.append(Draft(Stream("policy", authority_id), kind, facts, actor, at))
    if activate and version.activated_at is None:
        drafts += _activated(version, at, actor)[1]
    ledger.append(drafts=drafts, at=at)
    queries.forget_cache()
    return version.pk


def _province(pack: City, at: datetime) -> None:
    if pack.above is None:
        return
    above = Authority.objects.filter(code=pack.above.code).values_list("id", flat=True).first()
    if above is not None and not PolicyVersion.objects.filter(authority_id=above).exists():
        publish(pack=pack.above, authority_id=above, at=at)


@dataclass(frozen=True)
class Activation:
    """What an activation did: `begins` is the first day, `at_once` whether it has come, `before_id` the version that
    was in force, `withdrawn` the ones that waited for a first day and are drafts again."""

    version_id: int
    begins: date
    at_once: bool
    before_id: int | None
    withdrawn: tuple[int, ...]


@transaction.atomic
def activate(*, version_id: int, at: datetime, actor: Actor, seen_id: int | None = None) -> Activation:
    """Let a published version hold, from now on or, where its first day is still to come, from that day on.

    Any version may be activated that is not the newest activation already: a draft, or an older one to go back to.
    It then judges new orders, and those not yet dispatched follow by "policy.activated"; all others keep the version
    they are judged by. `seen_id`: the version in force that the person compared with. Raises `Refused`: 404 for an
    unknown version, 409 where it is active or another came into force meanwhile.
    """
    found = PolicyVersion.objects.filter(pk=version_id).values_list("authority_id", flat=True).first()
    if found is None:
        refuse("policy_unknown", N_("没有这个规则版本，请刷新页面后重试。"), status=404)
    Authority.objects.select_for_update().get(pk=found)
    row = PolicyVersion.objects.defer("document").get(pk=version_id)
    newest = standing.newest(_turns(found))
    if newest is not None and newest.id == version_id:
        refuse("policy_active", N_("第 %(version)s 版规则已经启用，不用再启用一次。"), status=409, version=row.version)
    now = standing.in_force(_turns(found), _day(at))
    if seen_id is not None and (now is None or now.id != seen_id):
        refuse("policy_moved", N_("刚才有人启用了另一版规则。请重新看一遍有哪些变化，再决定。"), status=409)
    done, drafts = _activated(row, at, actor)
    ledger.append(drafts=drafts, at=at)
    queries.forget_cache()
    return done


@transaction.atomic
def begin_due(*, at: datetime) -> int:
    """Let versions that were activated ahead begin on their first day; returns how many did. A chore.

    New orders follow the version by themselves from that day's first minute; the event lets those not yet dispatched
    follow. One statement when nothing is due.
    """
    due = PolicyVersion.objects.filter(activated_at__isnull=False, began_at=None, valid_from__lte=_day(at))
    authorities = sorted(set(due.values_list("authority_id", flat=True)))
    drafts: list[Draft] = []
    begun = 0
    for authority_id in authorities:
        Authority.objects.select_for_update().get(pk=authority_id)
        mine = list(due.filter(authority_id=authority_id).defer("document").order_by("activated_at", "pk"))
        begun += len(mine)
        drafts += _begun(authority_id, mine, at)
    ledger.append(drafts=drafts, at=at)
    return begun


def _begun(authority_id: int, rows: list[PolicyVersion], at: datetime) -> list[Draft]:
    """Note that the waiting versions have begun; only the one that holds now is worth an event."""
    waited = {row.pk for row in rows}
    turns = _turns(authority_id)
    before = standing.in_force((each for each in turns if each.id not in waited), _day(at))
    holds = standing.in_force(turns, _day(at))
    PolicyVersion.objects.filter(pk__in=waited).update(began_at=at)
    return [
        _draft("policy.activated", row, at, SYSTEM, before_id=before.id if before else None)
        for row in rows
        if holds is not None and holds.id == row.pk
    ]


def _activated(row: PolicyVersion, at: datetime, actor: Actor) -> tuple[Activation, list[Draft]]:
    """Activate a version of the locked authority: what that does, and the events that say so."""
    turns, day = _turns(row.authority_id), _day(at)
    before, newest = standing.in_force(turns, day), standing.newest(turns)
    mine = next(each for each in turns if each.id == row.pk)
    back = tuple(each.id for each in standing.overtaken(turns, mine, day))
    at_once = row.valid_from <= day
    # The order of activations decides, also for two at the same moment or by a clock that is behind.
    row.activated_at = max(at, newest.activated_at + _INSTANT) if newest and newest.activated_at else at
    row.began_at = at if at_once else None
    row.activated_by_id = _staff(actor)
    row.save(update_fields=["activated_at", "began_at", "activated_by"])
    PolicyVersion.objects.filter(pk__in=back).update(activated_at=None, activated_by=None)
    done = Activation(row.pk, row.valid_from, at_once, before.id if before else None, back)
    kind = "policy.activated" if at_once else "policy.scheduled"
    facts: dict[str, Json] = {"before_id": done.before_id, "withdrawn": back}
    if not at_once:
        facts["valid_from"] = row.valid_from.isoformat()
    return done, [_draft(kind, row, at, actor, **facts)]


def _draft(kind: str, row: PolicyVersion, at: datetime, actor: Actor, **facts: Json) -> Draft:
    said: dict[str, Json] = {"version_id": row.pk, "version": row.version, **facts}
    return Draft(Stream("policy", row.authority_id), kind, said, actor, at)


def _turns(authority_id: int) -> list[Turn]:
    rows = PolicyVersion.objects.filter(authority_id=authority_id).values_list("pk", "valid_from", "activated_at")
    return [Turn(*row) for row in rows.order_by("pk")]


def _day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def _staff(actor: Actor) -> int | None:
    return int(actor.id) if actor.kind == "staff" and actor.id else None


def _rules(pack: City, authority_id: int, at: datetime, actor: Actor) -> tuple[PolicyVersion, bool]:
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
        published_by_id=_staff(actor),
        document=content,
    )
    return row, True


def _calendar(pack: City, authority_id: int, at: datetime, actor: Actor) -> tuple[CalendarVersion, bool]:
    content = document.of_calendar(pack)
    digest = document.digest(content)
    newest = CalendarVersion.objects.filter(authority_id=authority_id).defer("document").order_by("-version").first()
    if newest is not None and newest.digest == digest:
        return newest, False
    row = CalendarVersion.objects.create(
        authority_id=authority_id,
        version=newest.version + 1 if newest else 1,
        digest=digest,
        published_at=at,
        published_by_id=_staff(actor),
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
