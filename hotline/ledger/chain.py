"""The chain: the canonical bytes of an event, its hash, and how a row is held against both.

The body of an event is ASCII JSON `{"stream":…,"seq":…,` + tail, with the keys of `_tail` in this order, names of facts
sorted, no spaces, times in UTC with microseconds. Its hash is SHA-256 over the previous hash and these bytes. The
database's `ledger_append` puts seq and body together in the same way; a test holds the two against each other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from hotline.ledger.record import Actor, Draft, Stream

_ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False)
GENESIS = bytes(32)  # the hash before the first event of a stream, and before the first anchor


def tail(draft: Draft, recorded_at: datetime) -> str:
    """The part of an event's body that is known before its place in the stream is."""
    document = {
        "kind": draft.kind,
        "at": moment(draft.at),
        "recorded_at": moment(recorded_at),
        "actor": actor_document(draft.actor),
        "facts": {name: draft.facts[name] for name in sorted(draft.facts)},
    }
    return canonical(document)[1:]


def body(stream: Stream, seq: int, tail: str) -> str:
    """An event's whole body: what is stored and hashed."""
    return f'{{"stream":"{stream}","seq":{seq},{tail}'


def link(previous: bytes, body: str) -> bytes:
    """The hash of an event or anchor: 32 bytes over the previous hash and the stored body."""
    return hashlib.sha256(previous + body.encode()).digest()


def moment(at: datetime) -> str:
    """A time as the ledger writes it: UTC, microseconds, "Z"."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def canonical(document: object) -> str:
    """JSON in ASCII without spaces; order of keys as given."""
    return _ENCODER.encode(document)


def actor_document(actor: Actor) -> dict[str, object]:
    """An actor as it is written in the body: only what is known, always in the same order."""
    parts = {"kind": actor.kind, "id": actor.id, "role": actor.role, "unit_id": actor.unit_id}
    return {name: value for name, value in parts.items() if value is not None}


@dataclass(frozen=True)
class Row:
    """An event as the table holds it; `facts` is the column's JSON text."""

    id: int
    stream: Stream
    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    actor: Actor
    facts: str
    body: str
    hash: bytes


@dataclass(frozen=True)
class Break:
    """Where the proof fails first: the event (or anchor), what differs (a code) and how, in words."""

    stream: str | None
    seq: int | None
    event_id: int | None
    what: str
    detail: str


def check_row(row: Row, expected_seq: int, previous: bytes) -> Break | None:
    """Hold one row against its place, its hash and its own body; None when all agree."""
    if row.seq != expected_seq:
        return _break(row, "gap", f"expected event {expected_seq}, found {row.seq}")
    if link(previous, row.body) != row.hash:
        return _break(row, "hash", "the stored hash is not that of the previous hash and the stored body")
    try:
        document = json.loads(row.body, parse_float=Decimal)
        facts = json.loads(row.facts, parse_float=Decimal)
    except ValueError:
        return _break(row, "body", "the stored body is not JSON")
    if not isinstance(document, dict):
        return _break(row, "body", "the stored body is not an event")
    for what, column in _columns(row, facts):
        if column != document.get(what):
            return _break(row, what, f"the column {what} is not what the body says")
    return None


def _columns(row: Row, facts: object) -> Iterator[tuple[str, object]]:
    yield "stream", str(row.stream)
    yield "seq", row.seq
    yield "kind", row.kind
    yield "at", moment(row.at)
    yield "recorded_at", moment(row.recorded_at)
    yield "actor", actor_document(row.actor)
    yield "facts", facts


def _break(row: Row, what: str, detail: str) -> Break:
    return Break(str(row.stream), row.seq, row.id, what, detail)


class Walk:
    """Walks the rows of all streams in order (stream, then seq) and stops at the first break.

    Feed it every row with the head of its stream, then `end()`; `events` and `streams` count what was walked.
    """

    def __init__(self) -> None:
        self.events = 0
        self.streams = 0
        self._stream: Stream | None = None
        self._seq = 0
        self._hash = GENESIS
        self._event_id: int | None = None
        self._head: tuple[int, bytes] | None = None

    def row(self, row: Row, head: tuple[int, bytes] | None) -> Break | None:
        """The next row, and (seq, hash) of its stream's head, None when the stream has none."""
        if row.stream != self._stream:
            found = self.end()
            if found:
                return found
            self._start(row.stream, head)
        found = check_row(row, self._seq + 1, self._hash)
        if found:
            return found
        self.events += 1
        self._seq, self._hash, self._event_id = row.seq, row.hash, row.id
        return None

    def end(self) -> Break | None:
        """Hold the stream walked last against its head."""
        if self._stream is None:
            return None
        name, seq, event_id = str(self._stream), self._seq, self._event_id
        if self._head is None:
            return Break(name, seq, event_id, "head", "the stream has events but no head")
        if self._head[0] != seq:
            return Break(name, seq, event_id, "head", f"the head counts {self._head[0]} events, the stream has {seq}")
        if self._head[1] != self._hash:
            return Break(name, seq, event_id, "head", "the head's hash is not that of the last event")
        return None

    def _start(self, stream: Stream, head: tuple[int, bytes] | None) -> None:
        self.streams += 1
        self._stream, self._head = stream, head
        self._seq, self._hash = 0, GENESIS
