"""The cities that come with the house."""

import importlib.util
import json
import string
import sys
from collections import Counter
from pathlib import Path

import pytest

from hotline import packs
from hotline.packs import City
from hotline.workorder import choices

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module", params=packs.cities())
def city(request: pytest.FixtureRequest) -> City:
    return packs.load(request.param)


@pytest.fixture(scope="module")
def yunjiang() -> City:
    return packs.load("yunjiang")


def test_two_cities_are_shipped_and_the_common_files_are_no_city() -> None:
    assert packs.cities() == ("changde", "yunjiang")
    assert packs.provinces() == ("shifan",)


def test_codes_are_text(city: City) -> None:
    assert "0101001" in city.matters
    assert all(len(code) == 7 for code in city.matters)
    assert {type(area.code) for area in city.areas} == {str}


def test_every_matter_has_a_unit_that_may_lead_it(city: City) -> None:
    roles = {unit.role_code for unit in city.units}
    assert [matter.code for matter in city.matters.values() if matter.lead_role not in roles] == []


def test_all_seventeen_channels_are_registered_and_some_are_open(city: City) -> None:
    assert len(city.channels) == 17
    assert city.channels["web"].open
    assert not city.channels["sensor"].open


def test_the_words_of_every_exit_are_there_in_both_languages(city: City) -> None:
    assert set(city.exits) == {"process", "answer", "emergency", "legal_route", "refuse", "abuse"}
    assert set(city.exits["emergency"].routes) == {"110", "119", "120", "122"}
    for each in city.exits.values():
        assert each.words
        assert each.words_en.isascii()


def test_every_detail_that_the_law_asks_for_at_an_exit_has_its_words(city: City) -> None:
    lines = {code for code, _name in choices.EMERGENCY_LINES}
    routes = {code for code, _name in choices.LEGAL_ROUTES}
    reasons = {code for code, _name in choices.DECLINE_REASONS} - {"malicious"}  # the exit "abuse"
    for code, details in (("emergency", lines), ("legal_route", routes), ("refuse", reasons)):
        assert set(city.exits[code].routes) == details


def test_messages_fit_one_sms_when_filled(city: City) -> None:
    for template in city.templates.values():
        number, code = "YJ20261116-002187", "48291573"
        filled = template.fill("zh", number=number, code=code, city="云江市", unit="甲" * 20, words="")
        assert len(filled) <= 70, filled
        english = template.fill("en", number=number, code=code, city="Yunjiang", unit="A" * 60, words="")
        assert len(english) <= 160, english
        assert english.isascii()


def test_a_citys_values_replace_its_provinces_and_those_the_common_ones() -> None:
    changde, common = packs.load("changde"), packs.load("shifan")
    assert changde.clocks.counts_from == "receipt"
    assert common.clocks.counts_from == "next_working_day"
    assert changde.clocks.rules["sign_urgent"].limit == packs.Limit(1, "duty_hours")
    assert changde.clocks.rules["sign_urgent"].urgency == "urgent"  # kept from the common file
    assert changde.clocks.rules["reply_upper"] == common.clocks.rules["reply_upper"]
    assert "reply_complaint" not in changde.clocks.rules  # dropped
    assert (changde.handling.hang_days, changde.extension.long_each) == (180, packs.Limit(180, "days"))
    assert changde.templates["hung"].zh == common.templates["hung"].zh
    assert [step.code for step in changde.callback.scale] == ["satisfied", "basically_satisfied", "dissatisfied"]


def test_a_city_is_not_its_province(city: City) -> None:
    above = city.above
    assert above is not None
    assert (above.level, city.level, above.above) == ("province", "city", None)
    assert (city.code, city.name, city.numbering.prefix) != (above.code, above.name, above.numbering.prefix)
    assert not {area.code for area in city.areas} & {area.code for area in above.areas}
    assert [unit.level for unit in above.units] == ["province", "province"]


