"""The web is killed under its callers: who tries again with the same key gets one order, and every number holds."""

from __future__ import annotations

import os
import signal

from tests.faults.clients import Burst, exactly_one_order_each
from tests.faults.installation import Installation, children, kill, part, until

ORDERS = "SELECT count(*) FROM workorder_order"


def test_killed_during_a_burst(house: Installation) -> None:
    """First the process that answers, then all of the web at once."""
    serve = house.serving()
    burst, since = Burst(house), serve.heard()
    burst.begin([f"burst-{number}" for number in range(60)])
    until(lambda: burst.heard() >= 10)
    kill(next(iter(children(part(serve, "granian")))))
    until(lambda: burst.heard() >= 25)
    os.killpg(part(serve, "granian"), signal.SIGKILL)
    burst.finish()
    serve.said("web process ended unexpectedly", since)
    for key in ("burst-0", "burst-59"):
        burst.send(key)
    assert burst.heard() == 60
    assert burst.tries > 62, "nobody noticed that anything was killed"
    exactly_one_order_each(burst)


def test_killed_in_the_middle_of_an_appeal(house: Installation) -> None:
    """Everything is written, nothing is committed: the order must not be, and the key must be free."""
    before, serve = house.one(ORDERS), house.serving()
    burst, since = Burst(house), serve.heard()
    with house.halting("intake_request", "UPDATE") as halted:
        burst.begin(["halfway"], clients=1)
        halted()
        os.killpg(part(serve, "granian"), signal.SIGKILL)
        serve.said("web process ended unexpectedly", since)
    burst.finish()
    assert burst.tries > 1
    [number] = burst.answers["halfway"]
    assert burst.send("halfway") == number
    assert house.one(ORDERS) == before + 1
    exactly_one_order_each(burst)


def test_two_calls_with_one_key_at_once_make_one_order(house: Installation) -> None:
    """The client gave up waiting and called again while its first call was still being served."""
    house.serving()
    before, burst = house.one(ORDERS), Burst(house)
    with house.halting("intake_request", "UPDATE") as halted:
        burst.begin(["impatient"], clients=1)
        halted()
        burst.begin(["impatient"], clients=1)
        until(lambda: house.one("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'") > 0)
    burst.finish()
    assert len(burst.answers["impatient"]) == 2
    assert house.one(ORDERS) == before + 1
    exactly_one_order_each(burst)
