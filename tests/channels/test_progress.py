"""What a resident sees of the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hotline.channels import progress
from hotline.workorder.lifecycle import PAST, Action, State


@dataclass(frozen=True)
class Happened:
    """As much of an event as the way needs."""

    kind: str
    at: datetime
    facts: Mapping[str, object] = field(default_factory=dict)


def test_every_state_has_words_and_a_station() -> None:
    for state in State:
        assert progress.STATE_WORDS[state.value]
        assert 1 <= progress.station(state.value) <= len(progress.STATIONS)


# What is between units and the hotline, or only in the books.
QUIET = {
    Action.AMEND, Action.ADD_ASSIST, Action.REMOVE_ASSIST, Action.ASSIST_REPLY, Action.ASK_EXTENSION,
    Action.REFUSE_EXTENSION, Action.ARCHIVE, Action.REROUTE, Action.ADOPT_POLICY,
}  # fmt: skip
INCIDENTS = {"incident_joined", "incident_progressed", "incident_restored"}


def test_every_action_that_concerns_the_resident_shows_on_the_way(at: datetime) -> None:
    kinds = [*PAST.values(), *INCIDENTS]
    shown = {step.code for step in progress.steps(Happened(f"order.{past}", at) for past in kinds)}
    assert shown == {past for action, past in PAST.items() if action not in QUIET} | INCIDENTS


def test_what_is_still_looked_at_is_no_answer_yet(at: datetime) -> None:
    said, approved = progress.steps(
        [Happened("order.replied", at, {"state": "reviewing"}), Happened("order.reply_approved", at)]
    )
    assert (said.words, said.shape) == (progress.REVIEWED, "")
    assert approved.shape == "good"


def test_states_on_the_way_are_not_the_end() -> None:
    for state in ("incomplete", "convened", "waiting", "hung", "reviewing", "merged"):
        assert progress.station(state) < progress.ENDED


def test_a_step_names_the_unit_in_charge_then(at: datetime) -> None:
    steps = progress.steps(
        [
            Happened("order.registered", at),
            Happened("order.read", at),
            Happened("order.dispatched", at, {"unit_id": 7}),
            Happened("order.redispatched", at, {"unit_id": 9}),
            Happened("order.signed", at),
        ]
    )
    assert [step.unit_id for step in steps] == [None, 7, 9, 9]
    assert steps[2].help == progress.OUR_DELAY


def test_without_a_unit_the_words_do_without(at: datetime) -> None:
    [step] = progress.steps([Happened("order.signed", at)])
    assert "%(" not in step.words


def test_it_is_the_residents_turn_when_something_is_asked_of_them() -> None:
    asked = [state.value for state in State if progress.your_turn(state.value)]
    assert asked == ["incomplete", "waiting", "replied"]
