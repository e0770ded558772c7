"""The law: the whole matrix, and what no walk through it may ever do."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.ledger.record import Actor
from hotline.workorder.facts import FACTS, TEXTS, Facts
from hotline.workorder.lifecycle import (
    ACTION_LABELS,
    LAW,
    OPEN,
    PAST,
    RULES,
    STATE_LABELS,
    WAITS_IN,
    Action,
    Change,
    State,
    judge,
)
from hotline.workorder.situation import Situation, Snapshot

STAFF = ("agent", "dispatcher", "clerk", "grid_worker", "caller_back", "supervisor", "leader", "admin")
OTHERS = ("resident", "system", "machine", "partner")

# Who may begin what from where, written out by hand: a changed law must be changed here too, on purpose.
# a agent, d dispatcher, u unit's clerk, g grid worker, c caller-back, s supervisor, R resident, P partner, X system,
# M machine; leaders and admins may do nothing to an order.
MATRIX = """
-           register:adsgRPX
registered  amend:ads mark_urgent:adsu accept:ads answer:ads refer:ads decline:ads transfer:ads withdraw:asR
accepted    amend:ads mark_urgent:adsu answer:ads refer:ads decline:ads transfer:ads dispatch:dsM withdraw:asR
dispatched  mark_urgent:adsu redispatch:ds sign:ug return:u withdraw:asR
returned    amend:ads mark_urgent:adsu refer:ads decline:ads transfer:ads redispatch:ds withdraw:asR
signed      mark_urgent:adsu return:u reply:ug withdraw:asR
replied     mark_urgent:adsu attempt_callback:csX record_result:csR close:csX
evaluated   mark_urgent:adsu rework:cs close:csX
closed      reopen:asR
referred
declined
transferred
withdrawn
"""
LETTERS = {
    "a": "agent", "d": "dispatcher", "u": "clerk", "g": "grid_worker", "c": "caller_back", "s": "supervisor",
    "R": "resident", "P": "partner", "X": "system", "M": "machine",
}  # fmt: skip


def by_hand() -> set[tuple[str, str, str]]:
    cells = set()
    for line in MATRIX.strip().splitlines():
        state, *actions = line.split()
        for action, who in (each.split(":") for each in actions):
            cells |= {("" if state == "-" else state, action, LETTERS[letter]) for letter in who}
    return cells


def actor(role: str) -> Actor:
    if role in STAFF:
        return Actor("staff", "1", role, 7)
    return Actor(role, id="order:1" if role == "resident" else None)


def spoken(action: str) -> Facts:
    """Facts of this action that no guard objects to."""
    said = {
        "channel": "phone", "entry_id": 5, "unit_id": 7, "appeal_true": True, "beyond_duty": False, "contacted": True,
        "solved": True, "contacted_at": datetime(2026, 11, 20, 2, 0, tzinfo=UTC), "satisfaction": "satisfied",
        "phoned": False,
    }  # fmt: skip
    kind = FACTS[action]
    told = {}
    for each in fields(kind):
        choices = each.metadata.get("choices")
        if each.name in said:
            told[each.name] = said[each.name]
        elif choices:
            told[each.name] = choices[0][0]
    return kind(**told)


def case(order: Snapshot, action: str, role: str, **more: object) -> Situation:
    given_ = {
        "order": order, "actor": actor(role), "facts": spoken(action), "order_id": 1, "actor_path": "/1/",
        "texts": frozenset({text.kind for text in TEXTS.get(action, ())}) | {"close_remark"},
        "known_units": {7}, "known_matters": {"0101001"}, "known_areas": {"430702"},
    }  # fmt: skip
    return Situation(**{**given_, **more})


def standing(state: str) -> Snapshot:
    """An order in `state` with everything that a lawful order would have there."""
    return Snapshot(state, kind="help", matter_code="0101001", unit_id=7, unit_path="/1/5/", attempts=3)


def test_the_whole_matrix() -> None:
    lawful = by_hand()
    seen = set()
    for state in ("", *(each.value for each in State)):
        for action in Action:
            for role in (*STAFF, *OTHERS):
                reasons, change = judge(action.value, case(standing(state), action.value, role))
                if not reasons:
                    seen.add((state, action.value, role))
                    assert change is not None
                else:
                    assert change is None, "an unlawful action changes nothing"
    assert seen == lawful


def test_every_name_has_its_words_and_facts() -> None:
    assert set(STATE_LABELS) == set(State)
    assert set(ACTION_LABELS) == set(Action) == {rule.action for rule in LAW} == set(PAST)
    assert set(FACTS) == {action.value for action in Action}
    assert len(set(PAST.values())) == len(Action)
    assert len(RULES) == len(LAW), "one row for each action"


def test_every_state_can_be_reached_and_every_open_one_left() -> None:
    reached, front = set(), {None}
    while front:
        after = {
            rule.to for rule in LAW for state in front
            if rule.to is not None and (state in rule.origin or (state is None and not rule.origin))
        }  # fmt: skip
        front = after - reached
        reached |= after
    assert reached == set(State)
    for state in OPEN:
        assert any(state in rule.origin and rule.to not in (None, state) for rule in LAW), state
    assert {state for rule in LAW for state in rule.origin} >= set(WAITS_IN)


def test_may_set_names_fields_of_facts_and_of_the_order() -> None:
    columns = {each.name for each in fields(Snapshot)}
    for rule in LAW:
        told = {each.name for each in fields(FACTS[rule.action.value])}
        assert set(rule.may_set) <= columns & told, rule.action


@pytest.mark.parametrize(
    ("action", "order", "more", "code"),
    [
        ("accept", Snapshot("registered"), {}, "kind_missing"),
        ("dispatch", Snapshot("accepted", kind="help"), {}, "matter_missing"),
        ("dispatch", standing("accepted"), {"known_units": set()}, "unit_unknown"),
        ("sign", standing("dispatched"), {"actor_path": "/1/50/"}, "not_own_unit"),
        ("sign", standing("dispatched"), {"actor_path": "/1/5/9/"}, "not_own_unit"),
        ("return", standing("signed"), {"texts": frozenset()}, "text_missing"),
        ("withdraw", standing("registered"), {"actor": Actor("resident", "order:2")}, "not_own_appeal"),
        ("close", Snapshot("replied", attempts=2), {}, "callback_first"),
        ("close", Snapshot("evaluated", solved=False), {}, "unsolved"),
        ("amend", standing("accepted"), {"known_matters": {"9"}, "facts": FACTS["amend"](matter_code="0101001")},
         "matter_unknown"),
        ("mark_urgent", standing("signed"), {"facts": FACTS["mark_urgent"](urgency="very")}, "choice_unknown"),
    ],
)  # fmt: skip
def test_guards_say_no(action: str, order: Snapshot, more: dict[str, object], code: str) -> None:
    role = {"sign": "clerk", "return": "clerk", "close": "caller_back", "withdraw": "resident"}.get(
        action, "dispatcher"
    )
    reasons, _ = judge(action, case(order, action, role, **more))
    assert [reason.code for reason in reasons] == [code]
    assert reasons[0].words()


def test_not_solved_is_closed_by_a_supervisor_with_words_only() -> None:
    order = Snapshot("evaluated", solved=False)
    silent, _ = judge("close", case(order, "close", "supervisor", texts=frozenset()))
    assert [reason.code for reason in silent] == ["close_why"]
    spoken_, change = judge("close", case(order, "close", "supervisor"))
    assert spoken_ == ()
    assert change is not None
    assert change.order.outcome == "unsolved"


def test_rework_forgets_the_old_answer() -> None:
    _, change = judge(
        "rework", case(Snapshot("evaluated", solved=False, attempts=2, unit_id=7), "rework", "supervisor")
    )
    assert change is not None
    assert (change.order.state, change.order.solved, change.order.attempts, change.order.rounds) == (
        "dispatched", None, 0, 1,
    )  # fmt: skip


def lawful_steps(order: Snapshot) -> list[Change]:
    """Every change that somebody may make to this order now, except those that leave it where it is."""
    judged = (judge(a.value, case(order, a.value, role))[1] for a in Action for role in (*STAFF, *OTHERS))
    return [change for change in judged if change is not None and change.order.state != order.state]


@settings(max_examples=100)
@given(st.data())
def test_no_walk_leaves_a_clock_running_at_its_end(data: st.DataObject) -> None:
    """Random lawful walks: where nobody is waited for no clock runs, and a unit always has a reply clock."""
    order, running = Snapshot(), set()
    while (steps := lawful_steps(order)) and len(running) < 10 and order.rounds < 3 and order.returns < 3:
        change = data.draw(st.sampled_from(steps))
        for effect in change.clocks:
            (running.add if effect.verb == "start" else running.discard)(effect.what)
        order = change.order
        if order.state not in {state.value for state in OPEN}:
            assert running == set(), order.state
        if order.state in {"dispatched", "signed"}:
            assert "reply" in running
