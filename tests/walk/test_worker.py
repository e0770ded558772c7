"""The worker: chores that fail, and a database that goes away under it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import psycopg
import pytest
from django.db import connection

from hotline import walk
from hotline.ledger import models, services
from hotline.ledger.record import SYSTEM, Draft, Stream
from hotline.ui import moment
from hotline.walk import Periodic
from tests.databases import Copy
from tests.walk.reactions import Noting


def test_a_chore_that_fails_stops_no_other_and_is_tried_again(
    db: None, at: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def fails(*, at: datetime) -> None:
        done.append("fails")
        raise ValueError("张三丰")

    def works(*, at: datetime) -> None:
        done.append("works")

    monkeypatch.setattr(walk, "EVERY", (Periodic("fails", 60, fails), Periodic("works", 600, works)))
    due: dict[str, float] = {}
    with caplog.at_level(logging.WARNING):
        for seconds in (0, 30, 60, 90, 600):
            walk._chores(due, at + timedelta(seconds=seconds))
    assert done == ["fails", "works", "fails", "fails", "works"]
    assert "chore fails failed: ValueError" in caplog.text
    assert "张三丰" not in caplog.text


def test_the_worker_survives_a_killed_connection(
    cloned_db: Copy, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed while idle, then in the middle of a batch: it comes back, and the batch is done once."""
    reaction, killed = Noting("done"), threading.Event()

    def killing(*, events: object, at: datetime) -> None:
        if not killed.is_set():
            killed.set()
            kill(cloned_db)

    monkeypatch.setattr(walk, "AFTER", {"test.begun": (("done", reaction), ("killing", killing))})
    monkeypatch.setattr(walk, "EVERY", ())
    monkeypatch.setattr(walk, "IDLE_SECONDS", 0.05)
    with working():
        until(lambda: backends(cloned_db) > 0)
        kill(cloned_db)
        now = moment.now()
        drafts = [Draft(Stream("order", each), "test.begun", {}, SYSTEM, now) for each in range(1, 21)]
        services.append(drafts=drafts, at=now)
        until(lambda: not models.Pending.objects.exists())
    assert killed.is_set()
    orders = models.Event.objects.filter(kind="test.done").values_list("stream_id", flat=True)
    assert sorted(orders) == list(range(1, 21))
    assert len(reaction.given) == 2, "a lost database is not tried one by one"
    assert services.verify().ok


@contextmanager
def working() -> Iterator[None]:
    """A worker in a thread of its own, as long as the block lasts."""
    stop, failures = threading.Event(), list[BaseException]()

    def work() -> None:
        try:
            walk.run_worker(stop=stop, tell=lambda _: None)
        except BaseException as failure:  # handed to the test
            failures.append(failure)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(60)
    assert not thread.is_alive()
    assert failures == []


def kill(copy: Copy) -> None:
    """End every other connection to the database, as a server that fails over does."""
    with psycopg.connect(copy.environment["DATABASE_URL"], autocommit=True) as own:
        own.execute("SET ROLE NONE")  # on a given server only who connected may end what is connected
        own.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usesysid IS NOT NULL AND pid NOT IN (pg_backend_pid(), %s)",
            [_of_the_test()],
        )


def backends(copy: Copy) -> int:
    """How many connections others than the test have."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usesysid IS NOT NULL AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


_test_pid: list[int] = []


def _of_the_test() -> int:
    if threading.current_thread() is threading.main_thread():
        connection.ensure_connection()
        _test_pid[:] = [connection.connection.info.backend_pid]
    return _test_pid[0]


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)
