"""What must be true of every order, however it was lived: read from the database and the ledger afterwards."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hotline.clocks.models import Clock
from hotline.clocks.services.basis import of_row
from hotline.ledger import models as ledger_models
from hotline.ledger import queries as ledger
from hotline.ledger.record import Event
from hotline.workorder.guards.joining import FOLLOWED
from hotline.workorder.lifecycle import WAITS_IN, Action, State, who
from hotline.workorder.models import Assist, Note, Order
from hotline.workorder.queries.standing import snapshot
from tests.lives.replaying import ACTIONS, replayed
from tests.lives.standing import WITH_UNIT, standing_faults
from tests.lives.walked import Helper, Run, Walked

# What told the resident how it ended: one of these events, with these texts beside it.
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "order.answered": ("reply_public",), "order.replied": ("reply_public",), "order.reply_shared": ("reply_public",),
    "order.finally_answered": ("reply_public",), "order.referred": ("guidance",), "order.declined": ("guidance",),
    "order.transferred": ("guidance",), "order.withdrawn": (), "order.closed_along": (),
}  # fmt: skip


@dataclass
class Read:
    """What the database holds of some orders."""

    orders: dict[int, Order]
    events: list[Event]
    texts: dict[tuple[int, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    clocks: dict[int, list[Clock]] = field(default_factory=lambda: defaultdict(list))
    assists: dict[int, list[Assist]] = field(default_factory=lambda: defaultdict(list))
    help_clocks: dict[int, Clock] = field(default_factory=dict)


def read(ids: Sequence[int]) -> Read:
    """Everything of these orders. 6 statements."""
    rows = ledger_models.Event.objects.filter(stream_kind="order", stream_id__in=ids).order_by("pk")
    events = [ledger.event(row) for row in rows.values_list(*ledger.EVENT_COLUMNS)]
    found = Read(Order.objects.in_bulk(list(ids)), events)
    for order_id, version, kind in Note.objects.filter(order_id__in=ids).values_list("order_id", "version", "kind"):
        found.texts[order_id, version].add(kind)
    for clock in Clock.objects.filter(stream_kind="order", stream_id__in=ids).order_by("started_at", "round"):
        found.clocks[clock.stream_id].append(clock)
    for row in Assist.objects.filter(order_id__in=ids):
        found.assists[row.order_id].append(row)
    helping = {row.pk for rows in found.assists.values() for row in rows}
    for clock in Clock.objects.filter(stream_kind="assist", stream_id__in=helping):
        found.help_clocks[clock.stream_id] = clock
    return found


def faults(ids: Sequence[int]) -> tuple[list[str], Counter[str]]:
    """Every broken invariant in words, and how often each action was taken."""
    found = read(ids)
    walks, against = replayed(found.orders, found.events, found.texts)
    streams: dict[int, list[Event]] = defaultdict(list)
    for event in found.events:
        streams[event.stream.id].append(event)
    for order_id, row in found.orders.items():
        against += [f"order {order_id} ({row.state}): {fault}" for fault in _order_faults(found, row)]
        against += [
            f"order {order_id} ({row.state}): {fault}" for fault in _event_faults(found, row, streams[order_id])
        ]
        if order_id in walks:
            told = _replay_faults(found, row, walks[order_id])
            against += [f"order {order_id} ({row.state}): {fault}" for fault in told]
    taken = Counter(ACTIONS[event.kind] for event in found.events if event.kind in ACTIONS)
    return against, taken


def _order_faults(found: Read, row: Order) -> Iterator[str]:
    """What a row and its clocks must agree about."""
    open_state = State(row.state) in WAITS_IN
    if open_state == (row.ended_at is not None):
        yield f"a room waits for it: {open_state}, ended at {row.ended_at}"
    clocks = [clock for clock in found.clocks[row.pk] if clock.stopped_at is None]
    going = {clock.kind for clock in clocks if clock.paused_at is None}
    still = {clock.kind for clock in clocks if clock.paused_at is not None}
    helping = [found.help_clocks[each.pk] for each in found.assists[row.pk] if each.pk in found.help_clocks]
    yield from standing_faults(row.state, going, still, any(clock.stopped_at is None for clock in helping))
    units = {each.unit_id for each in found.assists[row.pk]}
    if row.assisting != len(found.assists[row.pk]):
        yield f"{row.assisting} are said to assist, {len(found.assists[row.pk])} do"
    if row.state in WITH_UNIT and (row.unit_id is None or row.unit_id in units):
        yield f"unit {row.unit_id} leads, these assist: {units}"
    if row.state == "merged":
        yield from _merged_faults(found, row)


def _merged_faults(found: Read, row: Order) -> Iterator[str]:
    head = found.orders.get(row.head_id or 0) or Order.objects.filter(pk=row.head_id).first()
    if head is None:
        yield "merged into nothing"
    elif head.authority_id != row.authority_id:
        yield "merged into another city's order"
    elif head.state not in FOLLOWED:
        yield f"its head is {head.state}, and it was forgotten"


def _event_faults(found: Read, row: Order, events: Sequence[Event]) -> Iterator[str]:
    """What the stream must say: who did each thing, a version for each, and what the resident was told at the end."""
    moves = [event for event in events if event.kind in ACTIONS]
    if [event.facts.get("version") for event in moves] != list(range(1, row.version + 1)):
        yield f"version {row.version} after {len(moves)} moves"
    for event in moves:
        yield from _actor_faults(row, event)
    if State(row.state) not in WAITS_IN and not _answered(found, row, moves):
        yield f"ended, and the resident does not know how: {[event.kind for event in moves][-4:]}"


def _actor_faults(row: Order, event: Event) -> Iterator[str]:
    actor = event.actor
    role = actor.role if actor.kind == "staff" else actor.kind
    if role not in who(ACTIONS[event.kind]):
        yield f"{event.kind} by {actor}"
    if actor.kind == "staff" and not (actor.id and actor.role and actor.unit_id):
        yield f"{event.kind} by nobody: {actor}"
    if actor.kind == "resident" and event.kind != "order.registered" and actor.id != f"order:{row.pk}":
        yield f"{event.kind} by another resident: {actor}"


def _answered(found: Read, row: Order, moves: Sequence[Event]) -> bool:
    begun = max((place for place, event in enumerate(moves) if event.kind == "order.reopened"), default=0)
    return any(
        event.kind in ANSWERS and set(ANSWERS[event.kind]) <= found.texts[row.pk, int(str(event.facts["version"]))]
        for event in moves[begun:]
    )


def _replay_faults(found: Read, row: Order, walked: Walked) -> Iterator[str]:
    """The stored row and clocks are what the events, judged again, lead to."""
    stored, again = snapshot(row), walked.order
    for name in stored.__dataclass_fields__:
        mine, theirs = getattr(stored, name), getattr(again, name)
        if mine != theirs and not (name == "policy_version_id" and theirs is None):
            yield f"{name} is {mine}, judged again {theirs}"
    runs = sorted([*walked.done, *walked.running.values()], key=lambda run: (run.kind, run.started_at))
    rows = sorted(found.clocks[row.pk], key=lambda clock: (clock.kind, clock.round))
    if [run.kind for run in runs] != [clock.kind for clock in rows]:
        yield f"clocks {[clock.kind for clock in rows]}, judged again {[run.kind for run in runs]}"
    else:
        for clock, run in zip(rows, runs, strict=True):
            yield from _clock_faults(clock, run)
    yield from _help_faults(found, row, walked.helpers)


def _help_faults(found: Read, row: Order, helpers: Mapping[int, Helper]) -> Iterator[str]:
    rows = {each.unit_id: each for each in found.assists[row.pk]}
    if set(rows) != set(helpers):
        yield f"units {sorted(rows)} assist, judged again {sorted(helpers)}"
        return
    for unit_id, helper in helpers.items():
        clock = found.help_clocks.get(rows[unit_id].pk)
        if rows[unit_id].replied_at != helper.replied_at:
            yield f"unit {unit_id} answered at {rows[unit_id].replied_at}, judged again {helper.replied_at}"
        if (clock is None) != (helper.run is None):
            yield f"clock of the assisting unit {unit_id}: {clock}, judged again {helper.run}"
        elif clock is not None and helper.run is not None:
            yield from _clock_faults(clock, helper.run)


def _clock_faults(clock: Clock, run: Run) -> Iterator[str]:
    now = run.reckoned(of_row(clock, run.policy).calendar)
    stored = {name: getattr(clock, name) for name in now._fields}
    again = now._asdict() | {"outcome": run.ended_as(now), "stopped_at": run.stopped_at, "started_at": run.started_at}
    stored |= {name: getattr(clock, name) for name in ("outcome", "stopped_at", "started_at")}
    for name, theirs in again.items():
        if stored[name] != theirs:
            yield f"clock {clock.kind}/{clock.round}: {name} is {stored[name]}, judged again {theirs}"


def missing(taken: Counter[str], least: int) -> dict[str, int]:
    """The actions of the law that were taken less often."""
    return {action.value: taken[action.value] for action in Action if taken[action.value] < least}
