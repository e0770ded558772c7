"""Seeing a full identity: for a reason, on record, within limits."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.db import connection

from hotline.ledger import queries as ledger
from hotline.ledger import services as proof
from hotline.ledger.record import Stream
from hotline.organisation import queries as organisation
from hotline.organisation import services as staff
from hotline.organisation.viewer import Viewer
from hotline.refusal import Refused
from hotline.residents import queries, services
from hotline.residents.identity import Identity
from hotline.residents.residency import REVEAL_LIMIT, REVEAL_WINDOW
from hotline.residents.services import Remembered
from tests.databases import Copy
from tests.organisation.cities import city

ORDER = Stream("order", 12)
Counter = Callable[[int], AbstractContextManager[None]]
Viewers = Callable[[str, str], Viewer]


def look(zhang: Remembered, viewer: Viewer, at: datetime, *, secret: bool = False, reason: str = "contact") -> Identity:
    """One look at 张三丰."""
    return services.reveal(
        resident_id=zhang.id or 0, viewer=viewer, reason_code=reason, order_stream=ORDER, secret=secret, at=at
    )


def test_the_identity_is_shown_and_the_look_is_on_record(
    zhang: Remembered, viewer: Viewers, at: datetime, count_queries: Counter
) -> None:
    clerk = viewer("clerk", "north-urban")
    with count_queries(6):  # resident, key, lock, count, viewing, events
        seen = look(zhang, clerk, at)
    assert seen == Identity("张三丰", "13812345678")
    [event] = ledger.timeline(ORDER)
    assert (event.kind, event.actor) == ("identity.viewed", clerk.actor())
    assert event.facts == {"reason": "contact", "resident": zhang.id}
    [event] = ledger.timeline(Stream("resident", zhang.id or 0))
    assert event.facts == {"reason": "contact", "order": "order:12"}
    [viewing] = queries.viewings(ORDER)
    assert (viewing.staff_id, viewing.resident_id, viewing.reason_code) == (clerk.staff_id, zhang.id, "contact")
    assert proof.verify().ok


def test_an_identity_does_not_print_itself(zhang: Remembered, viewer: Viewers, at: datetime) -> None:
    shown = repr(look(zhang, viewer("agent", "centre"), at)) + repr(zhang)
    assert "张三丰" not in shown
    assert "1381234" not in shown


@pytest.mark.parametrize(
    ("role", "unit", "secret", "code"),
    [
        ("leader", "centre", False, "reveal_not_allowed"),
        ("admin", "centre", False, "reveal_not_allowed"),
        ("clerk", "north-urban", True, "reveal_secret"),
        ("grid_worker", "bridge-1", True, "reveal_secret"),
        ("dispatcher", "north", True, "reveal_secret"),
        ("clerk", "centre", True, "reveal_secret"),
        ("dispatcher", "centre", True, None),
        ("caller_back", "centre", True, None),
    ],
)
def test_what_is_withheld_stays_on_record(
    role: str, unit: str, secret: bool, code: str | None, zhang: Remembered, viewer: Viewers, at: datetime
) -> None:
    seen = look(zhang, viewer(role, unit), at, secret=secret)
    [event] = ledger.timeline(ORDER)
    if code is None:
        assert seen.phone == "13812345678"
        assert event.kind == "identity.viewed"
    else:
        assert seen.withheld is not None
        assert seen == Identity(withheld=seen.withheld)
        assert (seen.withheld.code, event.kind, event.facts["withheld"]) == (code, "identity.withheld", code)
        assert [viewing.withheld_code for viewing in queries.viewings(ORDER)] == [code]


def test_nobody_looks_at_everybody(zhang: Remembered, viewer: Viewers, at: datetime) -> None:
    agent, other = viewer("agent", "centre"), viewer("dispatcher", "centre")
    for minute in range(REVEAL_LIMIT):
        assert look(zhang, agent, at + timedelta(minutes=minute)).withheld is None
    half_past = at + timedelta(minutes=31)
    refused = look(zhang, agent, half_past)
    assert refused.withheld is not None
    assert refused.withheld.code == "reveal_limit"
    assert "30" in refused.withheld.words()
    assert ledger.timeline(ORDER)[-1].kind == "identity.withheld"
    assert look(zhang, other, half_past).withheld is None
    assert look(zhang, agent, at + REVEAL_WINDOW).withheld is None


def test_without_a_reason_nothing_is_seen(zhang: Remembered, viewer: Viewers, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        look(zhang, viewer("agent", "centre"), at, reason="curious")
    assert refused.value.reasons[0].field == "reason_code"
    assert ledger.timeline(ORDER) == []


def test_other_authorities_residents_do_not_exist(zhang: Remembered, viewer: Viewers, at: datetime) -> None:
    agent = viewer("agent", "centre")
    stranger = Viewer(agent.staff_id, "", agent.role, agent.unit_id, "/1/", agent.authority_id + 1, "en")
    with pytest.raises(Refused) as refused:
        look(zhang, stranger, at)
    assert refused.value.status == 404


def test_every_reason_can_be_chosen(zhang: Remembered, viewer: Viewers, at: datetime) -> None:
    agent = viewer("agent", "centre")
    for code, _ in services.REVEAL_REASONS:
        assert look(zhang, agent, at, reason=code).name == "张三丰"


def test_two_looks_at_once_are_counted_one_after_the_other(
    cloned_db: Copy, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "REVEAL_LIMIT", 1)
    staff.load_city(pack=city(), at=at)
    [authority] = organisation.authorities()
    [centre] = organisation.unit_index(authority.id).children(None)
    number = staff.create_staff(username="agent", name="王", password=None, unit_id=centre.id, role="agent", at=at)
    agent = organisation.viewer_for(number)
    assert agent is not None
    zhang = services.remember(authority_id=authority.id, phone="13812345678", name="张三丰", at=at)
    start, seen = threading.Barrier(4, timeout=30), []

    def work() -> None:
        try:
            start.wait()
            seen.append(look(zhang, agent, at))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(identity.phone for identity in seen) == ["", "", "", "13812345678"]
