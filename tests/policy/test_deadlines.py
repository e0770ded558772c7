"""The most particular rule decides; a matter's own days shorten what only the kind decided."""

from dataclasses import replace
from types import MappingProxyType
from typing import cast

import pytest

from hotline import packs
from hotline.packs import City, ClockRule, Limit
from hotline.policy.deadlines import limit_for, rule_for
from hotline.policy.policy import Policy

DAY = "working_days"


@pytest.fixture(scope="module")
def rules(pack: City) -> Policy:
    # A limit is chosen from the rulebook alone, so the pack's will do.
    return cast(Policy, pack)


@pytest.mark.parametrize(
    ("kind", "matter", "urgency", "channel", "expected"),
    [
        ("consult", "", "normal", "web", Limit(3, DAY)),
        ("complaint", "", "normal", "web", Limit(15, DAY)),
        ("", "", "normal", "web", Limit(15, DAY)),  # nothing is known yet
        ("complaint", "0101001", "normal", "web", Limit(7, DAY)),  # the matter's own 7 days
        ("consult", "0101001", "normal", "web", Limit(3, DAY)),  # which do not lengthen
        ("complaint", "0601001", "urgent", "web", Limit(5, DAY)),  # urgency before kind
        ("help", "0202001", "urgent", "phone", Limit(24, "hours")),  # matter before urgency
        ("complaint", "0101001", "normal", "upper", Limit(3, DAY)),  # channel before kind
        ("help", "1801001", "critical", "phone", Limit(24, "hours")),
    ],
)
def test_reply_limits(rules: Policy, kind: str, matter: str, urgency: str, channel: str, expected: Limit) -> None:
    assert limit_for(rules, "reply", kind=kind, matter_code=matter, urgency=urgency, channel=channel) == expected


@pytest.mark.parametrize(
    ("clock", "urgency", "expected"),
    [
        ("sign", "normal", Limit(1, DAY)),
        ("sign", "urgent", Limit(60, "minutes")),
        ("sign", "critical", Limit(10, "minutes")),
        ("contact", "critical", Limit(30, "minutes")),
        ("callback", "critical", Limit(1, DAY)),
    ],
)
def test_other_clocks_look_at_urgency_only(rules: Policy, clock: str, urgency: str, expected: Limit) -> None:
    # 0904001 has a matter limit of its own, which is a reply limit.
    limit = limit_for(rules, clock, kind="help", matter_code="0202001", urgency=urgency, channel="phone")
    assert limit == expected


def test_the_rule_is_named_with_its_source(rules: Policy) -> None:
    rule = rule_for(rules, "reply", kind="help", matter_code="0202001", urgency="normal", channel="phone")
    assert (rule.name, rule.source) == ("reply_water_cut", "水电气热应急诉求24小时答复（示例）")


def test_a_longer_matter_prefix_wins(pack: City) -> None:
    both = dict(pack.clocks.rules)
    for name, matter, amount in (("class", "0202", 9), ("leaf", "0202004", 4)):
        both[name] = ClockRule(name, "reply", Limit(amount, DAY), "", "", "", matter, "")
    rules = cast(Policy, replace(pack, clocks=replace(pack.clocks, rules=MappingProxyType(both))))
    of = lambda code: limit_for(rules, "reply", kind="help", matter_code=code, urgency="normal", channel="web")  # noqa: E731
    assert of("0202004") == Limit(4, DAY)
    assert of("0202005") == Limit(9, DAY)


def test_a_city_may_ignore_the_matters_own_days(pack: City) -> None:
    rules = cast(Policy, replace(pack, clocks=replace(pack.clocks, matter_days="ignore")))
    limit = limit_for(rules, "reply", kind="complaint", matter_code="0101001", urgency="normal", channel="web")
    assert limit == Limit(15, DAY)


def ruled(pack: City, *rules: ClockRule) -> Policy:
    """The pack's policy with these rules besides."""
    every = {**pack.clocks.rules, **{rule.name: rule for rule in rules}}
    return cast(Policy, replace(pack, clocks=replace(pack.clocks, rules=MappingProxyType(every))))


def of_town(amount: int) -> ClockRule:
    return ClockRule("town", "reply", Limit(amount, DAY), "", "", "", "", "", level="town")


@pytest.mark.parametrize(
    ("level", "urgency", "channel", "matter", "expected"),
    [
        ("town", "normal", "web", "0101001", Limit(4, DAY)),  # level before kind and before the matter's own days
        ("county", "normal", "web", "", Limit(15, DAY)),
        ("", "normal", "web", "", Limit(15, DAY)),  # nobody leads yet
        ("town", "urgent", "web", "", Limit(4, DAY)),  # level before urgency
        ("town", "normal", "upper", "", Limit(3, DAY)),  # channel before level
        ("town", "normal", "web", "0202001", Limit(24, "hours")),  # matter before all
    ],
)
def test_a_limit_may_depend_on_the_level_of_who_leads(
    pack: City, level: str, urgency: str, channel: str, matter: str, expected: Limit
) -> None:
    board = ClockRule("board", "reply", Limit(3, DAY), "", "", "upper", "", "")
    rules = ruled(pack, of_town(4), board)
    found = limit_for(
        rules, "reply", kind="complaint", matter_code=matter, urgency=urgency, channel=channel, level=level
    )
    assert found == expected


def test_a_city_without_a_clock_has_no_limit_for_it(pack: City) -> None:
    kept = {name: rule for name, rule in pack.clocks.rules.items() if rule.clock not in ("dispatch", "assist")}
    rules = cast(Policy, replace(pack, clocks=replace(pack.clocks, rules=MappingProxyType(kept))))
    for clock in ("dispatch", "assist"):
        assert limit_for(rules, clock, kind="", matter_code="", urgency="normal", channel="") is None
        assert rule_for(rules, clock, kind="", matter_code="", urgency="normal", channel="") is None


def test_every_order_of_every_shipped_city_has_every_limit_that_the_trade_asks_for() -> None:
    for name in packs.cities():
        rules = cast(Policy, packs.load(name))
        for clock in ("sign", "contact", "reply", "callback"):
            for code in ("", *rules.matters):
                limit = limit_for(rules, clock, kind="", matter_code=code, urgency="normal", channel="")
                assert limit is not None
                assert limit.amount > 0


def test_an_unknown_clock_is_an_error(rules: Policy) -> None:
    with pytest.raises(KeyError):
        limit_for(rules, "lunch", kind="", matter_code="", urgency="normal", channel="")
