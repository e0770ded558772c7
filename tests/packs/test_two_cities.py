"""The two shipped cities contradict each other wherever cities do, and say which kind of rule each of them follows."""

from dataclasses import fields
from typing import cast

import pytest

from hotline import packs
from hotline.packs import City, Limit
from hotline.policy.deadlines import limit_for
from hotline.policy.policy import Policy
from tests.architecture.policy_paper import SECTIONS, common_values, differing

# What both have from their province or from the common files, and what nobody decides.
ALIKE = {"handling.hang_days", "extension.long_each", "calendar.public", "calendar.years"}
# What differs because the rules do, each with a source of its own.
TOLD_ELSEWHERE = {"clocks.rules"}


@pytest.fixture(scope="module")
def cities() -> tuple[City, City]:
    return packs.load("yunjiang"), packs.load("changde")


def test_they_differ_in_everything_that_cities_differ_in(cities: tuple[City, City]) -> None:
    every = {f"{section}.{each.name}" for section in SECTIONS for each in fields(getattr(cities[0], section))}
    assert every | {"grids.digits"} == {*differing(*cities), *ALIKE}


def test_each_difference_says_which_kind_of_rule_it_follows(cities: tuple[City, City]) -> None:
    for city in cities:
        assert {*differing(*cities)} - TOLD_ELSEWHERE <= city.remarks.keys(), city.name
        assert [words for key, words in city.remarks.items() if "示例" not in words and key != "numbering.region"] == []


def test_every_rule_that_a_city_sets_itself_has_a_source(cities: tuple[City, City]) -> None:
    common = packs.load("shifan").clocks.rules
    for city in cities:
        own = [rule for name, rule in city.clocks.rules.items() if rule != common.get(name)]
        assert own
        assert [rule.name for rule in own if "示例" not in rule.source] == []


def test_one_goes_by_kind_in_working_days_the_other_by_level_and_channel_in_calendar_days(
    cities: tuple[City, City],
) -> None:
    yunjiang, changde = ([rule for rule in city.clocks.rules.values() if rule.clock == "reply"] for city in cities)
    assert {rule.level for rule in yunjiang} == {""}
    assert {rule.kind for rule in changde} == {""}
    assert {"consult", "help", "complaint"} <= {rule.kind for rule in yunjiang}
    assert {"city", "county", "town", "community", "grid", "supplier"} <= {rule.level for rule in changde}
    assert {rule.limit.unit for rule in yunjiang if rule.kind} == {"working_days"}
    assert {rule.limit.unit for rule in changde if rule.level and not rule.urgency} == {"days"}


@pytest.mark.parametrize("folder", packs.cities())
def test_what_is_critical_waits_for_nobody(folder: str) -> None:
    """Whatever a city says of levels and channels, the common limit of what is critical holds there too."""
    rules = cast(Policy, packs.load(folder))
    for level in ("", "city", "county", "town", "community", "grid", "supplier"):
        for channel in rules.channels:
            limit = limit_for(
                rules, "reply", kind="help", matter_code="", urgency="critical", channel=channel, level=level
            )
            assert limit in (Limit(24, "hours"), Limit(1, "days")), (level, channel)


def test_only_one_of_them_has_the_clocks_that_a_city_may_do_without(cities: tuple[City, City]) -> None:
    clocks = [{rule.clock for rule in city.clocks.rules.values()} for city in cities]
    assert not {"dispatch", "assist"} & clocks[0]
    assert {"dispatch", "assist"} <= clocks[1]
    assert cities[1].clocks.rules["dispatch_critical"].limit == Limit(3, "minutes")


def test_every_common_value_is_explained_beside_it() -> None:
    assert [key for key, (_value, meaning) in common_values().items() if not meaning] == []
