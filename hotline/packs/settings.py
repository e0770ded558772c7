"""Turns the tables of a city's TOML files into their shapes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from types import MappingProxyType
from typing import TypedDict

from hotline.packs.fields import Fields, names
from hotline.packs.rules import (
    CLOCK_KINDS,
    KINDS,
    CalendarTable,
    CalendarYear,
    Callback,
    ClockRule,
    Clocks,
    Exit,
    Handling,
    Numbering,
    Route,
    Satisfaction,
    Template,
    Urgency,
)
from hotline.packs.sources import Sources
from hotline.packs.tables import URGENCIES
from hotline.refusal import N_

EXITS = ("process", "emergency", "legal_route", "refuse", "abuse", "answer")
TEMPLATES = names(
    "registered dispatched replied answered callback_missed closed referred declined transferred reopened withdrawn"
)


class Settings(TypedDict):
    """What city.toml says."""

    code: str
    name: str
    name_en: str
    province_code: str
    province: str
    fictional: bool
    source: str
    valid_from: date
    numbering: Numbering
    callback: Callback
    handling: Handling
    urgencies: Mapping[str, Urgency]


def city(sources: Sources) -> tuple[Settings, Fields]:
    """The city's own settings, and the table for faults found later."""
    top = sources.toml("city.toml")
    digits = N_("请写成 6 位数字并加英文双引号。")
    read = Settings(
        code=top.matching("code", "[0-9]{6}", digits),
        name=top.text("name"),
        name_en=top.text("name_en"),
        province_code=top.matching("province_code", "[0-9]{6}", digits),
        province=top.text("province"),
        fictional=top.flag("fictional"),
        source=top.text("source"),
        valid_from=top.day("valid_from"),
        numbering=_numbering(top.table("numbering")),
        callback=_callback(top.table("callback")),
        handling=_handling(top.table("handling")),
        urgencies=MappingProxyType(
            {code: _urgency(code, table) for code, table in top.tables("urgency", needed=URGENCIES).items()}
        ),
    )
    top.close()
    return read, top


def _numbering(table: Fields) -> Numbering:
    read = Numbering(
        prefix=table.matching("prefix", "[A-Z0-9]{0,8}", N_("请只用大写字母和数字，最多 8 位。")),
        pattern=table.text("pattern"),
        reset=table.choice("reset", ("day", "month", "year", "never")),
    )
    table.close()
    return read


def _callback(table: Fields) -> Callback:
    scale = []
    for code, step in table.tables("scale").items():
        scale.append(Satisfaction(code, step.text("name"), step.text("name_en"), step.flag("satisfied")))
        step.close()
    if len({step.satisfied for step in scale}) < 2:
        table.fault("scale", N_("满意度等级要同时有计为满意和计为不满意的项。"), N_("请在 scale 中补充等级。"))
    read = Callback(table.whole("attempts", 1, 10), tuple(scale))
    table.close()
    return read


def _handling(table: Fields) -> Handling:
    read = Handling(
        return_window=table.limit("return_window"),
        silent_accept=table.flag("silent_accept"),
        escalate_rounds=table.whole("escalate_rounds", 1, 20),
        escalate_returns=table.whole("escalate_returns", 1, 20),
        reopen_days=table.whole("reopen_days", 0, 3650),
    )
    table.close()
    return read


def _urgency(code: str, table: Fields) -> Urgency:
    if code not in URGENCIES:
        table.fault("", N_("没有“%(code)s”这一紧急程度。"), N_("请只用 normal、urgent、critical。"), code=code)
    read = Urgency(code, table.text("name"), table.text("name_en"), table.flag("phone_at_once"), table.listing("words"))
    table.close()
    return read


def clocks(sources: Sources) -> tuple[Clocks, Mapping[str, Fields], Fields]:
    """The rules of deadlines, with the table of each rule and of the file for faults found later."""
    top = sources.toml("clocks.toml")
    tables = top.tables("rules")
    read = Clocks(
        source=top.text("source"),
        counts_from=top.choice("counts_from", ("receipt", "next_working_day")),
        matter_days=top.choice("matter_days", ("shorter", "ignore")),
        warn_before=top.limit("warn_before", ("working_days", "hours", "minutes")),
        rules=MappingProxyType({name: _rule(name, table) for name, table in tables.items()}),
    )
    top.close()
    return read, tables, top


