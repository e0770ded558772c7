"""Histories taken in at once end up exactly as if every step had been taken when it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from hotline.ledger import services as ledger
from hotline.ledger.record import SYSTEM, Actor
from hotline.organisation import queries as organisation
from hotline.vault import queries as vault
from hotline.workorder import facts as said
from hotline.workorder import queries as orders
from hotline.workorder import services as workorder
from hotline.workorder.models import Order, QuarantinedLife
from hotline.workorder.services import Life, NewOrder, Step
from hotline.workorder.views import InboxQuery
from tests.lives.checking import faults
from tests.world import World


def new_order(world: World) -> NewOrder:
    authority = organisation.authority(world.authority_id)
    assert authority is not None
    key = vault.open_keys([authority.key_id])[authority.key_id]
    return NewOrder(world.authority_id, "phone", key, {"appeal": "暖气不热，室内十二度"}, kind="help",
                    matter_code="0201001", anonymous=True)  # fmt: skip


def steps(world: World) -> tuple[Step, ...]:
    """Up to an unsolved result and a rework."""
    unit = world.unit("urban")
    clerk = world.viewer("clerk", unit).actor()
    caller, at = world.viewer("caller_back").actor(), world.at
    told = {"reply_public": "已派人检查。", "reply_internal": "待配件。"}
    return (
        Step(said.Accepted(), world.viewer("agent").actor(), at + timedelta(minutes=5)),
        Step(said.Dispatched(unit.id), world.viewer("dispatcher").actor(), at + timedelta(minutes=9)),
        Step(said.Signed(), clerk, at + timedelta(hours=2)),
        Step(said.Replied(True, False, False, False, None, "needs_time"), clerk, at + timedelta(hours=30), told),
        Step(said.ResultRecorded(False, False, "dissatisfied"), Actor("resident"), at + timedelta(hours=31)),
        Step(said.Reworked("not_solved"), caller, at + timedelta(hours=32), {"callback_remark": "请上门"}),
    )


def test_a_life_equals_the_same_steps_taken_one_by_one(world: World) -> None:
    new, taken_steps = new_order(world), steps(world)
    agent = world.viewer("agent").actor()
    one = workorder.register(new=new, actor=agent, at=world.at)
    for step in taken_steps:
        actor = Actor("resident", id=str(one.stream)) if step.actor.kind == "resident" else step.actor
        workorder.move(order_id=one.order_id, facts=step.facts, actor=actor, at=step.at, texts=step.texts)
    life = Life("YJ1", new, agent, world.at, taken_steps)
    assert workorder.append_lives(lives=[life], at=world.at + timedelta(days=3)).created == 1

    viewer = world.viewer("supervisor")
    first = world.order(one.order_id, viewer)
    second = world.order(Order.objects.get(number="YJ1").pk, viewer)
    for name in ("state", "outcome", "kind", "matter_code", "unit", "rounds", "returns", "attempts", "solved",
                 "version", "texts", "clocks", "registered_at"):  # fmt: skip
        assert getattr(first, name) == getattr(second, name), name
    same = [(e.kind, e.at, e.actor_kind, e.actor_role, e.texts) for e in first.timeline]
    assert [(e.kind, e.at, e.actor_kind, e.actor_role, e.texts) for e in second.timeline] == same
    assert ledger.verify().ok


def test_help_and_time_are_lived_as_in_the_present(world: World) -> None:
    """Assisting units, a wait, more time: the clocks and who helped come out the same."""
    new, agent, at = new_order(world), world.viewer("agent").actor(), world.at
    lead, helper = world.unit("urban"), world.unit("market")
    clerk, other = world.viewer("clerk", lead).actor(), world.viewer("clerk", helper).actor()
    dispatcher = world.viewer("dispatcher").actor()
    reply = {"reply_public": "已派人检查。", "reply_internal": "待配件。"}
    taken = (
        Step(said.Accepted(), agent, at + timedelta(minutes=5)),
        Step(said.Dispatched(lead.id, (helper.id,)), dispatcher, at + timedelta(minutes=9)),
        Step(said.Signed(), clerk, at + timedelta(minutes=30)),
        Step(said.AssistAdded(world.unit("property").id, 2), clerk, at + timedelta(minutes=40)),
        Step(said.ExtensionAsked(2, "works"), clerk, at + timedelta(minutes=50), {"extension_reason": "等配件"}),
        Step(said.ExtensionGranted(), dispatcher, at + timedelta(minutes=55)),
        Step(said.Paused("access"), clerk, at + timedelta(hours=1), {"guidance": "请约时间"}),
        Step(said.AssistReplied(), other, at + timedelta(hours=2), {"assist_reply": "已到场"}),
        Step(said.Supplemented(), Actor("resident"), at + timedelta(hours=26), {"supplement": "周六在家"}),
        Step(said.AssistReplied(), other, at + timedelta(hours=27), {"assist_reply": "又到场"}),
        Step(said.Replied(True, False, False, True), clerk, at + timedelta(hours=30), reply),
    )
    one = workorder.register(new=new, actor=agent, at=at)
    for step in taken:
        actor = Actor("resident", id=str(one.stream)) if step.actor.kind == "resident" else step.actor
        workorder.move(order_id=one.order_id, facts=step.facts, actor=actor, at=step.at, texts=step.texts)
    workorder.append_lives(lives=[Life("L9", new, agent, at, taken)], at=at + timedelta(days=3))
    other_id = Order.objects.get(number="L9").pk
    viewer = world.viewer("supervisor")
    first, second = world.order(one.order_id, viewer), world.order(other_id, viewer)
    assert first.clocks == second.clocks
    assert first.assists == second.assists
    assert len(first.assists) == 2
    assert faults([one.order_id, other_id])[0] == []


def test_members_follow_a_head_that_comes_before_them(world: World) -> None:
    new, agent, at = new_order(world), world.viewer("agent").actor(), world.at
    (head_id,) = workorder.reserve(count=1, at=at)
    head = Life("L10", new, agent, at, steps(world)[:4], order_id=head_id)
    merged = Step(said.Merged(head_id), agent, at + timedelta(minutes=7))
    shared = Step(said.ReplyShared(head_id), SYSTEM, at + timedelta(hours=30, seconds=1), {"reply_public": "已处理。"})
    member = Life("L11", new, agent, at + timedelta(minutes=2), (merged, shared))
    stranger = Life("L12", new, agent, at, (Step(said.Merged(head_id + 10**6), agent, at),))
    done = workorder.append_lives(lives=[head, member, stranger], at=at + timedelta(days=3))
    assert (done.created, done.quarantined) == (2, 1)
    assert QuarantinedLife.objects.get().reasons == ["head_unknown"]
    followed = Order.objects.get(number="L11")
    assert (followed.head_id, followed.state, followed.unit_id) == (head_id, "replied", world.unit("urban").id)
    assert faults([head_id, followed.pk])[0] == []


def test_history_causes_nothing_but_can_be_found(world: World) -> None:
    life = Life("YJ2", new_order(world), SYSTEM, world.at, steps(world))
    world.walk()
    workorder.append_lives(lives=[life], at=world.at)
    assert world.walk() == 0, "no reaction runs"
    assert orders.inbox(world.viewer("supervisor"), InboxQuery(words="暖气"), world.at).total == 1


def test_an_unlawful_life_goes_to_quarantine_whole(world: World) -> None:
    clerk = world.viewer("clerk", world.unit("urban")).actor()
    hasty = Life("YJ3", new_order(world), SYSTEM, world.at, (Step(said.Signed(), clerk, world.at),), "old-17")
    lawful = Life("YJ4", new_order(world), SYSTEM, world.at)
    done = workorder.append_lives(lives=[hasty, lawful], at=world.at)
    assert (done.created, done.quarantined) == (1, 1)
    kept = QuarantinedLife.objects.get()
    assert (kept.source_ref, kept.step, kept.reasons) == ("old-17", 1, ["not_in_state"])
    assert list(Order.objects.values_list("number", flat=True)) == ["YJ4"]


def test_a_doubled_number_stops_the_batch_and_leaves_nothing(world: World) -> None:
    twice = [Life("YJ5", new_order(world), SYSTEM, world.at) for _ in range(2)]
    with pytest.raises(IntegrityError), transaction.atomic():
        workorder.append_lives(lives=twice, at=world.at)
    assert not Order.objects.exists()
