"""What the stories of the walks have in common: the usual way to a unit's desk, to its reply, and to the end.

Cities contradict each other, so what is expected is read from the city's policy.
"""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from hotline.callback import services as callback
from hotline.channels.file import services as outbox
from hotline.clocks import queries as clocks
from hotline.clocks.queries import ClockView
from hotline.dispatch import services as dispatch
from hotline.handling import services as handling
from hotline.intake.services import Taken
from hotline.ledger.record import SYSTEM, Actor
from hotline.organisation import queries as organisation
from hotline.organisation.tree import UnitView
from hotline.organisation.viewer import Viewer
from hotline.policy import deadlines
from hotline.refusal import Refused
from hotline.workorder import facts as said
from hotline.workorder import queries as orders
from hotline.workorder.services.attaching import Upload, attach
from tests.files import samples
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


def reply(world: World, order_id: int) -> str:
    """The unit's clerk answers: solved, nobody had to be phoned. The new state."""
    facts = said.Replied(appeal_true=True, beyond_duty=False, contacted=False, solved=True)
    viewer = world.clerk(order_id)
    return handling.act(order_id=order_id, facts=facts, texts=REPLY, viewer=viewer, at=world.at).state


DEPARTMENT_MATTER = "0101001"  # a dispute about property fees: the county's housing bureau answers for it


def county_centre(world: World) -> UnitView:
    """The hotline centre of the open county."""
    units = organisation.unit_index(world.authority_id)
    return next(unit for unit in units if unit.role_code == "hotline" and unit.level == "county")


def bureau(world: World, role_code: str) -> UnitView:
    """A unit right below the county's centre."""
    units = organisation.unit_index(world.authority_id)
    return next(unit for unit in units.children(county_centre(world).id) if unit.role_code == role_code)


def at_the_bureau(world: World, role_code: str = "housing", **said_: object) -> int:
    """An order that was dispatched to a bureau of the county; not signed yet."""
    given: dict[str, object] = {"phone": "13812340000", **said_}
    order_id = world.take("物业费收得不明不白，业主群里都在说。", area_code=world.towns()[0], **given).order_id
    accept(world, order_id, DEPARTMENT_MATTER)
    dispatch_to(world, order_id, bureau(world, role_code).id)
    return order_id


def clock(world: World, order_id: int, kind: str) -> ClockView:
    """The newest run of this clock."""
    return [each for each in clocks.for_streams("order", [order_id])[order_id] if each.kind == kind][-1]


def resident(world: World, taken: Taken) -> Actor:
    """The resident who holds number and code."""
    proven = orders.prove(number=taken.number, code=taken.query_code)
    assert proven is not None
    return proven.actor


def pleased(world: World, steps: int = 0) -> str:
    """What a contented resident says, best first, in this city's words."""
    return [step.code for step in world.policy.callback.scale if step.satisfied][steps]


def displeased(world: World) -> str:
    """What an unhappy resident says in this city's words."""
    return next(step.code for step in world.policy.callback.scale if not step.satisfied)


def ask(world: World, order_id: int, actor: Actor, solved: bool = True) -> str:
    """The resident says how it went; whoever closes orders in this city closes what is solved. The new state."""
    answer = pleased(world) if solved else displeased(world)
    facts = said.ResultRecorded(contacted=True, solved=solved, satisfaction=answer)
    state = callback.act(order_id=order_id, facts=facts, actor=actor, at=world.at).state
    rules = world.policy.callback
    if not solved:
        assert state == "evaluated"
        return state
    assert state == ("closed" if rules.auto_close else "evaluated")
    return state if rules.auto_close else world.move(order_id, "close", world.viewer(rules.closers[0]))


def own_clocks(world: World, *more: str) -> set[str]:
    """The kinds of clocks that an order has in this city, with `more` that every city has."""
    limit = deadlines.limit_for(world.policy, "dispatch", kind="", matter_code="", urgency="normal", channel="web")
    return {*more, "dispatch"} if limit is not None else set(more)


def paper(world: World, order_id: int) -> int:
    """A stamped page that is attached to the order; its id."""
    uploads = [Upload("职责依据.pdf", BytesIO(samples.pdf()))]
    (file_id,) = attach(order_id=order_id, uploads=uploads, actor=SYSTEM, at=world.at)
    return file_id


def give_back(world: World, order_id: int, **more: int) -> str:
    """The unit's clerk returns it, with the evidence that this city asks for. The new state."""
    wanted = world.policy.handling.return_evidence
    papers = (paper(world, order_id),) if set(wanted) & said.PAPERS else ()
    facts = said.Returned("not_our_duty", evidence=wanted, file_ids=papers, **more)  # type: ignore[arg-type]
    texts = {"return_reason": "职责清单写明由其他单位主办。"}
    return handling.act(order_id=order_id, facts=facts, texts=texts, viewer=world.clerk(order_id), at=world.at).state


def refused(world: World, order_id: int, action: str, viewer: Viewer | Actor, **typed: str) -> list[str]:
    """The codes of the reasons why this is not possible; nothing was changed then."""
    before = world.events(order_id)
    with pytest.raises(Refused) as found:
        world.move(order_id, action, viewer, **typed)
    assert world.events(order_id) == before
    return [reason.code for reason in found.value.reasons]


def told(world: World, data_dir: Path) -> list[dict[str, Any]]:
    """Every message that was delivered until now, in order."""
    world.walk()
    outbox.deliver_due(at=world.at)
    files = sorted((data_dir / "outbox").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]
