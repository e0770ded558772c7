"""The most particular rule decides, urgency only shortens; a matter's own days shorten what only the kind decided."""

from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline import packs
from hotline.clocks.calendar import Calendar
from hotline.clocks.reckoning import due
from hotline.packs import LIMIT_UNITS, City, ClockRule, Limit
from hotline.policy.deadlines import lasting, limit_for, rule_for
from hotline.policy.matters import URGENCY_ORDER
from hotline.policy.policy import Policy
from hotline.policy.public_days import settled
from tests.understanding.city import policy_of

DAY = "working_days"
KINDS, CHANNELS, LEVELS, MATTERS = ("consult", "help"), ("web", "upper"), ("city", "town"), ("0101001", "0202001", "")
SHIPPED = {name: policy_of(packs.load(name)) for name in packs.cities()}


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
        ("complaint", "0601001", "urgent", "web", Limit(5, DAY)),  # urgency shortens
        ("consult", "", "urgent", "web", Limit(3, DAY)),  # and lengthens nothing
        ("help", "0202001", "urgent", "phone", Limit(24, "hours")),  # the matter's limit is shorter
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
        ("town", "urgent", "web", "", Limit(4, DAY)),  # shorter than what is urgent gets elsewhere
        ("town", "critical", "web", "", Limit(24, "hours")),  # what is critical is short at every level
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


@pytest.mark.parametrize(
    ("urgency", "channel", "matter", "name"),
    [
        ("normal", "phone", "0202001", "land"),  # a matter's own rule is longer than what others get
        ("urgent", "phone", "0202001", "soon"),  # but not for what is urgent
        ("urgent", "upper", "0202001", "soon_upper"),  # of urgent rules the most particular holds
        ("critical", "phone", "0202001", "soon"),  # what is critical is urgent, too
        ("critical", "upper", "", "now_upper"),
        ("normal", "phone", "", "all"),
        ("", "phone", "", "all"),
    ],
)
def test_urgency_only_shortens(pack: City, urgency: str, channel: str, matter: str, name: str) -> None:
    rules = [
        ClockRule("all", "reply", Limit(15, DAY), "", "", "", "", ""),
        ClockRule("land", "reply", Limit(60, DAY), "", "", "", "02", ""),
        ClockRule("soon", "reply", Limit(5, DAY), "", "urgent", "", "", ""),
        ClockRule("soon_upper", "reply", Limit(8, DAY), "", "urgent", "upper", "", ""),
        ClockRule("now_upper", "reply", Limit(24, "hours"), "", "critical", "upper", "", ""),
    ]
    found = rule_for(only(pack, rules), "reply", kind="", matter_code=matter, urgency=urgency, channel=channel)
    assert found is not None
    assert found.name == name


def only(pack: City, rules: list[ClockRule], **more: str) -> Policy:
    """A policy with these rules and no others."""
    named = MappingProxyType({rule.name: rule for rule in rules})
    return cast(Policy, replace(pack, clocks=replace(pack.clocks, rules=named, **more)))  # type: ignore[arg-type]


RULES = st.lists(
    st.builds(
        ClockRule,
        name=st.integers(0, 99).map(str),
        clock=st.just("reply"),
        limit=st.builds(Limit, st.integers(1, 60), st.sampled_from(LIMIT_UNITS)),
        kind=st.sampled_from(("", *KINDS)),
        urgency=st.sampled_from(("", *URGENCY_ORDER)),
        channel=st.sampled_from(("", *CHANNELS)),
        matter=st.sampled_from(("", "01", "0101001", "0202001")),
        source=st.just(""),
        level=st.sampled_from(("", *LEVELS)),
    ),
    max_size=8,
    unique_by=lambda rule: rule.name,
)


@given(
    rules=RULES,
    counts_from=st.sampled_from(("receipt", "next_working_day")),
    matter_days=st.sampled_from(("shorter", "ignore")),
    kind=st.sampled_from(KINDS),
    matter=st.sampled_from(MATTERS),
    channel=st.sampled_from(CHANNELS),
    level=st.sampled_from(("", *LEVELS)),
)
def test_whatever_the_rules_what_is_urgent_is_never_later(
    rules: list[ClockRule], counts_from: str, matter_days: str, kind: str, matter: str, channel: str, level: str
) -> None:
    law = only(cast(City, SHIPPED["yunjiang"]), rules, counts_from=counts_from, matter_days=matter_days)
    order = {"kind": kind, "matter_code": matter, "channel": channel, "level": level}
    found = [limit_for(law, "reply", urgency=degree, **order) for degree in URGENCY_ORDER]
    long = [lasting(limit, law) if limit else float("inf") for limit in found]
    assert long == sorted(long, reverse=True)
    ordinary = [rule for rule in rules if rule.urgency in ("", "normal")]
    assert limit_for(only(cast(City, law), ordinary), "reply", urgency="normal", **order) == found[0]
    deciding = rule_for(law, "reply", urgency="critical", **order)
    assert deciding is None or (
        deciding.kind in ("", kind)
        and deciding.channel in ("", channel)
        and deciding.level in ("", level)
        and matter.startswith(deciding.matter)
    )


@given(
    city=st.sampled_from(sorted(SHIPPED)),
    kind=st.sampled_from(list(packs.KINDS.values())),
    matter=st.sampled_from(["", *SHIPPED["yunjiang"].matters]),
    channel=st.sampled_from(list(SHIPPED["yunjiang"].channels)),
    level=st.sampled_from(["", "city", "county", "town", "community", "grid", "supplier"]),
    day=st.integers(1, 3),  # from a Monday on
    hour=st.sampled_from((9, 10, 11, 14, 15, 16)),
)
def test_in_the_shipped_cities_an_urgent_answer_is_due_first(
    city: str, kind: str, matter: str, channel: str, level: str, day: int, hour: int
) -> None:
    """In an ordinary week, in office hours: what decides is the average, which a day off may belie by some hours."""
    begun = datetime(2026, 6, day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))
    law = SHIPPED[city]
    table = law.clocks
    calendar = Calendar.of(settled(law.calendar), table.counts_from, table.received_until, table.day_ends)
    order = {"kind": kind, "matter_code": matter, "channel": channel, "level": level}
    limits = [limit_for(law, "reply", urgency=degree, **order) for degree in URGENCY_ORDER]
    moments = [due(limit, begun, calendar) for limit in limits if limit is not None]
    assert len(moments) == 3
    assert moments == sorted(moments, reverse=True), limits


@pytest.mark.parametrize(
    ("counts_from", "limits"),
    [
        # Office hours of seven hours a day, somebody on duty at any time.
        ("receipt", ["1 days", "1 working_days", "20 duty_hours", "24 hours", "6 working_hours", "2 days"]),
        ("next_working_day", ["20 duty_hours", "24 hours", "6 working_hours", "1 days", "1 working_days", "2 days"]),
    ],
)
def test_limits_of_different_units_are_compared_by_an_average_week(
    pack: City, counts_from: str, limits: list[str]
) -> None:
    law = only(pack, [], counts_from=counts_from)
    shuffled = sorted(limits)
    assert sorted(shuffled, key=lambda said: lasting(Limit(int(said.split()[0]), said.split()[1]), law)) == limits


def test_an_unknown_clock_is_an_error(rules: Policy) -> None:
    with pytest.raises(KeyError):
        limit_for(rules, "lunch", kind="", matter_code="", urgency="normal", channel="")
