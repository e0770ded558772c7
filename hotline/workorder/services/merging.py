"""Several appeals about one thing: merged under a head, answered with it, each resident asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from hotline.ledger.record import SYSTEM, Actor, Event
from hotline.refusal import N_, Reason, Refused, refuse
from hotline.residents.masking import redact
from hotline.workorder.facts import ClosedAlong, Facts, Merged, ReplyShared, Unmerged
from hotline.workorder.models import Order
from hotline.workorder.queries.texts import texts as read_texts
from hotline.workorder.services.moving import Moved, move

ANSWERED = frozenset({"replied", "evaluated"})
ANSWERED_BEFORE = frozenset({"solved", "unsolved", "unreached", "final"})
SHARED = ("reply_public", "guidance")


@transaction.atomic
def merge(
    *, head_id: int, member_ids: Sequence[int], actor: Actor, at: datetime, texts: Mapping[str, str] | None = None
) -> tuple[Moved, ...]:
    """Merge orders into another one, all or none; each keeps its number, its code, its caller and its history.

    Raises `Refused` naming the order that cannot be merged, with all reasons. About 9 statements for each member."""
    wanted = list(dict.fromkeys(member_ids))
    if not wanted:
        refuse("none_chosen", N_("请先勾选要并入的工单。"))
    # Everybody locks in the order of ids, so that two who merge at once do not wait for each other.
    locked = Order.objects.select_for_update(of=("self",)).filter(pk__in=[*wanted, head_id]).order_by("pk")
    numbers = dict(locked.values_list("pk", "number"))
    moved = []
    for member_id in sorted(wanted):
        try:
            moved.append(move(order_id=member_id, facts=Merged(head_id), actor=actor, at=at, texts=texts))
        except Refused as refused:
            which = Reason("member_refused", N_("工单 %(number)s 不能并入，其余的也没有并。"), None,
                           {"number": numbers.get(member_id, "")})  # fmt: skip
            raise Refused(which, *refused.reasons, status=refused.status) from refused
    return tuple(moved)


@transaction.atomic
def follow_heads(*, events: Sequence[Event], at: datetime) -> int:
    """Reaction: what is merged follows its head, as that stands now. Returns how many orders moved.

    An answer is shared, without what it may say of the head's own caller, and every resident is asked for themselves;
    what ended before it came to an answer ends along; a head that was withdrawn lets its members go."""
    heads = Order.objects.filter(pk__in={event.stream.id for event in events}).order_by("pk").in_bulk()
    members = list(
        Order.objects.filter(head_id__in=list(heads), state="merged").order_by("pk").values_list("pk", "head_id")
    )
    words = read_texts(list({head_id for _, head_id in members}), SHARED) if members else {}
    moved = 0
    for member_id, head_id in members:
        facts = _follows(heads[head_id])
        if facts is not None:
            told = _told(facts, words.get(head_id, {}))
            move(order_id=member_id, facts=facts, actor=SYSTEM, at=at, texts=told)
            moved += 1
    return moved


def _follows(head: Order) -> Facts | None:
    """What becomes of the members, None while the head goes on."""
    if head.state in ANSWERED or (head.state in ("closed", "archived") and head.outcome in ANSWERED_BEFORE):
        return ReplyShared(head.pk)
    if head.state == "withdrawn" or head.outcome == "withdrawn":
        return Unmerged("head_gone")
    return ClosedAlong(head.pk) if head.ended_at is not None else None


def _told(facts: Facts, words: Mapping[str, str]) -> dict[str, str]:
    """The head's public words, for the members' residents."""
    if isinstance(facts, Unmerged):
        return {}
    kinds = SHARED if isinstance(facts, ClosedAlong) else SHARED[:1]
    return {kind: redact(words[kind]).text for kind in kinds if words.get(kind)}
