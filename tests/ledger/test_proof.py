# ruff: noqa: S608 - statements of our own
"""Whoever tampers with the ledger is found, and the first broken link is named."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import transaction
from pytest_django import Settings

from hotline.config import postgres
from hotline.config.environment import Environment
from hotline.config.places import Places
from hotline.ledger import anchors, services
from hotline.ledger.record import Stream
from hotline.vault import cipher
from hotline.vault import queries as vault
from hotline.vault import services as vault_services
from tests.databases import Copy
from tests.ledger.drafts import DAY, draft, life, order

TABLES = ("ledger_event", "ledger_head", "ledger_anchor", "ledger_anchor_head")
Owner = psycopg.Connection[Any]


@pytest.fixture
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    """A data folder of its own, so that anchors of other tests are not in it."""
    settings.HOTLINE_DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def owner(cloned_db: Copy, data_dir: Path, at: datetime) -> Iterator[Owner]:
    """Three streams and an anchor, committed, and a connection as the owner of the tables."""
    services.append(drafts=[*life(order(1), at, 3), *life(order(2), at, 3), *life(order(3), at, 2)], at=at)
    services.anchor(at=at)
    with psycopg.connect(cloned_db.environment["HOTLINE_MIGRATE_URL"], autocommit=True) as connection:
        yield connection


def unguard(owner: Owner) -> None:
    """What a dishonest owner does first."""
    for table in TABLES:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owner.execute(f"GRANT UPDATE, DELETE, TRUNCATE ON {table} TO CURRENT_USER")


def is_superuser(connection: Owner) -> bool:
    """Whether a server was given whose owner is all-powerful."""
    row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return bool(row and row[0])


def rechain(owner: Owner, number: int) -> None:
    """Forge a whole stream after a change: all later hashes and the head fit again."""
    rows = owner.execute("SELECT id, body FROM ledger_event WHERE stream_id = %s ORDER BY seq", [number]).fetchall()
    previous = bytes(32)
    for event_id, body in rows:
        forged = owner.execute("SELECT sha256(%s::bytea || convert_to(%s, 'UTF8'))", [previous, body]).fetchone()
        assert forged is not None
        previous = forged[0]
        owner.execute("UPDATE ledger_event SET hash = %s WHERE id = %s", [previous, event_id])
    owner.execute("UPDATE ledger_head SET hash = %s, seq = %s WHERE stream_id = %s", [previous, len(rows), number])


def test_an_honest_ledger_holds(owner: Owner, at: datetime) -> None:
    services.append(drafts=life(order(3), at, 2), at=at)
    services.anchor(at=at + DAY)
    told: list[int] = []
    proof = services.verify(progress=told.append)
    assert (proof.ok, proof.first_break) == (True, None)
    assert (proof.streams, proof.events, proof.anchors, proof.copies) == (3, 10, 2, 2)
    assert told == [10]
    one = services.verify(stream=order(3))
    assert (one.ok, one.streams, one.events) == (True, 1, 4)


def test_an_empty_ledger_holds(cloned_db: Copy, data_dir: Path) -> None:
    assert services.verify().ok


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET hash = ''", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_owner_too_changes_nothing(table: str, statement: str, owner: Owner) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        owner.execute(statement.format(table))
    assert services.verify().ok


def test_a_superuser_playing_replica_changes_nothing(owner: Owner, cloned_db: Copy) -> None:
    environment = Environment()
    if environment.database_url and not is_superuser(owner):
        pytest.skip("the server given has no superuser for us")
    if environment.database_url:
        superuser = psycopg.connect(cloned_db.environment["HOTLINE_MIGRATE_URL"], autocommit=True)
    else:
        superuser = postgres.connect(Places.of(environment.data_path), "postgres", cloned_db.name)
    with superuser:
        superuser.execute("SET session_replication_role = replica")
        for table in TABLES:
            for statement in (f"UPDATE {table} SET hash = ''", f"DELETE FROM {table}", f"TRUNCATE {table}"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
                    superuser.execute(statement)


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
def test_tampering_is_found_and_the_first_broken_link_named(
    statement: str, what: str, seq: int | None, owner: Owner
) -> None:
    unguard(owner)
    owner.execute(statement)
    proof = services.verify()
    assert not proof.ok
    assert proof.first_break is not None
    found = proof.first_break
    assert (found.stream, found.what, found.seq) == ("order:2", what, seq)
    row = owner.execute("SELECT id FROM ledger_event WHERE stream_id = 2 AND seq = %s", [seq]).fetchone()
    assert found.event_id == (row[0] if row else None)
    assert services.verify(stream=order(2)).first_break == found
    assert services.verify(stream=order(1)).ok


def test_a_slipped_in_event_is_found(owner: Owner) -> None:
    unguard(owner)
    owner.execute("ALTER TABLE ledger_event DROP CONSTRAINT ledger_event_stream_seq")
    columns = "stream_kind, stream_id, seq, kind, at, recorded_at, actor_kind, actor_id, actor_role, actor_unit_id"
    owner.execute(
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
def test_what_is_forged_to_fit_is_found_by_the_anchor(
    steps: tuple[str, ...], what: str, seq: int, owner: Owner
) -> None:
    unguard(owner)
    for step in steps:
        if step == "rechain":
            rechain(owner, 2)
        else:
            owner.execute(step)
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
def test_a_changed_anchor_is_found(statement: str, named: str, owner: Owner, at: datetime) -> None:
    services.anchor(at=at + DAY)
    unguard(owner)
    owner.execute(statement)
    found = services.verify().first_break
    assert found is not None
    assert (found.what, named in found.detail) == ("anchor", True)


def test_who_also_forges_the_anchors_is_found_by_the_copy_outside(owner: Owner, data_dir: Path) -> None:
    unguard(owner)
    for table in ("ledger_event", "ledger_head", "ledger_anchor_head"):
        owner.execute(f"DELETE FROM {table} WHERE stream_id = 2")
    found = services.verify().first_break
    assert found is not None
    assert (found.stream, found.seq, found.what) == ("order:2", 3, "anchor")
    # Now the anchor itself: its body names the heads that are left, and its hash fits.
    body = json.loads(anchor_body(owner))
    body.update(streams=2, events=5, heads=anchors._digest(1))
    forged = json.dumps(body, separators=(",", ":"))
    owner.execute(
        "UPDATE ledger_anchor SET streams = 2, events = 5, body = %s::text,"
        " hash = sha256(decode(repeat('00', 32), 'hex') || convert_to(%s::text, 'UTF8'))",
        [forged, forged],
    )
    found = services.verify().first_break
    assert found is not None
    assert (found.stream, found.seq, found.what) == ("order:2", 3, "anchor")
    assert "copy outside" in found.detail
    # Without the copy nobody could tell any more, and the proof says that nothing confirms it.
    (data_dir / "anchors" / "anchors.jsonl").unlink()
    proof = services.verify()
    assert (proof.ok, proof.anchors, proof.copies) == (True, 1, 0)


def anchor_body(owner: Owner) -> str:
    """What the first anchor says."""
    row = owner.execute("SELECT body FROM ledger_anchor WHERE id = 1").fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize("line", ["not json", '{"id": 1}', '{"id": 1, "body": "{}", "hash": "00"}'])
def test_a_changed_copy_is_found(line: str, owner: Owner, data_dir: Path) -> None:
    (data_dir / "anchors" / "anchors.jsonl").write_text(line + "\n")
    assert not services.verify().ok


def test_a_copy_that_a_crash_cut_short_is_written_again(owner: Owner, data_dir: Path, at: datetime) -> None:
    path = data_dir / "anchors" / "anchors.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert services.verify().copies == 0
    services.anchor(at=at + DAY)
    assert path.read_bytes().startswith(whole)
    assert services.verify().copies == 2


def test_an_anchor_counts_all_and_keeps_what_moved(owner: Owner, data_dir: Path, at: datetime) -> None:
    services.append(drafts=[draft(order(2), at)], at=at)
    made = services.anchor(at=at + DAY)
    assert (made.id, made.streams, made.events) == (2, 3, 9)
    assert [line.split(" ")[:2] for line in (data_dir / "anchors" / "heads-000002.txt").read_text().splitlines()] == [
        ["order:2", "4"]
    ]
    again = services.anchor(at=at + 2 * DAY)
    assert (again.id, again.events) == (3, 9)
    assert (data_dir / "anchors" / "heads-000003.txt").read_text() == ""
    assert services.verify().ok


def test_an_anchor_that_is_rolled_back_leaves_no_copy(owner: Owner, data_dir: Path, at: datetime) -> None:
    with transaction.atomic():
        services.anchor(at=at)
        transaction.set_rollback(True)
    assert len((data_dir / "anchors" / "anchors.jsonl").read_text().splitlines()) == 1


def test_an_erased_key_leaves_the_ledger_provable(owner: Owner, at: datetime) -> None:
    [resident] = vault_services.create_keys(parents=[None], at=at)
    [key] = vault_services.create_keys(parents=[resident], at=at)
    blob = cipher.seal(key, "小区西门的路灯坏了三天", context="order.appeal")
    said = vault_services.commitment(key, "小区西门的路灯坏了三天")
    services.append(drafts=[draft(order(9), at, appeal=said)], at=at)
    assert cipher.unseal(vault.open_keys([key.id])[key.id], blob, context="order.appeal").startswith("小区")
    vault_services.destroy(key_id=resident.id, at=at)
    services.append(drafts=[draft(Stream("resident", 1), at, "resident.erased")], at=at)
    assert vault.open_keys([key.id, resident.id]) == {}
    assert services.verify().ok
