"""Registering: an appeal becomes an order, with a number, a secret code, sealed texts and its first event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from hotline.ledger import services as ledger
from hotline.ledger.record import Actor, Draft, Stream
from hotline.organisation import queries as organisation
from hotline.policy import queries as policy_queries
from hotline.policy import services as policy_services
from hotline.policy.policy import Policy
from hotline.refusal import Refused
from hotline.vault import cipher
from hotline.vault import services as vault
from hotline.vault.cipher import OpenKey
from hotline.workorder import notes
from hotline.workorder.facts import Registered
from hotline.workorder.lifecycle import judge
from hotline.workorder.models import Note, Order
from hotline.workorder.queries.codes import code_index, new_code
from hotline.workorder.situation import Situation, Snapshot


@dataclass(frozen=True)
class NewOrder:
    """What intake hands over. `parent_key` wraps the order's own key: the resident's, or the authority's if nobody
    is named. `texts` are by note kind; "appeal" is required. Moments are aware."""

    authority_id: int
    channel: str
    parent_key: OpenKey
    texts: Mapping[str, str]
    resident_id: int | None = None
    line: str = ""
    kind: str = ""
    matter_code: str = ""
    area_code: str = ""
    urgency: str = "normal"
    secret: bool = False
    anonymous: bool = False
    own_at: datetime | None = None
    source: str = ""


@dataclass(frozen=True)
class Taken:
    """The registered order and its key; `query_code` is told to the resident, and kept only sealed and as an index."""

    order_id: int
    number: str
    query_code: str = field(repr=False)
    stream: Stream
    key: OpenKey


@transaction.atomic
def register(*, new: NewOrder, actor: Actor, at: datetime) -> Taken:
    """Take an appeal in. Raises `Refused` when the law does not allow it. 5 statements."""
    policy = policy_queries.current(new.authority_id, at)
    _lawful(new, actor, policy)
    (key,) = vault.create_keys(parents=[new.parent_key], at=at)
    number = policy_services.next_number(authority_id=new.authority_id, at=at)
    code = new_code()
    order = Order.objects.create(
        authority_id=new.authority_id,
        number=number,
        query_code_index=code_index(number, code),
        state="registered",
        kind=new.kind,
        matter_code=new.matter_code,
        area_code=new.area_code,
        urgency=new.urgency,
        channel=new.channel,
        line=new.line,
        resident_id=new.resident_id,
        key_id=key.id,
        secret=new.secret,
        registered_at=at,
        own_at=new.own_at,
        policy_version_id=policy.id,
    )
    stream = Stream("order", order.pk)
    write_notes(order.pk, 1, {**new.texts, notes.QUERY_CODE: code}, key, at)
    facts = facts_of(new, vault.commitment(key, new.texts["appeal"]))
    ledger.append(
        drafts=[Draft(stream, "order.registered", {**facts.codes(), "version": 1}, actor, at)],
        at=at,
    )
    return Taken(order.pk, number, code, stream, key)


def facts_of(new: NewOrder, appeal: str) -> Registered:
    """What the ledger keeps of a new order; `appeal` is the commitment to its text."""
    return Registered(
        channel=new.channel,
        line=new.line,
        kind=new.kind,
        matter_code=new.matter_code,
        area_code=new.area_code,
        urgency=new.urgency,
        secret=new.secret,
        anonymous=new.anonymous,
        own_at=new.own_at,
        source=new.source,
        appeal=appeal,
    )


def _lawful(new: NewOrder, actor: Actor, policy: Policy) -> None:
    areas = organisation.areas(new.authority_id)
    case = Situation(
        order=Snapshot(),
        actor=actor,
        facts=facts_of(new, ""),
        texts={kind for kind, words in new.texts.items() if words},
        known_matters=policy.matters.keys(),
        known_areas={new.area_code} if areas.get(new.area_code) is not None else frozenset(),
    )
    reasons, _ = judge("register", case)
    if reasons:
        raise Refused(*reasons)


def write_notes(order_id: int, version: int, texts: Mapping[str, str], key: OpenKey, at: datetime) -> None:
    """Seal and keep the texts that came with one version of the order. 1 statement, none when there are none."""
    written = [
        Note(
            order_id=order_id,
            kind=kind,
            version=version,
            body=cipher.seal(key, words, context=notes.context(order_id, kind)),
            written_at=at,
        )
        for kind, words in texts.items()
        if words
    ]
    if written:
        Note.objects.bulk_create(written)
