"""What happens to a clock on its way: pauses, extensions, shortenings, and what its row says of it."""

from dataclasses import replace
from datetime import datetime, time

import pytest

from hotline.clocks import life
from hotline.clocks.change import Change, Timed, outcome
from hotline.clocks.life import Reckoned
from hotline.clocks.reckoning import ZONE, Calendar, Limit
from tests.clocks.test_reckoning import NEXT, RECEIPT, TABLE, moment

START = "2026-11-20 10:00"  # a Friday
THREE_DAYS = Limit(3, "working_days")  # until Wednesday the 25th, 17:30
DAY = Limit(1, "working_days")


def lived(
    *changes: tuple[str, str] | tuple[str, str, Limit],
    limit: Limit | None = THREE_DAYS,
    until: str = "",
    start: str = START,
    calendar: Calendar = NEXT,
) -> Reckoned:
    """A clock after these changes (moment, verb, limit)."""
    timed = [Timed(Change("reply", verb, *more), moment(at)) for at, verb, *more in changes]
    return life.replay(limit, moment(until) if until else None, moment(start), timed, calendar, DAY)


def due(now: Reckoned) -> str:
    return now.due_at.astimezone(ZONE).strftime("%m-%d %H:%M")


def test_what_was_left_runs_on_from_the_moment_of_resuming() -> None:
    paused = lived(("2026-11-24 16:00", "pause"))
    assert (paused.paused_at, due(paused)) == (moment("2026-11-24 16:00"), "11-25 17:30")
    resumed = lived(("2026-11-24 16:00", "pause"), ("2026-12-01 09:30", "resume"))
    assert (resumed.paused_at, due(resumed)) == (None, "12-02 11:00")
    assert due(resumed) == due(lived(("2026-11-24 16:00", "pause"), ("2026-11-25 09:00", "pause"),
                                     ("2026-12-01 09:30", "resume"), ("2026-12-01 10:30", "resume")))  # fmt: skip


def test_an_extension_adds_to_a_paused_clock_what_it_adds_to_a_running_one() -> None:
    while_paused = lived(
        ("2026-11-24 16:00", "pause"), ("2026-11-30 10:00", "extend", DAY), ("2026-12-01 09:30", "resume")
    )
    before = lived(("2026-11-24 15:00", "extend", DAY), ("2026-11-24 16:00", "pause"), ("2026-12-01 09:30", "resume"))
    after = lived(("2026-11-24 16:00", "pause"), ("2026-12-01 09:30", "resume"), ("2026-12-01 09:40", "extend", DAY))
    assert while_paused == before == after
    assert (due(after), after.extensions, due(lived())) == ("12-03 11:00", 1, "11-25 17:30")
    assert after.first_due_at == lived().due_at


def test_an_extension_that_comes_late_counts_from_the_old_due_moment() -> None:
    assert due(lived(("2026-11-27 10:00", "extend", DAY))) == "11-26 17:30"


def test_a_late_clock_stays_late_through_a_pause_unless_it_is_put_off() -> None:
    pause = ("2026-11-25 18:00", "pause")
    assert due(lived(pause, ("2026-11-27 10:00", "resume"))) == "11-25 17:30"
    # Put off to Thursday 17:30, it had a whole working day left when it paused on Wednesday evening.
    put_off = lived(pause, ("2026-11-26 09:00", "extend", DAY), ("2026-11-27 10:00", "resume"))
    assert due(put_off) == "11-30 10:00"


def test_a_shortening_counts_from_now_and_the_earlier_moment_wins() -> None:
    day = Limit(24, "hours")
    now = lived(("2026-11-21 12:00", "shorten", day))
    assert (due(now), now.unit, now.provisional) == ("11-22 12:00", "hours", False)
    assert due(lived(("2026-11-25 12:00", "shorten", day))) == "11-25 17:30"
    # It goes on in plain time afterwards, day and night.
    again = lived(("2026-11-21 12:00", "shorten", day), ("2026-11-21 13:00", "pause"), ("2026-11-23 01:00", "resume"))
    assert due(again) == "11-24 00:00"


