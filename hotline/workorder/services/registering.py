"""Registering: an appeal becomes an order, with a number, a secret code, sealed texts and its first event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from hotline.clocks import services as clocks
from hotline.clocks.change import Change
from hotline.ledger import services as ledger
from hotline.ledger.record import Actor, Draft, Stream
from hotline.policy import queries as policy_queries
from hotline.policy import services as policy_services
from hotline.policy.policy import Policy
from hotline.refusal import Refused
from hotline.rows import insert
from hotline.vault import cipher
from hotline.vault import services as vault
from hotline.vault.cipher import OpenKey
from hotline.workorder import notes
from hotline.workorder.facts import Registered
from hotline.workorder.lifecycle import judge
from hotline.workorder.models import Note, Order
from hotline.workorder.queries.codes import code_index, new_code
from hotline.workorder.queries.standing import Looked, case_of
from hotline.workorder.services.ticking import clock_changes
from hotline.workorder.situation import Snapshot


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
    split_from_id: int | None = None


@dataclass(frozen=True)
class Taken:
    """The registered order and its key; `query_code` is told to the resident, and kept only sealed and as an index."""

    order_id: int
    number: str
    query_code: str = field(repr=False)
    stream: Stream
    key: OpenKey


@transaction.atomic(savepoint=False)
def register(*, new: NewOrder, actor: Actor, at: datetime) -> Taken:
    """Take an appeal in. Raises `Refused` when the law does not allow it. 5 statements."""
    return register_many(new=[new], actor=actor, at=at)[0]


@transaction.atomic(savepoint=False)
def register_many(*, new: Sequence[NewOrder], actor: Actor, at: datetime) -> list[Taken]:
    """Take appeals in, in their order. Raises `Refused` for the first that the law does not allow; then none is taken.

    5 statements however many they are, and one for each whose dispatching has a limit."""
    policies = [policy_queries.current(each.authority_id, at) for each in new]
    changes = [_lawful(each, actor, policy, at) for each, policy in zip(new, policies, strict=True)]
    keys = vault.create_keys(parents=[each.parent_key for each in new], at=at)
    numbers = _numbers(new, at)
    codes = [new_code() for _ in new]
    orders = insert(
        [
            _row(each, policy, key, number, code, at)
            for each, policy, key, number, code in zip(new, policies, keys, numbers, codes, strict=True)
        ]
    )
    taken = [
        Taken(order.pk, number, code, Stream("order", order.pk), key)
        for order, number, code, key in zip(orders, numbers, codes, keys, strict=True)
    ]
    written = [
        note
        for each, one in zip(new, taken, strict=True)
        for note in sealed_notes(one.order_id, 1, {**each.texts, notes.QUERY_CODE: one.query_code}, one.key, at)
    ]
    insert(written)
    ledger.append(drafts=[_draft(each, one, actor, at) for each, one in zip(new, taken, strict=True)], at=at)
    for one, policy, started in zip(taken, policies, changes, strict=True):
        if started:
            clocks.apply(stream=one.stream, changes=started, policy=policy, at=at)
    return taken


def _numbers(new: Sequence[NewOrder], at: datetime) -> list[str]:
    """A number for each, in their order; one statement for each authority."""
    many = Counter(each.authority_id for each in new)
    drawn = {
        authority_id: iter(policy_services.next_numbers(authority_id=authority_id, count=count, at=at))
        for authority_id, count in many.items()
    }
    return [next(drawn[each.authority_id]) for each in new]


def _row(new: NewOrder, policy: Policy, key: OpenKey, number: str, code: str, at: datetime) -> Order:
    return Order(
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
        split_from_id=new.split_from_id,
    )


def _draft(new: NewOrder, taken: Taken, actor: Actor, at: datetime) -> Draft:
    facts = facts_of(new, vault.commitment(taken.key, new.texts["appeal"]))
    return Draft(taken.stream, "order.registered", {**facts.codes(), "version": 1, "state": "registered"}, actor, at)


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


def _lawful(new: NewOrder, actor: Actor, policy: Policy, at: datetime) -> list[Change]:
    """The clocks that run from the registration on: none but where a city limits the dispatching itself."""
    facts = facts_of(new, "")
    texts = {kind for kind, words in new.texts.items() if words}
    case = case_of(Snapshot(), 0, new.authority_id, facts, actor, texts, policy, at, Looked())
    reasons, change = judge("register", case)
    if change is None:
        raise Refused(*reasons)
    return clock_changes(change.clocks, facts, case.order, change.order, new.channel, policy, case.units)


def write_notes(order_id: int, version: int, texts: Mapping[str, str], key: OpenKey, at: datetime) -> None:
    """Seal and keep the texts that came with one version of the order. 1 statement, none when there are none."""
    written = sealed_notes(order_id, version, texts, key, at)
    insert(written)


def sealed_notes(order_id: int, version: int, texts: Mapping[str, str], key: OpenKey, at: datetime) -> list[Note]:
    """The rows of these texts, sealed; not yet kept."""
    return [
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
