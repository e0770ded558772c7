"""The faces' clock, and time said in words: today and yesterday by name, weekdays where they decide."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

CHINESE_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
ENGLISH_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def now() -> datetime:
    """This moment, aware. Only faces call it; everything below is told `at`."""
    return timezone.now()


def in_chinese() -> bool:
    """Whether the active language is Chinese."""
    return (get_language() or "zh").startswith("zh")


def labelled(label: str, value: str) -> str:
    """原因：重复反映; Reason: filed twice."""
    return f"{label}：{value}" if in_chinese() else f"{label}: {value}"


def listed(parts: Iterable[str]) -> str:
    """甲、乙; A, B."""
    return ("、" if in_chinese() else ", ").join(parts)


def weekday(at: datetime) -> str:
    """The short name of the weekday in the active language, of the local day of `at`."""
    return (CHINESE_WEEKDAYS if in_chinese() else ENGLISH_WEEKDAYS)[timezone.localtime(at).weekday()]


def date_words(at: datetime, *, with_year: bool = False) -> str:
    """The local date of `at`: 11月20日, 2025年11月20日; 20 Nov, 20 Nov 2025."""
    if in_chinese():
        return date_format(timezone.localtime(at), "Y年n月j日" if with_year else "n月j日")
    return date_format(timezone.localtime(at), "j M Y" if with_year else "j M")


def day_words(at: datetime, today: datetime) -> str:
    """The day of `at` as people say it on `today`: 今天, 11月20日, 2025年11月20日; today, 20 Nov, 20 Nov 2025."""
    local, here = timezone.localtime(at), timezone.localtime(today)
    near = (local.date() - here.date()).days
    if abs(near) <= 1:
        return {0: gettext("今天"), -1: gettext("昨天"), 1: gettext("明天")}[near]
    return date_words(at, with_year=local.year != here.year)


def moment_words(at: datetime, today: datetime) -> str:
    """Day and minute of `at`: 今天 15:42, 11月20日 15:42; today 15:42, 20 Nov 2025, 15:42."""
    clock = date_format(timezone.localtime(at), "H:i")
    day = day_words(at, today)
    return f"{day} {clock}" if in_chinese() or not day[0].isdigit() else f"{day}, {clock}"


def due_words(at: datetime, today: datetime) -> str:
    """A due moment with the weekday where it decides: 11月23日（周一）17:30 前; by Mon 23 Nov, 17:30."""
    local = timezone.localtime(at)
    clock = date_format(local, "H:i")
    day = day_words(at, today)
    near = abs((local.date() - timezone.localtime(today).date()).days) <= 1
    if in_chinese():
        return f"{day} {clock} 前" if near else f"{day}（{weekday(at)}）{clock} 前"
    return f"{day}, by {clock}" if near else f"by {weekday(at)} {day}, {clock}"


def span_words(minutes: int, *, day_minutes: int | None = None) -> str:
    """A length of time in words, two largest parts at most three: 1 个工作日 1 小时 48 分.

    `minutes` counts what the clock counts; with `day_minutes` (the working minutes of a day) days are working days,
    without it they are days of 24 hours.
    """
    minutes = max(0, minutes)
    per_day = day_minutes or 24 * 60
    days, rest = divmod(minutes, per_day)
    hours, minute = divmod(rest, 60)
    parts: list[str] = []
    if days:
        words = (
            ngettext("%(n)s 个工作日", "%(n)s 个工作日", days)
            if day_minutes
            else ngettext("%(n)s 天", "%(n)s 天", days)
        )
        parts.append(words % {"n": days})
    if hours:
        parts.append(ngettext("%(n)s 小时", "%(n)s 小时", hours) % {"n": hours})
    if (minute or not parts) and days < 3:
        parts.append(ngettext("%(n)s 分", "%(n)s 分", minute) % {"n": minute})
    return " ".join(parts)


def between_words(start: datetime, end: datetime) -> str:
    """The plain time from `start` to `end` in words; never negative."""
    return span_words(int((end - start) / timedelta(minutes=1)))
