"""Several appeals about one thing, and one appeal about several things."""

from __future__ import annotations

import pytest

from hotline.contact import queries as contact
from hotline.ledger.record import Stream
from hotline.refusal import Refused
from hotline.workorder import queries as orders
from hotline.workorder import services as workorder
from hotline.workorder.models import Order
from hotline.workorder.services import Part
from tests.world import World

WATER = {"kind": "help", "matter_code": "0202001"}
REPLY = {
    "appeal_true": "yes", "beyond_duty": "no", "contacted": "yes", "contacted_at": "2026-11-20T10:30:00+08:00",
    "contacted_number": "6118", "solved": "yes", "reply_public": "张三丰您好，主管道已修复，联系电话13812345678。",
    "reply_internal": "更换阀门",
}  # fmt: skip
HAPPY = {"contacted": "yes", "solved": "yes", "satisfaction": "satisfied"}


def callers(world: World, count: int) -> list[int]:
    """Accepted orders about one burst main, each of another caller."""
    ids = [world.take(f"锦绣家园{n}栋停水了。", phone=f"1390000{n:04d}", **WATER).order_id for n in range(count)]
    for order_id in ids:
        world.move(order_id, "accept", world.viewer("agent"))
    return ids


def state(order_id: int) -> str:
    return orders.codes([order_id])[order_id].state


def told(order_id: int) -> list[str]:
    return [message.template for message in contact.for_stream(Stream("order", order_id))]


def merged(world: World, count: int = 4) -> tuple[int, list[int]]:
    head, *members = callers(world, count)
    world.move(head, "dispatch", world.viewer("dispatcher"), unit_id=str(world.unit("water").id))
    workorder.merge(head_id=head, member_ids=members, actor=world.viewer("dispatcher").actor(), at=world.at)
    world.walk()
    return head, members


def test_many_are_merged_at_once_and_every_caller_is_kept(world: World) -> None:
    head, members = merged(world)
    viewer = world.viewer("supervisor")
    assert {each.id for each in world.order(head, viewer).members} == set(members)
    for member in members:
        seen = world.order(member, viewer)
        assert (seen.state, seen.head.id if seen.head else None) == ("merged", head)
        assert seen.person.phone, "its own caller"
        assert told(member)[-1] == "merged"
    assert len({row.resident_id for row in Order.objects.filter(pk__in=[head, *members])}) == 4


def test_the_answer_reaches_each_and_each_is_asked(world: World) -> None:
    head, (first, second, third) = merged(world)
    clerk = world.clerk(head)
    world.move(head, "sign", clerk)
    world.move(head, "reply", clerk, **REPLY)
    world.walk()
    assert [state(each) for each in (head, first, second, third)] == ["replied"] * 4
    public = orders.public(first, world.at)
    assert "主管道已修复" in public.texts["reply_public"]
    assert "13812345678" not in public.texts["reply_public"], "what the answer says of the head's caller stays there"
    assert told(first)[-1] == "replied"
    caller_back = world.viewer("caller_back")
    for each in (head, first, second):
        world.move(each, "record_result", caller_back, **HAPPY)
        world.move(each, "close", world.viewer("supervisor"))
    world.move(third, "record_result", caller_back, contacted="no", solved="no", satisfaction="dissatisfied")
    world.move(third, "rework", world.viewer("supervisor"), reason="not_solved", callback_remark="三栋仍没有水。")
    alone = world.order(third, world.viewer("supervisor"))
    assert (alone.state, alone.head, alone.unit.id if alone.unit else None) == ("dispatched", None, clerk.unit_id)
    assert state(first) == "closed"


def test_what_ends_without_an_answer_ends_for_all(world: World) -> None:
    head, *members = callers(world, 3)
    workorder.merge(head_id=head, member_ids=members, actor=world.viewer("agent").actor(), at=world.at)
    world.move(head, "refer", world.viewer("agent"), route="arbitration", guidance="请向仲裁机构申请。")
    world.walk()
    assert {(row.state, row.outcome) for row in Order.objects.filter(pk__in=members)} == {("closed", "referred")}
    assert all("请向仲裁机构申请。" in orders.public(each, world.at).texts["guidance"] for each in members)
    assert all(told(each)[-1] == "closed" for each in members)


def test_a_withdrawn_head_lets_its_members_go(world: World) -> None:
    head, members = merged(world, 3)
    world.move(head, "withdraw", world.viewer("agent"), reason="changed_mind")
    world.walk()
    assert [state(each) for each in members] == ["accepted", "accepted"]
    assert Order.objects.filter(pk__in=members, head__isnull=True).count() == 2


def test_nobody_is_merged_when_one_cannot_be(world: World) -> None:
    head, good, bad = callers(world, 3)
    world.move(bad, "withdraw", world.viewer("agent"), reason="changed_mind")
    with pytest.raises(Refused) as refused:
        workorder.merge(head_id=head, member_ids=[good, bad], actor=world.viewer("agent").actor(), at=world.at)
    assert [reason.code for reason in refused.value.reasons] == ["member_refused", "not_in_state"]
    assert refused.value.reasons[0].params["number"] == orders.codes([bad])[bad].number
    assert state(good) == "accepted"


def test_an_appeal_with_two_demands_becomes_two_orders(world: World) -> None:
    order_id = world.take("暖气不热，楼道灯也坏了。", kind="help", matter_code="0201001").order_id
    parts = [Part("楼道灯坏了。", title="楼道灯", kind="complaint", matter_code="0101002")]
    (child,) = workorder.split(order_id=order_id, parts=parts, actor=world.viewer("agent").actor(), at=world.at)
    world.walk()
    viewer = world.viewer("supervisor")
    seen, parent = world.order(child.order_id, viewer), world.order(order_id, viewer)
    assert (seen.matter_code, seen.texts["appeal"], seen.state) == ("0101002", "楼道灯坏了。", "registered")
    assert seen.split_from is not None
    assert (seen.split_from.id, [each.id for each in parent.parts]) == (order_id, [child.order_id])
    assert seen.person.phone == parent.person.phone
    assert told(child.order_id) == ["registered"], "its own number and code"
    assert orders.prove(number=child.number, code=child.query_code) is not None


def test_a_part_says_something(world: World) -> None:
    order_id = world.take("暖气不热").order_id
    with pytest.raises(Refused):
        workorder.split(order_id=order_id, parts=[Part(" ")], actor=world.viewer("agent").actor(), at=world.at)
    with pytest.raises(Refused):
        workorder.split(order_id=order_id, parts=[], actor=world.viewer("agent").actor(), at=world.at)
    assert Order.objects.count() == 1
