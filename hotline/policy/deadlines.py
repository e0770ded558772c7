"""Which limit a policy sets for one clock of one order."""

from __future__ import annotations

from hotline.packs import CLOCK_KINDS, ClockRule, Limit
from hotline.policy.policy import Policy


def limit_for(
    policy: Policy, clock_kind: str, *, kind: str, matter_code: str, urgency: str, channel: str, level: str = ""
) -> Limit | None:
    """The limit of the most particular rule that holds; None where this city has no such clock.

    Where only the kind or urgency (or nothing) decided a reply limit in working days, and the policy says so, a
    matter's own days shorten it. Empty codes are what is not known yet. Raises KeyError for a clock that the trade does
    not know.
    """
    rule = rule_for(
        policy, clock_kind, kind=kind, matter_code=matter_code, urgency=urgency, channel=channel, level=level
    )
    if rule is None:
        return None
    matter = policy.matters.get(matter_code)
    shortened = (
        clock_kind == "reply"
        and policy.clocks.matter_days == "shorter"
        and matter is not None
        and rule.limit.unit == "working_days"
        and not (rule.matter or rule.channel or rule.level)
    )
    if shortened and matter is not None and matter.days < rule.limit.amount:
        return Limit(matter.days, "working_days")
    return rule.limit


def rule_for(
    policy: Policy, clock_kind: str, *, kind: str, matter_code: str, urgency: str, channel: str, level: str = ""
) -> ClockRule | None:
    """The rule that `limit_for` follows, with its name and source, so that a page can say why.

    Of the rules that hold, the most particular wins: matter (the longer code) before channel before level before
    urgency before kind. `level` is that of the unit that leads: city, county, town, community, grid or supplier.
    Raises KeyError for a clock that the trade does not know.
    """
    if clock_kind not in CLOCK_KINDS:
        raise KeyError(clock_kind)
    holding = [
        rule
        for rule in policy.clocks.rules.values()
        if rule.clock == clock_kind
        and rule.kind in ("", kind)
        and rule.urgency in ("", urgency)
        and rule.channel in ("", channel)
        and rule.level in ("", level)
        and matter_code.startswith(rule.matter)
    ]
    return max(holding, key=_particular, default=None)


def _particular(rule: ClockRule) -> tuple[int, bool, bool, bool, bool]:
    return len(rule.matter), bool(rule.channel), bool(rule.level), bool(rule.urgency), bool(rule.kind)
