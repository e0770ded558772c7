"""From a filled-in form to the one writing call of the room that the action belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hotline.callback import services as callback
from hotline.dispatch import services as dispatch
from hotline.handling import services as handling
from hotline.intake import services as intake
from hotline.intake.exits import ExitChoice
from hotline.organisation.viewer import Viewer
from hotline.refusal import N_, refuse
from hotline.workorder import forms
from hotline.workorder import services as workorder
from hotline.workorder.facts import (
    CallbackAttempted,
    Closed,
    Dispatched,
    Redispatched,
    Replied,
    ResultRecorded,
    Returned,
    Reworked,
    Signed,
)
from hotline.workorder.lifecycle import RULES

EXITS: Mapping[str, str] = {
    "accept": "process",
    "answer": "answer",
    "refer": "legal_route",
    "decline": "refuse",
    "transfer": "emergency",
}
Typed = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Asked:
    """What a person asks for: an action on an order, with what was typed; `seen` is the version they looked at."""

    order_id: int
    action: str
    typed: Typed
    seen: int | None


def perform(asked: Asked, viewer: Viewer, at: datetime) -> None:
    """Carry the action out. Raises `Refused` with every reason; nothing is changed then."""
    if asked.action not in RULES or not RULES[asked.action][0].origin:
        refuse("no_such_action", N_("没有这个操作。"), status=404)
    if asked.action in EXITS:
        _leave_intake(asked, viewer, at)
        return
    facts, texts = forms.parse(asked.action, asked.typed)
    if isinstance(facts, Dispatched | Redispatched):
        give = dispatch.decide if isinstance(facts, Dispatched) else dispatch.redispatch
        opinion = texts.get("dispatch_opinion", "")
        give(order_id=asked.order_id, unit_id=facts.unit_id, assist_ids=facts.assist_ids, opinion=opinion,
             viewer=viewer, at=at, seen=asked.seen)  # fmt: skip
    elif isinstance(facts, Signed | Returned | Replied):
        handling.act(order_id=asked.order_id, facts=facts, viewer=viewer, at=at, texts=texts, seen=asked.seen)
    elif isinstance(facts, CallbackAttempted | ResultRecorded | Reworked | Closed):
        actor = viewer.actor()
        callback.act(order_id=asked.order_id, facts=facts, actor=actor, at=at, texts=texts, seen=asked.seen)
    else:
        actor = viewer.actor()
        workorder.move(order_id=asked.order_id, facts=facts, actor=actor, at=at, texts=texts, seen=asked.seen)


def _leave_intake(asked: Asked, viewer: Viewer, at: datetime) -> None:
    entry = _one(asked.typed, "entry_id")
    choice = ExitChoice(
        exit=EXITS[asked.action],
        line=_one(asked.typed, "line"),
        phoned=_one(asked.typed, "phoned") == "yes",
        route=_one(asked.typed, "route"),
        reason=_one(asked.typed, "reason"),
        entry_id=int(entry) if entry.isdigit() else None,
        words=_one(asked.typed, "reply_public") or _one(asked.typed, "guidance"),
    )
    intake.decide_exit(order_id=asked.order_id, choice=choice, viewer=viewer, at=at, seen=asked.seen)


def _one(typed: Typed, name: str) -> str:
    value = typed.get(name, "")
    return value if isinstance(value, str) else (value[0] if value else "")
