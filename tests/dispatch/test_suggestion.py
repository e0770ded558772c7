"""Catalogue and place give the unit, on the pack of a city with nine counties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.dispatch.record import from_document, to_document
from hotline.dispatch.suggestion import EMPTY, RANK, WHY, Question, Suggestion, allowed, barrier, suggest
from hotline.organisation import queries as organisation
from hotline.policy import queries as policies
from tests.understanding.city import areas, policy, units
from tests.world import World

COUNTY, TOWN, ESTATE = "430702", "430702001", "430702001004"
WATER, PROPERTY, HEAT, ROAD, OWNERS, FUND, DISCIPLINE = (
    "0202001", "0101002", "0201001", "0301001", "0101004", "0602001", "1702004",
)  # fmt: skip


def ask(*matters: str, area: str | None = None, **more: object) -> Suggestion:
    shares = [1.0] if len(matters) == 1 else [0.6, 0.4, 0.2]
    question = Question(tuple(zip(matters, shares, strict=False)), area, **more)  # type: ignore[arg-type]
    return suggest(question, policy(), units())


def names(found: Suggestion) -> list[str]:
    return [unit.name for each in found.units if (unit := units().get(each.unit_id))]


def why(found: Suggestion, place: int = 0) -> set[str]:
    return {each.code for each in found.units[place].reasons}


def matter_at(level: str) -> str:
    return next(code for code, row in policy().matters.items() if row.answerable_level == level)


def test_known_county_gives_the_countys_department() -> None:
    code = next(c for c, row in policy().matters.items() if row.lead_role == "housing" and not row.grassroots_ok)
    found = ask(code, area=COUNTY)
    lead = units().get(found.units[0].unit_id)
    assert lead is not None
    assert (lead.role_code, lead.area_code) == ("housing", COUNTY)
    assert why(found) == {"catalogue", "area"}


def test_unknown_county_gives_the_citys_department() -> None:
    code = next(c for c, row in policy().matters.items() if row.lead_role == "housing" and not row.grassroots_ok)
    found = ask(code)
    lead = units().get(found.units[0].unit_id)
    assert lead is not None
    assert (lead.role_code, lead.level) == ("housing", "city")
    assert "county_unknown" in why(found)


def test_supplier_answers_by_service_area_and_is_watched() -> None:
    found = ask(WATER, area=COUNTY)
    lead = units().get(found.units[0].unit_id)
    assert lead is not None
    assert (lead.role_code, lead.level) == ("water", "supplier")
    assert why(found) == {"catalogue", "service_area"}
    watcher = units().get(found.assist[0].unit_id)
    assert watcher is not None
    assert (watcher.role_code, watcher.area_code) == ("housing", COUNTY)
    assert found.assist[0].reasons[0].code == "regulator"


def test_a_county_served_in_parts_offers_each_of_its_suppliers(world: World) -> None:
    """The fictional city's heating is divided street by street, so that a county alone does not tell whose it is."""
    index = organisation.unit_index(world.authority_id)
    county = next(area for area in organisation.areas(world.authority_id) if area.level == "county")
    question = Question(((HEAT, 1.0),), county.code)
    found = suggest(question, policies.current(world.authority_id, world.at), index)
    offered = [each for each in found.units if "serves_part" in {reason.code for reason in each.reasons}]
    assert len(offered) == 2
    assert offered == list(found.units[:2]), "the suppliers come before whoever watches them"
    town = organisation.areas(world.authority_id).children(county.code)[0]
    exact = suggest(Question(((HEAT, 1.0),), town.code), policies.current(world.authority_id, world.at), index)
    assert why(exact) == {"catalogue", "service_area"}
    assert exact.units[0].unit_id in {each.unit_id for each in offered}


def test_each_county_gets_the_supplier_that_serves_it() -> None:
    leads = {area.code: ask(WATER, area=area.code).units[0].unit_id for area in areas().children("430700")}
    assert len(leads) == 9
    assert len(set(leads.values())) == 4


def test_property_firm_by_community_else_the_watching_department() -> None:
    assert units().get(ask(PROPERTY, area=ESTATE).units[0].unit_id).role_code == "property"  # type: ignore[union-attr]
    wider = ask(PROPERTY, area=COUNTY)
    assert units().get(wider.units[0].unit_id).role_code == "housing"  # type: ignore[union-attr]
    assert "place_unknown" in why(wider)
    assert "place_unknown" in why(ask(PROPERTY))


