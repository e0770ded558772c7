"""Order numbers: unique however many ask at once, from 1 each day, one statement."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from hotline import packs
from hotline.packs import City, Numbering
from hotline.policy import numbers, queries, services
from hotline.policy.policy import Policy
from tests.databases import Copy
from tests.policy.conftest import made_authority


def test_numbers_follow_the_pattern_and_start_again_each_day(policy: Policy, at: datetime) -> None:
    made = [services.next_number(authority_id=policy.authority_id, at=at) for _ in range(3)]
    assert made == ["YJ20261120-000001", "YJ20261120-000002", "YJ20261120-000003"]
    tomorrow = at + timedelta(days=1)
    assert services.next_number(authority_id=policy.authority_id, at=tomorrow) == "YJ20261121-000001"
    # Somebody whose clock is a little behind still gets a new number of the old day.
    late = services.next_number(authority_id=policy.authority_id, at=at)
    assert late.startswith("YJ20261120-")
    assert late not in made


def test_the_day_is_the_day_in_shanghai(policy: Policy) -> None:
    evening = datetime.fromisoformat("2026-11-20T17:00:00+00:00")
    assert services.next_number(authority_id=policy.authority_id, at=evening) == "YJ20261121-000001"


def test_a_number_is_one_statement(
    policy: Policy, at: datetime, count_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    with count_queries(1):
        services.next_number(authority_id=policy.authority_id, at=at)


def test_many_numbers_are_one_statement_too(
    policy: Policy, at: datetime, count_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    with count_queries(1):
        made = services.next_numbers(authority_id=policy.authority_id, count=1200, at=at)
    assert (len(set(made)), made[0], made[-1]) == (1200, "YJ20261120-000001", "YJ20261120-001200")
    assert made == sorted(made)
    assert services.next_numbers(authority_id=policy.authority_id, count=0, at=at) == []


def test_an_undone_registration_gives_its_number_to_nobody_else(policy: Policy, at: datetime) -> None:
    services.next_number(authority_id=policy.authority_id, at=at)
    with transaction.atomic():
        services.next_number(authority_id=policy.authority_id, at=at)
        transaction.set_rollback(True)
    assert services.next_number(authority_id=policy.authority_id, at=at) == "YJ20261120-000003"


def test_a_number_may_hold_the_authoritys_code(at: datetime) -> None:
    changde = packs.load("changde").numbering
    assert numbers.written(changde, at, 27) == "CD43070000000027"
    assert numbers.period(changde, at) == numbers.period(changde, at + timedelta(days=400)) == "order"
    assert numbers.written(replace(changde, pattern="{region}{date}{seq:04d}"), at, 27) == "430700202611200027"
    older = Numbering("CD", "{prefix}{date}-{seq:06d}", "day")  # as it was kept before there were regions
    assert numbers.written(older, at, 27) == "CD20261120-000027"


@pytest.mark.parametrize(
    ("reset", "period"),
    [("day", "order:20261121"), ("month", "order:202611"), ("year", "order:2026"), ("never", "order")],
)
def test_periods(reset: str, period: str) -> None:
    rule = Numbering("YJ", "{prefix}{date}-{seq:06d}", reset)
    assert numbers.period(rule, datetime.fromisoformat("2026-11-20T17:00:00+00:00")) == period


def test_many_at_once_get_different_numbers_without_waiting_for_each_other(
    cloned_db: Copy, pack: City, at: datetime
) -> None:
    authority_id = made_authority(pack, at)
    services.publish(pack=pack, authority_id=authority_id, at=at)
    queries.current(authority_id, at)
    made: list[str] = []

    def ask() -> None:
        try:
            for _ in range(20):
                made.append(services.next_number(authority_id=authority_id, at=at))
        finally:
            connection.close()

    services.next_number(authority_id=authority_id, at=at)
    with transaction.atomic():
        # A registration that takes its time holds nobody up.
        held = services.next_number(authority_id=authority_id, at=at)
        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert len(made) == 120, "somebody waited for a registration that was not finished"
    assert len({held, *made}) == 121


def test_the_first_numbers_of_a_day_asked_for_at_once_are_different(cloned_db: Copy, pack: City, at: datetime) -> None:
    authority_id = made_authority(pack, at)
    services.publish(pack=pack, authority_id=authority_id, at=at)
    queries.current(authority_id, at)
    made: list[str] = []
    together = threading.Barrier(6)

    def ask() -> None:
        try:
            together.wait(timeout=30)
            made.append(services.next_number(authority_id=authority_id, at=at))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(set(made)) == 6
