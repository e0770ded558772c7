"""What follows an incident by itself: messages to residents, another head where the first is taken back, its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from hotline.ledger import services as ledger
from hotline.ledger.record import SYSTEM, Draft, Event, Stream
from hotline.workorder.facts import Merged, Unmerged
from hotline.workorder.models import OPEN_STATES, Incident, IncidentNotice, Order
from hotline.workorder.services.incidents import JOINED
from hotline.workorder.services.moving import move
from hotline.workorder.services.telling import tell, tell_events

TEMPLATES: Mapping[str, str] = {
    "order.incident_joined": "incident_joined",
    "order.incident_progressed": "incident_progress",
    "order.incident_restored": "incident_restored",
}


@transaction.atomic
def close_incidents(*, at: datetime) -> int:
    """Chore: close what is over: its head has ended, and no order that followed it is still open. Returns how many."""
    waiting = Order.objects.filter(head=OuterRef("head"), state__in=OPEN_STATES)
    rows = list(
        Incident.objects.select_for_update(of=("self",), skip_locked=True)
        .exclude(state="closed")
        .filter(~Exists(waiting), head__ended_at__isnull=False)
        .order_by("pk")
    )
    Incident.objects.filter(pk__in=[row.pk for row in rows]).update(state="closed", closed_at=at)
    drafts = [
        Draft(Stream("incident", row.pk), "incident.closed", {"version": row.version}, SYSTEM, at) for row in rows
    ]
    ledger.append(drafts=drafts, at=at)
    return len(rows)


@transaction.atomic
def pass_on(*, events: Sequence[Event], at: datetime) -> int:
    """Reaction to order.withdrawn, before the members follow: where the order on which an open incident stands was
    taken back, the oldest of its members carries it on, and the others follow that one. Returns how many incidents."""
    heads = [event.stream.id for event in events]
    rows = Incident.objects.select_for_update(of=("self",)).filter(head_id__in=heads, head__state="withdrawn")
    passed = 0
    for row in rows.filter(state="open").order_by("pk"):
        followed = Order.objects.filter(head_id=row.head_id, state="merged").order_by("pk")
        members = list(followed.values_list("pk", flat=True))
        if not members:
            continue
        next_id, *others = members
        for member_id in members:
            move(order_id=member_id, facts=Unmerged("head_gone"), actor=SYSTEM, at=at)
        row.head_id, row.version = next_id, row.version + 1
        row.save(update_fields=["head", "version"])
        facts = {"order_id": next_id, "version": row.version}
        ledger.append(drafts=[Draft(Stream("incident", row.pk), "incident.passed_on", facts, SYSTEM, at)], at=at)
        for member_id in others:
            move(order_id=member_id, facts=Merged(next_id), actor=SYSTEM, at=at)
        passed += 1
    return passed


@transaction.atomic
def tell_notices(*, events: Sequence[Event], at: datetime) -> None:
    """Reaction: tell the residents of orders what was said about the incident that these are in, each once. About 6
    statements for each notice, however many orders."""
    groups: dict[tuple[str, int], list[Event]] = {}
    for event in events:
        notice_id = event.facts.get("notice_id")
        groups.setdefault((event.kind, notice_id if isinstance(notice_id, int) else 0), []).append(event)
    notices = IncidentNotice.objects.in_bulk([notice_id for _, notice_id in groups])
    for (kind, notice_id), told in groups.items():
        notice = notices.get(notice_id)
        said = (notice.words, notice.words_en or notice.words) if notice is not None else None
        orders, causes = [event.stream.id for event in told], [event.id for event in told]
        tell(order_ids=orders, template=TEMPLATES[kind], at=at, event_ids=causes, said=said)


@transaction.atomic
def tell_merged(*, events: Sequence[Event], at: datetime) -> None:
    """Reaction to order.merged: who joined an incident is told of that; the others, that theirs is handled together
    with others."""
    heads = [head_id for event in events if isinstance(head_id := event.facts["head_id"], int)]
    running = set(Incident.objects.filter(head_id__in=heads).exclude(state="closed").values_list("head_id", flat=True))
    joined = [event for event in events if event.facts["head_id"] in running]
    tell_events(events=[event for event in events if event not in joined], at=at)
    joined = [event for event in joined if event.actor.kind != "system"]  # it was told of it when it joined the first
    if joined:
        orders, causes = [event.stream.id for event in joined], [event.id for event in joined]
        tell(order_ids=orders, template=TEMPLATES[JOINED], at=at, event_ids=causes)
