"""A deadline as a strip of days: used, today, not counting, due. Only for clocks that count working days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext

from hotline.clocks.calendar import Calendar
from hotline.ui import moment

MOST = 12  # cells; longer strips cannot be read


@dataclass(frozen=True)
class Day:
    """One cell. `state` is "", used, now, off, due or over; `used` the share of today that is over, in steps of 5.

    `provisional`: nobody has published yet which days of its year are worked in exchange for others.
    """

    name: str
    words: str
    state: str
    used: int = 0
    provisional: bool = False


def strip(started_at: datetime, due_at: datetime, at: datetime, calendar: Calendar) -> list[Day]:
    """The days from the start to the due day (or today, if that is later); [] when there are too many or only one."""
    first, due, today = timezone.localdate(started_at), _due_day(due_at), timezone.localdate(at)
    last = max(due, min(today, due + timedelta(days=2)))
    number = (last - first).days + 1
    if not 1 < number <= MOST:
        return []
    days = (first + timedelta(days=n) for n in range(number))
    return [
        replace(_cell(day, first, due_at, at, calendar), provisional=calendar.provisional(day.year)) for day in days
    ]


def _cell(day: date, first: date, due_at: datetime, at: datetime, calendar: Calendar) -> Day:
    due, today = _due_day(due_at), timezone.localdate(at)
    begin = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    name = f"{day.day} {moment.weekday(begin).removeprefix('周')}"
    if day > due:
        return Day(name, gettext("超期"), "over")
    if day == due:
        return Day(name, gettext("到期"), "over" if at > due_at else "due")
    if day == today:
        share = (at - begin) / timedelta(days=1)
        return Day(name, gettext("今天"), "now", round(share * 20) * 5)
    if not calendar.works(day):
        return Day(name, gettext("不计"), "off")
    return Day(name, gettext("开始") if day == first else "", "used" if day < today else "")


def _due_day(due_at: datetime) -> date:
    """The last day, which midnight ends and does not begin."""
    return timezone.localdate(due_at - timedelta(microseconds=1))
