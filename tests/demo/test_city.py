"""The synthetic city: lawful to the last step, the same every time, and with work in every inbox."""

from __future__ import annotations

import random
from datetime import datetime

import pytest
from django.contrib.auth import get_user_model

from hotline import packs
from hotline.cli.serving import keep_demo_at_home
from hotline.config.telling import Trouble
from hotline.demo import city, speech
from hotline.knowledge import services as knowledge
from hotline.ledger import services as ledger
from hotline.organisation import queries as organisation
from hotline.organisation import services as staffing
from hotline.policy import services as publishing
from hotline.residents import masking
from hotline.workorder import queries as orders
from hotline.workorder.lifecycle import State
from hotline.workorder.models import Order, QuarantinedLife
from hotline.workorder.views import InboxQuery
from tests.world import forget_caches


@pytest.fixture
def pack(db: None, at: datetime) -> packs.City:
    """The whole fictional city, founded."""
    forget_caches()
    found = packs.load("yunjiang")
    staffing.load_city(pack=found, at=at)
    authority = organisation.authority(found.code)
    assert authority is not None
    publishing.publish(pack=found, authority_id=authority.id, at=at)
    knowledge.load(pack=found, authority_id=authority.id, at=at)
    return found


def test_every_inbox_has_work_and_every_state_its_orders(pack: packs.City, at: datetime) -> None:
    assert not city.has_public_logins()
    logins = city.seed(city=pack, at=at, progress=lambda *_: None, count=900)
    assert not QuarantinedLife.objects.exists()
    assert set(Order.objects.values_list("state", flat=True)) == {state.value for state in State}
    authority = organisation.authority(pack.code)
    assert authority is not None
    assert len(logins) == 8
    for login in logins:
        viewer = organisation.viewer_for(get_user_model().objects.get(username=login.username).pk)
        assert viewer is not None
        if login.role != "admin":
            assert orders.inbox(viewer, InboxQuery(), at).rows, f"{login.username} has nothing to do"
    assert ledger.verify().ok
    with pytest.raises(Trouble):
        keep_demo_at_home("0.0.0.0")  # noqa: S104 - exactly this is refused
    keep_demo_at_home("127.0.0.1")
    again = city.seed(city=pack, at=at, progress=lambda *_: None, count=900)
    assert again == logins
    assert Order.objects.count() == 900


def test_speech_fills_every_slot_and_phones_stay_in_their_block() -> None:
    chance = random.Random(5)
    for phrase in packs.load("yunjiang").phrases:
        words = speech.fill(phrase.text, speech.slots(chance, "鹤陂街道"))
        assert "{" not in words
        assert words.strip()
    numbers = [speech.phone(n) for n in range(0, 10000, 37)]
    assert all(masking.normalise_phone(number) == number for number in numbers)
    assert {number[:7] for number in numbers} == {"1990000"}
