"""Incidents for robots and partners: what to tell callers, and joining on their word."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from hotline.workorder import queries as orders
from hotline.workorder import services as workorder
from tests.channels.api.test_api import Partner, partner_of
from tests.channels.conftest import City
from tests.channels.outage import APPEAL, GAS, WORDS, WORDS_EN, outage, town

INCIDENTS = "/api/v1/incidents"


@pytest.fixture
def partner(city: City, data_dir: Path) -> Partner:
    """A partner that may do everything."""
    return partner_of(city)


def listed(partner: Partner, language: str = "zh-hans", **query: str) -> Any:
    response = partner.http.get(INCIDENTS, query, headers={"Accept-Language": language})
    assert response.status_code == 200, response.content
    return response.json()


def test_a_robot_hears_what_to_say(partner: Partner, city: City) -> None:
    assert listed(partner) == {"incidents": [], "likely": None}
    view = outage(city)
    (found,) = listed(partner)["incidents"]
    assert (found["id"], found["state"], found["joinable"], found["joined"]) == (view.id, "open", True, 1)
    assert found["announcement"]["words"] == WORDS
    assert found["expected_at"]
    assert found["areas"][0]["code"] == town(city)
    assert view.head_number not in repr(found)
    (found,) = listed(partner, "en")["incidents"]
    assert (found["announcement"]["words"], found["announcement"]["language"]) == (WORDS_EN, "en")
    assert found["matter"] == "Gas cut or low pressure"


def test_what_was_said_last_comes_with_it(partner: Partner, city: City) -> None:
    view = outage(city)
    workorder.progress(incident_id=view.id, words="已修好一半。", actor=city.viewer("agent").actor(), at=city.at)
    (found,) = listed(partner, "en")["incidents"]
    assert (found["news"]["kind"], found["news"]["words"], found["news"]["language"]) == (
        "progress", "已修好一半。", "zh-hans",
    )  # fmt: skip


def test_it_says_to_which_an_appeal_may_belong(partner: Partner, city: City) -> None:
    view = outage(city)
    assert listed(partner, matter_code=GAS, area_code=town(city))["likely"] == view.id
    assert listed(partner, matter_code="0202001", area_code=town(city))["likely"] is None
    assert listed(partner)["likely"] is None
    assert partner.http.get(INCIDENTS, {"matter_code": "9" * 13}).status_code == 422


def test_any_key_may_read_and_nobody_without_one(city: City, partner: Partner) -> None:
    outage(city)
    writer = partner_of(city, "app-two", scopes=["appeals:write"])
    assert len(listed(writer)["incidents"]) == 1
    assert Partner("hk_unknown").http.get(INCIDENTS).status_code == 401


def test_a_rush_is_slowed_down(city: City, partner: Partner) -> None:
    slow = partner_of(city, "app-slow", per_minute=1)
    assert slow.http.get(INCIDENTS).status_code == 200
    assert slow.http.get(INCIDENTS).status_code == 429


def test_an_appeal_joins_on_the_partner_s_word(partner: Partner, city: City) -> None:
    view, key = outage(city), str(uuid4())
    body = {"text": APPEAL, "phone": "13800005678", "incident": view.id}
    status, answer = partner.send(body, **{"Idempotency-Key": key})
    assert (status, answer["joined"]) == (201, True)
    assert orders.incident_view(view.id, city.authority_id).joined == 2
    status, again = partner.send(body, **{"Idempotency-Key": key})
    assert (status, again["number"], again["joined"]) == (200, answer["number"], True)
    status, read = partner.read(answer["number"])
    assert (status, read["state"], read["station"]) == (200, "merged", 3)
    assert orders.incident_view(view.id, city.authority_id).joined == 2


def test_an_incident_that_is_over_costs_no_appeal(partner: Partner, city: City) -> None:
    view = outage(city)
    workorder.restore(incident_id=view.id, words="已恢复供气。", actor=city.viewer("agent").actor(), at=city.at)
    status, answer = partner.send({"text": APPEAL, "incident": view.id})
    assert (status, answer["joined"]) == (201, False)
    status, answer = partner.send({"text": APPEAL, "incident": view.id + 10**6})
    assert (status, answer["joined"]) == (201, False)
    assert partner.send({"text": APPEAL, "incident": "x"})[0] == 422


def test_it_is_described(partner: Partner) -> None:
    described = partner.http.get("/api/v1/openapi.json").json()
    assert described["paths"][INCIDENTS]["get"]["operationId"] == "list_incidents"
    assert "incident" in described["components"]["schemas"]["AppealIn"]["properties"]
