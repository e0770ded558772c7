"""Finds times in Chinese text and resolves them against the moment the text was said.

Days are Asia/Shanghai; results are aware. What cannot be resolved to a real date is left out, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from hotline.understanding.reading import Span, TimeGuess

_MOST = 60  # times looked at in one text
SHANGHAI = ZoneInfo("Asia/Shanghai")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "半": 0}
_NUMBER = r"(?:\d{1,4}|[零一二两三四五六七八九十百]{1,5})"
_PART = r"(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|半夜|深夜|夜间|晚|早)"
_CLOCK = rf"(?:{_PART}?\s*{_NUMBER}(?:点半|点钟?(?:{_NUMBER}分)?|[:时]\d{{1,2}}分?|时))"
_DAYS_AGO = {
    "今天": 0,
    "今日": 0,
    "今晚": 0,
    "今早": 0,
    "昨天": 1,
    "昨日": 1,
    "昨晚": 1,
    "昨夜": 1,
    "前天": 2,
    "前晚": 2,
    "大前天": 3,
}
_DAYS_AHEAD = {"明天": 1, "明日": 1, "明早": 1, "明晚": 1, "后天": 2}
_PART_HOURS = {
    "凌晨": (0, 6), "清晨": (5, 8), "早上": (6, 9), "早晨": (6, 9), "早": (6, 9), "上午": (8, 12), "中午": (11, 14),
    "下午": (12, 18), "傍晚": (17, 19), "晚上": (18, 24), "晚": (18, 24), "夜": (18, 24),
    "夜里": (20, 24), "夜间": (20, 24), "半夜": (0, 4), "深夜": (22, 24),
}  # fmt: skip
_LENGTHS = {
    "天": 1.0,
    "日": 1.0,
    "周": 7.0,
    "星期": 7.0,
    "礼拜": 7.0,
    "个月": 30.0,
    "月": 30.0,
    "年": 365.0,
    "小时": 1 / 24,
    "个小时": 1 / 24,
    "分钟": 1 / 1440,
}

_DATE = re.compile(
    rf"(?:(?P<year>\d{{4}})[年./-])?(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})(?:月|[./-](?=\d))(?P<day>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[日号]?"
    rf"(?:\s*(?P<clock>{_CLOCK}))?(?![./\d-])"
)
_RELATIVE = re.compile(
    rf"(?P<day>大前天|前天|昨天|昨日|今天|今日|明天|明日|后天|今晚|昨晚|前晚|昨夜|今早|明早|明晚)(?P<part>{_PART})?\s*(?P<clock>{_CLOCK})?"
)
_DURATION = re.compile(
    rf"(?P<lead>连续|已经|已|整整|持续|长达|近|快|等了|拖了|停了|断了|了)?(?P<number>{_NUMBER}|半)多?(?P<unit>个小时|小时|分钟|天|周|个?星期|个?礼拜|个月|年)(?P<more>半|多)?(?P<ago>之?前|以前)?"
)
_RECURRING = re.compile(rf"(?:每天|每晚|天天|每周|每到|每日|每个月|每年|夜夜)(?:{_PART})?(?:\s*{_CLOCK})?")


def chinese_number(text: str) -> int | None:
    """The number that `text` writes in digits or Chinese numerals (二十三, 一百零五, 12), or None."""
    if text.isascii() and text.isdigit():
        return int(text)
    total, digit = 0, 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            return None
    return total + digit if text else None


def times(folded: str, at: datetime) -> tuple[TimeGuess, ...]:
    """Every time said in a folded text, in order; `at` (aware) is when it was said."""
    here = at.astimezone(SHANGHAI)
    found: list[TimeGuess] = []
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], datetime], TimeGuess | None]], ...] = (
        (_DATE, _date), (_RELATIVE, _relative), (_RECURRING, _recurring), (_DURATION, _duration),
    )  # fmt: skip
    for pattern, read in readers:
        for match in islice(pattern.finditer(folded), _MOST):
            guess = read(match, here)
            if guess and not any(
                guess.span.start < other.span.end and other.span.start < guess.span.end for other in found
            ):
                found.append(guess)
    return tuple(sorted(found, key=lambda guess: guess.span))


def _span(match: re.Match[str]) -> Span:
    return Span(match.start(), match.end())


def _date(match: re.Match[str], here: datetime) -> TimeGuess | None:
    month, day = chinese_number(match["month"]), chinese_number(match["day"])
    separated = "月" in match.group() or match["year"]
    if not separated or month is None or day is None:  # 3-5 alone is a range of anything
        return None
    try:
        said = here.replace(
            year=int(match["year"] or here.year), month=month, day=day, hour=0, minute=0, second=0, microsecond=0
        )
    except ValueError:
        return None
    if not match["year"] and said > here + timedelta(days=60):  # 12月3日 said in January is last year's
        said = said.replace(year=said.year - 1) if (month, day) != (2, 29) else said
    return _within(match, said, None, match["clock"])


def _relative(match: re.Match[str], here: datetime) -> TimeGuess:
    word = match["day"]
    step = _DAYS_AHEAD.get(word, -_DAYS_AGO.get(word, 0))
    day = here.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=step)
    part = match["part"] or (word[-1] if word[-1] in "晚夜早" else None)
    return _within(match, day, part, match["clock"])


def _within(match: re.Match[str], day: datetime, part: str | None, clock: str | None) -> TimeGuess:
    if clock:
        hour, minute = _clock(clock, part)
        if hour is not None:
            moment = day + timedelta(hours=hour, minutes=minute)
            return TimeGuess("point", _span(match), start=moment)
    first, last = _PART_HOURS.get(part or "", (0, 24))
    return TimeGuess("point", _span(match), start=day + timedelta(hours=first), end=day + timedelta(hours=last))


def _clock(text: str, part: str | None) -> tuple[int | None, int]:
    said = re.match(_PART, text)
    part = said.group() if said else part
    numbers = re.findall(_NUMBER, text[said.end() if said else 0 :])
    hour = chinese_number(numbers[0]) if numbers else None
    if hour is None or hour > 24:
        return None, 0
    minute = 30 if "点半" in text else (chinese_number(numbers[1]) or 0) if len(numbers) > 1 else 0
    if part and part in "下午傍晚晚上夜里夜间深夜" and 1 <= hour < 12:
        hour += 12
    return hour, min(minute, 59)


def _recurring(match: re.Match[str], here: datetime) -> TimeGuess:
    return TimeGuess("recurring", _span(match))


def _duration(match: re.Match[str], here: datetime) -> TimeGuess | None:
    unit = match["unit"]
    number = 0.5 if match["number"] == "半" else chinese_number(match["number"])
    if number is None or (unit == "年" and number > 150):  # 2019年 is a year, not a length
        return None
    days = (number + (0.5 if match["more"] == "半" else 0.0)) * _LENGTHS.get(
        unit.removeprefix("个") if unit != "个月" else unit, 1.0
    )
    if days > 40_000:
        return None
    start = here - timedelta(days=days)
    if match["ago"]:
        return TimeGuess("point", _span(match), start=start, end=start + timedelta(days=1))
    if not match["lead"] and days >= 365:  # 五年 without a word of lasting is mostly an age or a term
        return None
    return TimeGuess("duration", _span(match), start=start, end=here, days=round(days, 3))
