"""Incidents: open one on an order, say how it goes, let others join, say that it is over. What is said is public.

An incident changes no order: joining is merging, and what becomes of the orders is the law's. Every order in it gets an
event of its own when something is said to its resident.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from hotline.ledger import services as ledger
from hotline.ledger.record import Actor, Draft, Json, Stream
from hotline.organisation import queries as organisation
from hotline.policy import queries as policy_queries
from hotline.refusal import N_, Reason, Reasons, Refused, refuse
from hotline.vault import queries as vault
from hotline.vault import services as sealing
from hotline.workorder import guards, incident
from hotline.workorder.forms import clean
from hotline.workorder.guards.joining import FOLLOWED
from hotline.workorder.models import Incident, IncidentNotice, Order
from hotline.workorder.queries.incidents import inside
from hotline.workorder.queries.standing import situation
from hotline.workorder.services.merging import merge
from hotline.workorder.services.moving import Moved

PAST: Mapping[str, str] = {"announcement": "announced", "progress": "progressed", "restoration": "restored"}
# The event on the stream of each order in it, that something was said to its resident.
JOINED = "order.incident_joined"
TOLD: Mapping[str, str] = {"progress": "order.incident_progressed", "restoration": "order.incident_restored"}


@transaction.atomic
def open_incident(
    *, order_id: int, area_codes: Sequence[str], words: str, actor: Actor, at: datetime, words_en: str = "",
    expected_at: datetime | None = None,
) -> int:  # fmt: skip
    """Let an incident stand on this order, announced in `words`; its resident and those of orders that were merged
    into it already are told. Returns its id.

    Raises `Refused`: 404 no such order, 403 not this person's to do, 422 with everything that is missing. About 11
    statements, however many orders."""
    order = Order.objects.select_for_update(of=("self",)).filter(pk=order_id).first()
    if order is None:
        refuse("no_such_order", N_("没有这件工单，请核对工单号。"), status=404)
    _may_speak(order, actor, at)
    areas, said = organisation.areas(order.authority_id), (clean(words), clean(words_en))
    reasons = Reasons()
    reasons.extend((*_cannot_head(order), *incident.areas_wrong(area_codes, areas)))
    reasons.extend((*incident.words_wrong(*said), *incident.expected_wrong(expected_at, at)))
    reasons.raise_if_any()
    row = Incident.objects.create(
        authority_id=order.authority_id,
        head=order,
        matter_code=order.matter_code,
        area_codes=list(incident.narrowed(area_codes, areas)),
        started_at=order.registered_at,
        expected_at=expected_at,
    )
    facts: dict[str, Json] = {
        "order_id": order_id,
        "matter_code": row.matter_code,
        "area_codes": row.area_codes,
        "version": 1,
    }
    opened = Draft(Stream("incident", row.pk), "incident.opened", facts, actor, at)
    told = [*_noticed(row, "announcement", said, actor, at), *_to_each(row, JOINED, {"incident_id": row.pk}, actor, at)]
    ledger.append(drafts=[opened, *told], at=at)
    return row.pk


def _cannot_head(order: Order) -> Iterable[Reason]:
    if order.state not in FOLLOWED:
        yield Reason("head_answered", N_("这件工单已经答复、并单或办结，请从还在办的工单设突发事件。"))
    if not order.matter_code:
        yield Reason("matter_missing", N_("请先核对这件工单的事项，再设突发事件。"))
    if Incident.objects.filter(head=order).exclude(state="closed").exists():
        yield Reason("incident_exists", N_("这件工单已经设了突发事件，请打开那件看。"))


@transaction.atomic
def announce(
    *, incident_id: int, words: str, actor: Actor, at: datetime, words_en: str = "",
    expected_at: datetime | None = None, seen: int | None = None,
) -> int:  # fmt: skip
    """Say anew what has happened: to agents, robots and on the public page; nobody gets a message. Returns the
    version. `seen` is the version the person was looking at."""
    return _say(incident_id, "announcement", (words, words_en), expected_at, actor, at, seen)


@transaction.atomic
def progress(
    *, incident_id: int, words: str, actor: Actor, at: datetime, words_en: str = "",
    expected_at: datetime | None = None, seen: int | None = None,
) -> int:  # fmt: skip
    """Say how it goes, to everybody and to the resident of each order in it. Returns the version. About 9 statements,
    however many orders; the messages follow by `tell_notices`."""
    return _say(incident_id, "progress", (words, words_en), expected_at, actor, at, seen)


@transaction.atomic
def restore(
    *, incident_id: int, words: str, actor: Actor, at: datetime, words_en: str = "", seen: int | None = None
) -> int:
    """Say that it is over, to everybody and to the resident of each order in it; nobody joins any more. The orders go
    on: each resident is still asked. Returns the version."""
    return _say(incident_id, "restoration", (words, words_en), None, actor, at, seen)


@transaction.atomic
def widen(*, incident_id: int, area_codes: Sequence[str], actor: Actor, at: datetime, seen: int | None = None) -> int:
    """Let it affect these areas too. Returns the version."""
    row = _lock(incident_id, actor, at, seen)
    areas = organisation.areas(row.authority_id)
    reasons = Reasons()
    reasons.extend(tuple(incident.areas_wrong(area_codes, areas)))
    reasons.raise_if_any()
    row.area_codes = list(incident.narrowed((*row.area_codes, *area_codes), areas))
    row.version += 1
    row.save(update_fields=["area_codes", "version"])
    facts: dict[str, Json] = {"area_codes": row.area_codes, "version": row.version}
    ledger.append(drafts=[Draft(Stream("incident", row.pk), "incident.widened", facts, actor, at)], at=at)
    return row.version


@transaction.atomic
def join(*, incident_id: int, order_ids: Sequence[int], actor: Actor, at: datetime) -> tuple[Moved, ...]:
    """Merge these orders into the one on which the incident stands, all or none; each keeps its number, code and
    caller. Raises `Refused`: 404, 409 when it is over, or what the law says against one of them."""
    row = Incident.objects.filter(pk=incident_id).first()
    if row is None:
        refuse("no_such_incident", N_("没有这件突发事件，请从列表里选。"), status=404)
    if row.state != "open":
        refuse("incident_over", N_("这件突发事件已经恢复或结束，不能再并入，请照常办理。"), status=409)
    return merge(head_id=row.head_id, member_ids=order_ids, actor=actor, at=at)


def _say(
    incident_id: int, kind: str, words: tuple[str, str], expected_at: datetime | None, actor: Actor, at: datetime,
    seen: int | None,
) -> int:  # fmt: skip
    row, said = _lock(incident_id, actor, at, seen), (clean(words[0]), clean(words[1]))
    reasons = Reasons()
    reasons.extend((*incident.words_wrong(*said), *incident.expected_wrong(expected_at, at)))
    reasons.raise_if_any()
    row.version += 1
    row.expected_at = expected_at or row.expected_at
    if kind == "restoration":
        row.state, row.restored_at = "restored", at
    row.save(update_fields=["version", "expected_at", "state", "restored_at"])
    ledger.append(drafts=_noticed(row, kind, said, actor, at), at=at)
    return row.version


def _lock(incident_id: int, actor: Actor, at: datetime, seen: int | None) -> Incident:
    """The incident, locked, for somebody who may speak for it. 1 statement."""
    row = Incident.objects.select_for_update(of=("self",)).select_related("head").filter(pk=incident_id).first()
    if row is None:
        refuse("no_such_incident", N_("没有这件突发事件，请从列表里选。"), status=404)
    _may_speak(row.head, actor, at)
    if row.state != "open":
        refuse("incident_over", N_("这件突发事件已经恢复或结束，不用再写。"), status=409)
    if seen is not None and seen != row.version:
        words = N_("刚才有人更新过这件突发事件。您写的都还在，请看过新的情况再提交。")
        refuse("changed_meanwhile", words, status=409, version=row.version)
    return row


def _may_speak(head: Order, actor: Actor, at: datetime) -> None:
    """Refuse whoever may not open an incident on this order, or speak for the one that stands on it."""
    case = situation(head, None, actor, frozenset(), policy_queries.version(head.policy_version_id), at)
    if actor.kind != "staff" or case.role not in incident.SPEAKERS:
        refuse("not_your_role", N_("突发事件由话务员、派单员、督办员或主办单位设立和更新，请联系他们。"), status=403)
    against = guards.own_scope(case) or (guards.own_unit(case) if case.role == "clerk" else None)
    if case.own is None or against is not None:
        # Whoever may not see an order does not learn here that it exists.
        raise Refused(Reason("no_such_order", N_("没有这件工单，请核对工单号。")), status=404)


def _noticed(row: Incident, kind: str, said: tuple[str, str], actor: Actor, at: datetime) -> list[Draft]:
    """Keep what is said, and its events: the incident's, and one for each order whose resident is told."""
    notice = IncidentNotice.objects.create(
        incident=row, kind=kind, words=said[0], words_en=said[1], expected_at=row.expected_at, noticed_at=at
    )
    facts: dict[str, Json] = {"notice_id": notice.pk, "words": _commitment(row, said), "version": row.version}
    if row.expected_at is not None:
        facts["expected_at"] = row.expected_at.isoformat()
    drafts = [Draft(Stream("incident", row.pk), f"incident.{PAST[kind]}", facts, actor, at)]
    if kind in TOLD:
        drafts += _to_each(row, TOLD[kind], {"incident_id": row.pk, "notice_id": notice.pk}, actor, at)
    return drafts


def _commitment(row: Incident, said: tuple[str, str]) -> str:
    authority = organisation.authority(row.authority_id)
    assert authority is not None  # noqa: S101 - the row's own authority
    return sealing.commitment(vault.open_keys([authority.key_id])[authority.key_id], "\n".join(said))


def _to_each(row: Incident, kind: str, facts: Mapping[str, Json], actor: Actor, at: datetime) -> list[Draft]:
    ids = inside(row.head_id).order_by("pk").values_list("pk", flat=True)
    return [Draft(Stream("order", order_id), kind, facts, actor, at) for order_id in ids]
