"""What an answerable unit does with an order, and what is decided about its time and its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from hotline.ledger.record import Actor
from hotline.organisation.viewer import Viewer
from hotline.workorder import services as workorder
from hotline.workorder.facts import (
    AssistAdded,
    AssistRemoved,
    AssistReplied,
    Contacted,
    ExtensionAsked,
    ExtensionGranted,
    ExtensionRefused,
    HandedDown,
    Hung,
    Paused,
    Replied,
    ReplyApproved,
    Resumed,
    Returned,
    SentBack,
    Signed,
    Supplemented,
    Unhung,
)
from hotline.workorder.services import Moved
from hotline.workorder.services.attaching import Upload, attach

Step = (
    Signed
    | Returned
    | HandedDown
    | AssistAdded
    | AssistRemoved
    | AssistReplied
    | Contacted
    | ExtensionAsked
    | ExtensionGranted
    | ExtensionRefused
    | Paused
    | Resumed
    | Hung
    | Unhung
    | Replied
    | ReplyApproved
    | SentBack
)


@transaction.atomic
def act(
    *,
    order_id: int,
    facts: Step,
    viewer: Viewer,
    at: datetime,
    texts: Mapping[str, str] | None = None,
    seen: int | None = None,
    uploads: Sequence[Upload] = (),
) -> Moved:
    """Take one of the steps around a unit's work. `uploads` are kept with the order first, and count as evidence of a
    return. Raises `Refused` as the law says, or when a file cannot be kept; nothing is written then."""
    actor = viewer.actor()
    if uploads:
        kept = attach(order_id=order_id, uploads=uploads, actor=actor, at=at)
        facts = replace(facts, file_ids=(*facts.file_ids, *kept)) if isinstance(facts, Returned) else facts
    return workorder.move(order_id=order_id, facts=facts, actor=actor, at=at, texts=texts, seen=seen)


@transaction.atomic
def supplement(
    *, order_id: int, words: str, uploads: Sequence[Upload], actor: Actor, at: datetime, seen: int | None = None
) -> Moved:
    """Take in what was missing: words, and files if there are any, all or nothing. An order that waited for it goes
    on. Raises `Refused` as the law says, or when a file cannot be kept."""
    if uploads:
        attach(order_id=order_id, uploads=uploads, actor=actor, at=at)
    texts = {"supplement": words.strip()}
    return workorder.move(order_id=order_id, facts=Supplemented(), actor=actor, at=at, texts=texts, seen=seen)
