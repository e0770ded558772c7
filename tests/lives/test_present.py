"""Random lawful lives as they are lived: real people of two cities, step by step, the walk running between them."""

from __future__ import annotations

import os
import random
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest

from hotline.clocks import queries as clocks
from hotline.clocks import services as clock_services
from hotline.contact.models import Message
from hotline.files import services as files
from hotline.ledger import services as ledger
from hotline.ledger.models import Event, Pending
from hotline.ledger.record import Stream
from hotline.organisation import queries as organisation
from hotline.policy import queries as policies
from hotline.refusal import Refused
from hotline.vault import queries as vault
from hotline.workorder import services as workorder
from hotline.workorder.guards.joining import FOLLOWED
from hotline.workorder.lifecycle import ENDED
from hotline.workorder.models import Assist, Order
from hotline.workorder.queries.standing import heads, snapshot
from hotline.workorder.services import Part
from hotline.workorder.services.telling import TOLD
from hotline.workorder.situation import Head
from tests.files import samples
from tests.lives.checking import faults, missing
from tests.lives.drawing import next_step, passing
from tests.lives.saying import Speaker
from tests.lives.scene import Scene
from tests.lives.walked import Helper, Walked
from tests.world import Province

ORDERS, ROUNDS = 80, 40
SEED = int(os.environ.get("LIVES_SEED", "12345"))
# What nobody does by a step of its own: the house does it to parts, members and rules.
NOT_ALONE = ("split", "adopt_policy", "share_reply", "close_along")

# What the wrong person tries at the wrong time.
UNLAWFUL = ("accept", "sign", "reply", "close", "archive", "reopen", "withdraw")


class Life:
    """One order of the present, stepped by chance."""

    def __init__(self, scene: Scene, number: int) -> None:
        self.scene = scene
        known = number % 3 > 0
        matter = scene.chance.choice(scene.matters)
        codes = {"kind": "help", "matter_code": matter.code} if known else {}
        self.order_id = scene.world.take(
            f"门口的路灯第{number}天不亮了。", phone=f"1390000{number:04d}", anonymous=number % 5 == 0,
            area_code=scene.chance.choice(scene.towns), **codes,
        ).order_id  # fmt: skip
        self.file_ids: tuple[int, ...] = ()

    def step(self, order: Order, others: list[int]) -> None:
        """One lawful step, and now and then one that is not, which changes nothing."""
        world, chance = self.scene.world, self.scene.chance
        head = self._head(order, others)
        if chance.random() < 0.3:
            self._papers(order)
        walked = self._walked(order)
        if chance.random() < 0.2:
            self._unlawful(walked, order)
        drawn = next_step(self.scene, walked, world.at, file_ids=self.file_ids, head=head, without=NOT_ALONE)
        if drawn is not None:
            workorder.move(order_id=order.pk, facts=drawn.facts, actor=drawn.actor, at=world.at, texts=drawn.texts)

    def _walked(self, order: Order) -> Walked:
        """The order as the law finds it; what was done to it before is the ledger's business."""
        policy = policies.version(order.policy_version_id)
        found = Walked(order.authority_id, order.channel, policy, self.scene.units, order.pk, snapshot(order))
        found.helpers = {row.unit_id: Helper(None) for row in Assist.objects.filter(order_id=order.pk)}
        found.reply_clock = clocks.running_of("order", [order.pk]).get(order.pk, {})
        return found

    def _head(self, order: Order, others: list[int]) -> Head | None:
        if self.scene.chance.random() > 0.12 or Order.objects.filter(head_id=order.pk, state="merged").exists():
            return None
        chosen = self.scene.chance.choice(others)
        head = heads([chosen])[chosen]
        return head if head.id != order.pk and head.state in FOLLOWED else None

    def _papers(self, order: Order) -> None:
        """A paper that a return, or a final answer, stands on."""
        if not self.file_ids:
            key = vault.open_keys([order.key_id])[order.key_id]
            staged = files.stage(name="", content=BytesIO(samples.pdf()), authority_key=self.scene.key, at=self._at)
            stream = Stream("order", order.pk)
            self.file_ids = tuple(files.attach(tokens=[staged.token], stream=stream, key=key, at=self._at))

    @property
    def _at(self) -> datetime:
        return self.scene.world.at

    def _unlawful(self, walked: Walked, order: Order) -> None:
        speaker = Speaker(self.scene, walked, self._at, self.file_ids, None)
        for action in self.scene.chance.sample(
            ("accept", "sign", "reply", "close", "archive", "reopen", "withdraw"), 3
        ):
            actor = self.scene.actor(("clerk", "agent", "grid_worker", "caller_back"), walked.order, order.pk, ())
            facts, texts = speaker.facts(action), speaker.texts(action)
            reasons, change = walked.judge(facts, actor, frozenset(texts), self._at)
            if change is None:
                with pytest.raises(Refused) as refused:
                    workorder.move(order_id=order.pk, facts=facts, actor=actor, at=self._at, texts=texts)
                codes = {reason.code for reason in refused.value.reasons}
                assert codes in ({reason.code for reason in reasons}, {"no_such_order"})
                assert Order.objects.values_list("version", flat=True).get(pk=order.pk) == order.version


