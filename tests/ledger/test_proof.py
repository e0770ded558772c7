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
from django.test import override_settings

from hotline.config import postgres
from hotline.config.environment import Environment
from hotline.config.places import Places
from hotline.ledger import services
from hotline.ledger.record import Stream
from hotline.ledger.services import anchors
from hotline.vault import cipher
from hotline.vault import queries as vault
from hotline.vault import services as vault_services
from tests.databases import Copy
from tests.ledger.drafts import DAY, draft, life, order

TABLES = ("ledger_event", "ledger_head", "ledger_anchor", "ledger_anchor_head")
Owner = psycopg.Connection[Any]


@pytest.fixture
def folder(cloned_db: Copy, tmp_path: Path) -> Iterator[Path]:
    """A data folder for the anchors of one copy of the database."""
    with override_settings(HOTLINE_DATA_DIR=tmp_path):
        yield tmp_path


@pytest.fixture
def owner(cloned_db: Copy, folder: Path, at: datetime) -> Iterator[Owner]:
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


def test_an_empty_ledger_holds(cloned_db: Copy, folder: Path) -> None:
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


def test_who_also_forges_the_anchors_is_found_by_the_copy_outside(owner: Owner, folder: Path) -> None:
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
    (folder / "anchors" / "anchors.jsonl").unlink()
    proof = services.verify()
    assert (proof.ok, proof.anchors, proof.copies) == (True, 1, 0)


def anchor_body(owner: Owner) -> str:
    """What the first anchor says."""
    row = owner.execute("SELECT body FROM ledger_anchor WHERE id = 1").fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize("line", ["not json", '{"id": 1}', '{"id": 1, "body": "{}", "hash": "00"}'])
def test_a_changed_copy_is_found(line: str, owner: Owner, folder: Path) -> None:
    (folder / "anchors" / "anchors.jsonl").write_text(line + "\n")
    assert not services.verify().ok


def test_a_copy_that_a_crash_cut_short_is_written_again(owner: Owner, folder: Path, at: datetime) -> None:
    path = folder / "anchors" / "anchors.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert services.verify().copies == 0
    services.anchor(at=at + DAY)
    assert path.read_bytes().startswith(whole)
    assert services.verify().copies == 2


def test_an_anchor_counts_all_and_keeps_what_moved(owner: Owner, folder: Path, at: datetime) -> None:
    services.append(drafts=[draft(order(2), at)], at=at)
    made = services.anchor(at=at + DAY)
    assert (made.id, made.streams, made.events) == (2, 3, 9)
    assert [line.split(" ")[:2] for line in (folder / "anchors" / "heads-000002.txt").read_text().splitlines()] == [
        ["order:2", "4"]
    ]
    again = services.anchor(at=at + 2 * DAY)
    assert (again.id, again.events) == (3, 9)
    assert (folder / "anchors" / "heads-000003.txt").read_text() == ""
    assert services.verify().ok


def test_an_anchor_that_is_rolled_back_leaves_no_copy(owner: Owner, folder: Path, at: datetime) -> None:
    with transaction.atomic():
        services.anchor(at=at)
        transaction.set_rollback(True)
    assert len((folder / "anchors" / "anchors.jsonl").read_text().splitlines()) == 1


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
