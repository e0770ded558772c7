"""Incidents for residents: the public page, the hint in the form, joining by one's own word."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from hotline.contact.models import Message
from hotline.workorder import queries as orders
from hotline.workorder import services as workorder
from tests.channels.conftest import City
from tests.channels.outage import APPEAL, WORDS, WORDS_EN, outage, town

PUBLIC = "/report/incidents/"


def page(response: HttpResponseBase) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def keep(client: Client, **typed: str) -> str:
    """What the form answers while it is filled in."""
    return page(client.post(reverse("form:start"), {"go": "keep", "step": "1", **typed}))


def send(client: Client, **typed: str) -> str:
    """The page after the form was sent."""
    given = {"go": "submit", "step": "3", "text": APPEAL, "phone": "13800005678", "privacy": "secret", **typed}
    return page(client.post(reverse("form:start"), given, follow=True))


def state_of(html: str) -> str:
    """Where the order stands whose number the page shows."""
    number, code = re.findall(r'<dd class="mono strong">([^<]+)</dd>', html)
    proven = orders.prove(number=number, code=code)
    assert proven is not None
    return orders.codes([proven.order_id])[proven.order_id].state


def test_the_public_page_says_where_what_and_until_when_and_names_nobody(city: City) -> None:
    view = outage(city)
    html = page(Client().get(PUBLIC))
    for words in (WORDS, "停气与气压低", "预计 今天 18:00 恢复", "我也受影响"):
        assert words in html
    assert view.head_number not in html
    assert "13900001111" not in html
    english = Client()
    english.cookies["django_language"] = "en"
    html = page(english.get(PUBLIC))
    assert WORDS_EN in html
    assert not re.findall(r"[\u4e00-\u9fff]+", re.sub(r"简体中文|中文", "", html))


def test_what_is_over_is_told_for_a_day(city: City) -> None:
    view = outage(city)
    actor = city.viewer("agent").actor()
    workorder.progress(incident_id=view.id, words="已修好一半。", actor=actor, at=city.at)
    assert "已修好一半。" in page(Client().get(PUBLIC))
    workorder.restore(incident_id=view.id, words="已恢复供气。", actor=actor, at=city.at)
    html = page(Client().get(PUBLIC))
    assert "已恢复供气。" in html
    assert "我也受影响" not in html
    assert "您那里还没有恢复" in html


def test_nothing_happens_most_days(city: City) -> None:
    assert "现在没有突发事件" in page(Client().get(PUBLIC))
    assert Client().get(f"{PUBLIC}{city.code}/").status_code == 200
    assert Client().get(f"{PUBLIC}000000/").status_code == 404


def test_the_form_asks_whether_it_is_this(city: City) -> None:
    visitor = Client()
    assert "checkbox" not in keep(visitor, text=APPEAL), "nothing has happened"
    view = outage(city)
    hint = keep(visitor, text=APPEAL)
    assert WORDS in hint
    assert f'name="incident" value="{view.id}"' in hint
    assert " checked" not in hint, "the resident says it, nobody else"
    assert "checkbox" not in keep(visitor, text="解放路的路灯坏了快一个星期，晚上一片黑。")
    assert "checkbox" not in keep(visitor, text="家里闻到燃气泄漏的味道，很浓，很害怕。"), "that must not wait"


def test_who_says_so_is_registered_and_joined(city: City) -> None:
    view, visitor = outage(city), Client()
    html = send(visitor, incident=str(view.id))
    assert "已和正在处理的突发事件一并跟进" in html
    assert state_of(html) == "merged"
    assert orders.incident_view(view.id, city.authority_id).joined == 2
    from hotline import walk

    walk.run_until_idle(at=city.at)
    assert Message.objects.filter(template="incident_joined").count() == 2
    html = page(Client().get(PUBLIC))
    assert WORDS in html


def test_who_does_not_say_so_stands_alone(city: City) -> None:
    outage(city)
    html = send(Client(), incident="")
    assert "一并跟进" not in html
    assert state_of(html) == "registered"


@pytest.mark.parametrize("incident", ["999999", "x", "1" * 40, "٣"])
def test_what_is_no_incident_costs_no_appeal(city: City, incident: str) -> None:
    assert state_of(send(Client(), incident=incident)) == "registered"


def test_an_incident_that_is_over_meanwhile_costs_no_appeal(city: City) -> None:
    view = outage(city)
    workorder.restore(incident_id=view.id, words="已恢复供气。", actor=city.viewer("agent").actor(), at=city.at)
    html = send(Client(), incident=str(view.id))
    assert state_of(html) == "registered"
    assert "一并跟进" not in html


def test_from_the_public_page_the_form_knows_what_it_is_about(city: City) -> None:
    view, visitor = outage(city), Client()
    html = page(visitor.get(f"{reverse('form:start-at', args=[city.code])}?incident={view.id}", follow=True))
    assert WORDS in html
    assert re.search(rf'name="incident" value="{view.id}" checked', html)
    assert state_of(send(visitor, incident=str(view.id), text=WORDS)) == "merged"
    again = page(visitor.get(f"{reverse('form:start-at', args=[city.code])}?incident={view.id}", follow=True))
    assert "checked" in again, "another appeal begins, the first one stays as it is"


def test_what_was_written_before_is_kept(city: City) -> None:
    view, visitor = outage(city), Client()
    keep(visitor, text=APPEAL)
    html = page(visitor.get(f"{reverse('form:start-at', args=[city.code])}?incident={view.id}", follow=True))
    assert APPEAL in html


def test_a_place_elsewhere_is_not_asked(city: City) -> None:
    outage(city)
    from hotline.organisation import queries as organisation

    areas = organisation.areas(city.authority_id)
    county = areas.ancestors(town(city))[1]
    other = next(area for area in areas.children(county.code) if area.code != town(city))
    assert "checkbox" not in keep(Client(), text=f"{county.name}{other.name}停气了，做不了饭，什么时候来气？")


def test_the_resident_sees_where_the_appeal_stands(city: City) -> None:
    view, visitor = outage(city), Client()
    html = send(visitor, incident=str(view.id))
    number, code = re.findall(r'<dd class="mono strong">([^<]+)</dd>', html)
    html = page(visitor.post(reverse("form:track"), {"number": number, "code": code}, follow=True))
    assert "和同一件事的其他反映一起办" in html
    assert WORDS in html
    workorder.progress(incident_id=view.id, words="已修好一半。", actor=city.viewer("agent").actor(), at=city.at)
    html = page(visitor.get(reverse("form:order")))
    assert "已修好一半。" in html