def test_random_lives_are_lived(province: Province, data_dir: Path) -> None:
    print(f"LIVES_SEED={SEED}")
    scenes = [Scene(world, random.Random(SEED + place)) for place, world in enumerate(province.cities)]
    lives = [Life(scenes[number % 2], number) for number in range(ORDERS)]
    chance = random.Random(SEED)
    for _ in range(ROUNDS):
        later = passing(chance, province.cities[0].at)
        for scene in scenes:
            scene.world.at = later
        a_round(lives, scenes, chance)
        everything_by_itself(later)
    for scene in scenes:
        scene.world.pass_time(days=400)
    everything_by_itself(scenes[0].world.at)
    assert not Pending.objects.exists(), list(Pending.objects.values_list("event__kind", "error", "state")[:5])
    against, taken = faults(list(Order.objects.values_list("pk", flat=True)))
    assert against == [], "\n".join(against[:40])
    assert_told()
    assert ledger.verify().ok
    ended = Order.objects.filter(state__in=[state.value for state in ENDED]).count()
    assert ended > ORDERS / 2
    assert len(missing(taken, 1)) < 6, missing(taken, 1)


def a_round(lives: list[Life], scenes: list[Scene], chance: random.Random) -> None:
    """Some orders are stepped, some are split, some are merged many at once."""
    rows = Order.objects.in_bulk([life.order_id for life in lives])
    for life in chance.sample(lives, len(lives) // 2):
        order = rows[life.order_id]
        mine = [row.pk for row in rows.values() if row.authority_id == order.authority_id]
        life.step(order, mine)
    for scene in scenes:
        early = Order.objects.filter(authority_id=scene.authority_id, state__in=("registered", "accepted"))
        ids = list(early.order_by("pk").values_list("pk", flat=True)[:3]) if chance.random() < 0.3 else []
        agent = scene.world.viewer("agent").actor()
        if len(ids) > 2 and not Order.objects.filter(head_id__in=ids, state="merged").exists():
            workorder.merge(head_id=ids[0], member_ids=ids[1:3], actor=agent, at=scene.world.at)
            workorder.split(order_id=ids[0], parts=[Part("还有一件事：垃圾没人清。")], actor=agent, at=scene.world.at)


def everything_by_itself(at: datetime) -> None:
    """What the worker does: reactions until nothing is left, and the chores of time."""
    from hotline import walk

    walk.run_until_idle(at=at)
    clock_services.note_passed(at=at, limit=5000)
    workorder.resume_due(at=at)
    workorder.archive_due(at=at)
    walk.run_until_idle(at=at)


def assert_told() -> None:
    """Each resident who is known was told of each thing that residents are told of."""
    named = set(Order.objects.filter(resident__isnull=False).values_list("pk", flat=True))
    told = set(Message.objects.values_list("event_id", "template"))
    policy = policies.current(organisation.answering()[0].id, datetime.fromisoformat("2026-11-20T10:00:00+08:00"))
    for event in Event.objects.filter(stream_kind="order", stream_id__in=named, kind__in=TOLD):
        template = TOLD[event.kind]
        if template in policy.templates and event.facts.get("state") != "reviewing":
            assert (event.pk, template) in told, f"{event.kind} of order {event.stream_id} was not told"
