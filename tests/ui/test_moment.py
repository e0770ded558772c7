"""Time said in words, in both languages."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from hotline.ui import moment

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = datetime(2026, 11, 20, 10, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("at", "chinese", "english"),
    [
        (datetime(2026, 11, 20, 15, 42, tzinfo=ZONE), "今天 15:42", "Today 15:42"),
        (datetime(2026, 11, 19, 23, 59, tzinfo=ZONE), "昨天 23:59", "Yesterday 23:59"),
        (datetime(2026, 11, 21, 0, 0, tzinfo=ZONE), "明天 00:00", "Tomorrow 00:00"),
        (datetime(2026, 3, 5, 9, 5, tzinfo=ZONE), "3月5日 09:05", "5 Mar, 09:05"),
        (datetime(2025, 11, 20, 15, 42, tzinfo=ZONE), "2025年11月20日 15:42", "20 Nov 2025, 15:42"),
    ],
)
def test_a_moment_is_said_as_people_say_it(at: datetime, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert moment.moment_words(at, TODAY) == chinese
    with translation.override("en"):
        assert moment.moment_words(at, TODAY) == english


def test_a_due_moment_names_the_weekday_when_it_is_not_near() -> None:
    at = datetime(2026, 11, 23, 17, 30, tzinfo=ZONE)
    with translation.override("zh-hans"):
        assert moment.due_words(at, TODAY) == "11月23日（周一）17:30 前"
        assert moment.due_words(TODAY + timedelta(hours=5), TODAY) == "今天 15:00 前"
    with translation.override("en"):
        assert moment.due_words(TODAY + timedelta(hours=5), TODAY) == "Today, by 15:00"
        assert moment.due_words(at, TODAY) == "by Mon 23 Nov, 17:30"


@pytest.mark.parametrize(
    ("minutes", "day", "words"),
    [
        (0, None, "0 分"),
        (48, 480, "48 分"),
        (480 + 108, 480, "1 个工作日 1 小时 48 分"),
        (3 * 480 + 65, 480, "3 个工作日 1 小时"),
        (26 * 60, None, "1 天 2 小时"),
        (-5, None, "0 分"),
    ],
)
def test_a_length_is_said_in_parts(minutes: int, day: int | None, words: str) -> None:
    with translation.override("zh-hans"):
        assert moment.span_words(minutes, day_minutes=day) == words


def test_english_counts_one_and_many() -> None:
    with translation.override("en"):
        assert moment.span_words(480 + 60, day_minutes=480) == "1 working day 1 hour"
        assert moment.span_words(2 * 480 + 120, day_minutes=480) == "2 working days 2 hours"
