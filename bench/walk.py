"""Appeals through the front door, taken in, read and given a suggestion: how many a second, how long, what it costs.

Then staff: acts (a correction by hand through the desk) and pages (the inbox, an order), by as many clients.

`python -m bench.walk [--json] [--seconds 30] [--clients 8]`. The figure is over everything: the time from the first
request until the last appeal has been read and has its suggestion. Beside it, on the same server in the same run,
pgbench does the bare inserts; `ratio` is ours over theirs. The limits stand in `LIMITS`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

from bench import bare, load, machine, people, stage

LIMITS = {"appeals_per_s": 150.0, "p95_ms": 100.0}  # ten times the nearest open peer, and its answer in a sixth
WARM_UP_SECONDS = 4


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    with stage.running() as running:
        found = measure(running, options.clients, options.seconds)
        found |= at_the_desk(running, options.clients, options.seconds / 3)
    found |= {"machine": machine.size(), "limits": LIMITS, "clients": options.clients}
    print(json.dumps(found, ensure_ascii=False, indent=None if options.json else 2))
    met = found["appeals_per_s"] >= LIMITS["appeals_per_s"] and found["p95_ms"] <= LIMITS["p95_ms"]
    if not met:
        print("a limit is missed", file=sys.stderr)
    return 0


def measure(running: stage.Stage, clients: int, seconds: float) -> dict[str, Any]:
    """All figures of one run."""
    django_ready()
    texts = appeals()
    load.run(running.port, lambda n: requests(texts, running.api_key, n), clients=clients, seconds=WARM_UP_SECONDS)
    drain()
    groups = {"app": machine.family(running.serve_pid), "postgres": machine.family(running.postmaster_pid)}
    before = {name: machine.cpu_ms(pids) for name, pids in groups.items()}
    begun, events = time.perf_counter(), recorded()
    answered = load.run(
        running.port, lambda n: requests(texts, running.api_key, n + clients), clients=clients, seconds=seconds
    )
    left = drain()
    took, events_after = time.perf_counter() - begun, recorded()
    groups = {"app": machine.family(running.serve_pid), "postgres": machine.family(running.postmaster_pid)}
    cpu = {name: machine.cpu_ms(pids) - before[name] for name, pids in groups.items()}
    done = len(answered.seconds)
    bare_per_s = bare.inserts_per_second(environment(), clients=clients, seconds=8)
    return {
        "appeals": done,
        "failed": answered.failed,
        "appeals_per_s": round(done / took, 1),
        "events_per_s": round((events_after - events) / took, 1),
        "requests_per_s": round(answered.per_second, 1),
        "p50_ms": round(answered.quantile_ms(0.5), 1),
        "p95_ms": round(answered.quantile_ms(0.95), 1),
        "seconds_until_read": round(left, 1),
        "app_cpu_ms_per_appeal": round(cpu["app"] / done, 2),
        "postgres_cpu_ms_per_appeal": round(cpu["postgres"] / done, 2),
        "bare_inserts_per_s": round(bare_per_s, 1),
        "ratio": round(done / took / bare_per_s, 3),
    }


def at_the_desk(running: stage.Stage, clients: int, seconds: float) -> dict[str, Any]:
    """Acts a second through the desk's own forms, and how long its pages take."""
    headers = people.signed_in(running.port)
    orders = registered(400)
    acted = load.run(running.port, lambda n: people.acts(headers, orders, n, clients), clients=clients, seconds=seconds)
    found: dict[str, Any] = {
        "acts_per_s": round(acted.per_second, 1),
        "acts_failed": acted.failed,
        "act_p50_ms": round(acted.quantile_ms(0.5), 1),
        "act_p95_ms": round(acted.quantile_ms(0.95), 1),
        "orders_in_the_list": len(registered(1_000_000)),
    }
    drain()
    for name, paths in (("inbox", ["/desk/inbox/"]), ("order", [f"/desk/orders/{each}/" for each in orders])):
        read = load.run(running.port, partial(people.pages, headers, paths), clients=2, seconds=seconds / 2)
        found |= {f"{name}_pages_per_s": round(read.per_second, 1), f"{name}_p95_ms": round(read.quantile_ms(0.95), 1)}
    return found


def registered(most: int) -> list[int]:
    """Orders that wait for their first reader."""
    from hotline.organisation import queries as organisation
    from hotline.workorder import queries as orders

    return orders.ids_in(organisation.answering()[0].id, ("registered",))[:most]


def django_ready() -> None:
    """This process reads the database too, to see what still waits."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.config.settings")
    import django

    django.setup()


def environment() -> Any:
    """The installation's environment."""
    from django.conf import settings

    return settings.ENVIRONMENT


def appeals() -> list[str]:
    """Texts as the synthetic city's people speak, slots filled."""
    from hotline import packs
    from hotline.demo import speech

    chance = random.Random(7)
    city = packs.load(stage.CITY)
    towns = [area.name for area in city.areas if area.level == "town"]
    return [speech.fill(each.text, speech.slots(chance, chance.choice(towns))) for each in city.phrases]


def requests(texts: list[str], key: str, client: int) -> Iterator[load.Request]:
    """One client's appeals without end: half of the callers are known already."""
    chance = random.Random(client)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    for number in itertools.count():
        phone = f"1991{client % 100:02d}{number % 10000:04d}{chance.randint(0, 1)}"
        body = {"text": chance.choice(texts), "phone": phone, "name": "测试"}
        told = {**headers, "Idempotency-Key": f"{os.getpid()}-{client}-{number}"}
        yield "POST", "/api/v1/appeals", json.dumps(body).encode(), told


def unread() -> int:
    """Events whose reactions are still to come."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_pending")
        return int(cursor.fetchone()[0])


def drain() -> float:
    """Wait until nothing is pending; seconds."""
    begun = time.perf_counter()
    while unread():
        time.sleep(0.05)
        if time.perf_counter() - begun > 600:
            raise SystemExit("the worker does not come to an end")
    return time.perf_counter() - begun


def recorded() -> int:
    """Events in the ledger: what was done, by people and by machines."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_event")
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    raise SystemExit(main())
