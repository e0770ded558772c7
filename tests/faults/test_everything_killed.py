"""The database, the supervisor, or all of it is killed: started again, it answers, and has lost nothing."""

from __future__ import annotations

from collections.abc import Iterator

from hotline.config import postgres
from hotline.config.places import Places
from tests.faults.clients import Burst, exactly_one_order_each
from tests.faults.installation import Installation, children, every_process, kill, until

UNDONE = "SELECT (SELECT count(*) FROM ledger_pending) + (SELECT count(*) FROM contact_message WHERE state <> 'sent')"


def postmaster(house: Installation) -> int:
    """The process number of the embedded server."""
    pid = postgres.postmaster_pid(Places.of(house.data_dir))
    assert pid is not None
    return pid


def descendants(pid: int) -> Iterator[int]:
    """All processes below this one."""
    for child in children(pid):
        yield child
        yield from descendants(child)


def begun(house: Installation, name: str, keys: int = 40) -> Burst:
    """A burst of appeals, a few of them answered."""
    house.serving()
    burst = Burst(house)
    burst.begin([f"{name}-{number}" for number in range(keys)])
    until(lambda: burst.heard() >= 10)
    return burst


def finished(burst: Burst) -> None:
    """Everybody has an answer, and everything is read and told once."""
    house = burst.house
    burst.finish()
    exactly_one_order_each(burst)
    until(lambda: house.one("SELECT count(*) FROM ledger_pending") == 0)
    house.rows(
        "UPDATE contact_message SET next_at = now() WHERE state = 'queued' RETURNING id"
    )  # broken claims run out
    until(lambda: house.one(UNDONE) == 0)
    references = [line["ref"] for line in house.delivered()]
    assert len(set(references)) == len(references) == house.one("SELECT count(*) FROM workorder_order")


def test_the_database_is_killed_under_serve(own_server: Installation) -> None:
    burst = begun(own_server, "database")
    serve, first = own_server.serving(), postmaster(own_server)
    kill(first)
    serve.said("The database died; starting it again")
    finished(burst)
    assert postmaster(own_server) != first
    assert serve.process.poll() is None


def test_serve_is_killed_and_started_again(own_server: Installation) -> None:
    """What it had started ends with it; the next one takes the database over, or starts it anew."""
    burst = begun(own_server, "serve")
    serve = own_server.serving()
    under = set(descendants(serve.process.pid))
    assert len(under) >= 3, "web, its server process, worker"
    serve.kill()
    own_server.serving()
    finished(burst)
    until(lambda: not under & set(every_process()))


def test_everything_is_killed_at_once(own_server: Installation) -> None:
    """As when the machine loses its power, but for what the disk had not written yet."""
    burst = begun(own_server, "power")
    serve = own_server.serving()
    for pid in [serve.process.pid, *descendants(serve.process.pid), postmaster(own_server)]:
        kill(pid)
    serve.process.wait()
    own_server.serving()
    finished(burst)
