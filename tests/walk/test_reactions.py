"""The reactions of the map itself: an engine that is down, and events that come twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from hotline import walk
from hotline.dispatch import queries as suggestions
from hotline.dispatch import services as dispatch
from hotline.handling import services as handling
from hotline.ledger.record import Event
from hotline.understanding import queries as readings
from hotline.understanding.engines import choosing
from hotline.workorder import facts as said
from tests.world import World


class Broken:
    """An engine that cannot read."""

    name, version = "broken", "1"

    def read(self, text: str, context: object) -> object:
        """Fail."""
        raise ConnectionError(text)


def take_through_by_hand(world: World, order_id: int) -> None:
    """What a person does when no machine has read the appeal: choose kind, matter and unit."""
    agent = world.viewer("agent")
    world.move(order_id, "amend", agent, kind="help", matter_code="0201001", area_code=world.unit("town").area_code)
    world.move(order_id, "accept", agent)
    world.walk()
    unit = world.unit("heat")
    moved = dispatch.decide(order_id=order_id, unit_id=unit.id, viewer=world.viewer("dispatcher"), at=world.at)
    assert moved.state == "dispatched"
    facts = said.Signed()
    assert handling.act(order_id=order_id, facts=facts, viewer=world.clerk(order_id), at=world.at).state == "signed"


@pytest.mark.parametrize(
    ("names", "engines", "reason"),
    [((), {}, "engine_down"), (("broken",), {"broken": lambda *_: Broken()}, "engine_failed")],
    ids=["none", "failing"],
)
def test_without_a_machine_a_person_takes_over(
    world: World, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], engines: Mapping[str, Any], reason: str
) -> None:
    monkeypatch.setattr(settings, "HOTLINE_ENGINES", names)
    monkeypatch.setattr(choosing, "ENGINES", engines)
    taken = world.take()
    world.walk()
    reading = readings.readings([taken.order_id])[taken.order_id]
    assert (reading.empty_reason, reading.matters) == (reason, ())
    found = suggestions.suggestion(taken.order_id)
    assert found is not None
    assert found.units == ()
    assert found.empty is not None, "an empty suggestion says why"
    take_through_by_hand(world, taken.order_id)


def test_events_that_come_twice_change_nothing(world: World) -> None:
    orders = [world.take(phone=f"1381234567{last}").order_id for last in range(3)]
    world.walk()
    take_through_by_hand(world, orders[0])
    world.move(orders[1], "withdraw", world.viewer("agent"), reason="solved_already")
    world.walk()
    happened = [event for order_id in orders for event in world.events(order_id)]
    before = everything()
    again(world, happened)
    again(world, happened[::-1])
    assert everything() == before
    for event in happened:
        again(world, [event])
    assert everything() == before


def again(world: World, events: list[Event]) -> None:
    """Give events to their reactions as if they had never been."""
    for kind in dict.fromkeys(event.kind for event in events):
        for _, reaction in walk.AFTER.get(kind, ()):
            reaction(events=[event for event in events if event.kind == kind], at=world.at)


def everything() -> dict[str, list[Any]]:
    """All rows that reactions write, as the database holds them."""
    tables = (
        "contact_message", "workorder_searchentry", "understanding_orderreading", "dispatch_suggestionrecord",
        "ledger_event", "ledger_pending",
    )  # fmt: skip
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")  # noqa: S608 - our own names
            found[table] = cursor.fetchall()
    assert found["contact_message"], "nothing compared proves nothing"
    assert found["dispatch_suggestionrecord"]
    return found