def test_a_shortening_of_a_paused_clock_is_held_against_what_it_has_left() -> None:
    pause, resume = ("2026-11-24 16:00", "pause"), ("2026-12-01 09:30", "resume")
    # Eight and a half hours of office time are left; two hours from now are fewer, two days from now are not.
    assert due(lived(pause, ("2026-11-27 10:00", "shorten", Limit(2, "working_hours")), resume)) == "12-01 11:30"
    assert lived(pause, ("2026-11-27 10:00", "shorten", Limit(2, "working_days")), resume) == lived(pause, resume)


def test_a_clock_until_a_fixed_moment_runs_in_plain_time() -> None:
    now = lived(limit=None, until="2026-12-20 17:30")
    assert (due(now), now.unit, now.first_due_at) == ("12-20 17:30", "minutes", moment("2026-12-20 17:30"))
    put_off = lived(("2026-12-01 10:00", "extend", Limit(10, "days")), limit=None, until="2026-12-20 17:30")
    assert due(put_off) == "12-30 17:30"
    with pytest.raises(ValueError, match="needs a limit"):
        lived(limit=None)


@pytest.mark.parametrize(
    ("limit", "start", "changes", "expected"),
    [
        (Limit(3, "working_days"), "2026-12-25 10:00", (), False),
        (Limit(5, "working_days"), "2026-12-25 10:00", (), True),  # until January 2027
        (Limit(40, "hours"), "2026-12-31 10:00", (), False),  # hours do not ask which days are worked
        (Limit(10, "days"), "2026-12-25 10:00", (), False),
        (Limit(40, "hours"), "2026-12-31 10:00", (("2026-12-31 11:00", "extend", DAY),), True),
        (
            Limit(3, "working_days"),
            "2026-12-25 10:00",
            (("2026-12-25 11:00", "pause"), ("2027-01-11 09:00", "resume")),
            True,
        ),
    ],
)
def test_what_depends_on_unpublished_make_up_days_says_so(
    limit: Limit, start: str, changes: tuple[tuple[str, str, Limit], ...], expected: bool
) -> None:
    assert lived(*changes, limit=limit, start=start).provisional == expected


def test_calendar_days_are_provisional_where_a_day_off_is_no_day_of_receipt() -> None:
    five = Calendar.of(TABLE, "receipt", received_until=time(17))
    assert lived(limit=Limit(10, "days"), start="2026-12-25 10:00", calendar=five).provisional
    assert not lived(limit=Limit(10, "days"), start="2026-12-25 10:00", calendar=RECEIPT).provisional


def test_a_city_that_has_published_the_year_knows_it() -> None:
    told = replace(TABLE, years={**TABLE.years, 2027: replace(TABLE.years[2027], provisional=False)})
    now = lived(limit=Limit(5, "working_days"), start="2026-12-25 10:00", calendar=Calendar.of(told, "receipt"))
    assert not now.provisional


def test_what_does_not_fit_does_nothing() -> None:
    assert (
        lived(("2026-11-24 16:00", "resume"), ("2026-11-24 16:00", "extend"), ("2026-11-24 16:00", "shorten"))
        == lived()
    )


def test_a_paused_clock_is_judged_by_the_moment_when_it_paused() -> None:
    def ended(*changes: tuple[str, str]) -> str:
        standing = life.begin(THREE_DAYS, None, moment(START), NEXT)
        for at, verb in changes:
            standing = life.after(standing, Timed(Change("reply", verb), moment(at)), NEXT)
        return standing.ended("stop", moment("2026-12-20 10:00"))

    assert ended() == "late"
    assert ended(("2026-11-25 17:30", "pause")) == "met"
    assert ended(("2026-11-25 17:31", "pause")) == "late"
    assert outcome("cancel", moment(START), moment("2026-12-20 10:00")) == "cancelled"


def test_changes_are_written_down_and_read_again() -> None:
    at = moment("2026-11-24 16:00:00.123456")
    for change in (Change("reply", "pause"), Change("reply", "extend", DAY)):
        written = Timed(change, at).written()
        read = Timed.read("reply", written)
        assert (read.change, read.at) == (change, at)
    assert Timed(Change("reply", "extend", DAY), at).written() == [
        "extend", "2026-11-24T08:00:00.123456Z", 1, "working_days"
    ]  # fmt: skip
    assert isinstance(read.at, datetime)
