"""Delivering the outbox into the files of the day."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from hotline.channels.file import journal
from hotline.contact import services as contact
from hotline.contact.services import DueMessage
from hotline.ledger.record import Event
from hotline.residents import queries as residents

CHANNEL = "file"
_LOCAL = ZoneInfo("Asia/Shanghai")
_log = logging.getLogger(__name__)


def deliver_due(*, at: datetime, limit: int = 200) -> int:
    """Deliver up to `limit` due messages; returns how many are delivered now.

    Not atomic on purpose: the claim is committed before the file is written and the outcome after it. A message whose
    claim was broken off is looked for in the files first and never written twice.
    """
    with _alone(_folder()):
        due = contact.claim_due(channel=CHANNEL, limit=limit, at=at)
        known = _delivered_before(due)
        phones = residents.masked({each.resident_id for each in due if each.resident_id is not None})
        sent = list(known)
        for each in due:
            if each.id in known:
                continue
            person = phones.get(each.resident_id) if each.resident_id is not None else None
            if _deliver_one(each, person.phone if person else "", at):
                sent.append(each.id)
        contact.mark_sent(message_ids=sent, at=at)
    return len(sent)


def _delivered_before(due: list[DueMessage]) -> set[int]:
    doubtful = {str(each.delivery_ref): each.id for each in due if each.maybe_delivered}
    found = journal.delivered(_folder(), doubtful.keys())
    for reference, message_id in doubtful.items():
        outcome = "was delivered before a crash" if reference in found else "was not delivered, delivering now"
        _log.warning("message %s had an unfinished delivery: it %s", message_id, outcome)
    return {doubtful[reference] for reference in found}


def _deliver_one(message: DueMessage, phone: str, at: datetime) -> bool:
    if message.body is None:  # the key is gone: the person was forgotten
        contact.cancel(message_ids=[message.id], at=at)
        return False
    entry = {
        "ref": str(message.delivery_ref),
        "stream": str(message.stream),
        "resident": message.resident_id,
        "template": message.template,
        "to": phone,
        "at": at.isoformat(),
        "body": message.body,
    }
    try:
        journal.append(journal.path_of(_folder(), at.astimezone(_LOCAL).date()), entry)
    except OSError as fault:
        _log.error("message %s could not be written: %s", message.id, fault.strerror or "short write")
        contact.mark_failed(message_id=message.id, error="disk", delivered_nothing=False, at=at)
        return False
    return True


@transaction.atomic
def forget(*, events: Sequence[Event], at: datetime) -> None:
    """Reaction to resident.erased: take the words to them out of the files."""
    with _alone(_folder()):
        journal.blank(_folder(), {event.stream.id for event in events})


def _folder() -> Path:
    return Path(settings.HOTLINE_DATA_DIR) / "outbox"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    # One writer at a time: a line must not be written into a file that is being blanked.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
