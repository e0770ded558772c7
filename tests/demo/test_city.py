"""The synthetic city: lawful to the last step, the same every time, and with work in every inbox."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model

from hotline import packs, walk
from hotline.cli.serving import keep_demo_at_home
from hotline.clocks import queries as clocks
from hotline.config.telling import Trouble
from hotline.demo import city, speech
from hotline.knowledge import services as knowledge
from hotline.ledger import services as ledger
from hotline.ledger.models import Pending
from hotline.organisation import queries as organisation
from hotline.organisation import services as staffing
from hotline.policy import services as publishing
from hotline.residents import masking
from hotline.workorder import queries as orders
from hotline.workorder.lifecycle import State
from hotline.workorder.models import Order, QuarantinedLife
from hotline.workorder.views import InboxQuery
from tests.lives.checking import faults
from tests.lives.checking import missing as missing_actions
from tests.world import CITIES, forget_caches


@pytest.fixture(params=CITIES)
def pack(db: None, at: datetime, data_dir: Path, request: pytest.FixtureRequest) -> packs.City:
    """A whole city, founded."""
    forget_caches()
    found = packs.load(request.param)
    staffing.load_city(pack=found, at=at)
    authority = organisation.authority(found.code)
    assert authority is not None
    publishing.publish(pack=found, authority_id=authority.id, at=at)
    knowledge.load(pack=found, authority_id=authority.id, at=at)
    return found


def missing(pack: packs.City) -> set[str]:
    """States that this city's rules know no way into."""
    return {"reviewing"} if pack.handling.reply_review == "none" else set()


def test_every_inbox_has_work_and_every_state_its_orders(pack: packs.City, at: datetime) -> None:
    assert not city.has_public_logins()
    logins = city.seed(city=pack, at=at, progress=lambda *_: None, count=900)
    refused = list(QuarantinedLife.objects.values_list("step", "reasons"))
    assert refused == []
    states = Counter(Order.objects.values_list("state", flat=True))
    assert set(states) == {state.value for state in State} - missing(pack)
    assert states["closed"] + states["archived"] > 900 * 0.55, "most of it is done"
    authority = organisation.authority(pack.code)
    assert authority is not None
    assert len(logins) == 9
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


def test_the_whole_law_is_seen(pack: packs.City, at: datetime) -> None:
    """Whoever looks around meets every kind of story, and each of them is lawful and told."""
    city.seed(city=pack, at=at, progress=lambda *_: None, count=1200)
    ids = list(Order.objects.values_list("pk", flat=True))
    against, taken = faults(ids)
    assert against == [], "\n".join(against[:20])
    unseen = {"amend", "mark_urgent", "mark_critical", "unmerge", "redispatch", "reject_return", "add_assist",
              "remove_assist",
              "resume", "unhang", "plan_callback", "close_along", "reopen", "reroute",
              "adopt_policy", "refuse_extension"}  # fmt: skip
    if pack.handling.reply_review == "none":
        unseen |= {"approve_reply", "send_back"}
    if not pack.handling.through_centre:
        unseen |= {"hand_down"}
    assert set(missing_actions(taken, 1)) <= unseen
    assert Order.objects.filter(state="merged").exclude(head=None).exists()
    assert Order.objects.exclude(split_from=None).exists()
    assert Order.objects.filter(extension_asked__gt=0).exists()
    assert Order.objects.filter(assisting__gt=0, state="signed").exists()
    hung = clocks.running("order").filter(stream_id__in=Order.objects.filter(state="hung").values("pk"), kind="review")
    assert all(each.due_at > at for each in hung), "looked at again on a day to come"
    assert len(hung) == Order.objects.filter(state="hung").count()
    assert Order.objects.filter(outcome="final").exists()
    walk.run_until_idle(at=at)
    assert not Pending.objects.exists()


def test_speech_fills_every_slot_and_phones_stay_in_their_block() -> None:
    chance = random.Random(5)
    for phrase in packs.load("yunjiang").phrases:
        words = speech.fill(phrase.text, speech.slots(chance, "鹤陂街道"))
        assert "{" not in words
        assert words.strip()
    numbers = [speech.phone(n) for n in range(0, 10000, 37)]
    assert all(masking.normalise_phone(number) == number for number in numbers)
    assert {number[:7] for number in numbers} == {"1990000"}
