"""Residents are found by their number, or made; never stored readable."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.db import connection

from hotline.organisation import queries as organisation
from hotline.organisation import services as staff
from hotline.refusal import Refused
from hotline.residents import queries, services
from hotline.residents.models import Resident
from hotline.residents.queries import MaskedResident
from hotline.residents.services import Remembered
from hotline.vault.models import Key
from tests.databases import Copy
from tests.organisation.cities import city

Counter = Callable[[int], AbstractContextManager[None]]


@pytest.mark.parametrize("written", ["138 1234 5678", "+86-13812345678", "\uff11\uff13812345678"])
def test_one_number_is_one_resident(authority_id: int, zhang: Remembered, written: str, at: datetime) -> None:
    again = services.remember(authority_id=authority_id, phone=written, name="张三丰", at=at)
    assert again == Remembered(zhang.id, zhang.key)
    assert zhang.created


def test_what_it_costs(authority_id: int, at: datetime, count_queries: Counter) -> None:
    with count_queries(3):  # look, make a key, insert
        services.remember(authority_id=authority_id, phone="13900000001", name="李", at=at)
    with count_queries(2):  # look, open the key
        services.remember(authority_id=authority_id, phone="13900000001", name="李", at=at)
    with count_queries(2):  # make a key, insert
        services.remember(authority_id=authority_id, phone=None, name="李", at=at)
    with count_queries(1):  # open the authority's key
        services.remember(authority_id=authority_id, phone=None, name="", at=at)


def test_nobody_at_all_gets_the_authoritys_key(authority_id: int, at: datetime) -> None:
    found = services.remember(authority_id=authority_id, phone=" ", name=" ", at=at)
    authority = organisation.authority(authority_id)
    assert authority is not None
    assert (found.id, found.key.id) == (None, authority.key_id)
    assert not Resident.objects.exists()


def test_a_name_without_a_number_is_kept_and_not_found_again(authority_id: int, at: datetime) -> None:
    first, second = (services.remember(authority_id=authority_id, phone=None, name="张三", at=at) for _ in range(2))
    assert first.id != second.id
    assert queries.masked([first.id or 0])[first.id or 0].phone == ""


def test_a_number_keeps_its_first_name(authority_id: int, zhang: Remembered, at: datetime) -> None:
    other = services.remember(authority_id=authority_id, phone="13812345678", name="李四", at=at)
    assert (other.id, other.name_differs) == (zhang.id, True)
    assert queries.masked([zhang.id or 0])[zhang.id or 0].name == "张**"


def test_a_missing_name_is_filled_in_later(authority_id: int, at: datetime) -> None:
    first = services.remember(authority_id=authority_id, phone="0736-7123456", name="", at=at)
    assert first.id is not None
    assert queries.masked([first.id])[first.id].name == "未留姓名"
    second = services.remember(authority_id=authority_id, phone="07367123456", name="赵六", at=at)
    assert second == Remembered(first.id, first.key)
    assert queries.masked([first.id])[first.id] == MaskedResident(
        id=first.id, name="赵**", phone="0736-*****56", kind="person", erased=False, language="zh-hans", contact=""
    )


def test_an_enterprise_shows_its_name_and_masks_who_speaks(authority_id: int, at: datetime) -> None:
    found = services.remember(
        authority_id=authority_id,
        phone="13911112222",
        name="云江纺织有限公司",
        kind="enterprise",
        contact="孙七",
        language="en",
        at=at,
    )
    shown = queries.masked([found.id or 0])[found.id or 0]
    assert (shown.name, shown.contact, shown.phone, shown.language) == ("云江纺织有限公司", "孙**", "139****2222", "en")


def test_masking_costs_two_queries_for_any_number(authority_id: int, at: datetime, count_queries: Counter) -> None:
    found = [
        services.remember(authority_id=authority_id, phone=f"1380000{number:04d}", name="张", at=at).id or 0
        for number in range(12)
    ]
    with count_queries(2):
        shown = queries.masked([*found, 0])
    assert [shown[number].phone for number in found] == [f"138****{number:04d}" for number in range(12)]


def test_finding(authority_id: int, zhang: Remembered, at: datetime, count_queries: Counter) -> None:
    same_end = services.remember(authority_id=authority_id, phone="13900005678", name="李", at=at)
    with count_queries(1):
        assert queries.find_by_phone(authority_id=authority_id, phone="138-1234-5678") == [zhang.id]
    with count_queries(1):
        assert queries.find_by_last4(authority_id=authority_id, last4="5678") == [same_end.id, zhang.id]
    assert queries.find_by_phone(authority_id=authority_id + 1, phone="13812345678") == []
    for nothing in ("", "110", "1381234", "张三"):
        assert queries.find_by_phone(authority_id=authority_id, phone=nothing) == []
        assert queries.find_by_last4(authority_id=authority_id, last4=nothing) == []


def test_nothing_readable_is_stored(zhang: Remembered) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM residents_resident")
        [row] = cursor.fetchall()
    stored = b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
    for secret in ("张三丰", "13812345678", "5678"):
        assert secret.encode() not in stored


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"phone": "110"}, ["phone_unreadable"]),
        ({"name": "长" * 101}, ["name_long"]),
        ({"kind": "robot", "phone": "1234567"}, ["phone_unreadable", "resident_kind_unknown"]),
    ],
)
def test_what_cannot_be_kept_is_refused(
    authority_id: int, changes: dict[str, str], codes: list[str], at: datetime
) -> None:
    given = {"phone": "13812345678", "name": "张", "kind": "person"} | changes
    with pytest.raises(Refused) as refused:
        services.remember(authority_id=authority_id, at=at, **given)
    assert [reason.code for reason in refused.value.reasons] == codes


def test_many_at_once_make_one(cloned_db: Copy, at: datetime) -> None:
    staff.load_city(pack=city(), at=at)
    authority = organisation.authority("990100")
    assert authority is not None
    start, found = threading.Barrier(6), []

    def call() -> None:
        start.wait()
        found.append(services.remember(authority_id=authority.id, phone="13812345678", name="张三丰", at=at))
        connection.close()

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({(one.id, one.key.secret) for one in found}) == 1
    assert sum(one.created for one in found) == 1
    assert Key.objects.filter(destroyed_at=None).count() == 2  # the authority's and the resident's


def test_indexes_follow_a_new_master_key(
    authority_id: int, zhang: Remembered, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.residents.services.phone_index", lambda number: b"phone:" + number.encode())
    monkeypatch.setattr("hotline.residents.services.last4_index", lambda digits: b"last4:" + digits.encode())
    nameless = services.remember(authority_id=authority_id, phone=None, name="李", at=at)
    last = services.reindex(after_id=0, limit=1, at=at)
    assert last == zhang.id
    assert services.reindex(after_id=last, limit=10, at=at) == nameless.id
    assert services.reindex(after_id=nameless.id or 0, limit=10, at=at) == 0
    row = Resident.objects.get(id=zhang.id)
    assert (row.phone_index, row.last4_index) == (b"phone:13812345678", b"last4:5678")
