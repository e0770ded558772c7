"""More time: extensions, waiting for the resident, hanging an order that cannot be done now."""

from __future__ import annotations

from datetime import timedelta

from hotline.packs import Limit, Rulebook
from hotline.refusal import N_, Reason
from hotline.workorder import facts as said
from hotline.workorder.guards.words import UNIT_WORDS
from hotline.workorder.situation import Situation


def longest(policy: Rulebook, matter_code: str) -> Limit:
    """How far one extension may put the reply off: further for matters that take long by nature."""
    rules = policy.extension
    is_long = any(matter_code.startswith(code) for code in rules.long_matters)
    return rules.long_each if is_long and rules.long_each is not None else rules.each


def extension_left(case: Situation) -> Reason | None:
    """The city allows so many extensions, and one is asked for at a time."""
    if case.order.extension_asked:
        return Reason("extension_waits", N_("已经申请延期，请等审核结果。"))
    if case.order.extensions < case.rules.extension.times:
        return None
    times = case.rules.extension.times
    return Reason("no_extension_left", N_("本市规定最多延期 %(times)s 次，已经用完。"), None, {"times": times})


def extension_length(case: Situation) -> Reason | None:
    """One extension is no longer than the city allows."""
    if not isinstance(case.facts, said.ExtensionAsked):
        return None
    most = longest(case.rules, case.order.matter_code)
    if 1 <= case.facts.extension_asked <= most.amount:
        return None
    params = {"most": most.amount, "unit": UNIT_WORDS[most.unit]}
    return Reason("extension_too_long", N_("一次延期请填 1 至 %(most)s%(unit)s。"), "extension_asked", params)


def asked_in_time(case: Situation) -> Reason | None:
    """An extension is asked for before the limit passes, and as long before as the city says."""
    if case.ask_until is None or case.at <= case.ask_until:
        return None
    return Reason(
        "asked_too_late", N_("延期最迟要在 %(until)s 前申请，现在已过。请尽快答复。"), None, {"until": case.ask_until}
    )


def extension_was_asked(case: Situation) -> Reason | None:
    """There is something to decide."""
    if case.order.extension_asked:
        return None
    return Reason("nothing_asked", N_("承办单位没有申请延期。"))


def decides_extension(case: Situation) -> Reason | None:
    """The hotline decides, or the unit above the lead, as the city says."""
    if case.rules.extension.approver == "hotline":
        return None if case.at_the_top else Reason("centre_decides", N_("延期由热线中心审核。"))
    nobody_above = case.lead is not None and case.lead.parent_id is None
    if case.above or (nobody_above and case.at_the_top):
        return None
    return Reason("upper_decides", N_("延期由上一级单位审核。"))


def pause_allowed(case: Situation) -> Reason | None:
    """Some cities let no clock wait for the resident."""
    if case.rules.handling.pause_days:
        return None
    return Reason("no_pause", N_("本市规则不允许停表等待诉求人，请在期限内办理。"))


def hang_allowed(case: Situation) -> Reason | None:
    """A hung order is looked at again on a day that is not too far off."""
    most = case.rules.handling.hang_days
    if not most:
        return Reason("no_hanging", N_("本市规则没有挂账，请答复未解决原因。"))
    if not isinstance(case.facts, said.Hung):
        return None
    if case.at < case.facts.review_at <= case.at + timedelta(days=most):
        return None
    return Reason("review_day", N_("复核日期请选在今后 %(most)s 天以内。"), "review_at", {"most": most})
