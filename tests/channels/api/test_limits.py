"""A partner's bucket."""

from datetime import datetime, timedelta

from hotline.channels.api.limits import Level, take


def test_a_minutes_worth_then_an_even_trickle(at: datetime) -> None:
    levels: dict[int, Level] = {}
    assert [take(levels, 1, 3, at) for _ in range(3)] == [0, 0, 0]
    assert take(levels, 1, 3, at) == 20
    assert take(levels, 2, 3, at) == 0, "another key has its own bucket"
    assert take(levels, 1, 3, at + timedelta(seconds=20)) == 0
    assert take(levels, 1, 3, at + timedelta(seconds=20)) > 0


def test_the_bucket_does_not_overflow(at: datetime) -> None:
    levels = {1: Level(0.0, at)}
    later = at + timedelta(days=1)
    assert [take(levels, 1, 2, later) for _ in range(2)] == [0, 0]
    assert take(levels, 1, 2, later) > 0


def test_a_clock_that_went_back_gives_nothing(at: datetime) -> None:
    levels = {1: Level(0.0, at)}
    assert take(levels, 1, 60, at - timedelta(hours=1)) > 0
