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
from hotline.workorder.facts import Dispatched, Redispatched, Ruled, Supplemented
from hotline.workorder.lifecycle import RULES
from hotline.workorder.services.attaching import Upload

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
    uploads: tuple[Upload, ...] = ()


def perform(asked: Asked, viewer: Viewer, at: datetime) -> None:
    """Carry the action out. Raises `Refused` with every reason; nothing is changed then."""
    if asked.action not in RULES or not RULES[asked.action][0].origin:
        refuse("no_such_action", N_("没有这个操作。"), status=404)
    if asked.action in EXITS:
        _leave_intake(asked, viewer, at)
        return
    facts, texts = forms.parse(asked.action, asked.typed)
    if isinstance(facts, Dispatched | Redispatched | Ruled):
        _decide(asked, facts, texts.get("dispatch_opinion", ""), viewer, at)
    elif isinstance(facts, handling.Step):
        handling.act(order_id=asked.order_id, facts=facts, viewer=viewer, at=at, texts=texts, seen=asked.seen,
                     uploads=asked.uploads)  # fmt: skip
    elif isinstance(facts, callback.Step):
        callback.act(order_id=asked.order_id, facts=facts, actor=viewer.actor(), at=at, texts=texts, seen=asked.seen,
                     uploads=asked.uploads)  # fmt: skip
    elif isinstance(facts, Supplemented):
        handling.supplement(order_id=asked.order_id, words=texts.get("supplement", ""), uploads=asked.uploads,
                            actor=viewer.actor(), at=at, seen=asked.seen)  # fmt: skip
    else:
        actor = viewer.actor()
        workorder.move(order_id=asked.order_id, facts=facts, actor=actor, at=at, texts=texts, seen=asked.seen)


def _decide(asked: Asked, facts: Dispatched | Redispatched | Ruled, opinion: str, viewer: Viewer, at: datetime) -> None:
    """Whose job it is."""
    if isinstance(facts, Ruled):
        dispatch.rule(order_id=asked.order_id, facts=facts, opinion=opinion, viewer=viewer, at=at, seen=asked.seen)
        return
    give = dispatch.decide if isinstance(facts, Dispatched) else dispatch.redispatch
    give(order_id=asked.order_id, unit_id=facts.unit_id, assist_ids=facts.assist_ids, opinion=opinion, viewer=viewer,
         at=at, seen=asked.seen)  # fmt: skip


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
