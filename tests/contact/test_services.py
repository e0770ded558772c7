"""The outbox on a real database."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections

from hotline.contact import queries, services
from hotline.contact.models import Message
from hotline.contact.outbox import LEASE, MAX_ATTEMPTS, MessageState
from hotline.contact.services import NewMessage
from hotline.ledger.record import Event, Stream
from hotline.vault import services as vault
from hotline.vault.cipher import OpenKey

STREAM = Stream("order", 12)


@pytest.fixture
def key(db: None, at: datetime) -> OpenKey:
    """A key."""
    return vault.create_keys(parents=[None], at=at)[0]


def queued(key: OpenKey, at: datetime, count: int = 1) -> list[int]:
    """Messages in the outbox."""
    bodies = [f"您的诉求已登记 {number}" for number in range(count)]
    new = [NewMessage(STREAM, 5, key, "registered", body) for body in bodies]
    return services.queue(messages=new, at=at)


def test_one_insert_and_sealed_words(
    key: OpenKey, at: datetime, count_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    with count_queries(1):
        ids = queued(key, at, 3)
    assert len(set(ids)) == 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(m::text, '') FROM contact_message m")
        assert "诉求" not in cursor.fetchone()[0]
    assert [view.state for view in queries.for_stream(STREAM)] == [MessageState.QUEUED] * 3


def test_claimed_once_with_its_words_then_sent(key: OpenKey, at: datetime) -> None:
    [message_id] = queued(key, at)
    [due] = services.claim_due(channel="file", limit=10, at=at)
    assert (due.id, due.body, due.attempts, due.maybe_delivered) == (message_id, "您的诉求已登记 0", 1, False)
    assert services.claim_due(channel="file", limit=10, at=at) == []
    assert services.mark_sent(message_ids=[message_id], at=at) == 1
    assert services.mark_sent(message_ids=[message_id], at=at) == 0
    assert services.claim_due(channel="file", limit=10, at=at + timedelta(days=1)) == []


def test_other_channels_and_later_messages_are_left_alone(key: OpenKey, at: datetime) -> None:
    queued(key, at + timedelta(minutes=1))
    assert services.claim_due(channel="file", limit=10, at=at) == []
    assert services.claim_due(channel="sms", limit=10, at=at + timedelta(hours=1)) == []


def test_a_broken_off_claim_comes_back_with_the_same_reference(key: OpenKey, at: datetime) -> None:
    queued(key, at)
    [first] = services.claim_due(channel="file", limit=10, at=at)
    [again] = services.claim_due(channel="file", limit=10, at=at + LEASE)
    assert again.maybe_delivered
    assert again.delivery_ref == first.delivery_ref


def test_a_sure_failure_waits_longer_each_time_and_then_a_person_looks(key: OpenKey, at: datetime) -> None:
    [message_id] = queued(key, at)
    moment = at
    for attempt in range(1, MAX_ATTEMPTS + 1):
        [due] = services.claim_due(channel="file", limit=1, at=moment)
        assert (due.attempts, due.maybe_delivered) == (attempt, False)
        state = services.mark_failed(message_id=message_id, error="disk", delivered_nothing=True, at=moment)
        moment += timedelta(hours=6)
    assert state is MessageState.FAILED
    assert [view.id for view in queries.failed()] == [message_id]


def test_a_destroyed_key_leaves_no_words(key: OpenKey, at: datetime) -> None:
    queued(key, at)
    vault.destroy(key_id=key.id, at=at)
    [due] = services.claim_due(channel="file", limit=1, at=at)
    assert due.body is None


def test_forgetting_a_resident_drops_words_and_what_is_unsent(key: OpenKey, at: datetime) -> None:
    [sent, unsent] = queued(key, at, 2)
    services.mark_sent(message_ids=[sent], at=at)
    erased = Event(1, Stream("resident", 5), 1, "resident.erased", at, at, None, {}, "")  # type: ignore[arg-type]
    services.forget(events=[erased], at=at)
    states = {view.id: view.state for view in queries.for_stream(STREAM)}
    assert states == {sent: MessageState.SENT, unsent: MessageState.CANCELLED}
    assert not Message.objects.exclude(body_sealed=None).exists()


def test_two_workers_never_claim_the_same(cloned_db: object, at: datetime) -> None:
    [key] = vault.create_keys(parents=[None], at=at)
    queued(key, at, 3)
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT id FROM contact_message ORDER BY id LIMIT 2 FOR UPDATE")
            held = {row[0] for row in cursor.fetchall()}
            claimed = {due.id for due in services.claim_due(channel="file", limit=10, at=at)}
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    assert len(held) == 2
    assert len(claimed) == 1
    assert not held & claimed


def test_an_event_is_told_once_by_each_template(key: OpenKey, at: datetime) -> None:
    def told(event_id: int | None, template: str) -> int:
        new = NewMessage(STREAM, 5, key, template, "您的诉求已登记", event_id=event_id)
        return len(services.queue(messages=[new], at=at))

    assert [told(7, "registered"), told(7, "registered")] == [1, 0]
    assert [told(7, "dispatched"), told(8, "registered")] == [1, 1]
    assert [told(None, "registered"), told(None, "registered")] == [1, 1], "nothing is known of these"
