"""Rows written with one prepared statement are the rows that the ORM would have written."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from hotline import rows
from hotline.vault.models import Key


def key(at: datetime, **more: object) -> Key:
    return Key(wrapped=b"\x00\xff sealed", master_id="abcdef01", created_at=at, **more)


@pytest.mark.django_db
def test_the_same_rows_as_the_orm_writes(
    at: datetime, count_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    (by_orm,) = Key.objects.bulk_create([key(at)])
    with count_queries(1):
        ours = rows.insert([key(at), key(at, parent_id=by_orm.pk)])
    assert [row.pk for row in ours] == sorted(row.pk for row in ours)
    first, second = (Key.objects.get(pk=row.pk) for row in ours)
    skip = ["id"]
    assert model_to_dict(first, exclude=skip) == model_to_dict(Key.objects.get(pk=by_orm.pk), exclude=skip)
    assert (second.parent_id, bytes(second.wrapped or b""), second.created_at) == (by_orm.pk, b"\x00\xff sealed", at)
    assert not ours[0]._state.adding


@pytest.mark.django_db
def test_many_rows_and_none(at: datetime, count_queries: Callable[[int], AbstractContextManager[None]]) -> None:
    with count_queries(3):
        rows.insert([key(at) for _ in range(2 * rows.MOST + 1)])
    assert Key.objects.count() == 2 * rows.MOST + 1
    with count_queries(0):
        assert rows.insert([]) == []


@pytest.mark.django_db
def test_what_the_database_refuses_is_refused(at: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert([Key(wrapped=b"x", master_id="m", created_at=None)])
    assert not Key.objects.exists()
