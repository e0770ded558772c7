"""The map of the walk: what follows what by itself. Two tables, and the worker that goes by them.

`AFTER` names, for each kind of event, the reactions in their order; `EVERY` what is done again and again. Nothing
else in the house happens by itself. A reaction takes a batch of events, is idempotent and rechecks the state, since
events may arrive late, twice or out of order. What keeps failing waits on a person's list.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import connection, transaction

from hotline.channels.file import services as file_channel
from hotline.channels.form import drafts, guesses
from hotline.clocks import services as clocks
from hotline.contact import services as contact
from hotline.dispatch import services as dispatch
from hotline.files import services as files
from hotline.intake import services as intake
from hotline.ledger import services as ledger
from hotline.ledger.record import Event
from hotline.ledger.services import Claim
from hotline.organisation import services as organisation
from hotline.policy import services as policies
from hotline.ui.moment import now
from hotline.understanding import services as understanding
from hotline.workorder import services as workorder

log = logging.getLogger(__name__)


class Reaction(Protocol):
    """What follows an event."""

    def __call__(self, *, events: Sequence[Event], at: datetime) -> object: ...


class Chore(Protocol):
    """What is done again and again."""

    def __call__(self, *, at: datetime) -> object: ...


@dataclass(frozen=True)
class Periodic:
    """A chore and how many seconds lie between two of its beginnings."""

    name: str
    seconds: int
    chore: Chore


TELL: tuple[tuple[str, Reaction], ...] = (("tell", workorder.tell_events),)
SUGGEST: tuple[tuple[str, Reaction], ...] = (("suggest", dispatch.suggest_batch),)
FOLLOW: tuple[tuple[str, Reaction], ...] = (("follow", workorder.follow_heads),)
NOTICES: tuple[tuple[str, Reaction], ...] = (("tell", workorder.tell_notices),)
REROUTE: tuple[tuple[str, Reaction], ...] = (("reroute", workorder.reroute),)
AFTER: Mapping[str, tuple[tuple[str, Reaction], ...]] = {
    "order.registered": (
        ("tell", workorder.tell_events),
        ("index", workorder.index_events),
        ("read", understanding.read_batch),
        ("suggest", dispatch.suggest_batch),
    ),
    "order.amended": (("index", workorder.index_events), *SUGGEST),
    "order.supplemented": (("index", workorder.index_events), *SUGGEST),
    "order.accepted": SUGGEST,
    "order.reopened": (("index", workorder.index_events), *SUGGEST, *TELL),
    "order.returned": SUGGEST,
    "order.unmerged": SUGGEST,
    "order.rerouted": SUGGEST,
    "order.policy_adopted": SUGGEST,
    "order.supplement_asked": TELL,
    "order.merged": (("tell", workorder.tell_merged),),
    "order.incident_joined": NOTICES,
    "order.incident_progressed": NOTICES,
    "order.incident_restored": NOTICES,
    "order.dispatched": TELL,
    "order.redispatched": TELL,
    "order.ruled": TELL,
    "order.escalated": TELL,
    "order.paused": TELL,
    "order.hung": TELL,
    "order.unhung": TELL,
    "order.extended": TELL,
    "order.replied": (*TELL, *FOLLOW),
    "order.reply_approved": (*TELL, *FOLLOW),
    "order.reply_shared": TELL,
    "order.callback_attempted": TELL,
    "order.callback_given_up": (*TELL, *FOLLOW),
    "order.answered": (*TELL, *FOLLOW),
    "order.closed": (*TELL, *FOLLOW),
    "order.closed_along": TELL,
    "order.finally_answered": (*TELL, *FOLLOW),
    "order.referred": (*TELL, *FOLLOW),
    "order.declined": (*TELL, *FOLLOW),
    "order.transferred": (*TELL, *FOLLOW),
    "order.withdrawn": (*TELL, ("pass_on", workorder.pass_on), *FOLLOW),
    "unit.merged": REROUTE,
    "unit.ended": REROUTE,
    "area.merged": REROUTE,
    "area.moved": REROUTE,
    "policy.activated": (("adopt", workorder.adopt_policy),),
    "resident.erased": (
        ("forget_orders", workorder.forget),
        ("forget_messages", contact.forget),
        ("forget_delivered", file_channel.forget),
        ("forget_files", files.forget_events),
        ("forget_readings", understanding.forget),
    ),
}
EVERY: tuple[Periodic, ...] = (
    Periodic("deliver", 2, file_channel.deliver_due),
    Periodic("limits", 30, clocks.note_passed),
    Periodic("calendars", 1, clocks.recompute),  # a batch at a time, so that reactions never wait long
    Periodic("policies", 60, policies.begin_due),
    Periodic("imports", 2, organisation.work_on_imports),
    Periodic("resume", 300, workorder.resume_due),
    Periodic("archive", 3600, workorder.archive_due),
    Periodic("incidents", 60, workorder.close_incidents),
    Periodic("staged_files", 600, files.sweep),
    Periodic("form_drafts", 600, drafts.sweep),
    Periodic("guesses", 3600, guesses.sweep),
    Periodic("idempotency_keys", 3600, intake.sweep),
    Periodic("anchor", 86400, ledger.anchor),
)
# A batch holds the heads of its orders' streams until it is done: so long, at most, people who act on them wait.
BATCH = 50
# Looked up, not notified: a notification takes one lock for the whole server, and every commit would queue for it.
IDLE_SECONDS = 0.25


def run_once(*, at: datetime, limit: int = BATCH) -> int:
    """Take one batch of pending events through their reactions; returns how many were taken. One transaction."""
    with transaction.atomic():
        claims = ledger.claim(limit=limit, at=at)
        left: dict[int, list[str]] = {claim.pending_id: [] for claim in claims}
        errors: dict[int, str] = {}
        for kind in dict.fromkeys(claim.event.kind for claim in claims):
            mine = [claim for claim in claims if claim.event.kind == kind]
            for name, reaction in AFTER.get(kind, ()):
                _react(name, reaction, [c for c in mine if not c.left or name in c.left], at, left, errors)
        _settle(claims, left, errors, at)
    return len(claims)


def _react(
    name: str,
    reaction: Reaction,
    claims: Sequence[Claim],
    at: datetime,
    left: dict[int, list[str]],
    errors: dict[int, str],
) -> None:
    """One reaction for a whole batch; if it fails, event by event, so that one bad event holds up nobody else."""
    failed = _tried(reaction, [claim.event for claim in claims], at) if claims else None
    if failed is None:
        return
    for claim in claims:
        error = _tried(reaction, [claim.event], at) if len(claims) > 1 else failed
        if error is not None:
            left[claim.pending_id].append(name)
            errors[claim.pending_id] = error


def _tried(reaction: Reaction, events: Sequence[Event], at: datetime) -> str | None:
    """The name of what went wrong, None if nothing did; whatever it wrote is undone. No text of it is logged.

    Raises what the reaction raised when the database is gone: nothing more can be tried in this transaction.
    """
    try:
        with transaction.atomic():
            reaction(events=events, at=at)
            if transaction.get_rollback():  # it swallowed the failure of an inner block, whose work would be lost
                raise transaction.TransactionManagementError("a reaction hid a failure")
    except Exception as error:  # a reaction may fail in any way; what must not happen is that the walk stops
        if connection.connection is None or connection.connection.closed:
            raise
        log.warning("reaction failed for %d event(s) from %s: %s", len(events), events[0].id, type(error).__name__)
        return type(error).__name__
    return None


def _settle(
    claims: Sequence[Claim], left: Mapping[int, Sequence[str]], errors: Mapping[int, str], at: datetime
) -> None:
    ledger.done(pending_ids=[pending_id for pending_id, names in left.items() if not names])
    for claim in claims:
        if left[claim.pending_id]:
            ledger.postpone(pending_id=claim.pending_id, left=left[claim.pending_id], error=errors[claim.pending_id],
                            at=at)  # fmt: skip


def run_until_idle(*, at: datetime) -> int:
    """Take everything that is due now through its reactions; returns how many events."""
    total = 0
    while taken := run_once(at=at):
        total += taken
    return total


def run_worker(*, stop: threading.Event, tell: Callable[[str], None] = log.info) -> None:
    """Go on until `stop` is set: reactions as they come, chores when their time is. Survives a lost database."""
    due: dict[str, float] = {}
    tell("worker started")
    while not stop.is_set():
        try:
            taken = run_once(at=now())
            _chores(due, now())
        except Exception as error:  # a lost connection or a killed server: say it, come back
            log.warning("worker: %s; trying again", type(error).__name__)
            connection.close()
            taken = 0
        if taken < BATCH:  # a little patience fills the next batch, and a batch costs nearly the same whatever it holds
            stop.wait(IDLE_SECONDS)
    connection.close()


def _chores(due: dict[str, float], at: datetime) -> None:
    """Begin each chore whose time has come; one that fails is tried again at its next time."""
    for periodic in EVERY:
        if due.get(periodic.name, 0.0) > at.timestamp():
            continue
        due[periodic.name] = at.timestamp() + periodic.seconds
        try:
            periodic.chore(at=at)
        except Exception as error:  # the other chores go on
            log.warning("chore %s failed: %s", periodic.name, type(error).__name__)
            connection.close_if_unusable_or_obsolete()
