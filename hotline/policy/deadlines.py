"""Which limit a policy sets for one clock of one order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time

from hotline.packs import CLOCK_KINDS, ClockRule, Limit
from hotline.policy.matters import URGENCY_ORDER
from hotline.policy.policy import Policy

_ORDINARY = URGENCY_ORDER[0]


def limit_for(
    policy: Policy, clock_kind: str, *, kind: str, matter_code: str, urgency: str, channel: str, level: str = ""
) -> Limit | None:
    """The limit of the rule that decides; None where this city has no such clock.

    Where only the kind or urgency (or nothing) decided a reply limit in working days, and the policy says so, a
    matter's own days shorten it. Empty codes are what is not known yet. Raises KeyError for a clock that the trade does
    not know.
    """
    rule = rule_for(
        policy, clock_kind, kind=kind, matter_code=matter_code, urgency=urgency, channel=channel, level=level
    )
    return _limit(rule, matter_code, policy) if rule is not None else None


def rule_for(
    policy: Policy, clock_kind: str, *, kind: str, matter_code: str, urgency: str, channel: str, level: str = ""
) -> ClockRule | None:
    """The rule that `limit_for` follows, with its name and source, so that a page can say why.

    Of the rules that hold, the most particular wins: matter (the longer code) before channel before level before kind.
    Urgency never lengthens: an urgent order takes the most particular ordinary rule or the most particular urgent one,
    whichever is shorter, and a critical order has the choice of the critical ones besides. `level` is that of the unit
    that leads: city, county, town, community, grid or supplier. Raises KeyError for a clock that the trade does not
    know.
    """
    if clock_kind not in CLOCK_KINDS:
        raise KeyError(clock_kind)
    holding = [
        rule
        for rule in policy.clocks.rules.values()
        if rule.clock == clock_kind
        and rule.kind in ("", kind)
        and rule.channel in ("", channel)
        and rule.level in ("", level)
        and matter_code.startswith(rule.matter)
    ]
    # Of two that are as long the more urgent one is named.
    deciding = [rule for degree in reversed(_degrees(urgency)) for rule in _first(holding, degree)]
    if len(deciding) < 2:
        return deciding[0] if deciding else None
    return min(deciding, key=lambda rule: lasting(_limit(rule, matter_code, policy), policy))


def lasting(limit: Limit, policy: Policy) -> float:
    """How long a limit takes on an average day of an average week under this city's hours, in hours of plain time.

    For comparing limits of different units: which rule decides does not hang on the hour of the call. A limit in days
    ends with a day, so that it is half a day shorter where the day of receipt counts and half a day longer where not.
    """
    week = 7 / 5  # for each day that an office is open
    days = limit.amount + (-0.5 if policy.clocks.counts_from == "receipt" else 0.5)
    return {
        "minutes": limit.amount / 60,
        "hours": limit.amount,
        "days": days * 24,
        "working_days": days * 24 * week,
        "working_hours": limit.amount * 24 * week / _a_day(policy.calendar.hours),
        "duty_hours": limit.amount * 24 / _a_day(policy.calendar.duty),
    }[limit.unit]


def _a_day(parts: Sequence[tuple[time, time]]) -> float:
    """How many hours of a day these parts are; all of them where there are none."""
    minutes = sum((end.hour - start.hour) * 60 + end.minute - start.minute for start, end in parts)
    return minutes / 60 or 24


def _degrees(urgency: str) -> Sequence[str]:
    """The degrees of urgency that an order of this one has: what is critical is urgent, too."""
    place = URGENCY_ORDER.index(urgency) if urgency in URGENCY_ORDER else 0
    return URGENCY_ORDER[: place + 1]


def _first(rules: Iterable[ClockRule], degree: str) -> list[ClockRule]:
    """The most particular rule for this degree of urgency, if there is one."""
    mine = [rule for rule in rules if (rule.urgency or _ORDINARY) == degree]
    return [max(mine, key=_particular)] if mine else []


def _particular(rule: ClockRule) -> tuple[int, bool, bool, bool, bool]:
    return len(rule.matter), bool(rule.channel), bool(rule.level), bool(rule.urgency), bool(rule.kind)


def _limit(rule: ClockRule, matter_code: str, policy: Policy) -> Limit:
    """The rule's limit, or the matter's own days where these are fewer and may shorten it."""
    matter = policy.matters.get(matter_code)
    shortened = (
        rule.clock == "reply"
        and policy.clocks.matter_days == "shorter"
        and matter is not None
        and rule.limit.unit == "working_days"
        and not (rule.matter or rule.channel or rule.level)
    )
    if shortened and matter is not None and matter.days < rule.limit.amount:
        return Limit(matter.days, "working_days")
    return rule.limit
