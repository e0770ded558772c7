"""Judging again what the ledger keeps: each event's facts go through the law once more, in the order of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from typing import Any, get_origin, get_type_hints

from hotline.ledger.record import Event
from hotline.organisation import queries as organisation
from hotline.policy import queries as policies
from hotline.workorder.facts import FACTS, Facts
from hotline.workorder.guards.joining import FOLLOWED
from hotline.workorder.lifecycle import PAST
from hotline.workorder.models import Order
from hotline.workorder.situation import Head
from tests.lives.standing import standing_faults
from tests.lives.walked import Walked

ACTIONS = {f"order.{past}": action.value for action, past in PAST.items()}


def replayed(
    rows: Mapping[int, Order], events: Iterable[Event], written: Mapping[tuple[int, int], set[str]]
) -> tuple[dict[int, Walked], list[str]]:
    """Every order as its events leave it, and what the law says against one of them.

    `written` are the kinds of text that came with a version of an order."""
    found: dict[int, Walked] = {}
    incidents: set[int] = set()  # orders of incidents that go on
    against = []
    for event in events:
        incidents = _in_incidents(incidents, event)
        action = ACTIONS.get(event.kind)
        row = rows[event.stream.id]
        if action is None:
            continue
        walked = found.get(row.pk) or _begun(row)
        found[row.pk] = walked
        facts = spoken(action, event.facts)
        texts = frozenset(written.get((row.pk, walked.version + 1), ()))
        head = _head(facts, found, rows, historic=event.recorded_at > event.at)
        head = replace(head, incident=head.id in incidents) if head is not None else None
        reasons, change = walked.judge(facts, event.actor, texts, event.at, head)
        if change is None:
            against.append(f"{event.stream} {event.seq} {event.kind}: {[reason.code for reason in reasons]}")
            continue
        walked.take(facts, event.actor, event.at, change)
        against += [f"{event.stream} after {event.kind} ({event.seq}): {fault}" for fault in _wrong(walked)]
    return found, against


def _in_incidents(before: set[int], event: Event) -> set[int]:
    """Who is in an incident, or carries one, after this event."""
    after = {
        "order.incident_joined": before | {event.stream.id},
        "order.merged": before | {event.stream.id} if event.facts.get("head_id") in before else before,
        "order.incident_restored": before - {event.stream.id},
    }
    return after.get(event.kind, before)


def _wrong(walked: Walked) -> Iterator[str]:
    still = {kind for kind, run in walked.running.items() if run.paused()}
    helping = any(each.run is not None and each.run.stopped_at is None for each in walked.helpers.values())
    return standing_faults(walked.order.state, walked.running.keys() - still, still, helping)


def _begun(row: Order) -> Walked:
    policy = policies.current(row.authority_id, row.registered_at)
    return Walked(row.authority_id, row.channel, policy, organisation.unit_index(row.authority_id), row.pk)


def _head(facts: Facts, found: Mapping[int, Walked], rows: Mapping[int, Order], historic: bool) -> Head | None:
    """The head as it stands; in a history it comes whole before its members, so that it was open then is believed."""
    head_id = getattr(facts, "head_id", None)
    if head_id not in found:
        return None
    now = found[head_id].order
    head = Head(head_id, rows[head_id].authority_id, now.state, now.head_id, now.unit_id, now.outcome)
    if historic and facts.action == "merge" and now.state not in FOLLOWED:
        return replace(head, state="signed", head_id=None)
    return head


@cache
def _hints(action: str) -> dict[str, Any]:
    return get_type_hints(FACTS[action])


def spoken(action: str, codes: Mapping[str, Any]) -> Facts:
    """The facts that an event keeps, as they were said."""
    kind, hints = FACTS[action], _hints(action)
    said = {each.name: _read(hints[each.name], codes[each.name]) for each in fields(kind) if each.name in codes}  # type: ignore[arg-type]
    return kind(**said)


def _read(hint: Any, value: Any) -> Any:
    if get_origin(hint) is tuple:
        return tuple(value)
    return datetime.fromisoformat(value) if "datetime" in str(hint) else value
