"""Two cities that contradict each other in one instance, under one province: neither sees anything of the other."""

from __future__ import annotations

import pytest

from hotline.organisation import queries as organisation
from hotline.policy import queries as policies
from hotline.refusal import Refused
from hotline.residents.models import Resident
from hotline.workorder import queries as orders
from hotline.workorder import services as workorder
from hotline.workorder.models import Order
from hotline.workorder.views import InboxQuery
from tests.walks.steps import accept, ask, dispatch_to, refused, reply, sign
from tests.world import PHONE, TEXT, Province


def test_each_order_goes_by_its_own_citys_rules(province: Province) -> None:
    ended = {}
    for city in province.cities:
        order_id = city.take(area_code=city.towns()[0]).order_id
        accept(city, order_id)
        dispatch_to(city, order_id, city.unit("heat").id)
        sign(city, order_id)
        reply(city, order_id)
        ask(city, order_id, city.viewer("caller_back").actor())
        ended[city.code] = Order.objects.get(pk=order_id)
    first, second = ended.values()
    assert first.policy_version_id != second.policy_version_id
    assert (first.state, second.state) == ("closed", "closed")
    assert {order.authority_id for order in ended.values()} == {city.authority_id for city in province.cities}


def test_numbers_residents_and_lists_are_kept_apart(province: Province) -> None:
    one, two = province.cities
    mine, theirs = one.take(TEXT, area_code=one.towns()[0]), two.take(TEXT, area_code=two.towns()[0])
    one.walk()
    for city, taken in ((one, mine), (two, theirs)):
        numbering = city.policy.numbering
        assert taken.number.startswith(numbering.prefix)
        assert ("{region}" in numbering.pattern) == (city.code in taken.number)
        found = orders.inbox(city.viewer("supervisor"), InboxQuery(words=PHONE), city.at)
        assert [row.number for row in found.rows] == [taken.number], "the same phone, and only the own order"
    assert Resident.objects.count() == 2, "whoever calls both cities is known to each for itself"


def test_nobody_reads_or_moves_the_other_citys_order(province: Province) -> None:
    one, two = province.cities
    order_id = one.take(TEXT, area_code=one.towns()[0]).order_id
    for role in ("agent", "dispatcher", "supervisor"):
        viewer = two.viewer(role)
        with pytest.raises(Refused) as found:
            one.order(order_id, viewer)
        assert found.value.status == 404
        told = {"reason": "outside_city", "guidance": "请拨当地12345。"}
        assert refused(one, order_id, "decline", viewer, **told) == ["no_such_order"]


def test_no_order_is_given_to_the_other_city_nor_merged_into_its_orders(province: Province) -> None:
    one, two = province.cities
    order_id = one.take(TEXT, area_code=one.towns()[0]).order_id
    other_id = two.take(TEXT, area_code=two.towns()[0]).order_id
    accept(one, order_id)
    abroad = str(two.unit("heat").id)
    assert refused(one, order_id, "dispatch", one.viewer("dispatcher"), unit_id=abroad) == ["unit_unknown"]
    with pytest.raises(Refused) as found:
        workorder.merge(head_id=other_id, member_ids=[order_id], actor=one.viewer("agent").actor(), at=one.at)
    assert "head_unknown" in [reason.code for reason in found.value.reasons]


def test_the_province_stands_above_and_has_no_orders_of_theirs(province: Province) -> None:
    above = organisation.authority(province.authority_id)
    assert above is not None
    for city in province.cities:
        below = organisation.authority(city.authority_id)
        assert below is not None
        assert below.parent_id == above.id
    one, two = (city.policy for city in province.cities)
    own = policies.current(above.id, province.cities[0].at)
    assert len({one.id, two.id, own.id}) == 3
    assert {each.id for each in organisation.answering()} == {city.authority_id for city in province.cities}


def test_where_they_disagree_both_are_right(province: Province) -> None:
    """The very points in which cities contradict each other, held side by side."""
    one, two = (city.policy for city in province.cities)
    for name in ("return_window", "silent_accept", "escalate_rounds", "reopen_days", "reply_review", "pause_days"):
        assert getattr(one.handling, name) != getattr(two.handling, name), name
    assert one.extension.times != two.extension.times
    assert one.extension.approver != two.extension.approver
    assert one.callback.closers != two.callback.closers
    assert [step.code for step in one.callback.scale] != [step.code for step in two.callback.scale]
    assert one.intake.petition != two.intake.petition
    assert one.grid_digits != two.grid_digits
    assert one.numbering.pattern != two.numbering.pattern
    assert one.clocks.counts_from != two.clocks.counts_from
