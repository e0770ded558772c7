"""Random lawful lives through the bulk path, in batches; every invariant is checked from the database after each.

`python -m bench.lives [--json] [--lives 200000] [--seed 12345] [--processes 2]`. What is drawn is as in `tests/lives`;
the two small cities stand in one instance. Memory stays that of a batch in each process. At the end the whole ledger is
verified. A process draws from a seed of its own, so that the same seed and processes draw the same lives again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import Any
from zoneinfo import ZoneInfo

from bench import machine

BATCH = 1000
LEAST = 100  # so often, at least, every action of the law is taken
LIMITS = {"faults": 0, "quarantined": 0, "memory_mib": 1500}
BEGIN = datetime(2026, 1, 2, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NOW = BEGIN + timedelta(days=1000)


def main() -> int:
    """Live, check and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lives", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=12345)
    parser.add_argument("--processes", type=int, default=len(os.sched_getaffinity(0)))
    options = parser.parse_args()
    with installation():
        found = lived(options.lives, options.seed, options.processes)
    found |= {"machine": machine.size(), "limits": LIMITS, "seed": options.seed}
    print(json.dumps(found, ensure_ascii=False, indent=None if options.json else 2))
    missed = [name for name, limit in LIMITS.items() if found[name] > limit]
    if missed or found["too_rare"] or not found["ledger_verifies"]:
        print(f"a limit is missed: {', '.join(missed) or found['too_rare']}", file=sys.stderr)
        return 1
    return 0


@contextmanager
def installation() -> Iterator[None]:
    """A database of its own."""
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - the database's own user walks through it
        os.environ |= {"HOTLINE_DATA_DIR": folder}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.config.settings")
        from hotline.cli.readiness import ready

        with ready():
            yield


def lived(count: int, seed: int, processes: int) -> dict[str, Any]:
    """All figures of one run."""
    from django.db import connection

    from hotline.ledger import services as ledger
    from hotline.workorder.lifecycle import ENDED
    from tests.lives.checking import missing
    from tests.world import open_province

    cities = open_province(BEGIN).cities
    connection.close()  # every process has its own
    begun, sums, taken, states, memory = time.perf_counter(), Counter[str](), Counter[str](), Counter[str](), 0
    shares = [(cities, count // processes, seed + 1000 * place, f"L{place}-") for place in range(processes)]
    with ProcessPoolExecutor(processes, get_context("spawn"), django_ready) as pool:
        for share in pool.map(lived_share, shares):
            sums, taken, states = sums + share.sums, taken + share.taken, states + share.states
            memory = max(memory, share.memory)
    checked = time.perf_counter()
    verified = ledger.verify()
    return {
        "lives": sums["lives"],
        "steps": taken.total(),
        "faults": sums["faults"],
        "quarantined": sums["quarantined"],
        "ended": sum(states[state.value] for state in ENDED),
        "too_rare": missing(taken, LEAST),
        "taken": dict(taken.most_common()),
        "ledger_events": verified.events,
        "ledger_verifies": verified.ok,
        "minutes": round((checked - begun) / 60, 1),
        "verify_s": round(time.perf_counter() - checked, 1),
        "memory_mib": memory,
    }


@dataclass
class Share:
    """What one process found."""

    sums: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    memory: int = 0  # MiB


def django_ready() -> None:
    """Before a process reads what it is given."""
    import django

    django.setup()


def lived_share(given: tuple[Any, int, int, str]) -> Share:
    """One process's lives: these cities, so many, from this seed, with numbers that begin so."""
    from tests.lives.scene import Scene

    cities, count, seed, label = given
    scenes = [Scene(world, random.Random(seed + place), invented=True) for place, world in enumerate(cities)]
    begun, share = time.perf_counter(), Share()
    while share.sums["lives"] < count:
        size = min(BATCH, count - share.sums["lives"])
        _batch(scenes, size, f"{label}{share.sums['lives']}-", share)
        share.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        _tell(label, share, count, begun)
    return share


def _batch(scenes: list[Any], count: int, label: str, share: Share) -> None:
    """Draw, take in and check some lives."""
    from hotline.workorder import services as workorder
    from hotline.workorder.models import Order
    from tests.lives.checking import faults
    from tests.lives.growing import lives

    done = workorder.append_lives(lives=lives(scenes, count=count, begin=BEGIN, days=500, label=label), at=NOW)
    rows = dict(Order.objects.filter(number__startswith=label).values_list("pk", "state"))
    against, mine = faults(list(rows))
    for fault in against[:20]:
        print(fault, file=sys.stderr)
    share.taken.update(mine)
    share.states.update(rows.values())
    share.sums.update(lives=done.created, quarantined=done.quarantined, faults=len(against))


def _tell(label: str, share: Share, count: int, begun: float) -> None:
    took, sums = time.perf_counter() - begun, share.sums
    left = took / max(sums["lives"], 1) * (count - sums["lives"]) / 60
    done = f"{label} {sums['lives']:>7} of {count} lives, {sums['faults']} faults"
    print(f"{done}, {took / 60:.1f} min, {left:.1f} left, {share.memory} MiB", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
