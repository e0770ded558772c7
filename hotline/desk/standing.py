"""How an order stands, said once at the top of its page: what it waits for, what is asked, whose turn it is to decide,
and which orders and units it is tied to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext

from hotline.desk import names
from hotline.desk.act_fields import limit_words, longest_extension
from hotline.desk.choices import Catalogue
from hotline.desk.working_time import Reckoning
from hotline.packs import Limit
from hotline.refusal import N_
from hotline.ui import moment
from hotline.ui.clockface import ClockFace, face
from hotline.workorder import choices as said
from hotline.workorder.views import ClockRow, OrderRef, OrderView, TimelineEntry


@dataclass(frozen=True)
class Notice:
    """One thing that must not be missed. `tone` is "", warn, late or ok; `orders` are linked below it."""

    tone: str
    icon: str
    text: str
    more: str = ""
    orders: tuple[OrderRef, ...] = ()


@dataclass(frozen=True)
class Assisting:
    """A unit that assists: its own clock, or when it answered and what it said."""

    name: str
    clock: ClockFace | None
    replied_at: datetime | None
    words: str


@dataclass(frozen=True)
class Seen:
    """What the notices look at."""

    order: OrderView
    catalogue: Catalogue
    at: datetime

    def last(self, kind: str) -> TimelineEntry | None:
        """The newest event of a kind."""
        return next((each for each in reversed(self.order.timeline) if each.kind == kind), None)

    def clock(self, kind: str) -> ClockRow | None:
        """The clock of a kind that is not stopped."""
        return next((each for each in self.order.clocks if each.kind == kind and each.stopped_at is None), None)

    def unit(self, unit_id: object, at: datetime) -> str:
        """A unit by the name that it had then."""
        found = self.catalogue.units.get(unit_id, at) if isinstance(unit_id, int) else None
        return names.named(found) if found is not None else ""


# The review clock of an order that waits is no review: it says when the order is looked at again.
LOOKED_AT: Mapping[str, str] = {"incomplete": N_("等补充"), "waiting": N_("等回音"), "hung": N_("复核")}


def renamed(clock: ClockRow, state: str) -> ClockRow:
    """A clock by what it means in this state; the face takes an unknown kind as its name."""
    return replace(clock, kind=LOOKED_AT[state]) if clock.kind == "review" and state in LOOKED_AT else clock


def notices(order: OrderView, catalogue: Catalogue, at: datetime) -> list[Notice]:
    """What stands on top of the order's page, weightiest first. No statement."""
    seen = Seen(order, catalogue, at)
    made = (make(seen) for make in (_state, _asked, _window, _merged, _members, _split, _parts))
    return [notice for notice in made if notice is not None]


def helpers(order: OrderView, reckon: Reckoning, at: datetime) -> list[Assisting]:
    """The assisting units, each with its own clock and its own answer."""
    answers = {entry.unit.id: entry for entry in order.timeline if entry.kind == "order.assist_replied" and entry.unit}
    found = []
    for each in order.assists:
        entry = answers.get(each.unit.id)
        clock = face(each.clock, at, reckon.of(each.clock)) if each.clock is not None else None
        words = entry.texts.get("assist_reply", "") if entry is not None else ""
        found.append(Assisting(names.named(each.unit), clock, each.replied_at, words))
    return found


def _state(seen: Seen) -> Notice | None:
    make = _OF_STATE.get(seen.order.state)
    return make(seen) if make is not None else None


def _incomplete(seen: Seen) -> Notice:
    missing = _code(seen.last("order.supplement_asked"), "missing", said.MISSING)
    text = gettext("在等诉求人补充：%(what)s。") % {"what": missing} if missing else gettext("在等诉求人补充。")
    return Notice("warn", "hold", text, _until(seen, gettext("没有回音的，%(when)s 恢复受理。")))


def _waiting(seen: Seen) -> Notice:
    reason = _code(seen.last("order.paused"), "reason", said.WAITING_FOR)
    text = gettext("已暂停：%(why)s。答复时限停表。") % {"why": reason or gettext("等诉求人")}
    return Notice("warn", "hold", text, _until(seen, gettext("没有回音的，%(when)s 恢复办理。")))


def _hung(seen: Seen) -> Notice:
    event = seen.last("order.hung")
    reason = _code(event, "reason", said.HANG_REASONS)
    approver = _code(event, "approver", said.APPROVERS)
    text = gettext("已挂账：%(why)s。批准人：%(who)s。") % {"why": reason, "who": approver}
    return Notice("warn", "pin", text, _until(seen, gettext("%(when)s 复核，能办了就销账续办。")))


def _reviewing(seen: Seen) -> Notice:
    rules = seen.catalogue.policy.handling
    who = gettext("上一级单位") if rules.reply_review == "upper" else gettext("热线中心")
    return Notice("warn", "eye", gettext("答复写好了，等%(who)s审核。审核期间答复时限停表。") % {"who": who})


