# ruff: noqa: S608 - statements of our own
"""Every kind of tampering is found, and the first broken link named.

All tests share one copy of the database, in which Django is the owner of the tables; each undoes what it did.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import Error, connection, transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from hotline.config.databases import database
from hotline.config.environment import Environment
from hotline.ledger import services
from tests import databases
from tests.conftest import TEMPLATE
from tests.ledger.drafts import life, order

AT = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TABLES = ("ledger_event", "ledger_head", "ledger_anchor", "ledger_anchor_head")
Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module", autouse=True)
def owned(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """Three streams and two anchors, committed; then Django becomes the owner. Gives the data folder."""
    folder = tmp_path_factory.mktemp("data")
    with (
        django_db_blocker.unblock(),
        databases.copied(TEMPLATE, f"{TEMPLATE}_tampering") as copy,
        override_settings(HOTLINE_DATA_DIR=folder),
    ):
        services.append(drafts=[*life(order(1), AT, 3), *life(order(2), AT, 3), *life(order(3), AT, 2)], at=AT)
        services.anchor(at=AT)
        services.anchor(at=AT + timedelta(days=1))
        databases.use({**database(Environment(), "owner"), "NAME": copy.name})
        yield folder


@pytest.fixture(autouse=True)
def undone(owned: Path) -> Iterator[None]:
    """What a test changes is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def execute(statement: str, parameters: list[Any] | None = None) -> Rows:
    """Run a statement as the owner; its rows, where it has any."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def unguard() -> None:
    """What a dishonest owner does first."""
    for table in TABLES:
        execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        execute(f"GRANT UPDATE, DELETE, TRUNCATE ON {table} TO CURRENT_USER")


def rechain(number: int) -> None:
    """Forge a whole stream after a change: all later hashes and the head fit again."""
    rows = execute("SELECT id, body FROM ledger_event WHERE stream_id = %s ORDER BY seq", [number])
    previous = bytes(32)
    for event_id, body in rows:
        [(previous,)] = execute("SELECT sha256(%s::bytea || convert_to(%s::text, 'UTF8'))", [previous, body])
        execute("UPDATE ledger_event SET hash = %s WHERE id = %s", [previous, event_id])
    execute("UPDATE ledger_head SET hash = %s, seq = %s WHERE stream_id = %s", [previous, len(rows), number])


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET hash = ''", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_owner_too_changes_nothing(table: str, statement: str) -> None:
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        execute(statement.format(table))
    assert services.verify().ok


SECOND = "WHERE stream_kind = 'order' AND stream_id = 2 AND seq = 2"
TAMPERING: dict[str, tuple[str, str, int | None]] = {
    "kind": (f"UPDATE ledger_event SET kind = 'order.closed' {SECOND}", "kind", 2),
    "time": (f"UPDATE ledger_event SET at = at - interval '1 day' {SECOND}", "at", 2),
    "time of recording": (f"UPDATE ledger_event SET recorded_at = now() {SECOND}", "recorded_at", 2),
    "actor": (f"UPDATE ledger_event SET actor_id = '8' {SECOND}", "actor", 2),
    "actor's unit": (f"UPDATE ledger_event SET actor_unit_id = NULL {SECOND}", "actor", 2),
    "facts": (f"UPDATE ledger_event SET facts = '{{\"n\": 99}}' {SECOND}", "facts", 2),
    "body": (f"UPDATE ledger_event SET body = replace(body, 'signed', 'closed') {SECOND}", "hash", 2),
    "body cut": (f"UPDATE ledger_event SET body = '' {SECOND}", "hash", 2),
    "hash": (f"UPDATE ledger_event SET hash = sha256('x') {SECOND}", "hash", 2),
    "removed inside": (f"DELETE FROM ledger_event {SECOND}", "gap", 3),
    "removed first": ("DELETE FROM ledger_event WHERE stream_id = 2 AND seq = 1", "gap", 2),
    "cut off": ("DELETE FROM ledger_event WHERE stream_id = 2 AND seq = 3", "head", 2),
    "moved away": (f"UPDATE ledger_event SET stream_id = 2, seq = 4 {SECOND}", "gap", 3),
    "head's hash": ("UPDATE ledger_head SET hash = sha256('x') WHERE stream_id = 2", "head", 3),
    "head's count": ("UPDATE ledger_head SET seq = 7 WHERE stream_id = 2", "head", 3),
    "head gone": ("DELETE FROM ledger_head WHERE stream_id = 2", "head", 3),
    "all events gone": ("DELETE FROM ledger_event WHERE stream_id = 2", "missing", 1),
}


@pytest.mark.parametrize(("statement", "what", "seq"), TAMPERING.values(), ids=TAMPERING)
def test_tampering_is_found_and_the_first_broken_link_named(statement: str, what: str, seq: int | None) -> None:
    unguard()
    execute(statement)
    proof = services.verify()
    assert not proof.ok
    assert proof.first_break is not None
    found = proof.first_break
    assert (found.stream, found.what, found.seq) == ("order:2", what, seq)
    rows = execute("SELECT id FROM ledger_event WHERE stream_id = 2 AND seq = %s", [seq])
    assert found.event_id == (rows[0][0] if rows else None)
    assert services.verify(stream=order(2)).first_break == found
    assert services.verify(stream=order(1)).ok


def test_a_slipped_in_event_is_found() -> None:
    unguard()
    execute("ALTER TABLE ledger_event DROP CONSTRAINT ledger_event_stream_seq")
    columns = "stream_kind, stream_id, seq, kind, at, recorded_at, actor_kind, actor_id, actor_role, actor_unit_id"
    execute(
        f"INSERT INTO ledger_event ({columns}, facts, body, hash)"
        f" SELECT {columns}, facts, body, hash FROM ledger_event {SECOND}"
    )
    found = services.verify().first_break
    assert found is not None
    assert (found.stream, found.what, found.seq) == ("order:2", "gap", 2)


FORGED: dict[str, tuple[tuple[str, ...], str, int]] = {
    "rewritten": (
        (
            f"UPDATE ledger_event SET kind = 'order.closed', body = replace(body, 'signed', 'closed') {SECOND}",
            "rechain",
        ),
        "rewritten",
        3,
    ),
    "shortened": (("DELETE FROM ledger_event WHERE stream_id = 2 AND seq = 3", "rechain"), "missing", 3),
    "removed": (
        ("DELETE FROM ledger_event WHERE stream_id = 2", "DELETE FROM ledger_head WHERE stream_id = 2"),
        "missing",
        3,
    ),
}


@pytest.mark.parametrize(("steps", "what", "seq"), FORGED.values(), ids=FORGED)
def test_what_is_forged_to_fit_is_found_by_the_anchor(steps: tuple[str, ...], what: str, seq: int) -> None:
    unguard()
    for step in steps:
        if step == "rechain":
            rechain(2)
        else:
            execute(step)
    found = services.verify().first_break
    assert found is not None
    assert (found.stream, found.what, found.seq) == ("order:2", what, seq)
    assert "anchor 1" in found.detail
    assert services.verify(stream=order(2)).first_break == found


ANCHORS: dict[str, tuple[str, str]] = {
    "hash": ("UPDATE ledger_anchor SET hash = sha256('x') WHERE id = 1", "anchor 1"),
    "count": ("UPDATE ledger_anchor SET events = 5 WHERE id = 1", "anchor 1"),
    "body": ("UPDATE ledger_anchor SET body = replace(body, '8', '7') WHERE id = 1", "anchor 1"),
    "first removed": ("DELETE FROM ledger_anchor WHERE id = 1", "anchor 1"),
    "last removed": ("DELETE FROM ledger_anchor WHERE id = 2", "anchor 2"),
}


@pytest.mark.parametrize(("statement", "named"), ANCHORS.values(), ids=ANCHORS)
def test_a_changed_anchor_is_found(statement: str, named: str) -> None:
    unguard()
    execute(statement)
    found = services.verify().first_break
    assert found is not None
    assert (found.what, named in found.detail) == ("anchor", True)
