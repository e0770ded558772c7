"""What the ledger writes down: drafts of events, events, and the guard that keeps texts and identities out of them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

Scalar = str | int | float | bool | None
Json = Scalar | Sequence[Scalar]

ACTOR_KINDS = ("staff", "resident", "system", "machine", "partner")
STRING_LIMIT = 200  # characters
LIST_LIMIT = 1000  # entries
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_EVENT_KIND = re.compile(r"[a-z][a-z0-9_]{0,31}\.[a-z][a-z0-9_]{0,63}")
_CODE = re.compile(r"[\x20-\x7e]*")
# A value that *is* a mobile, landline or identity number; digits inside longer codes and hashes are left alone.
_IDENTITY = re.compile(r"(\+?86[ -]?)?1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\d{17}[\dXx]")
_INTEGER_LIMIT = 2**63


class BadDraft(ValueError):
    """The calling code tried to write what no ledger may hold; it is to be mended, not shown to a person."""


@dataclass(frozen=True)
class Actor:
    """Who did it: `kind` is one of ACTOR_KINDS, `id` is an internal id (never a name), `role` a code."""

    kind: str
    id: str | None = None
    role: str | None = None
    unit_id: int | None = None


SYSTEM = Actor("system")


@dataclass(frozen=True, order=True)
class Stream:
    """One chain of events: an order, a resident's file, a policy. `str()` gives "order:12"."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @staticmethod
    def parse(text: str) -> Stream:
        """The stream that `str()` wrote. Raises ValueError."""
        kind, colon, number = text.partition(":")
        if not (colon and _NAME.fullmatch(kind) and number.isascii() and number.isdigit()):
            raise ValueError(f"a stream is written like order:12, not {text!r}")
        return Stream(kind, int(number))


@dataclass(frozen=True)
class Draft:
    """An event to be appended: `kind` is "<noun>.<past participle>", `at` when it happened (aware).

    Facts are codes, ids, times, amounts and commitments, or lists of them. History causes nothing: no pending row.
    """

    stream: Stream
    kind: str
    facts: Mapping[str, Json]
    actor: Actor
    at: datetime
    history: bool = False


@dataclass(frozen=True)
class Event:
    """An event as it stands in the ledger; `seq` counts from 1 in its stream, `hash` is 64 hex digits."""

    id: int
    stream: Stream
    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    actor: Actor
    facts: Mapping[str, Json]
    hash: str


def check(draft: Draft) -> None:
    """Raise BadDraft, naming the place, when a draft holds anything but codes, ids, times and amounts."""
    if not (_NAME.fullmatch(draft.stream.kind) and 0 <= draft.stream.id < _INTEGER_LIMIT):
        raise BadDraft(f"stream {draft.stream}: a kind like order and an id from 0 on")
    if not _EVENT_KIND.fullmatch(draft.kind):
        raise BadDraft(f"event kind {draft.kind!r}: write it like order.registered")
    if draft.at.tzinfo is None:
        raise BadDraft(f"{draft.kind}: its time has no time zone")
    _check_actor(draft.kind, draft.actor)
    for name, value in draft.facts.items():
        where = f"{draft.kind}: fact {name!r}"
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise BadDraft(f"{where}: names are lower-case words")
        _check_value(where, value)


def _check_actor(kind: str, actor: Actor) -> None:
    if actor.kind not in ACTOR_KINDS:
        raise BadDraft(f"{kind}: actor kind {actor.kind!r} is none of {', '.join(ACTOR_KINDS)}")
    for part, value in (("id", actor.id), ("role", actor.role)):
        if value is not None and not isinstance(value, str):
            raise BadDraft(f"{kind}: the actor's {part} is a string")
        _check_scalar(f"{kind}: the actor's {part}", value)
    if actor.unit_id is not None and (isinstance(actor.unit_id, bool) or not isinstance(actor.unit_id, int)):
        raise BadDraft(f"{kind}: the actor's unit id is a number")


def _check_value(where: str, value: Json) -> None:
    if isinstance(value, list | tuple):
        if len(value) > LIST_LIMIT:
            raise BadDraft(f"{where}: {len(value)} entries, at most {LIST_LIMIT}")
        for entry in value:
            _check_scalar(where, entry)
    else:
        _check_scalar(where, value)


def _check_scalar(where: str, value: object) -> None:
    if isinstance(value, str):
        _check_code(where, value)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise BadDraft(f"{where}: {value} is no amount")
    elif isinstance(value, int):
        if not -_INTEGER_LIMIT <= value < _INTEGER_LIMIT:
            raise BadDraft(f"{where}: the number is too large")
    elif value is not None:
        raise BadDraft(f"{where}: {type(value).__name__} is neither a code nor a number nor a flat list of them")


def _check_code(where: str, value: str) -> None:
    # The value stays out of the message: it may be what must not be written anywhere.
    if len(value) > STRING_LIMIT:
        raise BadDraft(f"{where}: {len(value)} characters are a text, not a code; seal it and give a commitment")
    if not _CODE.fullmatch(value):
        raise BadDraft(f"{where}: only printable ASCII; a text or name is sealed, the ledger gets a commitment")
    if _IDENTITY.fullmatch(value):
        raise BadDraft(f"{where}: this is a phone or identity number; the ledger gets ids only")
