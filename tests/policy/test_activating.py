"""What was activated last holds from its first day on; everything else follows from that."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from hotline.ledger import queries as ledger
from hotline.ledger.record import SYSTEM, Actor, Event, Stream
from hotline.organisation.models import Staff
from hotline.packs import City, Limit
from hotline.policy import queries, services, standing
from hotline.policy.models import PolicyVersion
from hotline.policy.policy import Policy
from hotline.policy.standing import Standing, Turn
from hotline.refusal import Refused

AHEAD = date(2026, 12, 1)


def draft(pack: City, policy: Policy, at: datetime, days: int = 2, valid_from: date | None = None) -> int:
    """Publish other rules, not activated; returns the version's id."""
    handling = replace(pack.handling, return_window=Limit(days, "working_days"))
    changed = replace(pack, handling=handling, valid_from=valid_from or pack.valid_from)
    return services.publish(pack=changed, authority_id=policy.authority_id, at=at, activate=False)


def told(policy: Policy, kind: str) -> list[Event]:
    return [event for event in ledger.timeline(Stream("policy", policy.authority_id)) if event.kind == kind]


def standings(policy: Policy, at: datetime) -> list[str]:
    """Oldest version first."""
    return [each.standing.value for each in reversed(queries.versions(policy.authority_id, at))]


def test_a_draft_judges_nobody_until_it_is_activated(policy: Policy, pack: City, at: datetime) -> None:
    newer = draft(pack, policy, at)
    assert queries.current(policy.authority_id, at).id == policy.id
    assert queries.version(newer).handling.return_window == Limit(2, "working_days")
    assert standings(policy, at) == ["in_force", "draft"]
    done = services.activate(version_id=newer, at=at, actor=SYSTEM)
    assert (done.at_once, done.before_id, done.withdrawn) == (True, policy.id, ())
    assert queries.current(policy.authority_id, at).id == newer
    assert standings(policy, at) == ["former", "in_force"]
    event = told(policy, "policy.activated")[-1]
    assert event.facts == {"version_id": newer, "version": 2, "before_id": policy.id, "withdrawn": []}


def test_rolling_back_is_activating_the_older_one_again(policy: Policy, pack: City, at: datetime) -> None:
    newer = draft(pack, policy, at)
    services.activate(version_id=newer, at=at, actor=SYSTEM)
    services.activate(version_id=policy.id, at=at, actor=SYSTEM)  # at the very same moment
    assert queries.current(policy.authority_id, at).id == policy.id
    services.activate(version_id=newer, at=at - timedelta(hours=1), actor=SYSTEM)  # by a clock that is behind
    assert queries.current(policy.authority_id, at).id == newer
    assert [event.facts["version_id"] for event in told(policy, "policy.activated")] == [
        policy.id,
        newer,
        policy.id,
        newer,
    ]


def test_what_is_active_or_unknown_is_refused(policy: Policy, at: datetime) -> None:
    with pytest.raises(Refused, match="policy_active") as active:
        services.activate(version_id=policy.id, at=at, actor=SYSTEM)
    with pytest.raises(Refused, match="policy_unknown") as unknown:
        services.activate(version_id=987654, at=at, actor=SYSTEM)
    assert (active.value.status, unknown.value.status) == (409, 404)


def test_the_second_of_two_people_looks_again(policy: Policy, pack: City, at: datetime) -> None:
    second, third = draft(pack, policy, at), draft(pack, policy, at, days=3)
    services.activate(version_id=second, at=at, actor=SYSTEM, seen_id=policy.id)
    with pytest.raises(Refused, match="policy_moved") as moved:
        services.activate(version_id=third, at=at, actor=SYSTEM, seen_id=policy.id)
    assert moved.value.status == 409
    assert queries.current(policy.authority_id, at).id == second


def test_a_version_activated_ahead_begins_on_its_day_with_an_event(policy: Policy, pack: City, at: datetime) -> None:
    ahead = draft(pack, policy, at, valid_from=AHEAD)
    done = services.activate(version_id=ahead, at=at, actor=SYSTEM)
    assert (done.at_once, done.begins) == (False, AHEAD)
    assert standings(policy, at) == ["in_force", "waiting"]
    assert told(policy, "policy.scheduled")[-1].facts["valid_from"] == "2026-12-01"
    assert services.begin_due(at=at) == 0
    first_day = at + timedelta(days=11)
    assert queries.current(policy.authority_id, first_day).id == ahead  # from its first minute, before any chore
    assert services.begin_due(at=first_day) == 1
    event = told(policy, "policy.activated")[-1]
    assert (event.facts["version_id"], event.facts["before_id"], event.at) == (ahead, policy.id, first_day)
    assert services.begin_due(at=first_day) == 0
    assert standings(policy, first_day) == ["former", "in_force"]


def test_activating_the_one_in_force_takes_back_the_one_that_waits(policy: Policy, pack: City, at: datetime) -> None:
    ahead = draft(pack, policy, at, valid_from=AHEAD)
    services.activate(version_id=ahead, at=at, actor=SYSTEM)
    done = services.activate(version_id=policy.id, at=at, actor=SYSTEM)
    assert done.withdrawn == (ahead,)
    assert standings(policy, at) == ["in_force", "draft"]
    assert queries.current(policy.authority_id, at + timedelta(days=30)).id == policy.id
    assert services.begin_due(at=at + timedelta(days=30)) == 0


