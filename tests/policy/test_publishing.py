"""Versions are kept; the same content makes no new one; reading costs nothing once it is warm."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import fields, replace
from datetime import date, datetime, timedelta

import pytest

from hotline.ledger import queries as ledger
from hotline.ledger.record import Stream
from hotline.packs import City, Limit, Rulebook
from hotline.policy import document, queries, services
from hotline.policy.models import CalendarVersion, PolicyVersion
from hotline.policy.policy import Policy
from hotline.policy.public_days import public_days
from hotline.refusal import Refused

Counted = Callable[[int], AbstractContextManager[None]]


def test_a_published_policy_says_what_the_pack_says(policy: Policy, pack: City) -> None:
    for each in fields(Rulebook):
        assert getattr(policy, each.name) == getattr(pack, each.name), each.name
    assert (policy.calendar.hours, policy.calendar.years) == (pack.calendar.hours, pack.calendar.years)
    assert policy.version == 1


def test_the_same_digest_makes_no_new_version(policy: Policy, pack: City, at: datetime) -> None:
    again = services.publish(pack=pack, authority_id=policy.authority_id, at=at + timedelta(days=1))
    assert again == policy.id
    assert PolicyVersion.objects.filter(authority_id=policy.authority_id).count() == 1
    assert CalendarVersion.objects.filter(authority_id=policy.authority_id).count() == 1
    kinds = [event.kind for event in ledger.timeline(Stream("policy", policy.authority_id))]
    assert kinds == ["policy.published", "calendar.published", "policy.activated"]


def test_a_changed_rule_makes_a_version_and_the_old_one_stays(policy: Policy, pack: City, at: datetime) -> None:
    changed = replace(pack, handling=replace(pack.handling, return_window=Limit(2, "working_days")))
    newer = services.publish(pack=changed, authority_id=policy.authority_id, at=at)
    assert queries.current(policy.authority_id, at).id == newer
    assert queries.current(policy.authority_id, at).handling.return_window == Limit(2, "working_days")
    assert queries.version(policy.id).handling.return_window == Limit(1, "working_days")
    assert queries.version(newer).version == 2


def test_a_corrected_calendar_reaches_the_policies_that_stand(policy: Policy, pack: City, at: datetime) -> None:
    year = replace(pack.calendar.years[2026], closed=(date(2026, 11, 23),))
    calendar = replace(pack.calendar, years={**pack.calendar.years, 2026: year})
    same = services.publish(pack=replace(pack, calendar=calendar), authority_id=policy.authority_id, at=at)
    assert same == policy.id
    assert queries.version(policy.id).calendar.years[2026].closed == (date(2026, 11, 23),)
    assert queries.version(policy.id).calendar_version == 2


def test_a_policy_published_ahead_waits_for_its_first_day(policy: Policy, pack: City, at: datetime) -> None:
    ahead = replace(pack, valid_from=date(2026, 12, 1))
    later = services.publish(pack=ahead, authority_id=policy.authority_id, at=at)
    assert queries.current(policy.authority_id, at).id == policy.id
    assert queries.current(policy.authority_id, at + timedelta(days=30)).id == later


def test_days_before_every_policy_fall_under_the_oldest(policy: Policy, at: datetime) -> None:
    assert queries.current(policy.authority_id, at - timedelta(days=4000)).id == policy.id


def test_warm_reads_send_no_statement(policy: Policy, at: datetime, count_queries: Counted) -> None:
    queries.current(policy.authority_id, at)
    with count_queries(0):
        assert queries.current(policy.authority_id, at) is queries.version(policy.id)


def test_the_freshness_check_is_one_statement(
    policy: Policy, at: datetime, count_queries: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = queries.current(policy.authority_id, at)
    monkeypatch.setattr(queries, "FRESH_SECONDS", -1.0)
    with count_queries(1):
        assert queries.current(policy.authority_id, at) is first


def test_a_cold_read_is_three_statements(policy: Policy, at: datetime, count_queries: Counted) -> None:
    queries.forget_cache()
    with count_queries(3):
        queries.current(policy.authority_id, at)


def test_no_policy_and_no_version_are_refused(authority_id: int, at: datetime) -> None:
    with pytest.raises(Refused, match="policy_missing") as missing:
        queries.current(authority_id, at)
    with pytest.raises(Refused, match="policy_unknown") as unknown:
        queries.version(987654)
    assert (missing.value.status, unknown.value.status) == (404, 404)


def test_the_digest_knows_content_not_order() -> None:
    assert document.digest({"a": 1, "b": [1, 2]}) == document.digest({"b": [1, 2], "a": 1})
    assert document.digest({"b": [1, 2]}) != document.digest({"b": [2, 1]})


def test_a_published_calendar_keeps_its_holidays(policy: Policy) -> None:
    assert date(2026, 2, 17) in policy.calendar.public[2026].free
    assert date(2026, 2, 14) in policy.calendar.public[2026].exchanged
    assert policy.calendar.public[2026] == public_days(2026)
    # The library behind them is slow to import: whoever only reads policies must do without it.
    script = "import sys, hotline.clocks.reckoning; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
