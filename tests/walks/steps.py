"""What the stories of the walks have in common: the usual way to a unit's desk and to its reply."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hotline.channels.file import services as outbox
from hotline.dispatch import services as dispatch
from hotline.handling import services as handling
from hotline.workorder import facts as said
from tests.world import World

REPLY = {"reply_public": "已上门清洗过滤器，复测室温20度。", "reply_internal": "更换过滤器一只。"}


def accept(world: World, order_id: int, matter_code: str = "0201001", **codes: str) -> None:
    """An agent says what it is and takes it on."""
    world.walk()
    world.move(order_id, "amend", world.viewer("agent"), kind="help", matter_code=matter_code, **codes)
    world.move(order_id, "accept", world.viewer("agent"))
    world.walk()


def dispatch_to(world: World, order_id: int, unit_id: int) -> None:
    """A dispatcher gives it to this unit."""
    moved = dispatch.decide(order_id=order_id, unit_id=unit_id, viewer=world.viewer("dispatcher"), at=world.at)
    assert moved.state == "dispatched"


def sign(world: World, order_id: int) -> None:
    """The unit's clerk signs."""
    handling.act(order_id=order_id, facts=said.Signed(), viewer=world.clerk(order_id), at=world.at)


def reply(world: World, order_id: int) -> None:
    """The unit's clerk answers: solved, nobody had to be phoned."""
    facts = said.Replied(appeal_true=True, beyond_duty=False, contacted=False, solved=True)
    handling.act(order_id=order_id, facts=facts, texts=REPLY, viewer=world.clerk(order_id), at=world.at)


def told(world: World, data_dir: Path) -> list[dict[str, Any]]:
    """Every message that was delivered until now, in order."""
    world.walk()
    outbox.deliver_due(at=world.at)
    files = sorted((data_dir / "outbox").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]
