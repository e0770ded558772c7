"""What a draft of the rules would change, before anybody is judged by it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest

from hotline.dispatch import queries, services
from hotline.dispatch.foresight import Relimited
from hotline.dispatch.models import SuggestionRecord
from hotline.dispatch.questions import pose
from hotline.dispatch.record import to_document
from hotline.dispatch.suggestion import suggest
from hotline.ledger.record import SYSTEM
from hotline.organisation import queries as organisation
from hotline.packs import City, Limit
from hotline.policy import queries as policies
from hotline.policy import services as publishing
from hotline.understanding import queries as understanding
from hotline.understanding import services as reading
from hotline.workorder import queries as workorder
from hotline.workorder import services as orders
from hotline.workorder.facts import Accepted
from hotline.workorder.lifecycle import LAW, Action
from tests.dispatch.conftest import Town
from tests.understanding.city import small_city

COUNTY, WATER, TEXT = "430702", "0202001", "武陵区启明街道家里停水三天了，没人修"
Counted = Callable[[int], AbstractContextManager[None]]


def draft(town: Town, **matter: Any) -> int:
    """A draft in which the matter of water cuts says something else; returns its id."""
    pack: City = small_city()
    changed = replace(pack, matters={**pack.matters, WATER: replace(pack.matters[WATER], **matter)})
    return publishing.publish(pack=changed, authority_id=town.authority.id, at=town.at, activate=False)


def preview(town: Town, version_id: int, **more: Any) -> queries.Preview:
    return queries.preview(authority_id=town.authority.id, version_id=version_id, at=town.at, **more)


@pytest.fixture
def waiting(town: Town) -> list[int]:
    """Three orders that wait: two about water, one chosen by a person and one read, and one about something else."""
    ids = [
        town.register(TEXT, kind="help", matter_code=WATER, area_code=COUNTY),
        town.register(TEXT),
        town.register(TEXT, kind="help", matter_code="0301001", area_code=COUNTY),
    ]
    events = town.events(*ids)
    reading.read_batch(events=events, at=town.at)
    services.suggest_batch(events=events, at=town.at)
    return ids


def test_the_rules_in_force_change_nothing(town: Town, waiting: list[int]) -> None:
    found = preview(town, policies.current(town.authority.id, town.at).id)
    assert (found.waiting, found.looked_at, found.moved, found.relimited, found.rows) == (3, 3, 0, 0, ())


def test_another_lead_moves_the_orders_of_that_matter_only(
    town: Town, waiting: list[int], unit_of: Callable[[str, str], int]
) -> None:
    found = preview(town, draft(town, lead_role="urban", answerable_level="county"))
    assert {row.order_id for row in found.rows if row.moves} == set(waiting[:2])
    assert found.moved == 2
    (row,) = (row for row in found.rows if row.order_id == waiting[0])
    before = organisation.unit_index(town.authority.id).get(row.before.unit_id)
    assert before is not None
    assert "供水" in before.name
    assert row.after.unit_id == unit_of("urban", COUNTY)


def test_a_shorter_limit_is_foreseen_without_a_move(town: Town, waiting: list[int]) -> None:
    pack = small_city()
    rules = dict(pack.clocks.rules)
    name = next(name for name, rule in rules.items() if rule.clock == "sign" and not rule.urgency)
    rules[name] = replace(rules[name], limit=Limit(3, "hours"))
    changed = replace(pack, clocks=replace(pack.clocks, rules=rules))
    version = publishing.publish(pack=changed, authority_id=town.authority.id, at=town.at, activate=False)
    found = preview(town, version)
    assert (found.moved, found.relimited) == (0, 3)
    row = next(row for row in found.rows if row.order_id == waiting[2])
    assert row.limits == (Relimited("sign", pack.clocks.rules[name].limit, Limit(3, "hours")),)


def test_what_is_dispatched_is_left_alone(town: Town, waiting: list[int]) -> None:
    person = town.viewer("supervisor")
    orders.move(order_id=waiting[0], facts=Accepted(), actor=person.actor(), at=town.at)
    view = queries.suggestion(waiting[0])
    assert view is not None
    services.decide(order_id=waiting[0], unit_id=view.units[0].unit_id, viewer=person, at=town.at)
    found = preview(town, draft(town, lead_role="urban", answerable_level="county"))
    assert found.waiting == 2
    assert {row.order_id for row in found.rows} == {waiting[1]}


def test_nothing_is_stored_and_nobody_moves(town: Town, waiting: list[int]) -> None:
    before = SuggestionRecord.objects.count()
    preview(town, draft(town, lead_role="urban", answerable_level="county"))
    assert SuggestionRecord.objects.count() == before
    assert {each.policy_version_id for each in workorder.codes(waiting).values()} == {
        policies.current(town.authority.id, town.at).id
    }


def test_few_statements_for_any_number_of_orders(town: Town, waiting: list[int], count_queries: Counted) -> None:
    version = draft(town, lead_role="urban", answerable_level="county")
    more = [town.register(TEXT, kind="help", matter_code=WATER, area_code=COUNTY) for _ in range(20)]
    preview(town, version)  # warms policy and units
    heard: list[tuple[int, int]] = []
    with count_queries(5):
        found = preview(town, version, progress=lambda done, of: heard.append((done, of)))
    assert found.moved == 2 + len(more)
    assert heard == [(23, 23)]
    with count_queries(5):
        few = preview(town, version, limit=5)
    assert (few.waiting, few.looked_at, few.moved) == (23, 5, 5)
    assert {row.order_id for row in few.rows} == set(more[-5:])  # the newest


def test_the_preview_asks_what_the_suggestion_asks(town: Town, waiting: list[int]) -> None:
    """If the two ever part, the preview would lie."""
    stored, codes, read = queries.documents(waiting), workorder.codes(waiting), understanding.readings(waiting)
    units = organisation.unit_index(town.authority.id)
    for order_id in waiting:
        posed = pose(codes[order_id], read.get(order_id), None)
        assert posed is not None
        found = suggest(posed.question, policies.version(codes[order_id].policy_version_id), units)
        assert to_document(found, area_code=posed.area_code, basis=posed.basis) == stored[order_id]


def test_after_activating_the_suggestions_are_as_foreseen(town: Town, waiting: list[int]) -> None:
    version = draft(town, lead_role="urban", answerable_level="county")
    foreseen = preview(town, version)
    publishing.activate(version_id=version, at=town.at, actor=SYSTEM)
    order = town.register(TEXT, kind="help", matter_code=WATER, area_code=COUNTY)
    reading.read_batch(events=town.events(order), at=town.at)
    services.suggest_batch(events=town.events(order), at=town.at)
    view = queries.suggestion(order)
    assert view is not None
    assert view.units[0].unit_id == next(row.after.unit_id for row in foreseen.rows if row.order_id == waiting[0])


def test_the_law_and_the_preview_mean_the_same_orders() -> None:
    origins = {state.value for rule in LAW if rule.action is Action.ADOPT_POLICY for state in rule.origin}
    assert set(queries.NOT_YET_DISPATCHED) == origins
