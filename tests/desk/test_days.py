"""A deadline as a strip of days."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.template import loader
from django.utils import translation

from hotline import packs
from hotline.clocks.calendar import Calendar
from hotline.desk.days import Day, strip

TABLE = packs.load("yunjiang").calendar
CALENDAR = Calendar.of(TABLE, "next_working_day")


def shanghai(words: str) -> datetime:
    return datetime.fromisoformat(f"{words}+08:00")


def drawn(start: str, due: str, at: str) -> list[Day]:
    with translation.override("zh-hans"):
        return strip(shanghai(start), shanghai(due), shanghai(at), CALENDAR)


def test_days_are_used_now_off_or_due() -> None:
    found = drawn("2026-11-19T10:00", "2026-11-24T17:30", "2026-11-20T12:00")
    assert [(day.name, day.words, day.state) for day in found] == [
        ("19 四", "开始", "used"),
        ("20 五", "今天", "now"),
        ("21 六", "不计", "off"),
        ("22 日", "不计", "off"),
        ("23 一", "", ""),
        ("24 二", "到期", "due"),
    ]
    assert (found[1].used, {day.provisional for day in found}) == (50, {False})


def test_midnight_ends_the_last_day_and_begins_no_other() -> None:
    found = drawn("2026-11-19T10:00", "2026-11-24T00:00", "2026-11-20T12:00")
    assert (found[-1].name, found[-1].state) == ("23 一", "due")


def test_days_after_the_due_day_are_over() -> None:
    found = drawn("2026-11-19T10:00", "2026-11-20T17:30", "2026-11-22T12:00")
    assert [day.state for day in found] == ["used", "over", "over", "over"]


def test_days_of_a_year_without_make_up_days_are_marked_in_both_languages() -> None:
    found = drawn("2026-12-30T10:00", "2027-01-04T17:30", "2026-12-30T12:00")
    assert [day.provisional for day in found] == [False, False, True, True, True, True]
    for language, word in (("zh-hans", "暂定"), ("en", "Provisional")):
        with translation.override(language):
            assert loader.render_to_string("desk/days.html", {"days": found}).count(word) == 4
    known = {**TABLE.years, 2027: replace(TABLE.years[2027], provisional=False)}
    told = Calendar.of(replace(TABLE, years=known), "next_working_day")
    start = shanghai("2026-12-30T10:00")
    assert not any(day.provisional for day in strip(start, start + timedelta(days=5), start, told))
