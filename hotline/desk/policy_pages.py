"""The rules of a city as people read them: versions, limits, duties, words to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext

from hotline.desk import names
from hotline.organisation import queries as organisation
from hotline.organisation.permissions import Capability
from hotline.organisation.viewer import Viewer
from hotline.packs import CLOCK_KINDS, ClockRule, Matter
from hotline.policy import queries as policies
from hotline.policy.labels import label
from hotline.policy.numbers import ZONE
from hotline.policy.policy import Policy
from hotline.policy.queries import CalendarView, VersionView
from hotline.policy.standing import Standing
from hotline.policy.wording import Wording
from hotline.refusal import N_, refuse
from hotline.ui import moment

# The shape and the word of each standing; the word is what counts.
STANDINGS: Mapping[Standing, tuple[str, str]] = {
    Standing.DRAFT: ("wait", N_("草稿")),
    Standing.WAITING: ("doing", N_("待执行")),
    Standing.IN_FORCE: ("done", N_("执行中")),
    Standing.FORMER: ("paused", N_("以前用过")),
}
PARTS: Mapping[str, str] = {
    "limits": N_("期限"),
    "handling": N_("退单、延期、挂账"),
    "callback": N_("回访"),
    "matters": N_("事项"),
    "roles": N_("单位类型"),
    "exits": N_("受理出口"),
    "lines": N_("渠道和线路"),
    "templates": N_("短信模板"),
    "calendar": N_("日历"),
}
PER_PAGE = 50
LONGEST_SEARCH = 40


@dataclass(frozen=True)
class Version:
    """One version in a list, in words."""

    view: VersionView
    shape: str
    standing: str
    valid_from: str
    published_by: str
    activated_by: str
    may_activate: bool


@dataclass(frozen=True)
class Fact:
    """One key: what it is called, what stands there, and the document behind it."""

    label: str
    value: str
    source: str


def words() -> Wording:
    """How rules are said on this page."""
    return Wording(gettext, english=not moment.in_chinese())


def may_activate(viewer: Viewer) -> bool:
    """Whether this person may decide for the whole authority; whoever administers a part of it may not."""
    return viewer.may(Capability.PUBLISH_POLICY, authority_id=viewer.authority_id, unit_path=None)


def day_words(day: date) -> str:
    """2026年12月1日; 1 Dec 2026."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)
    return moment.date_words(noon, with_year=True)


def versions(viewer: Viewer, at: datetime) -> list[Version]:
    """All versions of the viewer's authority, newest first. At most 2 statements."""
    found = policies.versions(viewer.authority_id, at)
    people = {each.published_by for each in found} | {each.activated_by for each in found}
    staff = organisation.staff_names(person for person in people if person is not None)
    newest = max(
        (each for each in found if each.activated_at), key=lambda each: (each.activated_at, each.id), default=None
    )
    return [_listed(each, staff, each != newest and may_activate(viewer)) for each in found]


def _listed(view: VersionView, staff: Mapping[int, str], offered: bool) -> Version:
    shape, word = STANDINGS[view.standing]
    return Version(
        view=view,
        shape=shape,
        standing=gettext(word),
        valid_from=day_words(view.valid_from),
        published_by=by_words(view.published_by, staff),
        activated_by=by_words(view.activated_by, staff) if view.activated_at else "",
        may_activate=offered,
    )


def by_words(staff_id: int | None, staff: Mapping[int, str]) -> str:
    """Who did it; what was done at the command line has no person."""
    return gettext("命令行") if staff_id is None else staff.get(staff_id, "")


def one(viewer: Viewer, version_id: int, at: datetime) -> Version:
    """A version of the viewer's own authority. Raises `Refused` (404)."""
    found = next((each for each in versions(viewer, at) if each.view.id == version_id), None)
    if found is None:
        refuse("policy_unknown", N_("没有这个规则版本，请刷新页面后重试。"), status=404)
    return found


def in_force(known: Sequence[Version]) -> Version | None:
    """The version that judges new orders."""
    return next((each for each in known if each.view.standing is Standing.IN_FORCE), None)


def calendars(viewer: Viewer) -> list[tuple[CalendarView, str]]:
    """All calendars, newest first, with who published them. At most 2 statements."""
    found = policies.calendars(viewer.authority_id)
    staff = organisation.staff_names(each.published_by for each in found if each.published_by is not None)
    return [(each, by_words(each.published_by, staff)) for each in found]


