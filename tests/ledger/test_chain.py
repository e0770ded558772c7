"""The canonical bytes, the hash, and the walk over rows."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.ledger import chain
from hotline.ledger.chain import GENESIS, Row, Walk
from hotline.ledger.record import Actor, Draft, Json, Stream, check

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
codes = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=11)
scalars = st.one_of(codes, st.integers(-(2**63), 2**63 - 1), st.booleans(), st.none(), st.floats(allow_nan=False))
scalars = scalars.filter(lambda value: value not in (float("inf"), float("-inf")))
facts = st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True), st.one_of(scalars, st.lists(scalars)))
moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=5))]))


def rows(stream: Stream, length: int) -> list[Row]:
    made, previous = [], GENESIS
    for seq in range(1, length + 1):
        actor = Actor("staff", "7", None, 3)
        draft = Draft(stream, "order.signed", {"n": seq, "rate": 0.1}, actor, AT)
        body = chain.body(stream, seq, chain.tail(draft, AT))
        previous = chain.link(previous, body)
        text = chain.canonical(dict(draft.facts))
        made.append(Row(100 + seq, stream, seq, draft.kind, AT, AT, actor, text, body, previous))
    return made


@given(facts, moments)
def test_a_body_is_ascii_json_that_says_everything_back(values: dict[str, Json], at: datetime) -> None:
    draft = Draft(Stream("order", 12), "order.registered", values, Actor("staff", "7"), at)
    check(draft)
    body = chain.body(draft.stream, 3, chain.tail(draft, at))
    document = json.loads(body)
    assert body.isascii()
    assert list(document) == ["stream", "seq", "kind", "at", "recorded_at", "actor", "facts"]
    assert document["facts"] == json.loads(json.dumps(values))
    assert datetime.fromisoformat(document["at"]) == at
    assert document["actor"] == {"kind": "staff", "id": "7"}


@given(facts)
def test_the_order_in_which_facts_are_given_does_not_matter(values: dict[str, Json]) -> None:
    draft = Draft(Stream("order", 12), "order.registered", values, Actor("system"), AT)
    turned = replace(draft, facts=dict(reversed(values.items())))
    assert chain.tail(draft, AT) == chain.tail(turned, AT)


def test_the_same_moment_in_any_zone_is_written_the_same() -> None:
    shanghai = AT.astimezone(timezone(timedelta(hours=8)))
    assert chain.moment(AT) == chain.moment(shanghai) == "2026-11-20T02:00:00.000000Z"


def test_a_whole_stream_holds() -> None:
    walk, made = Walk(), rows(Stream("order", 1), 3)
    for row in made:
        assert walk.row(row, (3, made[-1].hash)) is None
    assert walk.end() is None
    assert (walk.streams, walk.events) == (1, 3)


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("seq", 5, "gap"),
        ("hash", bytes(32), "hash"),
        ("kind", "order.closed", "kind"),
        ("at", AT + timedelta(seconds=1), "at"),
        ("recorded_at", AT + timedelta(seconds=1), "recorded_at"),
        ("actor", Actor("staff", "8", None, 3), "actor"),
        ("actor", Actor("staff", "7", "agent", 3), "actor"),
        ("facts", '{"n":2,"rate":0.2}', "facts"),
        ("facts", '{"n":2,"rate":0.1,"more":1}', "facts"),
        ("stream", Stream("order", 1), None),
    ],
)
def test_each_column_is_held_against_the_body(field: str, value: object, what: str | None) -> None:
    made = rows(Stream("order", 1), 2)
    changed = replace(made[1], **{field: value})  # type: ignore[arg-type]
    found = chain.check_row(changed, 2, made[0].hash)
    assert (found and found.what) == what


def test_an_event_moved_to_another_stream_is_noticed() -> None:
    one, two = rows(Stream("order", 1), 1), Stream("order", 2)
    found = chain.check_row(replace(one[0], stream=two), 1, GENESIS)
    assert found is not None
    assert (found.what, found.stream, found.event_id) == ("stream", "order:2", 101)


def test_facts_are_compared_as_exact_numbers() -> None:
    made = rows(Stream("order", 1), 1)
    assert chain.check_row(replace(made[0], facts='{"n": 1, "rate": 0.10}'), 1, GENESIS) is None
    found = chain.check_row(replace(made[0], facts='{"n": 1, "rate": 0.10000000000000001}'), 1, GENESIS)
    assert found is not None
    assert found.what == "facts"


def test_a_head_that_counts_more_than_there_is_shows_a_cut_end() -> None:
    made, walk = rows(Stream("order", 1), 3), Walk()
    for row in made[:2]:
        assert walk.row(row, (3, made[2].hash)) is None
    found = walk.end()
    assert found is not None
    assert (found.what, found.seq) == ("head", 2)
