"""What `hotline policy` prints: differences, consequences, lists, in the terminal's language."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from hotline.config.telling import choose, say

if TYPE_CHECKING:
    from hotline.dispatch.queries import Preview
    from hotline.organisation.queries import AuthorityView
    from hotline.packs import City, Rulebook
    from hotline.policy.comparison import Change
    from hotline.policy.queries import CalendarView, VersionView
    from hotline.policy.services import Activation
    from hotline.policy.wording import Said, Wording


@dataclass(frozen=True)
class Found:
    """What differs between two sides, with what each is called."""

    before_name: str
    after_name: str
    before: "Rulebook"
    after: "Rulebook"
    changes: "tuple[Change, ...]"


def sound(pack: "City") -> str:
    """A city whose files have no fault."""
    return choose(
        f"{pack.name}（{pack.code}）没有问题：{len(pack.matters)} 个事项、{len(pack.clocks.rules)} 条期限、"
        f"{len(pack.units)} 个单位",
        f"{pack.name_en} ({pack.code}) is sound: {len(pack.matters)} matters, {len(pack.clocks.rules)} limits, "
        f"{len(pack.units)} units",
    )


def version(view: "VersionView | None") -> str:
    """A version as people name it."""
    if view is None:
        return choose("（还没有启用的规则）", "(no rules in force yet)")
    return choose(f"第 {view.version} 版", f"version {view.version}")


def files(pack: "City") -> str:
    """The files of a city as people name them."""
    return choose(f"{pack.name}的文件", f"the files of {pack.name_en}")


def lines(found: Found) -> Iterator[str]:
    """Every difference on a line, under what it touches."""
    from hotline.policy import labels

    yield f"{found.before_name} → {found.after_name}"
    if not found.changes:
        yield choose("没有变化", "Nothing differs")
        return
    words = _wording()
    colon = choose("：", ": ")
    for weight, group in groupby(found.changes, key=lambda change: change.weight):
        mine = [words.say(change, found.before, found.after) for change in group]
        yield f"\n{words.translate(labels.WEIGHTS[weight])} ({len(mine)})"
        yield from (f"  {said.line(colon)}" for said in mine)


def as_json(found: Found) -> str:
    """The same for programs: codes, and the words beside them."""
    words = _wording()
    said = [_plain(words.say(change, found.before, found.after)) for change in found.changes]
    document = {"before": found.before_name, "after": found.after_name, "changes": said}
    return json.dumps(document, ensure_ascii=False)


def _plain(said: "Said") -> dict[str, Any]:
    change = said.change
    return {
        "touches": change.weight.name.lower(),
        "kind": change.kind,
        "section": change.section,
        "row": list(change.row),
        "key": change.field,
        "subject": said.subject,
        "what": said.what,
        "before": said.before,
        "after": said.after,
    }


def _wording() -> "Wording":
    from django.utils.translation import gettext

    from hotline.policy.wording import Wording

    return Wording(gettext, english=choose("zh", "en") == "en")


def consequences(view: "VersionView", seen: "Preview", back: "Sequence[VersionView]", at: datetime) -> Iterator[str]:
    """What activating does: from when, for which orders, and which waiting versions it takes back."""
    yield ""
    yield choose(
        f"还没派出的工单 {seen.waiting} 件，其中 {seen.moved} 件建议的单位会变，{seen.relimited} 件期限会变。"
        "已经派出的工单仍按原来的规则办",
        f"Orders not dispatched yet: {seen.waiting}. For {seen.moved} another unit would be suggested, for "
        f"{seen.relimited} a limit would change. What is dispatched keeps its rules",
    )
    if _day(at) < view.valid_from:
        yield choose(f"自 {view.valid_from} 起执行", f"It holds from {view.valid_from} on")
    for each in back:
        yield choose(
            f"第 {each.version} 版原定自 {each.valid_from} 起执行，会退回草稿",
            f"Version {each.version}, which was to hold from {each.valid_from} on, becomes a draft again",
        )


def tell_activated(view: "VersionView", done: "Activation") -> None:
    """The end of an activation."""
    if done.at_once:
        say(
            f"已启用第 {view.version} 版。还没派出的工单随后改按新规则",
            f"Version {view.version} is active. Orders not dispatched yet follow it in a moment",
        )
    else:
        say(
            f"已启用第 {view.version} 版，自 {done.begins} 起执行",
            f"Version {view.version} is activated and holds from {done.begins} on",
        )


def tell_published(authority: "AuthorityView", view: "VersionView", *, new: bool) -> None:
    """The end of publishing rules, with the next step."""
    if not new:
        say(f"规则没有变化，仍是第 {view.version} 版", f"The rules are the same: version {view.version}")
    else:
        say(f"规则已发布为第 {view.version} 版草稿", f"Published the rules as a draft: version {view.version}")
    if view.activated_at is None:
        command = f"hotline policy activate {authority.code} {view.version}"
        say(f"启用请运行 {command}", f"To activate it run {command}")


def tell_calendar(before: "Sequence[CalendarView]", now: "CalendarView") -> None:
    """What became of the calendar."""
    if before and before[0].id == now.id:
        say(f"日历没有变化，仍是第 {now.version} 版", f"The calendar is the same: version {now.version}")
    else:
        say(
            f"日历第 {now.version} 版已生效，正在计时的期限随后按它重新计算",
            f"Version {now.version} of the calendar is in force; running clocks are reckoned anew by it",
        )


def table(
    authority: "AuthorityView", versions: "Sequence[VersionView]", calendars: "Sequence[CalendarView]"
) -> Iterator[str]:
    """One authority's versions, newest first."""
    yield choose(f"{authority.name}（{authority.code}）", f"{authority.name_en or authority.name} ({authority.code})")
    for each in versions:
        state = choose(*_STANDINGS[each.standing.value])
        since = choose(f"自 {each.valid_from}", f"from {each.valid_from}")
        yield f"  {version(each)}  {state}  {since}  {each.source}"
    for calendar in calendars:
        name = choose(f"日历第 {calendar.version} 版", f"calendar, version {calendar.version}")
        state = choose("执行中", "in force") if calendar.in_force else choose("以前的", "former")
        yield f"  {name}  {state}  {_day(calendar.published_at)}"


def _day(at: datetime) -> date:
    from django.utils import timezone

    return timezone.localtime(at).date()


_STANDINGS = {
    "draft": ("草稿", "draft"),
    "waiting": ("待执行", "waiting"),
    "in_force": ("执行中", "in force"),
    "former": ("以前的", "former"),
}
