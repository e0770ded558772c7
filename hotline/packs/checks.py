"""What must agree between the rows of one file, and between the files of one city: the rulebook."""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Mapping

from hotline.packs.fields import Fields, names
from hotline.packs.rules import Channel, Extension, Line, Matter, Numbering, Role, Template
from hotline.packs.tables import Placed
from hotline.packs.times import CLOCK_KINDS, ClockRule, Clocks
from hotline.refusal import N_

CHANNELS = names(
    "phone web wechat app sms email letter people_board inspection snapshot grid emergency upper walk_in "
    "enterprise sensor api"
)
# The longest texts that a slot is filled with, in Chinese and English: an SMS must fit when they are all long.
# `words` (a reply, a guidance) has no bound, so no SMS holds it.
SLOTS: Mapping[str, tuple[int, int]] = {
    "number": (18, 18),
    "code": (8, 8),
    "city": (8, 24),
    "unit": (20, 60),
    "words": (1000, 1000),
}
SMS_ZH, SMS_EN = 70, 160
NUMBER_MOST = SLOTS["number"][0]
_SPEC = {"prefix": re.compile(""), "region": re.compile(""), "date": re.compile(""), "seq": re.compile("(0[1-9]d)?")}
KEYWORDS_LEAST, KEYWORDS_MOST = 6, 15
OPTIONAL_CLOCKS = ("dispatch", "assist")  # a city may do without these


def matters(placed: Placed[Matter], roles: Mapping[str, Role]) -> None:
    """Matters name roles that may lead, neighbours that name them back, and classes that are called alike."""
    known = {matter.code: matter for matter, _row in placed}
    classes: dict[str, tuple[str, str]] = {}
    leaves: dict[str, str] = {}
    for matter, row in placed:
        _lead(matter, row, roles)
        _keywords(matter, row)
        _neighbours(matter, row, known)
        for code, name in ((matter.code[:2], "level1"), (matter.code[:4], "level2")):
            names = (getattr(matter, name), getattr(matter, f"{name}_en"))
            if classes.setdefault(code, names) != names:
                row.fault(
                    f"{name}_zh",
                    N_("编码 %(code)s 的类名与前面的“%(first)s”不一致。"),
                    N_("请统一类名。"),
                    code=code,
                    first=classes[code][0],
                )
        if leaves.setdefault(matter.level3, matter.code) != matter.code:
            row.fault(
                "level3_zh", N_("事项名与 %(first)s 相同。"), N_("请改用不同的事项名。"), first=leaves[matter.level3]
            )


def _lead(matter: Matter, row: Fields, roles: Mapping[str, Role]) -> None:
    for name, codes in (("lead_role", (matter.lead_role,)), ("assist_roles", matter.assist_roles)):
        for code in codes:
            reference(row, name, code, roles)
    role = roles.get(matter.lead_role)
    if role is None:
        return
    if role.leads == "no":
        row.fault(
            "lead_role",
            N_("“%(role)s”不能作为主办。"),
            N_("请改用可以主办的角色，或放到 assist_roles。"),
            role=role.name,
        )
    if matter.answerable_level not in role.levels:
        row.fault(
            "answerable_level",
            N_("主办“%(role)s”没有 %(level)s 这一层级。"),
            N_("请从以下层级中选择：%(levels)s。"),
            role=role.name,
            level=matter.answerable_level,
            levels="、".join(role.levels),
        )
    if matter.answerable_level == "town" and not matter.grassroots_ok:
        row.fault(
            "grassroots_ok", N_("不得下派基层的事项，最低主办层级却是 town。"), N_("请改层级，或填 grassroots_ok=yes。")
        )


def _keywords(matter: Matter, row: Fields) -> None:
    if not KEYWORDS_LEAST <= len(matter.keywords) <= KEYWORDS_MOST:
        row.fault(
            "keywords",
            N_("关键词有 %(found)s 个，应为 %(least)s 到 %(most)s 个。"),
            N_("请增减关键词。"),
            found=len(matter.keywords),
            least=KEYWORDS_LEAST,
            most=KEYWORDS_MOST,
        )
    for word in matter.keywords:
        if len(word) < 2:  # a lone character stands inside too many other words
            row.fault("keywords", N_("关键词“%(word)s”只有一个字。"), N_("请改用两个字以上的词。"), word=word)


def _neighbours(matter: Matter, row: Fields, known: Mapping[str, Matter]) -> None:
    for code in matter.confusable_with:
        if not reference(row, "confusable_with", code, known):
            continue
        if code == matter.code or matter.code not in known[code].confusable_with:
            row.fault(
                "confusable_with",
                N_("%(code)s 没有把本事项列为易混事项。"),
                N_("易混须成对：请在 %(code)s 的同一列补上 %(own)s，或在此删除。"),
                code=code,
                own=matter.code,
            )


def reference(row: Fields, name: str, code: str, known: Collection[str]) -> bool:
    """Is `code`, which stands at `name`, known? An unknown one is a fault, an empty one was noted before."""
    if code in known:
        return True
    if code:
        row.fault(
            name,
            N_("“%(name)s”中的“%(code)s”不存在。"),
            N_("请核对编码，或先在相应文件中加上它。"),
            code=code[:60],
        )
    return False


def roles(placed: Placed[Role]) -> None:
    """Roles name existing roles."""
    known = {role.code for role, _row in placed}
    for role, row in placed:
        for code in role.shares_with:
            reference(row, "shares_with", code, known)


