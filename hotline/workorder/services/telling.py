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
    "order.replied": "replied",
    "order.callback_attempted": "callback_missed",
    "order.answered": "answered",
    "order.closed": "closed",
    "order.referred": "referred",
    "order.declined": "declined",
    "order.transferred": "transferred",
    "order.reopened": "reopened",
    "order.withdrawn": "withdrawn",
}
SHOWN = ("guidance", "reply_public", notes.QUERY_CODE)


@transaction.atomic
def tell(*, order_ids: Sequence[int], template: str, at: datetime) -> int:
    """Queue the message of `template` to the resident of each order; those without a known resident are left out.

    At most 4 statements, however many orders."""
    orders = list(
        Order.objects.filter(pk__in=order_ids, resident__isnull=False, resident__erased_at__isnull=True)
        .select_related("resident")
        .order_by("pk")
    )
    if not orders:
        return 0
    keys = vault.open_keys(order.key_id for order in orders)
    words = read_texts([order.pk for order in orders], SHOWN, keys=keys)
    messages = [
        contact.NewMessage(
            stream=Stream("order", order.pk),
            resident_id=order.resident_id,
            key=keys[order.key_id],
            template=template,
            body=body,
        )
        for order in orders
        if order.key_id in keys and (body := _compose(order, template, words.get(order.pk, {})))
    ]
    return len(contact.queue(messages=messages, at=at)) if messages else 0


def _compose(order: Order, template: str, words: dict[str, str]) -> str:
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
        words=words.get("guidance") or words.get("reply_public", ""),
    )


def tell_events(*, events: Sequence[Event], at: datetime) -> None:
    """Reaction: tell the residents what happened to their appeals, one batch per template."""
    batches: dict[str, list[int]] = {}
    for event in events:
        template = TOLD.get(event.kind)
        if template is not None:
            batches.setdefault(template, []).append(event.stream.id)
    for template, order_ids in batches.items():
        tell(order_ids=order_ids, template=template, at=at)
