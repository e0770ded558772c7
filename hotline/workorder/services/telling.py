"""Telling the resident: the words come from policy's templates, in the resident's language, through the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from hotline.contact import services as contact
from hotline.ledger.record import Event, Stream
from hotline.organisation import queries as organisation
from hotline.policy import queries as policy_queries
from hotline.vault import queries as vault
from hotline.workorder import notes
from hotline.workorder.models import Order
from hotline.workorder.queries.texts import texts as read_texts

# Which template tells the resident about which event; what is not here is not told.
TOLD = {
    "order.registered": "registered",
    "order.dispatched": "dispatched",
    "order.redispatched": "dispatched",
    "order.ruled": "dispatched",
    "order.escalated": "dispatched",
    "order.merged": "merged",
    "order.supplement_asked": "supplement_asked",
    "order.paused": "waiting",
    "order.hung": "hung",
    "order.unhung": "unhung",
    "order.extended": "extended",
    "order.replied": "replied",
    "order.reply_approved": "replied",
    "order.reply_shared": "replied",
    "order.callback_attempted": "callback_missed",
    "order.answered": "answered",
    "order.callback_given_up": "closed",
    "order.closed": "closed",
    "order.closed_along": "closed",
    "order.finally_answered": "final_answer",
    "order.referred": "referred",
    "order.declined": "declined",
    "order.transferred": "transferred",
    "order.reopened": "reopened",
    "order.withdrawn": "withdrawn",
}
SHOWN = ("guidance", "reply_public", notes.QUERY_CODE)


@transaction.atomic
def tell(
    *,
    order_ids: Sequence[int],
    template: str,
    at: datetime,
    event_ids: Sequence[int | None] | None = None,
    said: tuple[str, str] | None = None,
) -> int:
    """Queue the message of `template` to the resident of each order; those without a known resident are left out.

    `event_ids` name, in the order of `order_ids`, the event that each message tells: told once, it is not told again.
    `said` are the {words} in Chinese and English, where they are not the order's own reply or guidance.
    Returns how many messages are new. At most 5 statements, however many orders."""
    found = (
        Order.objects.filter(pk__in=order_ids, resident__isnull=False, resident__erased_at__isnull=True)
        .select_related("resident")
        .order_by("pk")
        .in_bulk()
    )
    if not found:
        return 0
    causes = event_ids or [None] * len(order_ids)
    wanted = [(found[each], cause) for each, cause in zip(order_ids, causes, strict=True) if each in found]
    keys = vault.open_keys(order.key_id for order in found.values())
    words = read_texts(list(found), SHOWN, keys=keys)
    messages = [
        contact.NewMessage(
            stream=Stream("order", order.pk),
            resident_id=order.resident_id,
            key=keys[order.key_id],
            template=template,
            body=body,
            event_id=cause,
        )
        for order, cause in wanted
        if order.key_id in keys and (body := _compose(order, template, words.get(order.pk, {}), said))
    ]
    return len(contact.queue(messages=messages, at=at)) if messages else 0


def _compose(order: Order, template: str, words: dict[str, str], said: tuple[str, str] | None) -> str:
    """The finished words, "" where the city has no such template."""
    policy = policy_queries.version(order.policy_version_id)
    found = policy.templates.get(template)
    authority = organisation.authority(order.authority_id)
    if found is None or order.resident is None or authority is None:
        return ""
    unit = organisation.unit_index(order.authority_id).get(order.unit_id) if order.unit_id else None
    english = order.resident.language.startswith("en")
    return found.fill(
        "en" if english else "zh",
        number=order.number,
        code=words.get(notes.QUERY_CODE, ""),
        city=authority.name_en if english else authority.name,
        unit=(unit.name_en if english else unit.name) if unit else "",
        words=said[english] if said is not None else words.get("guidance") or words.get("reply_public", ""),
    )


def tell_events(*, events: Sequence[Event], at: datetime) -> None:
    """Reaction: tell the residents what happened to their appeals, one batch per template."""
    batches: dict[str, list[Event]] = {}
    for event in events:
        template = TOLD.get(event.kind)
        if template is not None and event.facts.get("state") != "reviewing":  # not an answer yet
            batches.setdefault(template, []).append(event)
    for template, told in batches.items():
        orders, causes = [event.stream.id for event in told], [event.id for event in told]
        tell(order_ids=orders, template=template, at=at, event_ids=causes)