def test_each_county_has_its_centre_and_its_units_hang_below(city: City) -> None:
    units = {unit.code: unit for unit in city.units}
    counties = {area.code for area in city.areas if area.level == "county"}
    centres = {unit.area_code: unit for unit in city.units if (unit.role_code, unit.level) == ("hotline", "county")}
    assert set(centres) == counties
    assert {unit.code for unit in centres.values()} == {f"U{code}-hotline" for code in counties}
    assert {unit.parent_code for unit in centres.values()} == {f"U{city.code}-hotline"}
    # A development zone's towns have codes of their own below the county that they lie in.
    county_of = {area.code: area.parent_code if area.level == "town" else area.code for area in city.areas}
    for unit in city.units:
        if unit.level in ("county", "town") and unit.role_code != "hotline":
            assert units[unit.parent_code] == centres[county_of[unit.area_code]], unit.code


def test_towns_communities_and_grids_hang_one_below_the_other(city: City) -> None:
    units = {unit.code: unit for unit in city.units}
    for level, above in (("community", "town"), ("grid", "community")):
        for unit in city.units:
            if unit.level == level:
                parent = units[unit.parent_code]
                assert parent.level == above
                assert unit.area_code.startswith(parent.area_code)
    assert {len(grid.code) for grid in city.grids} == {city.grid_digits}


def test_yunjiang_is_as_large_as_it_should_be(yunjiang: City) -> None:
    levels = Counter(area.level for area in yunjiang.areas)
    assert levels["city"] == 1
    assert levels["county"] == 9
    assert 160 <= levels["town"] <= 180
    assert levels["community"] >= 390
    assert len(yunjiang.grids) == 2 * levels["community"]
    assert {"heat", "water", "gas", "power", "telecom", "property"} <= {unit.role_code for unit in yunjiang.units}


def test_no_division_of_yunjiang_is_one_of_the_real_city(yunjiang: City) -> None:
    real = {area.name for area in packs.load("changde").areas if area.level in ("city", "county", "town")}
    invented = {area.name for area in yunjiang.areas if area.level in ("city", "county", "town")}
    assert not real & invented


def test_heating_is_split_inside_a_district(yunjiang: City) -> None:
    towns = {area.code for area in yunjiang.areas if area.parent_code == "990102"}
    served = [set(unit.service_area_codes) & towns for unit in yunjiang.units if unit.role_code == "heat"]
    assert set.union(*served) == towns
    assert not set.intersection(*served)


def test_the_map_shows_every_town_and_every_county_in_one_piece(yunjiang: City) -> None:
    assert yunjiang.shapes is not None
    features = json.loads(yunjiang.shapes.read_text(encoding="utf-8"))["features"]
    codes = [feature["properties"]["code"] for feature in features]
    assert sorted(codes) == sorted(area.code for area in yunjiang.areas if area.level == "town")
    corners = {f["properties"]["code"]: {tuple(p) for p in f["geometry"]["coordinates"][0]} for f in features}
    assert {len(each) for each in corners.values()} == {6}
    for county in {code[:6] for code in codes}:
        own = {code: points for code, points in corners.items() if code.startswith(county)}
        assert _reached(own) == set(own), f"{county} is in pieces"


def _reached(corners: dict[str, set[tuple[float, float]]]) -> set[str]:
    def touch(one: set[tuple[float, float]], other: set[tuple[float, float]]) -> bool:
        return sum(_near(a, b) for a in one for b in other) >= 2

    first = next(iter(corners))
    reached, waiting = {first}, [first]
    while waiting:
        here = waiting.pop()
        for code in corners.keys() - reached:
            if touch(corners[here], corners[code]):
                reached.add(code)
                waiting.append(code)
    return reached


def _near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(one[0] - other[0]) < 0.001 and abs(one[1] - other[1]) < 0.001


def test_drawing_yunjiang_again_gives_the_same_files(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("make_yunjiang", ROOT / "tools" / "make_yunjiang.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    sys.modules["make_yunjiang"] = tool  # its dataclasses look their module up by name
    try:
        spec.loader.exec_module(tool)
        tool.main(tmp_path)
    finally:
        del sys.modules["make_yunjiang"]
    for name in ("areas.csv", "units.csv", "areas.geojson"):
        assert (tmp_path / name).read_text("utf-8") == (packs.CITIES / "yunjiang" / name).read_text("utf-8"), name


def test_phrases_use_known_slots_only(yunjiang: City) -> None:
    known = {"place", "building", "road", "shop", "school", "time", "days", "count", "person", "firm", "amount"}
    used = {part[1] for phrase in yunjiang.phrases for part in string.Formatter().parse(phrase.text) if part[1]}
    assert used <= known