def _returned(seen: Seen) -> Notice:
    event = seen.last("order.returned")
    facts: Mapping[str, Any] = event.facts if event is not None else {}
    unit = names.named(seen.order.unit) if seen.order.unit else ""
    reason = _code(event, "reason", said.RETURN_REASONS)
    text = gettext("%(unit)s退单：%(why)s。") % {"unit": unit, "why": reason}
    evidence = dict(said.EVIDENCE)
    told = [gettext(evidence[code]) for code in facts.get("evidence") or () if code in evidence]
    parts = [event.texts.get("return_reason", "") if event is not None else ""]
    if told:
        parts.append(gettext("佐证：%(what)s") % {"what": moment.listed(told)})
    if event is not None and facts.get("proposed_unit_id"):
        proposed = seen.unit(facts["proposed_unit_id"], event.at)
        parts.append(gettext("建议改派给%(unit)s") % {"unit": proposed})
    return Notice("late", "back", text, " · ".join(part for part in parts if part))


def _convened(seen: Seen) -> Notice:
    event = seen.last("order.convened")
    facts: Mapping[str, Any] = event.facts if event is not None else {}
    meeting = facts.get("meeting_at")
    when = moment.moment_words(datetime.fromisoformat(meeting), seen.at) if isinstance(meeting, str) else ""
    invited = [seen.unit(one, seen.at) for one in facts.get("unit_ids") or ()]
    text = gettext("会商定在 %(when)s。") % {"when": when} if when else gettext("正在会商归谁办。")
    more = gettext("参加：%(units)s") % {"units": moment.listed(one for one in invited if one)} if invited else ""
    return Notice("warn", "users", text, more)


_OF_STATE: Mapping[str, Callable[[Seen], Notice]] = {
    "incomplete": _incomplete,
    "waiting": _waiting,
    "hung": _hung,
    "reviewing": _reviewing,
    "returned": _returned,
    "convened": _convened,
}


def _asked(seen: Seen) -> Notice | None:
    """Who asks for how much more time, why, and until when that can be decided."""
    order = seen.order
    if not order.extension_asked:
        return None
    event, rules = seen.last("order.extension_asked"), seen.catalogue.policy.extension
    longest = longest_extension(seen.catalogue.policy, order.matter_code)
    span = limit_words(Limit(order.extension_asked, longest.unit))
    unit = names.named(event.unit) if event is not None and event.unit else ""
    text = gettext("%(unit)s申请延长 %(span)s：%(why)s。") % {
        "unit": unit, "span": span, "why": _code(event, "reason", said.EXTENSION_REASONS),
    }  # fmt: skip
    who = gettext("上一级单位") if rules.approver == "upper" else gettext("热线中心")
    parts = [event.texts.get("extension_reason", "") if event is not None else ""]
    due = seen.clock("reply")
    if due is not None:
        when = moment.due_words(due.due_at, seen.at)
        parts.append(gettext("由%(who)s在 %(when)s审核，过了就算超期。") % {"who": who, "when": when})
    return Notice("warn", "clock", text, " · ".join(part for part in parts if part))


def _window(seen: Seen) -> Notice | None:
    """May the unit still give it back, and until when? Or is it the first to be answerable for good?"""
    order = seen.order
    if order.state not in ("dispatched", "signed") or order.unit is None:
        return None
    if order.bound:
        return Notice("", "flag", gettext("主办单位已经定下，不能再退单。"))
    first = names.named(order.first_unit) if order.first_unit else names.named(order.unit)
    if order.first_by_silence:
        return Notice("", "flag", gettext("退单期限已过，%(unit)s是首办责任单位。") % {"unit": first})
    if order.return_until is None or seen.at > order.return_until:
        return None
    left = moment.between_words(seen.at, order.return_until)
    when = moment.due_words(order.return_until, seen.at)
    text = gettext("%(when)s可以退单，还有 %(left)s。") % {"when": when, "left": left}
    return Notice("", "back", text, gettext("不退单就由%(unit)s首办负责。") % {"unit": first} if first else "")


def _merged(seen: Seen) -> Notice | None:
    head = seen.order.head
    if head is None or seen.order.state != "merged":
        return None
    return Notice("", "merge", gettext("已并入主单，随主单办理和答复；诉求人仍会单独回访。"), orders=(head,))


def _members(seen: Seen) -> Notice | None:
    members = [each for each in seen.order.members if each.state == "merged"]
    if not members:
        return None
    number = len(members)
    text = ngettext("%(n)s 件随本单办理。", "%(n)s 件随本单办理。", number) % {"n": number}
    return Notice("", "merge", text, gettext("答复后每件的诉求人都会回访。"), tuple(members))


def _split(seen: Seen) -> Notice | None:
    origin = seen.order.split_from
    return Notice("", "list", gettext("这件是拆单拆出来的，原单是："), orders=(origin,)) if origin else None


def _parts(seen: Seen) -> Notice | None:
    parts = seen.order.parts
    if not parts:
        return None
    text = ngettext("拆出了 %(n)s 件，各办各的。", "拆出了 %(n)s 件，各办各的。", len(parts)) % {"n": len(parts)}
    return Notice("", "list", text, orders=parts)


def _until(seen: Seen, template: str) -> str:
    """Words with the moment of the review clock; "" while none runs."""
    clock = seen.clock("review")
    return template % {"when": moment.moment_words(clock.due_at, seen.at)} if clock is not None else ""


def _code(event: TimelineEntry | None, name: str, choices: Iterable[tuple[str, str]]) -> str:
    code = event.facts.get(name) if event is not None else None
    label = dict(choices).get(str(code), "")
    return gettext(label) if label else ""
