"""What a due moment costs, and how long a corrected calendar takes to reach a million open clocks.

`python -m bench.clocks [--json] [--clocks 1000000] [--lives 20000]`. A due moment is that of a clock's whole life, with
its reminder: limits as the shipped cities set them, starts at any minute of a year, every fifth life with a pause,
every tenth put off. The clocks lie in a database of their own and are recomputed as the worker does it, batch by
batch; what came out is held against lives reckoned one by one. The limits stand in `LIMITS`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg

from bench import machine

if TYPE_CHECKING:
    from hotline.clocks.calendar import Calendar
    from hotline.clocks.change import Timed
    from hotline.clocks.life import Reckoned
    from hotline.packs import City, Limit
    from hotline.policy.policy import Policy

LIMITS = {"due_us": 20.0, "recompute_s": 60.0}
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CLOSED = date(2026, 11, 25)  # the city closes its offices on this day: a storm
CHECKED = 2000  # clocks that are reckoned once more, one by one
_COLUMNS = (
    "authority_id, stream_kind, stream_id, kind, round, policy_version_id, calendar_version, limit_amount, limit_unit,"
    " unit, started_at, first_due_at, due_at, warn_at, paused_at, changes, extensions, provisional, outcome"
)


class Life(NamedTuple):
    """A clock as it happened."""

    limit: Limit
    start: datetime
    changes: tuple[Timed, ...]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--clocks", type=int, default=1_000_000)
    parser.add_argument("--lives", type=int, default=20_000)
    options = parser.parse_args()
    with founded() as pack:
        found: dict[str, Any] = reckoning(options.lives) | reaching(pack, options.clocks)
    found["ratio"] = {name: round(found[name] / limit, 3) for name, limit in LIMITS.items()}
    found |= {"limits": LIMITS, "machine": machine.size(), "load_average": os.getloadavg()[0]}
    print(json.dumps(found, ensure_ascii=False, indent=None if options.json else 2))
    if any(found[name] > limit for name, limit in LIMITS.items()):
        print("a limit is missed", file=sys.stderr)
    return 0


@contextmanager
def founded() -> Iterator[City]:
    """An installation of its own with the fictional city, as it would run in earnest."""
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - the database's own user walks through it
        os.environ["HOTLINE_DATA_DIR"] = folder
        os.environ["HOTLINE_POOL_SIZE"] = "0"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.config.settings")
        from hotline.cli.readiness import ready

        with ready():
            from hotline import packs
            from hotline.organisation import services as organisation

            pack = packs.load("yunjiang")
            organisation.load_city(pack=replace(pack, areas=pack.areas[:1], units=()), at=NOW)
            yield pack
            from django.db import connection

            connection.close()


def lives(pack: City, count: int, chance: random.Random, first: datetime, days: int) -> Iterator[Life]:
    """Clocks as the city's rules set them: plain ones, paused ones, some put off."""
    from hotline.clocks.change import Change, Timed
    from hotline.packs import Limit

    # Most of what is open waits for a reply, and most replies have some working days.
    limits = [rule.limit for rule in pack.clocks.rules.values() for _ in range(4 if rule.clock == "reply" else 1)]
    for _ in range(count):
        start = at = first + timedelta(seconds=chance.randrange(days * 86400))
        changes: list[Timed] = []
        if chance.random() < 0.2:
            at += timedelta(minutes=chance.randrange(1, 2000))
            changes.append(Timed(Change("reply", "pause"), at))
            if chance.random() < 0.7:
                at += timedelta(minutes=chance.randrange(10, 9000))
                changes.append(Timed(Change("reply", "resume"), at))
        if chance.random() < 0.1:
            more = Limit(5, "working_days")
            changes.append(Timed(Change("reply", "extend", more), at + timedelta(minutes=chance.randrange(600))))
        yield Life(chance.choice(limits), start, tuple(changes))


