"""Deciding by which exit an appeal leaves intake."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from hotline.intake.exits import ExitChoice, facts_of, route_of, text_kind
from hotline.knowledge import queries as knowledge
from hotline.organisation.viewer import Viewer
from hotline.policy import queries as policies
from hotline.refusal import N_, refuse
from hotline.workorder import services as workorder


@transaction.atomic
def decide_exit(
    *, order_id: int, choice: ExitChoice, viewer: Viewer, at: datetime, seen: int | None = None
) -> workorder.Moved:
    """Let the order leave intake by the chosen exit; the resident is told the words by the reaction to it.

    Raises Refused: an exit or detail that is not known, an entry that is not valid at `at`, or what the law refuses.
    """
    facts = facts_of(choice)
    usual = _answer(choice, viewer, at) if choice.exit == "answer" else _policy_words(choice, viewer, at)
    kind = text_kind(choice.exit)
    texts = {} if kind is None else {kind: choice.words.strip() or usual}
    return workorder.move(order_id=order_id, facts=facts, actor=viewer.actor(), at=at, texts=texts, seen=seen)


def _policy_words(choice: ExitChoice, viewer: Viewer, at: datetime) -> str:
    """What policy says at this exit: the words of the route taken if it has some, else those of the exit."""
    found = policies.current(viewer.authority_id, at).exits.get(choice.exit)
    if found is None:
        return ""
    route = found.routes.get(route_of(choice))
    return route.words if route is not None else found.words


def _answer(choice: ExitChoice, viewer: Viewer, at: datetime) -> str:
    entry = knowledge.valid(viewer.authority_id, choice.entry_id, at) if choice.entry_id is not None else None
    if entry is None:
        refuse("entry_invalid", N_("这条知识已过期或不存在，请换一条有效的。"), field="entry_id")
    return entry.answer