def test_no_heating_where_none_serves() -> None:
    found = ask(HEAT, area="430721")
    assert "no_supplier" in why(found)


def test_towns_duty_goes_to_the_town_or_waits_for_the_place() -> None:
    lead = units().get(ask(OWNERS, area=TOWN).units[0].unit_id)
    assert lead is not None
    assert (lead.level, lead.area_code) == ("town", TOWN)
    assert units().get(ask(OWNERS, area=COUNTY).units[0].unit_id).role_code == "hotline"  # type: ignore[union-attr]
    assert ask(OWNERS).empty_reason == "place_needed"


def test_city_duty_stays_with_the_city() -> None:
    found = ask(matter_at("city"), area=TOWN)
    lead = units().get(found.units[0].unit_id)
    assert lead is not None
    assert lead.level == "city"
    assert "city_duty" in why(found)


@pytest.mark.parametrize("way_out", ["legal_route", "emergency", "refuse", "abuse"])
def test_ways_out_are_not_dispatched(way_out: str) -> None:
    found = ask(WATER, area=COUNTY, way_out=way_out)
    assert (found.units, found.empty_reason) == ((), way_out)


def test_nothing_known_says_so() -> None:
    assert ask(area=COUNTY).empty_reason == "no_matter"
    assert ask("9999999", area=COUNTY).empty_reason == "no_matter"


def test_guidance_only_matters_go_to_nobody() -> None:
    code = next(c for c, row in policy().matters.items() if policy().roles[row.lead_role].leads == "guidance")
    assert ask(code, area=COUNTY) == Suggestion(empty_reason="guidance")


def test_uncertain_matters_give_several_units_best_first() -> None:
    found = ask(WATER, PROPERTY, ROAD, area=ESTATE)
    assert len(found.units) == 3
    assert [each.score for each in found.units] == sorted((each.score for each in found.units), reverse=True)
    assert "guessed" in why(found)


def test_who_returned_it_is_last_and_whom_it_proposed_comes_in() -> None:
    before = ask(WATER, area=COUNTY)
    back = before.units[0].unit_id
    other = next(unit for unit in units() if unit.role_code == "housing" and unit.area_code == COUNTY)
    found = ask(WATER, area=COUNTY, returned_by=back, proposed=other.id)
    assert found.units[0].unit_id == other.id
    assert "proposed" in why(found)
    assert found.units[-1].unit_id == back
    assert "returned_it" in why(found, -1)


def test_a_proposal_below_the_floor_is_not_taken_up() -> None:
    town = next(unit for unit in units() if unit.level == "town" and unit.area_code == TOWN)
    found = ask(WATER, area=COUNTY, proposed=town.id)
    assert town.id not in [each.unit_id for each in found.units]


@given(
    st.sampled_from(sorted(policy().matters)),
    st.one_of(st.none(), st.sampled_from([area.code for area in areas()]), st.just("000000")),
)
def test_no_suggestion_breaks_the_floor(code: str, area: str | None) -> None:
    found = ask(code, area=area)
    row = policy().matters[code]
    for each in found.units:
        unit = units().get(each.unit_id)
        assert unit is not None
        assert allowed(unit, row, policy())
        if not row.grassroots_ok and unit.level != "supplier":
            assert RANK[unit.level] >= RANK["county"]
        assert {reason.code for reason in each.reasons} <= set(WHY)
    assert found.units or found.empty_reason in EMPTY
    assert from_document(to_document(found, area_code=area, basis="person")) == found


def test_barriers() -> None:
    def unit(role: str, level: str) -> object:
        return next(each for each in units() if each.role_code == role and each.level == level)

    water, owners, fund = (policy().matters[code] for code in (WATER, OWNERS, FUND))
    city_duty = policy().matters[matter_at("city")]
    assert barrier(unit("town", "town"), water, policy()) == "below_floor"  # type: ignore[arg-type]
    assert barrier(unit("town", "town"), owners, policy()) is None  # type: ignore[arg-type]
    assert barrier(unit("community", "community"), fund, policy()) == "below_floor"  # type: ignore[arg-type]
    assert barrier(unit("housing", "county"), city_duty, policy()) == "below_floor"  # type: ignore[arg-type]
    assert barrier(unit("water", "supplier"), fund, policy()) == "not_its_business"  # type: ignore[arg-type]
    assert barrier(unit("discipline", "city"), water, policy()) == "never_leads"  # type: ignore[arg-type]
    assert barrier(unit("housing", "county"), water, policy()) is None  # type: ignore[arg-type]
