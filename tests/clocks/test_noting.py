"""That a limit is near, and that it has passed, is noted once each, and never of a clock that nobody can be sure of."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from hotline.clocks import services
from hotline.clocks.change import Change
from hotline.clocks.models import Clock
from hotline.ledger import queries as ledger
from hotline.ledger.record import Stream
from hotline.packs import City, Limit
from hotline.policy import services as publishing
from hotline.policy.policy import Policy

Counted = Callable[[int], AbstractContextManager[None]]
ORDER = Stream("order", 7)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def start(policy: Policy, at: datetime, limit: Limit, stream: Stream = ORDER, kind: str = "sign") -> None:
    services.apply(stream=stream, changes=[Change(kind, "start", limit)], policy=policy, at=at)


def act(policy: Policy, at: datetime, verb: str, stream: Stream = ORDER) -> None:
    services.apply(stream=stream, changes=[Change("sign", verb)], policy=policy, at=at)


def note(at: datetime) -> int:
    return services.note_passed(at=at)


def events(kind: str, stream: Stream = ORDER) -> list[dict[str, object]]:
    return [dict(event.facts) for event in ledger.timeline(stream, kinds=[f"clock.limit_{kind}"])]


def shanghai(words: str) -> datetime:
    return datetime.fromisoformat(f"{words}+08:00")


def correct(pack: City, policy: Policy, at: datetime, *closed: date) -> None:
    """Publish a calendar in which offices are closed on these days, too."""
    year = replace(pack.calendar.years[2026], closed=closed)
    calendar = replace(pack.calendar, years=MappingProxyType({**pack.calendar.years, 2026: year}))
    publishing.publish(pack=replace(pack, calendar=calendar), authority_id=policy.authority_id, at=at)


def test_a_passed_limit_is_noted_once_in_the_ledger(policy: Policy, at: datetime) -> None:
    start(policy, at, Limit(1, "hours"))
    note(at + HOUR)
    assert events("passed") == []
    assert note(at + 2 * HOUR) == 1
    assert note(at + 2 * HOUR) == 0
    (facts,) = events("passed")
    clock = Clock.objects.get()
    assert (facts["clock"], facts["clock_id"], facts["round"]) == ("sign", clock.pk, 1)
    assert (facts["due_at"], facts["calendar_version"]) == ("2026-11-20T03:00:00.000000Z", 1)


def test_a_clock_that_was_stopped_late_is_noted_one_in_time_or_cancelled_is_not(policy: Policy, at: datetime) -> None:
    streams = [Stream("order", number) for number in (1, 2, 3)]
    for stream in streams:
        start(policy, at, Limit(1, "hours"), stream)
    act(policy, at + 2 * HOUR, "stop", streams[0])
    act(policy, at, "stop", streams[1])
    act(policy, at + 2 * HOUR, "cancel", streams[2])
    assert note(at + 3 * HOUR) == 1
    assert [len(events("passed", stream)) for stream in streams] == [1, 0, 0]


def test_noting_takes_the_oldest_first_and_no_more_than_asked(policy: Policy, at: datetime) -> None:
    for number in range(5):
        start(policy, at, Limit(5 - number, "minutes"), Stream("order", number))
    assert services.note_passed(at=at + HOUR, limit=2) == 2
    assert [len(events("passed", Stream("order", number))) for number in range(5)] == [0, 0, 0, 1, 1]
    assert services.note_passed(at=at + HOUR, limit=10) == 3


def test_noting_many_costs_no_more_statements(policy: Policy, at: datetime, count_queries: Counted) -> None:
    for number in range(12):
        start(policy, at, Limit(1, "minutes"), Stream("order", number))
        start(policy, at, Limit(9, "hours"), Stream("order", number), "reply")
    with count_queries(7):
        assert note(at + 6 * HOUR) == 24


def test_a_reminder_comes_once_and_only_while_offices_work(policy: Policy, at: datetime) -> None:
    start(policy, at, Limit(3, "working_days"))  # until Wednesday 17:30; from Wednesday morning on it is near
    assert note(shanghai("2026-11-25T08:59")) == 0
    assert note(shanghai("2026-11-25T12:30")) == 0, "nobody is there at noon"
    assert note(shanghai("2026-11-25T13:30")) == 1
    assert note(shanghai("2026-11-25T13:31")) == 0
    (facts,) = events("near")
    assert (facts["clock"], facts["due_at"]) == ("sign", "2026-11-25T09:30:00.000000Z")
    assert note(shanghai("2026-11-25T17:31")) == 1
    assert (len(events("near")), len(events("passed"))) == (1, 1)


def test_an_urgent_clock_reminds_at_night(policy: Policy, at: datetime) -> None:
    start(policy, at, Limit(24, "hours"))
    assert note(at + 23.5 * HOUR) == 1
    assert len(events("near")) == 1


def test_nobody_is_reminded_of_what_has_passed_already(policy: Policy, at: datetime) -> None:
    start(policy, at, Limit(1, "hours"))
    assert note(at + 2 * HOUR) == 1
    assert events("near") == []
    assert note(at + 2 * HOUR) == 0


def test_a_paused_clock_neither_nears_nor_passes(policy: Policy, at: datetime) -> None:
    start(policy, at, Limit(2, "hours"))
    act(policy, at + MINUTE, "pause")
    assert note(at + 90 * HOUR) == 0
    act(policy, at + 90 * HOUR, "resume")
    assert note(at + 90 * HOUR) == 0
    assert note(at + 91 * HOUR + 58 * MINUTE) == 1
    assert note(at + 93 * HOUR) == 1
    assert (len(events("near")), len(events("passed"))) == (1, 1)


def test_a_clock_that_the_new_calendar_has_not_reached_says_nothing(policy: Policy, pack: City, at: datetime) -> None:
    start(policy, at, Limit(3, "working_days"))
    correct(pack, policy, at, date(2026, 11, 24))
    for late in ("2026-11-25T13:30", "2026-11-25T18:00"):
        assert note(shanghai(late)) == 0
    assert services.recompute(at=at) == 1
    assert note(shanghai("2026-11-25T18:00")) == 0
    assert note(shanghai("2026-11-26T10:00")) == 1
    assert (len(events("near")), events("passed")) == (1, [])


def test_one_city_waiting_for_its_morning_does_not_hold_up_another(policy: Policy, at: datetime) -> None:
    for number in range(3):
        start(policy, at, Limit(3, "working_days"), Stream("order", number))
    night = shanghai("2026-11-25T12:30")
    start(policy, night - HOUR, Limit(2, "hours"), Stream("order", 9))
    assert services.note_passed(at=night + MINUTE, limit=1) == 1
    assert len(events("near", Stream("order", 9))) == 1
