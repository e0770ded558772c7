"""Random lawful lives through the bulk path, in batches; every invariant is checked from the database after each.

`python -m bench.lives [--json] [--lives 200000] [--seed 12345]`. What is drawn is as in `tests/lives`; the two small
cities stand in one instance. Memory stays that of a batch. At the end the whole ledger is verified.
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
from contextlib import contextmanager
from datetime import datetime, timedelta
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
    options = parser.parse_args()
    with installation():
        found = lived(options.lives, options.seed)
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


def lived(count: int, seed: int) -> dict[str, Any]:
    """All figures of one run."""
    from hotline.ledger import services as ledger
    from hotline.workorder.lifecycle import ENDED
    from tests.lives.checking import missing
    from tests.lives.scene import Scene
    from tests.world import open_province

    province = open_province(BEGIN)
    scenes = [Scene(world, random.Random(seed + place), invented=True) for place, world in enumerate(province.cities)]
    begun, taken, states = time.perf_counter(), Counter[str](), Counter[str]()
    sums = Counter[str]()
    while sums["lives"] < count:
        sums += _batch(scenes, min(BATCH, count - sums["lives"]), f"L{sums['lives']}-", taken, states)
        _tell(sums, count, begun)
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
        "memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _batch(scenes: list[Any], count: int, label: str, taken: Counter[str], states: Counter[str]) -> Counter[str]:
    """Draw, take in and check some lives; returns how many there were, and what was wrong."""
    from hotline.workorder import services as workorder
    from hotline.workorder.models import Order
    from tests.lives.checking import faults
    from tests.lives.growing import lives

    last = Order.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    done = workorder.append_lives(lives=lives(scenes, count=count, begin=BEGIN, days=500, label=label), at=NOW)
    rows = dict(Order.objects.filter(pk__gt=last).values_list("pk", "state"))
    against, mine = faults(list(rows))
    taken.update(mine)
    states.update(rows.values())
    for fault in against[:20]:
        print(fault, file=sys.stderr)
    return Counter(lives=done.created, quarantined=done.quarantined, faults=len(against))


def _tell(sums: Counter[str], count: int, begun: float) -> None:
    took = time.perf_counter() - begun
    left = took / max(sums["lives"], 1) * (count - sums["lives"]) / 60
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    words = f"{sums['lives']:>7} of {count} lives, {sums['faults']} faults, {took / 60:.1f} min, {left:.1f} left"
    print(f"{words}, {memory} MiB", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
