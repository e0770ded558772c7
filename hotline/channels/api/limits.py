"""How fast a partner may call. Pure."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Level:
    """How many calls were left at `at`."""

    left: float
    at: datetime


def take(levels: MutableMapping[int, Level], key_id: int, per_minute: int, at: datetime) -> float:
    """Take one call from the key's bucket; returns seconds to wait (0: go on).

    A bucket holds a minute's worth and fills evenly. Each serving process keeps its own buckets, so a partner gets at
    most `per_minute` times the number of processes.
    """
    before = levels.get(key_id, Level(float(per_minute), at))
    passed = max((at - before.at).total_seconds(), 0.0)
    left = min(before.left + passed * per_minute / 60, float(per_minute))
    if left < 1:
        levels[key_id] = Level(left, at)
        return (1 - left) * 60 / per_minute
    levels[key_id] = Level(left - 1, at)
    return 0.0
