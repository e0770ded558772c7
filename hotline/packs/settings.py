"""Turns a city's city.toml, exits.toml and templates.toml into their shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from types import MappingProxyType
from typing import TypedDict

from hotline.packs.city import AUTHORITY_LEVELS
from hotline.packs.fields import Fields, names
from hotline.packs.rules import (
    Callback,
    Exit,
    Extension,
    Handling,
    Intake,
    Numbering,
    Route,
    Satisfaction,
    Template,
    Urgency,
)
from hotline.packs.sources import PROVINCE, Sources
from hotline.packs.tables import URGENCIES
from hotline.packs.times import CalendarTable, Clocks
from hotline.packs.timing import BEFORE_UNITS
from hotline.refusal import N_

EXITS = ("process", "emergency", "legal_route", "refuse", "abuse", "answer")
TEMPLATES = names(
    "registered supplement_asked dispatched waiting hung unhung extended merged replied answered callback_missed "
    "closed final_answer referred declined transferred reopened withdrawn incident_joined incident_progress "
    "incident_restored"
)
EVIDENCE = ("contact_record", "site_photo", "leader_signature", "duty_document")
REVIEWS = ("none", "upper", "hotline")
APPROVERS = ("hotline", "upper")
PETITIONS = ("refer", "accept")
CLOSERS = ("caller_back", "dispatcher", "supervisor")
MOST_DAYS = 3650
MOST_GRID_DIGITS = 20  # the longest grid code that a standard knows


class Settings(TypedDict):
    """What city.toml says."""

    level: str
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
    extension: Extension
    intake: Intake
    grid_digits: int
    urgencies: Mapping[str, Urgency]
    remarks: Mapping[str, str]


def city(sources: Sources) -> tuple[Settings, Fields]:
    """The city's own settings, and the table for faults found later."""
    top = sources.toml("city.toml")
    digits = N_("请写成 6 位数字并加英文双引号。")
    code = top.matching("code", "[0-9]{6}", digits)
    read = Settings(
        level=top.choice("level", AUTHORITY_LEVELS, AUTHORITY_LEVELS[0]),
        code=code,
        name=top.text("name"),
        name_en=top.text("name_en"),
        province_code=top.matching("province_code", "[0-9]{6}", digits),
        province=top.text("province"),
        fictional=top.flag("fictional"),
        source=top.text("source"),
        valid_from=top.day("valid_from"),
        numbering=_numbering(top.table("numbering"), code),
        callback=_callback(top.table("callback")),
        handling=_handling(top.table("handling")),
        extension=_extension(top.table("extension")),
        intake=_intake(top.table("intake")),
        grid_digits=_grids(top.table("grids")),
        urgencies=MappingProxyType(
            {code: _urgency(code, table) for code, table in top.tables("urgency", needed=URGENCIES).items()}
        ),
        remarks=MappingProxyType(_remarks(top.table("remarks"))),
    )
    _province(top, read["level"], sources)
    top.close()
    return read, top


def _province(top: Fields, level: str, sources: Sources) -> None:
    """Whether there is the province that the city names: it was looked up before any file was read."""
    name = top.text("province_pack", "")
    if name and level == PROVINCE:
        top.fault("province_pack", N_("省级平台之上没有更高的省级配置。"), N_("请删除该项。"))
    elif name and name not in sources.folders[1:-1]:
        top.fault(
            "province_pack",
            N_("没有名为“%(folder)s”的省级配置。"),
            N_('请核对文件夹名称；省级配置的 city.toml 中写有 level = "province"。'),
            folder=name[:60],
        )


def _numbering(table: Fields, region: str) -> Numbering:
    read = Numbering(
        prefix=table.matching("prefix", "[A-Z0-9]{0,8}", N_("请只用大写字母和数字，最多 8 位。")),
        pattern=table.text("pattern"),
        reset=table.choice("reset", ("day", "month", "year", "never")),
        region=region,
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
    read = Callback(
        attempts=table.whole("attempts", 1, 10),
        scale=tuple(scale),
        closers=table.listing("closers", CLOSERS, least=1),
        auto_close=table.flag("auto_close"),
    )
    table.close()
    return read


def _handling(table: Fields) -> Handling:
    read = Handling(
        return_window=table.limit_or_none("return_window"),
        silent_accept=table.flag("silent_accept"),
        escalate_rounds=table.whole("escalate_rounds", 1, 20),
        escalate_returns=table.whole("escalate_returns", 1, 20),
        reopen_days=table.whole("reopen_days", 0, MOST_DAYS),
        return_evidence=table.listing("return_evidence", EVIDENCE),
        reply_review=table.choice("reply_review", REVIEWS),
        pause_days=table.whole("pause_days", 0, MOST_DAYS),
        hang_days=table.whole("hang_days", 0, MOST_DAYS),
        through_centre=table.flag("through_centre"),
    )
    if read.silent_accept and read.return_window is None:
        table.fault(
            "silent_accept",
            N_("没有退单期限，就没有“逾期未退视为接收”。"),
            N_("请填写 return_window，或把 silent_accept 改为 false。"),
        )
    table.close()
    return read


def _extension(table: Fields) -> Extension:
    """Extensions in days or hours; "none" where there is no such rule."""
    read = Extension(
        times=table.whole("times", 0, 20),
        each=table.limit("each"),
        approver=table.choice("approver", APPROVERS),
        ask_before=table.limit_or_none("ask_before", BEFORE_UNITS),
        ask_until=table.hour_or("ask_until", "none"),
        long_each=table.limit_or_none("long_each"),
        long_matters=table.listing("long_matters"),
    )
    if read.long_matters and read.long_each is None:
        table.fault("long_each", N_("列出了长周期事项，却没有每次可延多久。"), N_("请填写 long_each，例如“180 days”。"))
    table.close()
    return read


def _intake(table: Fields) -> Intake:
    read = Intake(petition=table.choice("petition", PETITIONS))
    table.close()
    return read


def _grids(table: Fields) -> int:
    digits = table.whole("digits", 1, MOST_GRID_DIGITS)
    table.close()
    return digits


def _remarks(table: Fields) -> dict[str, str]:
    """What stands behind single keys, each by its name in the rulebook or the calendar."""
    known = remarkable()
    found = {}
    for name in table.names():
        if name not in known:
            table.fault(name, N_("没有名为“%(name)s”的规则项。"), N_("请写成“节.项”，例如“handling.return_window”。"))
        found[name] = table.text(name)
    return found


def remarkable() -> frozenset[str]:
    """The keys that a remark may be about."""
    sections: tuple[tuple[str, type], ...] = (
        ("numbering", Numbering),
        ("callback", Callback),
        ("handling", Handling),
        ("extension", Extension),
        ("intake", Intake),
        ("clocks", Clocks),
        ("calendar", CalendarTable),
    )
    keys = {f"{section}.{each.name}" for section, shape in sections for each in fields(shape)}
    return frozenset(keys | {"grids.digits"})


def _urgency(code: str, table: Fields) -> Urgency:
    if code not in URGENCIES:
        table.fault("", N_("没有“%(code)s”这一紧急程度。"), N_("请只用 normal、urgent、critical。"), code=code)
    read = Urgency(code, table.text("name"), table.text("name_en"), table.flag("phone_at_once"), table.listing("words"))
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
