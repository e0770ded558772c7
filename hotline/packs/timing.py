"""Turns a city's clocks.toml and calendar.toml into their shapes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from types import MappingProxyType

from hotline.packs.city import UNIT_LEVELS
from hotline.packs.fields import HOUR, Fields
from hotline.packs.rules import KINDS
from hotline.packs.sources import Sources
from hotline.packs.tables import URGENCIES
from hotline.packs.times import CLOCK_KINDS, CalendarTable, CalendarYear, ClockRule, Clocks, Limit
from hotline.refusal import N_

BEFORE_UNITS = ("working_days", "hours", "minutes")


def clocks(sources: Sources) -> tuple[Clocks, Mapping[str, Fields], Fields]:
    """The rules of deadlines, with the table of each rule and of the file for faults found later."""
    top = sources.toml("clocks.toml")
    tables = top.tables("rules")
    rules = {name: _rule(name, table) for name, table in tables.items()}
    read = Clocks(
        source=top.text("source"),
        counts_from=top.choice("counts_from", ("receipt", "next_working_day")),
        matter_days=top.choice("matter_days", ("shorter", "ignore")),
        warn_before=top.limit("warn_before", BEFORE_UNITS),
        rules=MappingProxyType({name: rule for name, rule in rules.items() if rule is not None}),
        received_until=top.hour_or("received_until", "office"),
        day_ends=top.matching(
            "day_ends", f"office|midnight|{HOUR}", N_('请写成 "office"、"midnight"，或 "17:00" 这样的时刻。')
        ),
    )
    top.close()
    return read, tables, top


def _rule(name: str, table: Fields) -> ClockRule | None:
    """One rule; None where the city puts "none" for the limit of a rule that the layers below it have."""
    limit = table.limit_or_none("limit")
    read = ClockRule(
        name=name,
        clock=table.choice("clock", CLOCK_KINDS),
        limit=limit or Limit(1, "minutes"),
        kind=table.choice("kind", tuple(KINDS.values()), ""),
        urgency=table.choice("urgency", URGENCIES, ""),
        channel=table.text("channel", ""),
        matter=table.text("matter", ""),
        source=table.text("source", ""),
        level=table.choice("level", UNIT_LEVELS, ""),
    )
    table.close()
    return read if limit else None


def calendar(sources: Sources) -> CalendarTable:
    """Office hours, duty hours, and the years that the city has looked at."""
    top = sources.toml("calendar.toml")
    hours = _hours(top, "hours", N_("办公时段缺失、颠倒或重叠。"))
    duty = _hours(top, "duty", N_("值班时段颠倒或重叠。")) if top.has("duty") else ()
    if not hours:
        top.fault("hours", N_("办公时段缺失、颠倒或重叠。"), N_("请按先后顺序填写各时段，开始须早于结束。"))
    years = {}
    for name, table in top.tables("years").items():
        if not (len(name) == 4 and name.isascii() and name.isdecimal()):
            table.fault("", N_("“%(year)s”不是年份。"), N_("请写成 [years.2026]。"), year=name)
            continue
        years[int(name)] = _year(int(name), table)
    top.close()
    return CalendarTable(hours, MappingProxyType(years), MappingProxyType({}), duty)


def _hours(top: Fields, name: str, what: str) -> tuple[tuple[time, time], ...]:
    parts = []
    for part in top.table(name).tables().values():
        parts.append((part.hour("from"), part.hour("to")))
        part.close()
    flat = [moment for part in parts for moment in part]
    if flat != sorted(set(flat)):
        top.fault(name, what, N_("请按先后顺序填写各时段，开始须早于结束。"))
    return tuple(parts)


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
