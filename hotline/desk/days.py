"""A deadline as a strip of days: used, today, not counting, due. Only for clocks that count working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext

from hotline.clocks.calendar import Calendar
from hotline.ui import moment

MOST = 12  # cells; longer strips cannot be read


@dataclass(frozen=True)
class Day:
    """One cell. `state` is "", used, now, off, due or over; `used` the share of today that is over, in steps of 5."""

    name: str
    words: str
    state: str
    used: int = 0


def strip(started_at: datetime, due_at: datetime, at: datetime, calendar: Calendar) -> list[Day]:
    """The days from the start to the due day (or today, if that is later); [] when there are too many or only one."""
    first, due, today = (timezone.localtime(each).date() for each in (started_at, due_at, at))
    last = max(due, min(today, due + timedelta(days=2)))
    number = (last - first).days + 1
    if not 1 < number <= MOST:
        return []
    cells = []
    for day in (first + timedelta(days=n) for n in range(number)):
        begin = timezone.make_aware(datetime.combine(day, datetime.min.time()))
        name = f"{day.day} {moment.weekday(begin).removeprefix('周')}"
        if day > due:
            cells.append(Day(name, gettext("超期"), "over"))
        elif day == today and day != due:
            share = (at - begin) / timedelta(days=1)
            cells.append(Day(name, gettext("今天"), "now", round(share * 20) * 5))
        elif day == due:
            cells.append(Day(name, gettext("到期"), "over" if at > due_at else "due"))
        elif not calendar.works(day):
            cells.append(Day(name, gettext("不计"), "off"))
        else:
            words = gettext("开始") if day == first else ""
            cells.append(Day(name, words, "used" if day < today else ""))
    return cells
