"""Forgetting a resident for good, while the ledger stays whole."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.utils import translation

from hotline.ledger import queries as ledger
from hotline.ledger import services as proof
from hotline.ledger.record import SYSTEM, Actor, Stream
from hotline.organisation.viewer import Viewer
from hotline.refusal import Refused
from hotline.residents import queries, services
from hotline.residents.models import Resident
from hotline.residents.services import Remembered
from hotline.vault import queries as vault
from hotline.vault import services as keys

Counter = Callable[[int], AbstractContextManager[None]]
ACTOR = Actor("staff", "7", "admin", 1)


@pytest.fixture
def erased(zhang: Remembered, at: datetime, count_queries: Counter) -> int:
    """张三丰, forgotten."""
    assert zhang.id is not None
    with count_queries(4):
        services.erase(resident_id=zhang.id, actor=ACTOR, at=at)
    return zhang.id


def test_nobody_finds_or_reads_it_again(
    erased: int, zhang: Remembered, authority_id: int, viewer: Callable[[str, str], Viewer], at: datetime
) -> None:
    shown = queries.masked([erased])[erased]
    assert (shown.name, shown.phone, shown.contact, shown.erased) == ("已注销", "", "", True)
    assert queries.find_by_phone(authority_id=authority_id, phone="13812345678") == []
    assert queries.find_by_last4(authority_id=authority_id, last4="5678") == []
    assert vault.open_keys([zhang.key.id]) == {}
    row = Resident.objects.get(id=erased)
    assert {row.name_sealed, row.phone_sealed, row.contact_sealed, row.phone_index, row.last4_index} == {None}
    with pytest.raises(Refused) as refused:
        services.reveal(
            resident_id=erased,
            viewer=viewer("agent", "centre"),
            reason_code="contact",
            order_stream=Stream("order", 12),
            secret=False,
            at=at,
        )
    assert refused.value.reasons[0].code == "resident_erased"


def test_what_hung_below_the_key_is_gone_too(zhang: Remembered, at: datetime) -> None:
    [order_key] = keys.create_keys(parents=[zhang.key], at=at)
    assert list(vault.open_keys([order_key.id])) == [order_key.id]
    services.erase(resident_id=zhang.id or 0, actor=ACTOR, at=at)
    assert vault.open_keys([order_key.id]) == {}


def test_it_is_on_record_and_the_ledger_is_whole(erased: int) -> None:
    [event] = ledger.timeline(Stream("resident", erased))
    assert (event.kind, event.actor) == ("resident.erased", ACTOR)
    assert proof.verify().ok


def test_again_is_no_harm_and_unknown_is_said(erased: int, at: datetime) -> None:
    services.erase(resident_id=erased, actor=SYSTEM, at=at)
    assert len(ledger.timeline(Stream("resident", erased))) == 1
    with pytest.raises(Refused) as refused:
        services.erase(resident_id=0, actor=SYSTEM, at=at)
    assert refused.value.status == 404


def test_the_same_number_calls_again_as_somebody_new(erased: int, authority_id: int, at: datetime) -> None:
    again = services.remember(authority_id=authority_id, phone="13812345678", name="张三丰", at=at)
    assert again.created
    assert again.id != erased


def test_it_is_said_in_english_too(erased: int) -> None:
    with translation.override("en"):
        assert queries.masked([erased])[erased].name in {"Erased", "已注销"}
