"""A gas outage in the fictional city, for the tests of every door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hotline.organisation import queries as organisation
from hotline.workorder import queries as orders
from hotline.workorder import services as workorder
from hotline.workorder.incident import IncidentView
from tests.channels.conftest import City

GAS = "0203001"
WORDS = "东风街道一带停气，抢修人员已到场。"
WORDS_EN = "Gas is off around Dongfeng. The repair crew is there."
APPEAL = "从早上起家里停气了，做不了饭，什么时候能来气？"


def town(city: City) -> str:
    """The first town."""
    areas = organisation.areas(city.authority_id)
    county = next(area.code for area in areas if area.level == "county")
    return areas.children(county)[0].code


def outage(city: City, **said: Any) -> IncidentView:
    """An incident on an order of its own, expected to be over in eight hours."""
    head = city.take("停气了。", matter_code=GAS, area_code=town(city), kind="help", phone="13900001111").order_id
    given = {
        "area_codes": [town(city)],
        "words": WORDS,
        "words_en": WORDS_EN,
        "expected_at": city.at + timedelta(hours=8),
    }
    actor = city.viewer("dispatcher").actor()
    incident_id = workorder.open_incident(order_id=head, actor=actor, at=city.at, **{**given, **said})
    return orders.incident_view(incident_id, city.authority_id)