def channels(placed: Placed[Channel], top: Fields) -> None:
    """The registry names all channels of the trade, and no other."""
    for channel, row in placed:
        reference(row, "code", channel.code, CHANNELS)
    missing = [code for code in CHANNELS if code not in {channel.code for channel, _row in placed}]
    if missing:
        top.fault(
            "",
            N_("channels.csv 缺少渠道：%(missing)s。"),
            N_("请补上，未开通的填 open=no。"),
            missing="、".join(missing),
        )


def lines(placed: Placed[Line], known_roles: Mapping[str, Role]) -> None:
    """Each merged line names the role that stands behind it."""
    for line, row in placed:
        reference(row, "role_code", line.role_code, known_roles)


def numbering(rule: Numbering, top: Fields) -> None:
    """The pattern uses its slots, and cannot make the same number twice."""
    table = top.table("numbering")
    slots = _number_slots(rule.pattern)
    made = rule.pattern.format(prefix=rule.prefix, region=rule.region, date="20260131", seq=1) if slots else ""
    if "seq" not in slots or len(made) > NUMBER_MOST:
        table.fault(
            "pattern",
            N_("编号格式“%(pattern)s”不可用。"),
            N_("请只用 {prefix}、{region}、{date}、{seq:06d}，必须含 {seq}，编号不超过 %(most)s 位。"),
            pattern=rule.pattern[:60],
            most=NUMBER_MOST,
        )
    elif rule.reset != "never" and "date" not in slots:
        table.fault(
            "pattern",
            N_("编号会重新计数，格式中却没有日期，会出现重号。"),
            N_("请加上 {date}，或把 reset 改为 never。"),
        )


def _number_slots(pattern: str) -> set[str]:
    """The slots of a pattern; none when there is anything in it that may not be."""
    try:
        parts = _parts(pattern)
    except ValueError:
        return set()
    slots = [part for part in parts if part[1] is not None]
    good = all(_SPEC[part[1]].fullmatch(part[2] or "") and not part[3] if part[1] in _SPEC else False for part in slots)
    return {part[1] or "" for part in slots} if good else set()


def clocks(
    rules: Clocks, tables: Mapping[str, Fields], top: Fields, matter_codes: Collection[str], known: Collection[str]
) -> None:
    """Every rule speaks of things that exist; every clock has a rule that always holds."""
    for name, rule in rules.rules.items():
        if rule.channel:
            reference(tables[name], "channel", rule.channel, known)
        if rule.matter and not any(code.startswith(rule.matter) for code in matter_codes):
            reference(tables[name], "matter", rule.matter, ())
    _alike(rules, tables)
    general = {rule.clock for rule in rules.rules.values() if _always(rule)}
    for clock in CLOCK_KINDS:
        if clock not in general and clock not in OPTIONAL_CLOCKS:
            top.fault(
                "rules",
                N_("时钟“%(clock)s”没有一条无条件的规则。"),
                N_("请为它补一条不写 kind、urgency、channel、matter、level 的规则。"),
                clock=clock,
            )


def _alike(rules: Clocks, tables: Mapping[str, Fields]) -> None:
    """No two rules hold for just the same orders: nobody could say which of them decides."""
    first: dict[tuple[str, ...], str] = {}
    for name, rule in rules.rules.items():
        holds = (rule.clock, rule.kind, rule.urgency, rule.channel, rule.matter, rule.level)
        other = first.setdefault(holds, name)
        if other != name:
            tables[name].fault(
                "",
                N_("规则“%(rule)s”与“%(other)s”的适用条件完全相同。"),
                N_("请删除其中一条，或用同一个名称改写它。"),
                rule=name[:60],
                other=other[:60],
            )


def extension(rule: Extension, top: Fields, matter_codes: Collection[str]) -> None:
    """Matters that may be put off for long are in the catalogue."""
    for code in rule.long_matters:
        if not any(known.startswith(code) for known in matter_codes):
            reference(top.table("extension"), "long_matters", code, ())


def _always(rule: ClockRule) -> bool:
    return not (rule.kind or rule.urgency or rule.channel or rule.matter or rule.level)


def templates(rules: Mapping[str, Template], tables: Mapping[str, Fields]) -> None:
    """Messages use known slots, the same in both languages, and fit where they must."""
    for code, template in rules.items():
        table = tables[code]
        slots = {name: _slots(text) for name, text in (("zh", template.zh), ("en", template.en))}
        for name, found in slots.items():
            if found is None or not found <= SLOTS.keys():
                table.fault(
                    name,
                    N_("“%(name)s”中的花括号内容无法识别。"),
                    N_("只可使用：%(allowed)s。"),
                    allowed="、".join(f"{{{slot}}}" for slot in SLOTS),
                )
        if slots["zh"] != slots["en"]:
            table.fault("en", N_("中英文使用的花括号内容不一致。"), N_("请让两种文字给出同样的信息。"))
        if template.sms and all(found is not None and found <= SLOTS.keys() for found in slots.values()):
            _fits(table, "zh", template.zh, 0, SMS_ZH)
            _fits(table, "en", template.en, 1, SMS_EN)


def _slots(text: str) -> set[str] | None:
    try:
        parts = _parts(text)
    except ValueError:
        return None
    if any(part[2] or part[3] for part in parts):
        return None
    return {part[1] for part in parts if part[1] is not None}


def _parts(text: str) -> list[tuple[str, str | None, str | None, str | None]]:
    return list(string.Formatter().parse(text))


def _fits(table: Fields, name: str, text: str, language: int, most: int) -> None:
    filled = sum(len(part[0]) + (SLOTS[part[1]][language] if part[1] else 0) for part in _parts(text))
    if filled > most:
        table.fault(
            name,
            N_("短信“%(name)s”填好后可达 %(filled)s 字，超过 %(most)s 字。"),
            N_("请缩短文字，或填 sms = false。"),
            filled=filled,
            most=most,
        )