def _rule(name: str, table: Fields) -> ClockRule:
    read = ClockRule(
        name=name,
        clock=table.choice("clock", CLOCK_KINDS),
        limit=table.limit("limit"),
        kind=table.choice("kind", tuple(KINDS.values()), ""),
        urgency=table.choice("urgency", URGENCIES, ""),
        channel=table.text("channel", ""),
        matter=table.text("matter", ""),
        source=table.text("source", ""),
    )
    table.close()
    return read


def exits(sources: Sources) -> Mapping[str, Exit]:
    """The ways out of intake."""
    top = sources.toml("exits.toml")
    read = {}
    for code, table in top.tables(needed=EXITS).items():
        if code not in EXITS:
            table.fault(
                "", N_("没有“%(code)s”这一出口。"), N_("请只用：%(allowed)s。"), code=code, allowed="、".join(EXITS)
            )
        routes = table.tables("routes") if table.has("routes") else {}
        read[code] = Exit(
            code=code,
            name=table.text("name"),
            name_en=table.text("name_en"),
            words=table.text("words"),
            words_en=table.text("words_en"),
            routes=MappingProxyType({key: _route(key, route) for key, route in routes.items()}),
        )
        table.close()
    return MappingProxyType(read)


def _route(code: str, table: Fields) -> Route:
    read = Route(
        code=code,
        name=table.text("name"),
        name_en=table.text("name_en"),
        words=table.text("words"),
        words_en=table.text("words_en"),
        number=table.text("number", ""),
    )
    table.close()
    return read


def templates(sources: Sources) -> tuple[Mapping[str, Template], Mapping[str, Fields]]:
    """The messages to residents, with the table of each."""
    top = sources.toml("templates.toml")
    tables = top.tables(needed=TEMPLATES)
    read = {}
    for code, table in tables.items():
        read[code] = Template(code, table.text("zh"), table.text("en"), table.flag("sms"))
        table.close()
    return MappingProxyType(read), tables


def calendar(sources: Sources) -> CalendarTable:
    """Office hours, and the years that the city has looked at."""
    top = sources.toml("calendar.toml")
    hours = []
    for part in top.table("hours").tables().values():
        hours.append((_clock_time(part, "from"), _clock_time(part, "to")))
        part.close()
    flat = [moment for part in hours for moment in part]
    if not hours or flat != sorted(set(flat)):
        top.fault("hours", N_("办公时段缺失、颠倒或重叠。"), N_("请按先后顺序填写各时段，开始须早于结束。"))
    years = {}
    for name, table in top.tables("years").items():
        if not (len(name) == 4 and name.isascii() and name.isdecimal()):
            table.fault("", N_("“%(year)s”不是年份。"), N_("请写成 [years.2026]。"), year=name)
            continue
        years[int(name)] = _year(int(name), table)
    top.close()
    return CalendarTable(tuple(hours), MappingProxyType(years), MappingProxyType({}))


def _clock_time(table: Fields, name: str) -> time:
    text = table.matching(name, "([01][0-9]|2[0-3]):[0-5][0-9]", N_('请写成 "09:00" 这样的时刻。'))
    try:
        return time.fromisoformat(text)
    except ValueError:
        return time.min


def _year(year: int, table: Fields) -> CalendarYear:
    read = CalendarYear(
        provisional=table.flag("provisional"),
        source=table.text("source"),
        open=table.days("open"),
        closed=table.days("closed"),
    )
    for name, days in (("open", read.open), ("closed", read.closed)):
        if any(day.year != year for day in days):
            table.fault(name, N_("“%(name)s”中有其他年份的日期。"), N_("请移到相应年份一节。"))
    if set(read.open) & set(read.closed):
        table.fault("open", N_("同一天既上班又放假。"), N_("请只保留一处。"))
    table.close()
    return read
