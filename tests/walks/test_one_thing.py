"""Several appeals about one thing, one appeal about several: merged, split, and every resident answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.clocks import queries as clocks
from hotline.intake.services import Taken
from hotline.refusal import Refused
from hotline.workorder import queries as orders
from hotline.workorder import services as workorder
from hotline.workorder.models import Order
from hotline.workorder.services import Part
from tests.walks.steps import ask, at_the_bureau, bureau, refused, reply, resident, sign, told
from tests.world import World


def three(city: World) -> list[Taken]:
    """Three callers about the same light."""
    return [city.take(f"建设路的路灯不亮，第{n}次说了。", phone=f"1391111000{n}") for n in range(3)]


def merged(city: World) -> tuple[int, list[Taken]]:
    """A head at the bureau, and three that were merged into it at once."""
    head_id, members = at_the_bureau(city), three(city)
    ids = [taken.order_id for taken in members]
    workorder.merge(head_id=head_id, member_ids=ids, actor=city.viewer("agent").actor(), at=city.at)
    return head_id, members


def states(members: list[Taken]) -> set[str]:
    return set(Order.objects.filter(pk__in=[taken.order_id for taken in members]).values_list("state", flat=True))


def test_many_are_merged_at_once_and_each_caller_hears_and_is_asked(city: World, data_dir: Path) -> None:
    head_id, members = merged(city)
    ids = [taken.order_id for taken in members]
    assert states(members) == {"merged"}
    assert clocks.running_of("order", ids) == {}, "their time is the head's"
    sign(city, head_id)
    reply(city, head_id)
    lines = told(city, data_dir)
    for taken in members:
        mine = [line["template"] for line in lines if line["stream"] == f"order:{taken.order_id}"]
        assert mine == ["registered", "merged", "replied"]
        public = orders.public(taken.order_id, city.at)
        assert (public.state, public.number) == ("replied", taken.number)
        assert public.texts["reply_public"]
    assert ask(city, ids[0], resident(city, members[0])) == "closed"
    assert ask(city, ids[1], resident(city, members[1]), solved=False) == "evaluated"
    again = {"reason": "not_solved", "callback_remark": "请再看一次。"}
    assert city.move(ids[1], "rework", city.viewer("caller_back"), **again) == "dispatched"
    order = city.order(ids[1], city.viewer("supervisor"))
    assert (order.unit and order.unit.id, order.head) == (bureau(city, "housing").id, None), "it goes its own way now"
    assert city.order(head_id, city.viewer("supervisor")).state == "replied"


def test_one_that_cannot_be_merged_stops_all(city: World) -> None:
    head_id, members = at_the_bureau(city), three(city)
    agent = city.viewer("agent")
    city.move(members[2].order_id, "decline", agent, reason="outside_city", guidance="请拨当地12345。")
    ids = [taken.order_id for taken in members]
    with pytest.raises(Refused) as found:
        workorder.merge(head_id=head_id, member_ids=ids, actor=agent.actor(), at=city.at)
    assert found.value.reasons[0].params["number"] == members[2].number
    assert states(members[:2]) == {"registered"}


def test_nobody_is_merged_into_what_is_merged_or_answered(city: World) -> None:
    head_id, members = merged(city)
    late = city.take("建设路的路灯还不亮。", phone="13922220000").order_id
    agent = city.viewer("agent")
    assert refused(city, late, "merge", agent, head_id=str(members[0].order_id)) == ["head_is_merged"]
    assert refused(city, head_id, "merge", agent, head_id=str(late)) == ["has_members"]
    sign(city, head_id)
    reply(city, head_id)
    assert refused(city, late, "merge", agent, head_id=str(head_id)) == ["head_answered"]


def test_what_ends_without_an_answer_to_ask_about_ends_along(city: World, data_dir: Path) -> None:
    head_id, *ids = [taken.order_id for taken in three(city)]
    agent = city.viewer("agent")
    workorder.merge(head_id=head_id, member_ids=ids, actor=agent.actor(), at=city.at)
    city.move(head_id, "refer", agent, route="litigation", guidance="此事请向法院起诉。")
    lines = told(city, data_dir)
    for order_id in ids:
        public = orders.public(order_id, city.at)
        assert (public.state, public.outcome, public.texts["guidance"]) == ("closed", "referred", "此事请向法院起诉。")
        assert [line["template"] for line in lines if line["stream"] == f"order:{order_id}"][-1] == "closed"


def test_a_head_that_is_withdrawn_lets_its_members_go(city: World) -> None:
    head, *members = three(city)
    agent = city.viewer("agent").actor()
    ids = [taken.order_id for taken in members]
    workorder.merge(head_id=head.order_id, member_ids=ids, actor=agent, at=city.at)
    city.move(head.order_id, "withdraw", resident(city, head), reason="changed_mind")
    city.walk()
    assert states(members) == {"accepted"}
    assert all(city.order(order_id, city.viewer("dispatcher")).waits_in == "dispatch" for order_id in ids)


def test_a_member_that_is_another_thing_goes_its_own_way(city: World) -> None:
    head_id, members = merged(city)
    one = members[0].order_id
    assert city.move(one, "unmerge", city.viewer("agent"), reason="other_place") == "accepted"
    sign(city, head_id)
    reply(city, head_id)
    city.walk()
    assert states(members) == {"accepted", "replied"}


def test_one_appeal_with_three_demands_becomes_three_orders_of_one_resident(city: World, data_dir: Path) -> None:
    taken = city.take("路灯不亮，垃圾没人收，还有人半夜施工。", area_code=city.towns()[0])
    agent = city.viewer("agent")
    parts = [Part("垃圾没人收。", kind="complaint"), Part("半夜施工。", place="建设路工地")]
    found = workorder.split(order_id=taken.order_id, parts=parts, actor=agent.actor(), at=city.at)
    lines = told(city, data_dir)
    own = city.order(taken.order_id, agent)
    assert [part.id for part in own.parts] == [each.order_id for each in found]
    for each, part in zip(found, parts, strict=True):
        order = city.order(each.order_id, agent)
        assert order.split_from is not None
        assert (order.split_from.id, order.state) == (taken.order_id, "registered")
        assert order.person.resident_id == own.person.resident_id
        assert order.texts["appeal"] == part.text
        assert [line["template"] for line in lines if line["stream"] == f"order:{each.order_id}"] == ["registered"]
        assert each.number != taken.number
