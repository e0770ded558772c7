"""Entries are loaded from the pack, hold for a time, keep their old versions, and are found by words."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from hotline.knowledge import queries, services
from hotline.knowledge.models import Entry
from hotline.knowledge.services import Loaded
from hotline.ledger import queries as ledger
from hotline.ledger.record import Stream
from hotline.packs import City

Counted = Callable[[int], AbstractContextManager[None]]


@pytest.fixture
def loaded(authority_id: int, pack: City, at: datetime) -> int:
    """The authority whose entries are loaded."""
    services.load(pack=pack, authority_id=authority_id, at=at)
    return authority_id


def changed(pack: City) -> City:
    """The pack with its first answer written anew, its second entry gone, and one more."""
    first, _second, *others = pack.knowledge
    new = replace(first, question="热线夜里也接电话吗？", alternatives=(), answer="接，全天有人接听。")
    return replace(pack, knowledge=(replace(first, answer=first.answer + "另请保留凭证。"), *others, new))


def test_loading_brings_every_entry_once(authority_id: int, pack: City, at: datetime) -> None:
    assert services.load(pack=pack, authority_id=authority_id, at=at) == Loaded(len(pack.knowledge), 0, 0)
    later = at + timedelta(days=3)
    assert services.load(pack=pack, authority_id=authority_id, at=later) == Loaded(0, 0, 0)
    assert Entry.objects.count() == len(pack.knowledge)
    (event,) = ledger.timeline(Stream("knowledge", authority_id))
    assert (event.kind, event.facts["added"]) == ("knowledge.loaded", len(pack.knowledge))


def test_loading_costs_few_statements(authority_id: int, pack: City, at: datetime, count_queries: Counted) -> None:
    with count_queries(5):
        services.load(pack=pack, authority_id=authority_id, at=at)


def test_a_changed_entry_becomes_a_new_version_and_the_cited_one_can_still_be_read(
    loaded: int, pack: City, at: datetime
) -> None:
    question = pack.knowledge[0].question
    old = Entry.objects.get(question=question)
    dropped = Entry.objects.get(question=pack.knowledge[1].question)
    assert services.load(pack=changed(pack), authority_id=loaded, at=at) == Loaded(1, 1, 1)
    new = Entry.objects.get(question=question, superseded_at=None)
    assert (old.version, new.version) == (1, 2)
    assert queries.valid(loaded, old.pk, at) is None
    assert queries.valid(loaded, dropped.pk, at) is None
    assert queries.valid(loaded, new.pk, at) is not None
    cited = queries.entry(old.pk)
    assert cited is not None
    assert cited.answer == pack.knowledge[0].answer


def test_what_people_wrote_by_hand_stays(loaded: int, pack: City, at: datetime) -> None:
    Entry.objects.filter(question=pack.knowledge[1].question).update(from_pack=False)
    assert services.load(pack=changed(pack), authority_id=loaded, at=at).ended == 0


def test_an_entry_holds_until_its_owner_must_look_at_it_again(loaded: int, pack: City, at: datetime) -> None:
    entry = next(each for each in pack.knowledge if each.review_months == 12)
    row = Entry.objects.get(question=entry.question)
    assert (row.valid_from, row.valid_until) == (date(2026, 1, 1), date(2027, 11, 20))
    day = timedelta(days=1)
    first = datetime.fromisoformat("2026-01-01T00:00:00+08:00")
    last = datetime.fromisoformat("2027-11-19T23:59:00+08:00")
    assert queries.valid(loaded, row.pk, first) is not None
    assert queries.valid(loaded, row.pk, first - day) is None
    assert queries.valid(loaded, row.pk, last) is not None
    assert queries.valid(loaded, row.pk, last + day) is None
    assert queries.valid(loaded, 0, at) is None


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2027, 2, 28), 12, date(2028, 2, 28)),
        (date(2026, 11, 30), 13, date(2027, 12, 30)),
    ],
)
def test_months_are_counted_to_the_end_of_a_short_one(day: date, months: int, expected: date) -> None:
    assert services._months_after(day, months) == expected


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("物业说我没交物业费就要停我家的水和电，可以吗", "物业费没交能停水停电吗？"),
        ("空置房没人住也要交全额物业费？", "空置房物业费可以打折吗？"),
        ("我们小区电梯广告的收入到底归谁", "小区电梯广告、地面停车的收入归谁？"),
    ],
)
def test_the_best_answer_comes_first(loaded: int, at: datetime, words: str, found: str) -> None:
    assert queries.search(loaded, words, at)[0].question == found


def test_every_entry_is_found_by_its_own_question(loaded: int, pack: City, at: datetime) -> None:
    first = [queries.search(loaded, entry.question, at, 1)[0].question for entry in pack.knowledge]
    missed = [entry.question for entry, best in zip(pack.knowledge, first, strict=True) if entry.question != best]
    assert missed == []


def test_search_keeps_to_authority_day_and_number(loaded: int, at: datetime, count_queries: Counted) -> None:
    assert len(queries.search(loaded, "物业费停水", at, 3)) == 3
    assert queries.search(loaded + 1, "物业费停水", at) == ()
    assert queries.search(loaded, "物业费停水", at + timedelta(days=4000)) == ()
    assert queries.search(loaded, "', ) & | 水", at) == ()
    with count_queries(0):
        assert queries.search(loaded, "！？", at) == ()
    with count_queries(1):
        queries.search(loaded, "物业费" * 3000, at)


def test_an_entry_of_another_authority_does_not_hold_here(loaded: int, at: datetime) -> None:
    row = Entry.objects.filter(superseded_at=None).order_by("pk")[0]
    assert queries.valid(loaded, row.pk, at) is not None
    assert queries.valid(loaded + 1, row.pk, at) is None
