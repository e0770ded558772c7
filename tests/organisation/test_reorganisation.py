"""Re-organisations in memory: what they come to, what stands against them, and that no path is ever lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.organisation.proposals import (
    EndUnit,
    MergeAreas,
    MergeUnits,
    MoveArea,
    MoveUnit,
    Proposal,
    RenameArea,
    RenameUnit,
)
from hotline.organisation.reorganisation import Plan, plan
from hotline.organisation.standing import Standing
from hotline.organisation.tree import paths
from hotline.refusal import Refused
from tests.organisation.towns import CODES, IDS, index, standing

AT = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
I = IDS  # noqa: E741 - short, because it stands in every line


def after(found: Plan, state: Standing) -> Standing:
    """How things stand when the plan is carried out."""
    units = {**state.units, **{each.after.id: each.after for each in found.units}}
    areas = {**state.areas, **{each.after.code: each.after for each in found.areas}}
    return replace(state, units=units, areas=areas)


def done(*proposals: Proposal) -> Standing:
    """How things stand after these steps."""
    state = standing()
    for proposal in proposals:
        state = after(plan(proposal, state, at=AT), state)
    return state


def codes_of(units: object) -> list[str]:
    """Codes of what was found."""
    return [unit.code for unit in units]  # type: ignore[attr-defined]


def refused(proposal: Proposal, state: Standing | None = None, open_orders: int = 0) -> list[str]:
    """The codes of all reasons."""
    with pytest.raises(Refused) as caught:
        plan(proposal, state or standing(), at=AT, open_orders=open_orders)
    return [reason.code for reason in caught.value.reasons]


def test_a_merged_unit_ends_and_hangs_below_what_it_went_into() -> None:
    found = plan(MergeUnits((I["west-town"],), I["east-town"]), standing(), at=AT)
    assert found.merged == {I["west-town"]: I["east-town"]}
    assert found.rehung == ()
    state = after(found, standing())
    west, east, grid = (state.units[I[code]] for code in ("west-town", "east-town", "bridge-1"))
    assert (west.active, west.successor_id, west.ended_at) == (False, east.id, AT)
    assert west.path == f"{east.path}{west.id}/", "whoever sees the orders of the one sees those of the other"
    assert grid.path.startswith(east.path), "what hung below hangs below the successor"
    units = index(state)
    assert codes_of(units.children(east.id)) == ["bridge", "pier", "stone"]
    assert units.successor_of(west.id) == units.get(east.id)
    assert units.formerly(east.id) == (west.id,)


def test_the_successor_answers_for_what_the_merged_one_answered_for() -> None:
    state = done(MergeUnits((I["north-urban"],), I["north-housing"]), MergeUnits((I["water-west"],), I["drains"]))
    units = index(state)
    assert codes_of(units.by_role_area("urban", "990102001001")) == ["north-housing", "city-urban"]
    assert codes_of(units.by_role_area("housing", "990102001001")) == ["north-housing"]
    housing = units.get(I["north-housing"])
    assert housing is not None
    assert housing.duties == ("housing", "urban")
    assert codes_of(units.suppliers("water", "990102001001")) == ["drains"], "its service area goes along"
    assert codes_of(units.suppliers("water", "990102002001")) == ["water-rest"], "and no other area with it"


def test_a_chain_of_mergers_leads_to_its_end() -> None:
    state = done(
        MergeUnits((I["pier"],), I["bridge"]),
        MergeUnits((I["bridge"],), I["stone"]),
        MergeUnits((I["east-town"],), I["west-town"]),
    )
    units = index(state)
    for code in ("pier", "bridge", "stone"):
        assert units.successor_of(I[code]) == units.get(I["stone"])
    stone = state.units[I["stone"]]
    assert {state.units[I[code]].parent_id for code in ("pier", "bridge")} == {stone.id}, "chains do not grow deep"
    assert units.successor_of(None) is None


def test_a_moved_unit_takes_its_subtree_along() -> None:
    found = plan(MoveUnit(I["west-town"], I["south"]), standing(), at=AT)
    assert {CODES[each.before.id] for each in found.units} == {"west-town", "bridge", "bridge-1", "pier"}
    assert [CODES[each.before.id] for each in found.rehung] == ["west-town"]
    assert found.gone_units == ()


def test_a_renamed_unit_keeps_its_old_name_for_old_papers() -> None:
    state = done(RenameUnit(I["north-urban"], " 城市综合执法局 ", "Law Enforcement"))
    units = index(state)
    unit = units.get(I["north-urban"])
    assert unit is not None
    assert (unit.name, unit.name_en) == ("城市综合执法局", "Law Enforcement")
    before, then = units.get(unit.id, AT - timedelta(seconds=1)), units.get(unit.id, AT)
    assert before is not None
    assert then is not None
    assert (before.name, then.name) == ("north-urban", "城市综合执法局")


def test_towns_are_merged_with_their_governments() -> None:
    state = done(MergeAreas(("990102001",), "990102002"))
    units = index(state)
    areas = units.areas
    old, now = areas.get("990102001"), areas.current("990102001")
    assert old is not None
    assert now is not None
    assert (old.active, now.code) == (False, "990102002")
    assert units.successor_of(I["west-town"]) == units.get(I["east-town"])
    assert codes_of(units.by_role_area("town", "990102001")) == ["east-town"], "the old code still finds somebody"
    assert codes_of(areas.children("990102")) == ["990102002"]
    assert codes_of(areas.children("990102002")) == ["990102001001", "990102001002", "990102002001"]
    assert set(areas.within("990102002")) == {
        "990102001", "990102002", "990102001001", "990102001002", "990102002001",
    }  # fmt: skip
    assert areas.within("990102001") == areas.within("990102002"), "a bookmark of the old town shows the new one"
    assert areas.formerly("990102002") == ("990102001",)
    assert codes_of(areas.by_name("城关街道")) == ["990102002"], "people go on saying the old name"
    assert [area.name for area in areas.ancestors("990102001")] == ["城关街道", "江北区", "云江市"]
    assert codes_of(units.suppliers("water", "990102002001")) == ["water-west", "water-rest"]


def test_merged_communities_keep_their_grids() -> None:
    state = done(MergeAreas(("990102001001",), "990102001002"))
    grid, pier = state.units[I["bridge-1"]], state.units[I["pier"]]
    assert (grid.active, grid.area_code, grid.parent_id) == (True, "990102001002", pier.id)


def test_a_border_is_moved_and_codes_change_along() -> None:
    found = plan(MoveArea("990102001", "990103", "990103009"), standing(), at=AT)
    assert found.replaced == {
        "990102001": "990103009", "990102001001": "990103009001", "990102001002": "990103009002",
    }  # fmt: skip
    state = after(found, standing())
    units = index(state)
    now = units.areas.current("990102001001")
    assert now is not None
    assert (now.code, now.name, now.parent_code) == ("990103009001", "桥头社区", "990103009")
    town = state.units[I["west-town"]]
    assert (town.area_code, town.parent_id) == ("990103009", I["south"]), "its government comes under the new county"
    assert state.units[I["bridge-1"]].area_code == "990103009001"
    assert state.units[I["bridge-1"]].path.startswith(state.units[I["south"]].path)
    assert codes_of(units.suppliers("water", "990102001001")) == ["water-west", "water-rest"]
    assert found.area_paths["990103009001"] == "/990100/990103/990103009/990103009001/"
    assert codes_of(units.areas.children("990102")) == ["990102002"]


def test_a_border_is_moved_and_codes_stay() -> None:
    state = done(MoveArea("990102001002", "990102002"))
    units = index(state)
    assert state.units[I["pier"]].parent_id == I["east-town"]
    assert "990102001002" in units.areas.within("990102002")
    assert "990102001002" not in units.areas.within("990102001"), "though its code begins with the other's"


def test_an_abolished_unit_leaves_what_it_did_to_those_above() -> None:
    state = done(EndUnit(I["north-urban"]))
    units = index(state)
    assert codes_of(units.by_role_area("urban", "990102001001")) == ["city-urban"]
    assert units.successor_of(I["north-urban"]) is None
    assert state.units[I["north-urban"]].path.startswith(state.units[I["north"]].path)


@pytest.mark.parametrize(
    ("proposal", "codes"),
    [
        (RenameUnit(I["pier"], "", "x" * 201), ["name_unfit", "name_en_unfit"]),
        (RenameUnit(I["pier"], "pier", "pier"), ["same_name"]),
        (RenameUnit(0, "新"), ["unit_unknown"]),
        (MergeUnits((), I["pier"]), ["none_chosen"]),
        (
            MergeUnits((I["pier"], 0, I["centre"]), I["pier"]),
            ["into_itself", "unit_unknown", "into_below", "is_the_top"],
        ),
        (MergeUnits((I["west-town"],), I["bridge-1"]), ["into_below"]),
        (MergeUnits(tuple(range(1, 202)), 0), ["unit_unknown", "too_many"]),
        (MoveUnit(I["west-town"], I["bridge-1"]), ["parent_below"]),
        (MoveUnit(I["west-town"], I["west-town"]), ["parent_below"]),
        (MoveUnit(I["west-town"], I["north"]), ["same_parent"]),
        (MoveUnit(I["centre"], I["north"]), ["is_the_top", "parent_below"]),
        (EndUnit(I["west-town"]), ["has_children"]),
        (RenameArea("990102", "江北区", "江北区"), ["same_name"]),
        (RenameArea("1", "新"), ["area_unknown"]),
        (MergeAreas(("990102001", "990102001001", "990102002"), "990102002"), ["level_differs", "into_itself"]),
        (MergeAreas(("990100",), "990102"), ["level_differs", "is_a_seat"]),
        (MoveArea("990102", "990102001"), ["not_above"]),
        (MoveArea("990102001", "990102"), ["same_parent"]),
        (MoveArea("990102001", "990103", "990102002"), ["code_taken"]),
        (MoveArea("990102001", "990103", "9901030091"), ["code_unfit"]),
    ],
)  # fmt: skip
def test_every_reason_is_said_at_once(proposal: Proposal, codes: list[str]) -> None:
    assert refused(proposal) == codes


def test_nothing_open_is_left_to_nobody() -> None:
    with pytest.raises(Refused) as caught:
        plan(EndUnit(I["pier"]), standing(), at=AT, open_orders=3)
    [reason] = caught.value.reasons
    assert (reason.code, reason.params["count"]) == ("has_open_orders", 3)
    assert "承接单位" in reason.words()


def test_what_has_ended_cannot_be_used_again() -> None:
    state = done(MergeAreas(("990102001",), "990102002"))
    assert refused(MergeUnits((I["west-town"],), I["willow-town"]), state) == ["unit_ended"]
    assert refused(MergeUnits((I["willow-town"],), I["west-town"]), state) == ["unit_ended"]
    assert refused(MoveArea("990103001", "990102001"), state) == ["area_ended"]
    assert refused(MoveArea("990103001", "990102", "990102001"), state) == ["code_taken"]


def test_other_grounds_are_not_touched() -> None:
    state = replace(standing(), seats={1: "990102", 2: "990103"})
    assert refused(MergeAreas(("990103001",), "990102001"), state) == ["area_unknown"]
    both = replace(standing(), seats={1: "990100", 2: "990103"})
    assert refused(MoveArea("990102001", "990103"), both) == ["other_ground"]


STEPS = st.one_of(
    st.builds(MergeUnits, st.lists(st.sampled_from(sorted(CODES)), min_size=1, max_size=3).map(tuple),
              st.sampled_from(sorted(CODES))),
    st.builds(MoveUnit, st.sampled_from(sorted(CODES)), st.sampled_from(sorted(CODES))),
    st.builds(EndUnit, st.sampled_from(sorted(CODES))),
    st.builds(MergeAreas, st.lists(st.sampled_from(sorted(standing().areas)), min_size=1, max_size=2).map(tuple),
              st.sampled_from(sorted(standing().areas))),
    st.builds(MoveArea, st.sampled_from(sorted(standing().areas)), st.sampled_from(sorted(standing().areas)),
              st.sampled_from(["", "990102009", "990103008", "990102002077"])),
)  # fmt: skip


@given(st.lists(STEPS, max_size=12))
def test_however_it_is_reorganised_the_trees_stay_whole(steps: list[Proposal]) -> None:
    state = standing()
    for step in steps:
        try:
            state = after(plan(step, state, at=AT), state)
        except Refused:
            continue
    assert set(standing().units) == set(state.units), "nothing is ever removed"
    assert set(standing().areas) <= set(state.areas)
    placed = paths({unit.id: unit.parent_id for unit in state.units.values()})
    assert {unit.id: unit.path for unit in state.units.values()} == placed
    units = index(state)
    for unit in state.units.values():
        heir = units.successor_of(unit.id)
        if unit.active:
            assert state.areas[unit.area_code].active, "who stands sits where something stands"
            above = units.get(unit.parent_id)
            assert above is None or above.active
        elif heir is not None:
            assert unit.path.startswith(heir.path), "whoever sees the successor's orders sees the old ones"
    tops = [area for area in state.areas.values() if area.active and area.parent_code is None]
    assert [area.code for area in tops] == ["990100"]
    for area in state.areas.values():
        now = units.areas.current(area.code)
        assert now is not None, "the ground does not go away"
        assert area.code in units.areas.within("990100")
        assert all(each.active for each in units.areas.ancestors(now.code))