def reckoning(count: int) -> dict[str, Any]:
    """Microseconds of processor time: the median and the 95th of a hundred, of all lives and of those with changes."""
    from hotline import packs
    from hotline.clocks import life
    from hotline.clocks.calendar import Calendar

    chance, taken, changed = random.Random(12345), [], []
    for name in packs.cities():
        pack = packs.load(name)
        rules = pack.clocks
        calendar = Calendar.of(pack.calendar, rules.counts_from, rules.received_until, rules.day_ends)
        for each in lives(pack, count // len(packs.cities()), chance, datetime(2026, 1, 1, tzinfo=UTC), 365):
            begun = time.thread_time_ns()
            life.replay(each.limit, None, each.start, each.changes, calendar, rules.warn_before)
            took = (time.thread_time_ns() - begun) / 1000
            taken.append(took)
            if each.changes:
                changed.append(took)
    return {
        "due_us": round(statistics.median(taken), 2),
        "due_p95_us": round(statistics.quantiles(taken, n=100)[94], 2),
        "due_of_changed_us": round(statistics.median(changed), 2),
        "lives": len(taken),
        "lives_with_changes": len(changed),
    }


def reaching(pack: City, count: int) -> dict[str, Any]:
    """Fill the table, correct the calendar, recompute until nothing is behind."""
    from hotline.organisation import queries as organisation
    from hotline.policy import queries as policies
    from hotline.policy import services as publishing

    authority = organisation.authority(pack.code)
    assert authority is not None
    publishing.publish(pack=pack, authority_id=authority.id, at=NOW)
    policy = policies.current(authority.id, NOW)
    filled = fill(pack, policy, count)
    year = replace(pack.calendar.years[2026], closed=(*pack.calendar.years[2026].closed, CLOSED))
    corrected = replace(pack.calendar, years=MappingProxyType({**pack.calendar.years, 2026: year}))
    publishing.publish(pack=replace(pack, calendar=corrected), authority_id=authority.id, at=NOW)
    found = recomputed()
    check(policies.current(authority.id, NOW), found["recomputed"], count)
    return {"clocks": count, "filled_s": round(filled, 1), **found, **told(authority.id)}


def fill(pack: City, policy: Policy, count: int) -> float:
    """Open clocks on a million orders, as a run of some weeks leaves them behind; seconds."""
    from django.conf import settings
    from django.db import connection

    from hotline.clocks import life, queries
    from hotline.config.databases import conninfo, database

    calendar, before, chance = queries.calendar_of(policy), policy.clocks.warn_before, random.Random(7)
    begun = time.perf_counter()
    with connection.cursor() as cursor, cursor.copy(f"COPY clocks_clock ({_COLUMNS}) FROM STDIN") as copy:
        for number, each in enumerate(lives(pack, count, chance, NOW - timedelta(days=20), 20)):
            now = life.replay(each.limit, None, each.start, each.changes, calendar, before)
            copy.write(row(policy, number, each, now))
    with psycopg.connect(conninfo(database(settings.ENVIRONMENT, "owner")), autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE clocks_clock")  # as the database itself does some minutes after so many rows
    return time.perf_counter() - begun


def row(policy: Policy, number: int, each: Life, now: Reckoned) -> str:
    """A clock as its room writes it, as a line of COPY."""
    changes = json.dumps([change.written() for change in each.changes])
    values = (
        *(policy.authority_id, "order", number, "reply", 1, policy.id, policy.calendar_version),
        *(each.limit.amount, each.limit.unit, now.unit, each.start, now.first_due_at, now.due_at, now.warn_at),
        *(now.paused_at, changes, now.extensions, now.provisional, ""),
    )
    return "\t".join("\\N" if value is None else str(value) for value in values) + "\n"


def recomputed() -> dict[str, Any]:
    """Recompute as the worker does, call by call, and count what is said to the database."""
    from django.conf import settings
    from django.db import connection

    from hotline.clocks import services
    from hotline.config import postgres
    from hotline.config.places import Places

    statements, calls, reached = 0, [], 0

    def counted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(sql, params, many, context)

    server = postgres.postmaster_pid(Places.of(settings.ENVIRONMENT.data_path))
    busy = {"app": {os.getpid()}, "postgres": machine.family(server) if server else set()}
    before = {name: machine.cpu_ms(pids) for name, pids in busy.items()}
    begun = time.perf_counter()
    with connection.execute_wrapper(counted):
        while True:
            call = time.perf_counter()
            now = services.recompute(at=NOW)
            calls.append(time.perf_counter() - call)
            reached += now
            if not now:
                break
    return {
        "recompute_s": round(time.perf_counter() - begun, 1),
        **{f"{name}_cpu_s": round((machine.cpu_ms(pids) - before[name]) / 1000, 1) for name, pids in busy.items()},
        "recomputed": reached,
        "statements": statements,
        "calls": len(calls),
        "longest_call_s": round(max(calls), 2),
        "peak_memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def check(policy: Policy, reached: int, count: int) -> None:
    """Nothing was left behind, and what came out is what each life says by itself."""
    from hotline.clocks import queries
    from hotline.clocks.models import Clock

    assert reached == count
    assert not Clock.objects.exclude(calendar_version=policy.calendar_version).exists()
    calendar = queries.calendar_of(policy)
    for clock in Clock.objects.filter(stream_id__in=random.Random(1).sample(range(count), min(CHECKED, count))):
        assert clock.due_at == alone(clock, calendar, policy).due_at


def alone(clock: Any, calendar: Calendar, policy: Policy) -> Reckoned:
    """One clock, reckoned from its row."""
    from hotline.clocks import life
    from hotline.clocks.change import Timed
    from hotline.packs import Limit

    changes = [Timed.read(clock.kind, each) for each in clock.changes]
    limit = Limit(clock.limit_amount, clock.limit_unit)
    return life.replay(limit, None, clock.started_at, changes, calendar, policy.clocks.warn_before)


def told(authority_id: int) -> dict[str, int]:
    """What the ledger keeps of it: events, and clocks whose due moment they say was moved."""
    from hotline.ledger import queries as ledger
    from hotline.ledger.record import Stream

    events = ledger.timeline(Stream("policy", authority_id), kinds=["clock.recomputed"])
    ids = [number for event in events for number in event.facts["clock_ids"]]  # type: ignore[union-attr]
    assert len(ids) == len(set(ids))
    return {"events": len(events), "moved": len(ids)}


if __name__ == "__main__":
    raise SystemExit(main())
