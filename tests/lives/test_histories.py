"""Random lawful lives through the bulk path, in two cities with opposite rules; checked from what was stored."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from hotline.ledger import services as ledger
from hotline.workorder import services as workorder
from hotline.workorder.models import Order, QuarantinedLife
from hotline.workorder.services import Life
from tests.lives.checking import faults, missing
from tests.lives.growing import lives
from tests.lives.scene import Scene
from tests.world import Province

LIVES = 2000
SEED = int(os.environ.get("LIVES_SEED", "12345"))
BEGIN = datetime(2026, 1, 2, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def taken_in(scenes: list[Scene], count: int, label: str) -> Iterator[Life]:
    return lives(scenes, count=count, begin=BEGIN, days=500, label=label)


def test_random_lives_are_lawful_whichever_way_they_go(province: Province) -> None:
    print(f"LIVES_SEED={SEED}")
    scenes = [Scene(world, random.Random(SEED + place), invented=True) for place, world in enumerate(province.cities)]
    drawn = list(taken_in(scenes, LIVES, "L"))
    done = workorder.append_lives(lives=iter(drawn), at=BEGIN + timedelta(days=1000))
    refused = list(islice(QuarantinedLife.objects.values_list("source_ref", "step", "reasons"), 5))
    assert done.quarantined == 0, refused
    against, taken = faults(list(Order.objects.values_list("pk", flat=True)))
    assert against == [], "\n".join(against[:40])
    assert missing(taken, 10) == {}, Counter(taken)
    assert ledger.verify().ok
