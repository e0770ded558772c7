"""Times are resolved against the moment a text was said, Shanghai time."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.understanding.folding import fold
from hotline.understanding.moments import chinese_number, times

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("昨天晚上8点开始停水", datetime(2026, 11, 19, 20)),
        ("昨晚十点半", datetime(2026, 11, 19, 22, 30)),
        ("11月18日下午3点半", datetime(2026, 11, 18, 15, 30)),
        ("2026年3月5日", datetime(2026, 3, 5)),
        ("今早", datetime(2026, 11, 20, 6)),
        ("前天", datetime(2026, 11, 18)),
        ("三天前报的", datetime(2026, 11, 17, 10)),
    ],
)
def test_points(text: str, start: datetime, at: datetime) -> None:
    found = times(fold(text), at)
    assert [each.start for each in found] == [start.replace(tzinfo=SHANGHAI)]
    assert found[0].kind == "point"


@pytest.mark.parametrize(
    ("text", "days"), [("连续三天", 3), ("等了半个月", 15), ("停了两周", 14), ("拖了一年半", 547.5), ("三十五天", 35)]
)
def test_durations(text: str, days: float, at: datetime) -> None:
    (found,) = times(fold(text), at)
    assert (found.kind, found.days, found.end) == ("duration", days, at)


def test_a_date_ahead_is_last_years(at: datetime) -> None:
    january = at.replace(month=1, day=9)
    (found,) = times("12月3日", january)
    assert found.start == datetime(2025, 12, 3, tzinfo=SHANGHAI)


def test_recurring_times_have_no_start(at: datetime) -> None:
    (found,) = times("每天半夜12点", at)
    assert (found.kind, found.start) == ("recurring", None)


@pytest.mark.parametrize("text", ["2026年2月30日", "3-5栋", "路", "", "二〇", "十二中学", "我今年八十六年"])
def test_no_time_is_made_up(text: str, at: datetime) -> None:
    assert times(text, at) == ()


def test_numbers() -> None:
    assert [chinese_number(text) for text in ("二十三", "一百零五", "十", "12", "两", "", "甲")] == [
        23, 105, 10, 12, 2, None, None,
    ]  # fmt: skip


@given(st.text(alphabet="0123456789一二三十百天月日号年点半前晚早昨今明每连续个周星期-./: ", max_size=60))
def test_never_fails_and_spans_lie_inside(text: str) -> None:
    at = datetime(2026, 2, 28, 23, 59, tzinfo=SHANGHAI)
    found = times(text, at)
    for each in found:
        assert 0 <= each.span.start < each.span.end <= len(text)
        assert each.start is None or each.start.tzinfo is not None
    assert all(one.span.end <= two.span.start for one, two in pairwise(found))
    assert all(each.days is None or timedelta(days=each.days) >= timedelta(0) for each in found)
