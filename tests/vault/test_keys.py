"""Keys under keys: made by one statement, opened by one query, gone when destroyed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from hotline.vault import cipher, queries, services
from hotline.vault.models import Key

pytestmark = pytest.mark.django_db
Counter = Callable[[int], AbstractContextManager[None]]


def test_many_keys_cost_one_statement_and_open_with_one_query(at: datetime, count_queries: Counter) -> None:
    with count_queries(1):
        resident, authority = services.create_keys(parents=[None, None], at=at)
    with count_queries(1):
        orders = services.create_keys(parents=[resident, authority, resident], at=at)
    wanted = [resident, authority, *orders]
    with count_queries(1):
        opened = queries.open_keys(key.id for key in wanted)
    assert opened == {key.id: key for key in wanted}
    assert len({key.secret for key in wanted}) == 5


def test_an_order_key_opens_without_asking_for_its_resident(at: datetime) -> None:
    [resident] = services.create_keys(parents=[None], at=at)
    [order] = services.create_keys(parents=[resident], at=at)
    [note] = services.create_keys(parents=[order], at=at)
    assert queries.open_keys([note.id]) == {note.id: note}


def test_nothing_asked_is_nothing_sent(at: datetime, count_queries: Counter) -> None:
    with count_queries(0):
        assert queries.open_keys([]) == {}
        assert services.create_keys(parents=[], at=at) == []


def test_a_destroyed_key_takes_all_below_it_along(at: datetime) -> None:
    resident, other = services.create_keys(parents=[None, None], at=at)
    [order] = services.create_keys(parents=[resident], at=at)
    blob = cipher.seal(order, "家门口的下水道堵了", context="order.note")
    services.destroy(key_id=resident.id, at=at)
    services.destroy(key_id=resident.id, at=at.replace(year=2027))
    assert queries.open_keys([resident.id, order.id, other.id]) == {other.id: other}
    row = Key.objects.get(id=resident.id)
    assert (row.wrapped, row.destroyed_at) == (None, at)
    assert cipher.key_id(blob) == order.id


def test_a_key_wrapped_under_another_parent_does_not_open(at: datetime) -> None:
    one, two = services.create_keys(parents=[None, None], at=at)
    [order] = services.create_keys(parents=[one], at=at)
    Key.objects.filter(id=order.id).update(parent_id=two.id)
    with pytest.raises(cipher.Unreadable):
        queries.open_keys([order.id])


def test_the_database_holds_no_secret(at: datetime) -> None:
    [key] = services.create_keys(parents=[None], at=at)
    assert key.secret not in bytes(Key.objects.get(id=key.id).wrapped or b"")


def test_another_master_key_is_told_apart(at: datetime, settings: Settings) -> None:
    [key] = services.create_keys(parents=[None], at=at)
    settings.HOTLINE_MASTER_KEY = b"n" * 32
    with pytest.raises(queries.WrongMaster, match=f"key {key.id} "):
        queries.open_keys([key.id])


def test_the_cipher_is_chosen_by_the_settings(at: datetime, settings: Settings) -> None:
    [old] = services.create_keys(parents=[None], at=at)
    before = cipher.seal(old, "旧", context="c")
    settings.HOTLINE_CIPHER = cipher.SM4_GCM
    [new] = services.create_keys(parents=[old], at=at)
    opened = queries.open_keys([old.id, new.id])
    assert cipher.seal(opened[new.id], "新", context="c")[0] == 2
    assert cipher.unseal(opened[old.id], before, context="c") == "旧"


@pytest.mark.parametrize(("name", "value"), [("HOTLINE_CIPHER", "rot13"), ("HOTLINE_MASTER_KEY", b"short")])
def test_settings_that_cannot_work_say_so(name: str, value: object, at: datetime, settings: Settings) -> None:
    setattr(settings, name, value)
    with pytest.raises(ImproperlyConfigured, match=name):
        services.create_keys(parents=[None], at=at)


def test_a_blind_index_finds_equal_values_of_one_purpose_only(settings: Settings) -> None:
    index = services.blind_index("13812345678", purpose="phone")
    assert index == services.blind_index("13812345678", purpose="phone")
    assert len(index) == 32
    assert index != services.blind_index("13812345679", purpose="phone")
    assert index != services.blind_index("13812345678", purpose="last4")
    settings.HOTLINE_MASTER_KEY = b"n" * 32
    assert index != services.blind_index("13812345678", purpose="phone")


def test_a_commitment_is_the_ciphers(at: datetime) -> None:
    [key] = services.create_keys(parents=[None], at=at)
    assert services.commitment(key, "原文") == cipher.commitment(key, "原文")
