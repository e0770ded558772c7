"""Whole histories at once: imported or simulated lives become orders, each step judged by the law.

A life that the law does not allow goes to quarantine whole. Historic events cause nothing: no message is sent, no
reaction runs; the search tokens and clocks are made here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from hotline.clocks import services as clocks
from hotline.clocks.services import HistoryClock
from hotline.ledger import services as ledger
from hotline.ledger.record import Actor, Draft, Stream
from hotline.organisation import queries as organisation
from hotline.organisation.tree import UnitIndex
from hotline.policy import queries as policy_queries
from hotline.policy.policy import Policy
from hotline.refusal import Reason
from hotline.vault import cipher
from hotline.vault import services as vault
from hotline.vault.cipher import OpenKey
from hotline.workorder import notes
from hotline.workorder.facts import Dispatched, Facts, Redispatched
from hotline.workorder.lifecycle import PAST, Action, Effect, judge
from hotline.workorder.models import Assist, Note, Order, QuarantinedLife
from hotline.workorder.queries.codes import code_index, new_code
from hotline.workorder.services.finding import store
from hotline.workorder.services.moving import clock_changes
from hotline.workorder.services.registering import NewOrder, facts_of
from hotline.workorder.situation import Situation, Snapshot

BATCH = 500


@dataclass(frozen=True)
class Step:
    """One action of a life, as it was taken."""

    facts: Facts
    actor: Actor
    at: datetime
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Life:
    """An order from its registration on; `number` is its own number, `source_ref` names it for the quarantine."""

    number: str
    new: NewOrder
    actor: Actor
    registered_at: datetime
    steps: tuple[Step, ...] = ()
    source_ref: str = ""


@dataclass(frozen=True)
class Appended:
    """How many lives became orders, and how many the law refused."""

    created: int
    quarantined: int


@dataclass
class _Lived:
    """A life that the law allows, worked out to its present state."""

    life: Life
    order: Snapshot
    policy: Policy
    started: list[tuple[Effect, Snapshot, datetime]]


def append_lives(*, lives: Iterable[Life], at: datetime) -> Appended:
    """Take in lives, `BATCH` to a transaction. About 10 statements a batch. Orders come out in the order of `lives`."""
    created = refused = 0
    feed = iter(lives)
    while batch := list(itertools.islice(feed, BATCH)):
        good, bad = _judged(batch)
        with transaction.atomic():
            _quarantine(bad, at)
            _write(good, at)
        created, refused = created + len(good), refused + len(bad)
    return Appended(created, refused)


def _judged(batch: Sequence[Life]) -> tuple[list[_Lived], list[tuple[Life, int, tuple[Reason, ...]]]]:
    good: list[_Lived] = []
    bad: list[tuple[Life, int, tuple[Reason, ...]]] = []
    for life in batch:
        found = _live(life)
        if isinstance(found, _Lived):
            good.append(found)
        else:
            bad.append((life, *found))
    return good, bad


def _live(life: Life) -> _Lived | tuple[int, tuple[Reason, ...]]:
    """Walk the law step by step: the present state, or the number of the first unlawful step and why."""
    policy = policy_queries.current(life.new.authority_id, life.registered_at)
    units = organisation.unit_index(life.new.authority_id)
    order = Snapshot()
    started: list[tuple[Effect, Snapshot, datetime]] = []
    for number, step in enumerate((_first(life), *life.steps)):
        reasons, change = judge(step.facts.action, _case(life, order, step, units, policy))
        if change is None:
            return number, reasons
        order = _placed(change.order, units)
        started += [(effect, order, step.at) for effect in change.clocks]
    return _Lived(life, order, policy, started)


def _first(life: Life) -> Step:
    return Step(facts_of(life.new, ""), life.actor, life.registered_at, life.new.texts)


def _placed(order: Snapshot, units: UnitIndex) -> Snapshot:
    unit = units.get(order.unit_id) if order.unit_id is not None else None
    return Snapshot(**{**order.__dict__, "unit_path": unit.path if unit else ""})


def _case(life: Life, order: Snapshot, step: Step, units: UnitIndex, policy: Policy) -> Situation:
    own = units.get(step.actor.unit_id) if step.actor.unit_id is not None else None
    actor = step.actor
    area = getattr(step.facts, "area_code", "")
    known = bool(area) and organisation.areas(life.new.authority_id).get(area) is not None
    wanted = [getattr(step.facts, "unit_id", None), *getattr(step.facts, "assist_ids", ())]
    return Situation(
        order=order,
        actor=Actor("resident", id="order:0") if actor.kind == "resident" else actor,
        facts=step.facts,
        actor_path=own.path if own else "",
        texts={kind for kind, words in step.texts.items() if words},
        attempts_needed=policy.callback.attempts,
        known_units={unit for unit in wanted if (found := units.get(unit)) is not None and found.active},
        known_matters=policy.matters.keys(),
        known_areas={area} if known else frozenset(),
    )


def _quarantine(bad: Sequence[tuple[Life, int, tuple[Reason, ...]]], at: datetime) -> None:
    QuarantinedLife.objects.bulk_create(
        QuarantinedLife(
            authority_id=life.new.authority_id,
            source_ref=(life.source_ref or life.number)[:200],
            step=step,
            reasons=[reason.code for reason in reasons],
            quarantined_at=at,
        )
        for life, step, reasons in bad
    )


def _write(good: Sequence[_Lived], at: datetime) -> None:
    if not good:
        return
    keys = vault.create_keys(parents=[lived.life.new.parent_key for lived in good], at=at)
    codes = [new_code() for _ in good]
    orders = Order.objects.bulk_create(
        _row(lived, key, code) for lived, key, code in zip(good, keys, codes, strict=True)
    )
    written: list[Note] = []
    drafts: list[Draft] = []
    assists: list[Assist] = []
    clock_rows: list[HistoryClock] = []
    for lived, order, key, code in zip(good, orders, keys, codes, strict=True):
        written += _notes(lived.life, order.pk, key, code)
        drafts += _drafts(lived.life, order.pk, key)
        assists += _assists(lived.life, order.pk)
        clock_rows += _clocks(lived, Stream("order", order.pk))
    Note.objects.bulk_create(written, batch_size=2000)
    Assist.objects.bulk_create(assists)
    ledger.append_history(drafts=drafts, at=at)
    clocks.append_history(rows=clock_rows, at=at)
    store({order.pk: _searched(lived.life) for order, lived in zip(orders, good, strict=True)})


def _row(lived: _Lived, key: OpenKey, code: str) -> Order:
    new, now = lived.life.new, lived.order
    return Order(
        authority_id=new.authority_id,
        number=lived.life.number,
        query_code_index=code_index(lived.life.number, code),
        state=now.state,
        outcome=now.outcome,
        kind=now.kind,
        matter_code=now.matter_code,
        area_code=now.area_code,
        urgency=now.urgency,
        channel=new.channel,
        line=new.line,
        unit_id=now.unit_id,
        resident_id=new.resident_id,
        key_id=key.id,
        secret=new.secret,
        registered_at=lived.life.registered_at,
        own_at=new.own_at,
        policy_version_id=lived.policy.id,
        rounds=now.rounds,
        returns=now.returns,
        attempts=now.attempts,
        solved=now.solved,
        version=1 + len(lived.life.steps),
    )


def _texts(life: Life, code: str) -> list[tuple[int, datetime, Mapping[str, str]]]:
    first = (1, life.registered_at, {**life.new.texts, notes.QUERY_CODE: code})
    return [first, *((number, step.at, step.texts) for number, step in enumerate(life.steps, 2))]


def _notes(life: Life, order_id: int, key: OpenKey, code: str) -> list[Note]:
    return [
        Note(
            order_id=order_id,
            kind=kind,
            version=version,
            body=cipher.seal(key, words, context=notes.context(order_id, kind)),
            written_at=written_at,
        )
        for version, written_at, texts in _texts(life, code)
        for kind, words in texts.items()
        if words
    ]


def _drafts(life: Life, order_id: int, key: OpenKey) -> list[Draft]:
    stream = Stream("order", order_id)
    mine = Actor("resident", id=str(stream))
    registered = facts_of(life.new, vault.commitment(key, life.new.texts["appeal"]))
    steps = [Step(registered, life.actor, life.registered_at), *life.steps]
    return [
        Draft(
            stream,
            f"order.{PAST[Action(step.facts.action)]}",
            {**step.facts.codes(), "version": version},
            mine if step.actor.kind == "resident" else step.actor,
            step.at,
            history=True,
        )
        for version, step in enumerate(steps, 1)
    ]


def _assists(life: Life, order_id: int) -> list[Assist]:
    """The assisting units of the last dispatch."""
    last = [step.facts for step in life.steps if isinstance(step.facts, Dispatched | Redispatched)][-1:]
    return [Assist(order_id=order_id, unit_id=unit) for facts in last for unit in facts.assist_ids]


def _clocks(lived: _Lived, stream: Stream) -> list[HistoryClock]:
    """The clocks of a life: each start with the stop or cancel that ended it."""
    running: dict[str, HistoryClock] = {}
    done: list[HistoryClock] = []
    for effect, order, at in lived.started:
        if effect.verb == "start":
            (change,) = clock_changes([effect], order, lived.life.new.channel, lived.policy)
            if change.limit is not None:
                running[effect.what] = HistoryClock(stream, effect.what, lived.policy, at, change.limit, None, None)
        elif effect.what in running:
            done.append(running.pop(effect.what).ended(effect.verb, at))
    return [*done, *running.values()]


def _searched(life: Life) -> str:
    found = [life.new.texts, *(step.texts for step in life.steps)]
    return "\n".join(words for texts in found for kind, words in texts.items() if kind in notes.SEARCHED)
