"""Delivering the outbox into files."""

import json
import logging
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hotline.channels.file import journal, services
from hotline.contact import queries
from hotline.contact import services as contact
from hotline.contact.outbox import LEASE, MessageState
from hotline.contact.services import NewMessage
from hotline.ledger.record import SYSTEM, Event, Stream
from hotline.vault import services as vault
from tests.channels.conftest import City

STREAM = Stream("order", 12)


@pytest.fixture
def message_id(db: None, data_dir: Path, at: datetime) -> int:
    """A message in the outbox."""
    [key] = vault.create_keys(parents=[None], at=at)
    return contact.queue(messages=[NewMessage(STREAM, None, key, "registered", "您的诉求已登记")], at=at)[0]


def entries(data_dir: Path) -> list[dict[str, object]]:
    """All delivered lines."""
    files = sorted((data_dir / "outbox").glob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]


def state(message_id: int) -> MessageState:
    """How the message stands."""
    return next(view.state for view in queries.for_stream(STREAM) if view.id == message_id)


def test_once_and_only_once(message_id: int, data_dir: Path, at: datetime) -> None:
    assert services.deliver_due(at=at) == 1
    assert services.deliver_due(at=at + timedelta(hours=1)) == 0
    [entry] = entries(data_dir)
    assert (entry["body"], entry["stream"]) == ("您的诉求已登记", "order:12")
    assert state(message_id) is MessageState.SENT


def test_a_crash_after_writing_is_said_and_nothing_is_doubled(
    message_id: int, data_dir: Path, at: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def crash(**_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(contact, "mark_sent", crash)
        with pytest.raises(KeyboardInterrupt):
            services.deliver_due(at=at)
    assert state(message_id) is MessageState.QUEUED
    with caplog.at_level(logging.WARNING, logger="hotline"):
        assert services.deliver_due(at=at + LEASE) == 1
    assert len(entries(data_dir)) == 1
    assert "was delivered before a crash" in caplog.text
    assert state(message_id) is MessageState.SENT


def test_a_crash_before_writing_is_said_and_delivered_later(
    message_id: int, data_dir: Path, at: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(journal, "append", crash)
        with pytest.raises(KeyboardInterrupt):
            services.deliver_due(at=at)
    with caplog.at_level(logging.WARNING, logger="hotline"):
        assert services.deliver_due(at=at + LEASE) == 1
    assert len(entries(data_dir)) == 1
    assert "was not delivered, delivering now" in caplog.text


def test_a_full_disk_is_tried_again(
    message_id: int, data_dir: Path, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(journal, "append", full)
        assert services.deliver_due(at=at) == 0
    assert state(message_id) is MessageState.QUEUED
    assert services.deliver_due(at=at + timedelta(minutes=2)) == 1
    assert len(entries(data_dir)) == 1


def test_words_whose_key_is_gone_are_not_delivered(db: None, data_dir: Path, at: datetime) -> None:
    [key] = vault.create_keys(parents=[None], at=at)
    [message_id] = contact.queue(messages=[NewMessage(STREAM, None, key, "registered", "旧")], at=at)
    vault.destroy(key_id=key.id, at=at)
    assert services.deliver_due(at=at) == 0
    assert state(message_id) is MessageState.CANCELLED


def test_numbers_are_masked_and_forgotten(city: City, data_dir: Path) -> None:
    from hotline import walk

    city.take(phone="13800005678", name="李女士")
    walk.run_once(at=city.at)
    assert services.deliver_due(at=city.at) == 1
    [entry] = entries(data_dir)
    assert entry["to"] == "138****5678"
    resident = entry["resident"]
    assert isinstance(resident, int)
    erased = Event(1, Stream("resident", resident), 1, "resident.erased", city.at, city.at, SYSTEM, {}, "")
    services.forget(events=[erased], at=city.at)
    [kept] = entries(data_dir)
    assert "body" not in kept
    assert "to" not in kept
    assert kept["ref"] == entry["ref"]