def test_two_may_wait_one_after_the_other(policy: Policy, pack: City, at: datetime) -> None:
    first, second = (draft(pack, policy, at, days=n, valid_from=date(2026, 12, n)) for n in (5, 15))
    services.activate(version_id=first, at=at, actor=SYSTEM)
    assert services.activate(version_id=second, at=at, actor=SYSTEM).withdrawn == ()
    days = [at + timedelta(days=n) for n in (0, 20, 30)]
    assert [queries.current(policy.authority_id, day).id for day in days] == [policy.id, first, second]
    # Nobody looked for a month: both have begun, and only the one that holds is worth an event.
    assert services.begin_due(at=days[-1]) == 2
    assert [event.facts["version_id"] for event in told(policy, "policy.activated")] == [policy.id, second]
    assert told(policy, "policy.activated")[-1].facts["before_id"] == policy.id


def test_publishing_the_same_again_leaves_a_roll_back_alone(policy: Policy, pack: City, at: datetime) -> None:
    newer = draft(pack, policy, at)
    services.activate(version_id=newer, at=at, actor=SYSTEM)
    services.activate(version_id=policy.id, at=at, actor=SYSTEM)
    handling = replace(pack.handling, return_window=Limit(2, "working_days"))
    again = services.publish(pack=replace(pack, handling=handling), authority_id=policy.authority_id, at=at)
    assert again == newer
    assert queries.current(policy.authority_id, at).id == policy.id


def test_publishing_with_activation_activates_a_draft_of_the_same_content(
    policy: Policy, pack: City, at: datetime
) -> None:
    newer = draft(pack, policy, at)
    handling = replace(pack.handling, return_window=Limit(2, "working_days"))
    services.publish(pack=replace(pack, handling=handling), authority_id=policy.authority_id, at=at)
    assert queries.current(policy.authority_id, at).id == newer


def test_a_city_whose_first_rules_are_a_draft_has_none(authority_id: int, pack: City, at: datetime) -> None:
    services.publish(pack=pack, authority_id=authority_id, at=at, activate=False)
    with pytest.raises(Refused, match="policy_missing"):
        queries.current(authority_id, at)


def test_who_did_it_is_kept(policy: Policy, pack: City, at: datetime) -> None:
    staff = Staff.objects.create(username="w", name="王芳", authority_id=policy.authority_id, created_at=at).pk
    newer = draft(pack, policy, at)
    services.activate(version_id=newer, at=at, actor=Actor("staff", id=str(staff), role="admin"))
    top, first = queries.versions(policy.authority_id, at)
    assert (top.activated_by, top.published_by, first.activated_by) == (staff, None, None)


def test_what_was_published_before_there_were_drafts_stays_in_force(policy: Policy, at: datetime) -> None:
    begun = import_module("hotline.policy.migrations.0003_activation").BEGUN
    later = PolicyVersion.objects.create(
        authority_id=policy.authority_id, version=2, digest="x", source="文件", valid_from=date(9999, 1, 1),
        published_at=at, document=PolicyVersion.objects.get(pk=policy.id).document,
    )  # fmt: skip
    PolicyVersion.objects.update(activated_at=None, began_at=None)
    with connection.cursor() as cursor:
        cursor.execute(begun)
    queries.forget_cache()
    assert queries.current(policy.authority_id, at).id == policy.id
    later.refresh_from_db()
    assert (later.activated_at, later.began_at) == (at, None)


def test_lists_of_versions_are_one_statement(policy: Policy, pack: City, at: datetime, count_queries) -> None:
    draft(pack, policy, at)
    with count_queries(1):
        assert [each.version for each in queries.versions(policy.authority_id, at)] == [2, 1]
    with count_queries(1):
        assert [each.in_force for each in queries.calendars(policy.authority_id)] == [True]


days = st.integers(1, 40).map(lambda n: date(2026, 11, 1) + timedelta(days=n))


@given(firsts=st.lists(days, min_size=1, max_size=6), acts=st.lists(st.integers(0, 5), max_size=12), looked=days)
def test_on_every_day_the_newest_activation_that_has_begun_holds(
    firsts: list[date], acts: list[int], looked: date
) -> None:
    """Activate at random on one day; whatever is taken back would never have held anyway."""
    noon = datetime(2026, 11, 5, 4, tzinfo=queries.ZONE)
    turns = [Turn(n, first, None) for n, first in enumerate(firsts)]
    kept = list(turns)  # the same without taking anything back
    for step, chosen in enumerate(act % len(firsts) for act in acts):
        moment = noon + timedelta(minutes=step)
        back = {each.id for each in standing.overtaken(turns, turns[chosen], noon.date())}
        turns = [replace(each, activated_at=None) if each.id in back else each for each in turns]
        turns[chosen] = replace(turns[chosen], activated_at=moment)
        kept[chosen] = replace(kept[chosen], activated_at=moment)
    later = max(looked, noon.date())
    assert standing.in_force(turns, later) == standing.in_force(kept, later)
    where = [standing.standing(each, turns, later) for each in turns]
    assert where.count(Standing.IN_FORCE) == (1 if standing.in_force(turns, later) else 0)
