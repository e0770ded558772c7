"""Whole histories at once: imported or simulated lives become orders, each step judged by the law.

A life that the law does not allow goes to quarantine whole. Historic events cause nothing: no message is sent, no
reaction runs; the search tokens and clocks are made here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import connection, transaction

from hotline.clocks import services as clocks
from hotline.clocks.services import HistoryClock
from hotline.ledger import services as ledger
from hotline.ledger.record import Actor, Draft, Stream
from hotline.refusal import Reason
from hotline.vault import cipher
from hotline.vault import services as vault
from hotline.vault.cipher import OpenKey
from hotline.workorder import notes
from hotline.workorder.lifecycle import PAST, Action
from hotline.workorder.models import Assist, Note, Order, QuarantinedLife
from hotline.workorder.queries.codes import code_index, new_code
from hotline.workorder.services.finding import store
from hotline.workorder.services.living import Help, Life, Lived, Step, live
from hotline.workorder.services.moving import told
from hotline.workorder.services.registering import facts_of
from hotline.workorder.services.ticking import ASSIST, clock_changes
from hotline.workorder.situation import Head, Snapshot

BATCH = 500
KEPT = tuple(each.name for each in fields(Snapshot) if each.name != "members")


@dataclass(frozen=True)
class Appended:
    """How many lives became orders, and how many the law refused."""

    created: int
    quarantined: int


def reserve(*, count: int, at: datetime) -> list[int]:
    """Ids for lives that other lives name. 1 statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('workorder_order', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [row[0] for row in cursor.fetchall()]


def append_lives(*, lives: Iterable[Life], at: datetime) -> Appended:
    """Take in lives, `BATCH` to a transaction. About 10 statements a batch. Orders come out in the order of `lives`.

    What is merged is judged against its head as it ended in an earlier life: that the head was open then is the word of
    whoever hands the history over."""
    created = refused = 0
    feed, ended = iter(lives), dict[int, Head]()
    while batch := list(itertools.islice(feed, BATCH)):
        good, bad = _judged(batch, ended)
        with transaction.atomic():
            _quarantine(bad, at)
            _write(good, at)
        created, refused = created + len(good), refused + len(bad)
    return Appended(created, refused)


def _judged(
    batch: Sequence[Life], ended: dict[int, Head]
) -> tuple[list[Lived], list[tuple[Life, int, tuple[Reason, ...]]]]:
    good: list[Lived] = []
    bad: list[tuple[Life, int, tuple[Reason, ...]]] = []
    for life in batch:
        found = live(life, ended)
        if isinstance(found, Lived):
            good.append(found)
            if life.order_id is not None:
                now = found.order
                ended[life.order_id] = Head(
                    life.order_id, life.new.authority_id, now.state, now.head_id, now.unit_id, now.outcome
                )
        else:
            bad.append((life, *found))
    return good, bad


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


def _write(good: Sequence[Lived], at: datetime) -> None:
    if not good:
        return
    keys = vault.create_keys(parents=[lived.life.new.parent_key for lived in good], at=at)
    codes = [new_code() for _ in good]
    orders = Order.objects.bulk_create(
        _row(lived, key, code) for lived, key, code in zip(good, keys, codes, strict=True)
    )
    written: list[Note] = []
    drafts: list[Draft] = []
    assists: dict[int, list[Assist]] = {}
    clock_rows: list[HistoryClock] = []
    for lived, order, key, code in zip(good, orders, keys, codes, strict=True):
        written += _notes(lived.life, order.pk, key, code)
        drafts += _drafts(lived, order.pk, key)
        assists[order.pk] = [_assist(order.pk, unit, told) for unit, told in lived.helping.items()]
        clock_rows += _clocks(lived, Stream("order", order.pk))
    Note.objects.bulk_create(written, batch_size=2000)
    Assist.objects.bulk_create(row for rows in assists.values() for row in rows)
    for lived, order in zip(good, orders, strict=True):
        clock_rows += _help_clocks(lived, assists[order.pk])
    ledger.append_history(drafts=drafts, at=at)
    clocks.append_history(rows=clock_rows, at=at)
    store({order.pk: _searched(lived.life) for order, lived in zip(orders, good, strict=True)})


def _assist(order_id: int, unit_id: int, told: Help) -> Assist:
    return Assist(order_id=order_id, unit_id=unit_id, replied_at=told.replied_at)


def _row(lived: Lived, key: OpenKey, code: str) -> Order:
    new, now = lived.life.new, lived.order
    kept = {name: getattr(now, name) for name in KEPT}
    return Order(
        id=lived.life.order_id,
        authority_id=new.authority_id,
        number=lived.life.number,
        query_code_index=code_index(lived.life.number, code),
        channel=new.channel,
        line=new.line,
        resident_id=new.resident_id,
        key_id=key.id,
        secret=new.secret,
        registered_at=lived.life.registered_at,
        own_at=new.own_at,
        version=1 + len(lived.life.steps),
        split_from_id=new.split_from_id,
        **{**kept, "policy_version_id": now.policy_version_id or lived.policy.id},
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


def _drafts(lived: Lived, order_id: int, key: OpenKey) -> list[Draft]:
    life = lived.life
    stream = Stream("order", order_id)
    mine = Actor("resident", id=str(stream))
    registered = facts_of(life.new, vault.commitment(key, life.new.texts["appeal"]))
    steps = [Step(registered, life.actor, life.registered_at), *life.steps]
    states = ["", *(tick.change.order.state for tick in lived.ticks)]
    return [
        Draft(
            stream,
            f"order.{PAST[Action(step.facts.action)]}",
            told(step.facts, version, states[version - 1], states[version]),
            mine if step.actor.kind == "resident" else step.actor,
            step.at,
            history=True,
        )
        for version, step in enumerate(steps, 1)
    ]


def _clocks(lived: Lived, stream: Stream) -> list[HistoryClock]:
    """The clocks of a life: each start with what happened to it and what ended it."""
    running: dict[str, HistoryClock] = {}
    done: list[HistoryClock] = []
    channel, units = lived.life.new.channel, lived.units
    for tick in lived.ticks:
        step, change, policy = tick.step, tick.change, tick.policy
        for each in clock_changes(change.clocks, step.facts, tick.before, change.order, channel, policy, units):
            if each.verb == "start":
                if each.kind in running:
                    done.append(running.pop(each.kind).ended("cancel", step.at))
                running[each.kind] = HistoryClock(stream, each.kind, policy, step.at, each.limit, None, None,
                                                  until=each.until)  # fmt: skip
            elif each.kind not in running:
                continue
            elif each.verb in ("stop", "cancel"):
                done.append(running.pop(each.kind).ended(each.verb, step.at))
            else:
                running[each.kind] = running[each.kind].changed(each, step.at)
    return [*done, *running.values()]


def _help_clocks(lived: Lived, rows: Sequence[Assist]) -> list[HistoryClock]:
    """The clocks of the assisting units that are left at the end of a life."""
    found = []
    for row in rows:
        told = lived.helping[row.unit_id]
        if told.limit is not None:
            stream = Stream(ASSIST, row.pk)
            clock = HistoryClock(stream, ASSIST, told.policy, told.started_at, told.limit, None, None)
            found.append(clock.ended(told.verb, told.ended_at) if told.ended_at is not None else clock)
    return found


def _searched(life: Life) -> str:
    found = [life.new.texts, *(step.texts for step in life.steps)]
    return "\n".join(words for texts in found for kind, words in texts.items() if kind in notes.SEARCHED)