def part(name: str, policy: Policy, query: Mapping[str, str]) -> dict[str, Any]:
    """What one part of a version shows."""
    said = words()
    if name == "limits":
        return {"rules": limits(policy, said), "facts": facts("clocks", policy.clocks, policy, said)}
    if name == "handling":
        shapes = {"handling": policy.handling, "extension": policy.extension, "intake": policy.intake}
        return {"groups": [(gettext(GROUPS[key]), facts(key, shape, policy, said)) for key, shape in shapes.items()]}
    if name == "callback":
        return {"facts": facts("callback", policy.callback, policy, said), "scale": policy.callback.scale}
    if name == "matters":
        return matters(policy, said, query)
    if name == "roles":
        return {"roles": [_row("roles", each, policy, said) for each in policy.roles.values()]}
    if name == "lines":
        return {
            "channels": policy.channels.values(),
            "lines": [_row("lines", each, policy, said) for each in policy.lines.values()],
            "facts": [
                *facts("numbering", policy.numbering, policy, said),
                Fact(
                    said.label("rulebook", "grid_digits"),
                    said.value("rulebook", "grid_digits", policy.grid_digits, policy),
                    "",
                ),
            ],
        }
    return {
        "exits": policy.exits.values(),
        "templates": [(said.message(code), each) for code, each in policy.templates.items()],
    }


GROUPS: Mapping[str, str] = {"handling": N_("办理"), "extension": N_("延期"), "intake": N_("受理范围")}


def facts(section: str, shape: Any, policy: Policy, said: Wording) -> list[Fact]:
    """The keys of a section, each with what stands behind it."""
    found = []
    for each in fields(shape):
        if label(section, each.name) == each.name or each.name in ("rules", "scale", "source"):
            continue
        value = said.value(section, each.name, getattr(shape, each.name), policy)
        found.append(Fact(said.label(section, each.name), value, policy.remarks.get(f"{section}.{each.name}", "")))
    return found


@dataclass(frozen=True)
class Rule:
    """One limit: what it holds for, how long, and where that is written."""

    name: str
    limit: str
    source: str


def limits(policy: Policy, said: Wording) -> list[tuple[str, list[Rule]]]:
    """All limits, by clock; what holds for everything comes first, the most particular last."""
    found: dict[str, list[Rule]] = {clock: [] for clock in CLOCK_KINDS}
    for rule in sorted(policy.clocks.rules.values(), key=_particular):
        clock = said.clock(rule.clock)
        name = said.rule_of(rule, policy).removeprefix(clock).strip(" ()（）") or gettext("一般规定")
        found[rule.clock].append(Rule(name, said.limit(rule.limit), rule.source or policy.clocks.source))
    return [(said.clock(clock), rules) for clock, rules in found.items() if rules]


def _particular(rule: ClockRule) -> tuple[bool, ...]:
    return bool(rule.matter), bool(rule.channel), bool(rule.level), bool(rule.urgency), bool(rule.kind)


def _row(section: str, shape: Any, policy: Policy, said: Wording) -> dict[str, str]:
    row = {each.name: said.value(section, each.name, getattr(shape, each.name), policy) for each in fields(shape)}
    return {**row, "name": names.named(shape)}


@dataclass(frozen=True)
class MatterRow:
    """One matter of the catalogue, in words."""

    code: str
    name: str
    path: str
    lead: str
    assist: str
    level: str
    floor: str
    days: str
    duty: str
    standard: str


def matters(policy: Policy, said: Wording, query: Mapping[str, str]) -> dict[str, Any]:
    """The catalogue, searched by words, codes and who leads, a page at a time."""
    wanted = query.get("words", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    found = [each for each in policy.matters.values() if _matches(each, wanted, policy)]
    asked = query.get("page", "")
    last = max(1, -(-len(found) // PER_PAGE))
    page = min(max(1, int(asked)), last) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    return {
        "matters": [_matter(each, policy, said) for each in shown],
        "words": wanted,
        "count": len(found),
        "page": page,
        "more": page < last,
    }


def _matches(matter: Matter, wanted: str, policy: Policy) -> bool:
    role = policy.roles.get(matter.lead_role)
    texts = [matter.code, *names.levels(matter), matter.level3, *matter.keywords, role.name if role else ""]
    texts.append(role.name_en if role else "")
    return all(any(word.lower() in text.lower() for text in texts) for word in wanted.split())


def _matter(matter: Matter, policy: Policy, said: Wording) -> MatterRow:
    row = {name: said.value("matters", name, getattr(matter, name), policy) for name in _SHOWN}
    floor = gettext("可以由镇街、社区主办") if matter.grassroots_ok else gettext("不能下派给镇街、社区主办")
    path = " › ".join(names.levels(matter)[:2])
    return MatterRow(
        code=matter.code,
        name=names.levels(matter)[2],
        path=path,
        lead=row["lead_role"],
        assist=row["assist_roles"],
        level=row["answerable_level"],
        floor=floor,
        days=row["days"],
        duty=matter.duty,
        standard=matter.closing_standard,
    )


_SHOWN = ("lead_role", "assist_roles", "answerable_level", "days")
