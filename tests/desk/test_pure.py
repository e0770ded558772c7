"""The desk's own thinking: pieces of evidence, the hexagon map, reading a list's address, local moments."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hotline.desk import hexagons, inboxes
from hotline.desk.choices import local_moment
from hotline.desk.evidence import Mark, cut
from hotline.workorder.lifecycle import State

marks = st.builds(Mark, st.integers(-5, 60), st.integers(-5, 60), st.integers(1, 9))


@given(st.text(max_size=50), st.lists(marks, max_size=8))
def test_cutting_loses_and_doubles_no_character(text: str, found: list[Mark]) -> None:
    assert "".join(piece.text for piece in cut(text, found)) == text


def test_marks_stay_at_their_words() -> None:
    pieces = cut("锦绣家园不热", [Mark(4, 6, 2), Mark(0, 4, 1)])
    assert [(piece.text, piece.number) for piece in pieces] == [("锦绣家园", 1), ("不热", 2)]


@given(st.lists(st.tuples(st.uuids().map(str), st.text(max_size=3), st.sampled_from("abcdef")), max_size=60))
def test_every_town_has_a_cell_of_its_own(towns: list[tuple[str, str, str]]) -> None:
    cells = hexagons.place(towns)
    assert set(cells) == {code for code, _, _ in towns}
    assert len(set(cells.values())) == len(cells)


def test_a_hexagon_is_a_closed_ring() -> None:
    (shape,) = hexagons.draw([("1", "东风街道", "a")])["features"]
    ring = shape["geometry"]["coordinates"][0]
    assert len(ring) == 7
    assert ring[0] == ring[-1]


junk = st.one_of(
    st.text(max_size=30), st.sampled_from(["1", "-1", "999999999999999999999", "registered", "due", "𝟙", "١"])
)


@given(
    st.dictionaries(
        st.sampled_from(["state", "kind", "matter", "unit", "channel", "area", "page", "sort", "words", "urgent"]), junk
    )
)
def test_any_address_gives_a_lawful_query(params: dict[str, str]) -> None:
    for everything in (True, False):
        query = inboxes.read(params, everything=everything)
        assert set(query.states) <= {state.value for state in State}
        assert 1 <= query.page <= inboxes.LAST_PAGE
        assert query.order_by in inboxes.SORTS
        assert query.unit_id is None or query.unit_id < 10**15


@given(st.text(max_size=30))
def test_any_typed_moment_is_read_or_refused(words: str) -> None:
    assert local_moment(words) is None or "+" in str(local_moment(words)) or "-" in str(local_moment(words))


def test_a_browser_s_moment_is_the_city_s_own() -> None:
    assert local_moment("2026-11-20T15:30") == "2026-11-20T15:30:00+08:00"
    assert local_moment("2026-13-40T99:99") is None
