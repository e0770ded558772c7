"""What the machine proposes the law allows: the suggestion and the guard of dispatching read one floor."""

from dataclasses import dataclass
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline import packs
from hotline.dispatch.answer import Ruled, Suggestion
from hotline.dispatch.suggestion import Question, suggest
from hotline.organisation.tree import AreaIndex, UnitIndex
from hotline.policy.matters import barrier
from hotline.policy.policy import Policy
from tests.understanding.city import areas_of, policy_of, units_of

CITIES = packs.cities()


@dataclass(frozen=True)
class Whole:
    """A whole city without a database."""

    policy: Policy
    areas: AreaIndex
    units: UnitIndex

    def barred(self, question: Question) -> list[tuple[str, str, str, str]]:
        """What of a suggestion the law would refuse: matter, duty and level of the unit, why."""
        found: Suggestion = suggest(question, self.policy, self.units)
        refused = []
        for each in found.units:
            unit = self.units.get(each.unit_id)
            assert unit is not None
            if why := barrier(unit, self.policy.matters[each.matter_code], self.policy.roles):
                refused.append((each.matter_code, unit.role_code, unit.level, why))
        return refused


@cache
def whole(city: str) -> Whole:
    pack = packs.load(city)
    places = areas_of(pack)
    return Whole(policy_of(pack), places, units_of(pack, places))


@pytest.mark.parametrize("city", CITIES)
@pytest.mark.parametrize("level", [None, "city", "county", "town", "community"])
def test_no_matter_of_the_catalogue_is_proposed_to_a_unit_that_may_not_lead_it(city: str, level: str | None) -> None:
    found = whole(city)
    place = next((area.code for area in found.areas if area.level == level), None)
    assert [refused for code in found.policy.matters for refused in found.barred(Question(((code, 1.0),), place))] == []


@given(city=st.sampled_from(CITIES), data=st.data())
def test_nor_after_returns_and_rulings_wherever_it_is(city: str, data: st.DataObject) -> None:
    """Guesses at the matter, a unit that returned it and another that it named, a ruling on the matter's group."""
    found = whole(city)
    codes, places = sorted(found.policy.matters), sorted(area.code for area in found.areas)
    unit = st.none() | st.integers(1, len(found.units))
    ruled = st.builds(Ruled, unit_id=st.integers(1, len(found.units)), day=st.just("2026-11-02"))
    question = data.draw(
        st.builds(
            Question,
            matters=st.lists(st.tuples(st.sampled_from(codes), st.just(0.5)), min_size=1, max_size=3).map(tuple),
            area_code=st.none() | st.sampled_from(places),
            returned_by=unit,
            proposed=unit,
            ruled=st.none() | ruled,
        )
    )
    assert found.barred(question) == []
