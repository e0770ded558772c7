"""The resident's form, as a browser without script sees it."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from hotline.channels.form import drafts
from hotline.files import queries as files
from hotline.ledger.record import Stream
from hotline.workorder import queries as orders
from tests.channels.conftest import TEXT, City

GOOD = {"text": TEXT, "place": "锦绣家园南门", "phone": "13800005678", "privacy": "secret"}


@pytest.fixture
def visitor(city: City, data_dir: Path) -> Client:
    """A resident's browser."""
    return Client()


def press(visitor: Client, go: str, step: int = 1, **typed: object) -> HttpResponse:
    """Press a button on a step."""
    return visitor.post(reverse("form:start"), {"step": step, "go": go, **typed})  # type: ignore[return-value]


def page(response: HttpResponse) -> str:
    """The page's text."""
    return response.content.decode()


def visible_step(html: str) -> int:
    """Which step is shown."""
    [shown] = re.findall(r'<section class="step" id="s(\d)"[^>]*?(?<!hidden)>', html)
    return int(shown)


def photo(name: str = "路灯.jpg", form: str = "JPEG") -> SimpleUploadedFile:
    """A small photo."""
    content = BytesIO()
    Image.new("RGB", (40, 30), "red").save(content, form)
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


def shown_number_and_code(visitor: Client) -> tuple[str, str]:
    """What the last page says."""
    found = re.findall(r'<dd class="mono strong">([^<]+)</dd>', page(visitor.get(reverse("form:done"))))
    assert len(found) == 2
    return found[0], found[1]


def test_emergency_numbers_come_first(visitor: Client) -> None:
    html = page(visitor.get(reverse("form:start")))
    assert html.index("tel:119") < html.index("<textarea")
    assert visible_step(html) == 1


def test_three_steps_without_script(visitor: Client, city: City) -> None:
    assert press(visitor, "2", 1, text=TEXT).headers["Location"].endswith("?step=2")
    html = page(visitor.get(reverse("form:start"), {"step": 2}))
    assert visible_step(html) == 2
    assert TEXT in html
    press(visitor, "3", 2, place="锦绣家园南门")
    done = press(visitor, "submit", 3, phone="13800005678", name="李女士", privacy="secret")
    assert done.headers["Location"] == reverse("form:done")
    number, code = shown_number_and_code(visitor)
    proven = orders.prove(number=number, code=code)
    assert proven is not None
    order = orders.public(proven.order_id, city.at)
    assert order.texts["appeal"] == TEXT
    assert order.texts["place"] == "锦绣家园南门"


def test_pressed_twice_is_one_order(visitor: Client) -> None:
    press(visitor, "submit", 3, **GOOD)
    first = shown_number_and_code(visitor)
    assert press(visitor, "submit", 3, **GOOD).status_code == 302
    assert shown_number_and_code(visitor) == first


def test_what_is_wrong_is_said_with_links_and_nothing_typed_is_lost(visitor: Client) -> None:
    response = press(visitor, "submit", 3, text="", place="南门", phone="123", privacy="secret")
    html = page(response)
    assert response.status_code == 422
    assert visible_step(html) == 1, "the first thing to mend"
    assert 'href="#id_text"' in html
    assert 'href="?step=3#id_phone"' in html
    assert 'value="123"' in html
    assert 'value="南门"' in html


def test_next_asks_only_for_what_belongs_to_the_step(visitor: Client) -> None:
    assert press(visitor, "2", 1, text="").status_code == 422
    assert press(visitor, "2", 1, text=TEXT).status_code == 302


def test_back_never_complains(visitor: Client) -> None:
    press(visitor, "2", 1, text=TEXT)
    assert press(visitor, "1", 2, text="").headers["Location"].endswith("?step=1")


def test_a_phone_is_asked_for_unless_anonymous(visitor: Client) -> None:
    response = press(visitor, "submit", 3, text=TEXT, privacy="secret")
    assert response.status_code == 422
    assert "#id_phone" in page(response)
    assert press(visitor, "submit", 3, text=TEXT, privacy="anonymous").status_code == 302


def test_a_text_of_100000_characters_is_refused_and_kept(visitor: Client) -> None:
    response = press(visitor, "submit", 3, **{**GOOD, "text": "灯" * 100_000})
    assert response.status_code == 422
    html = page(response)
    assert "100000" in html
    assert "灯" * 100_000 in html
    assert "灯" * 100_000 in page(visitor.get(reverse("form:start")))


def test_emoji_and_unwritable_characters(visitor: Client, city: City) -> None:
    press(visitor, "submit", 3, **{**GOOD, "text": "路灯又坏了😡\x00\x07"})
    number, code = shown_number_and_code(visitor)
    proven = orders.prove(number=number, code=code)
    assert proven is not None
    assert orders.public(proven.order_id, city.at).texts["appeal"] == "路灯又坏了😡"


def test_photos_are_staged_shown_dropped_and_attached(visitor: Client) -> None:
    press(visitor, "2", 1, text=TEXT, photos=[photo(), photo("井盖.png", "PNG")])
    html = page(visitor.get(reverse("form:start")))
    tokens = re.findall(r'name="drop" value="([^"]+)"', html)
    assert len(tokens) == 2
    assert "路灯.jpg" in html
    press(visitor, "", 1, drop=tokens[1])
    press(visitor, "submit", 3, **GOOD)
    number, code = shown_number_and_code(visitor)
    proven = orders.prove(number=number, code=code)
    assert proven is not None
    assert len(files.for_stream(Stream("order", proven.order_id))) == 1


def test_a_bad_photo_is_named_and_costs_neither_text_nor_good_photos(visitor: Client) -> None:
    bad = SimpleUploadedFile("动图.jpg", b"MZ not a photo at all", "image/jpeg")
    response = press(visitor, "2", 1, text=TEXT, photos=[bad, photo()])
    html = page(response)
    assert response.status_code == 422
    assert 'href="#id_photos"' in html
    assert "路灯.jpg" in html
    assert TEXT in html


def test_the_draft_is_sealed_and_gone_after_an_hour(visitor: Client, city: City) -> None:
    from datetime import timedelta

    from hotline.channels.models import Draft

    press(visitor, "keep", 1, text=TEXT)
    [draft] = Draft.objects.all()
    assert TEXT.encode() not in bytes(draft.sealed)
    assert drafts.find(draft.pk, city.at) is not None
    assert drafts.find(draft.pk, city.at + timedelta(hours=1)) is None
    assert drafts.sweep(at=city.at + timedelta(hours=1)) == 1


def test_a_cookie_that_is_not_ours_starts_anew(visitor: Client) -> None:
    visitor.cookies[drafts.COOKIE] = "forged:abc"
    assert visitor.get(reverse("form:start")).status_code == 200
    assert visitor.get(reverse("form:done")).status_code == 302


def test_another_matter_starts_empty(visitor: Client, city: City) -> None:
    press(visitor, "submit", 3, **GOOD)
    assert visitor.get(reverse("form:start")).status_code == 302
    html = page(visitor.get(reverse("form:start-at", args=[city.code]), {"again": "1"}))
    assert TEXT not in html


def test_english_and_elder(visitor: Client) -> None:
    visitor.cookies["django_language"] = "en"
    visitor.cookies["size"] = "elder"
    html = page(visitor.get(reverse("form:start")))
    assert "tokens-elder.css" in html
    chinese = re.findall(r"[\u4e00-\u9fff]+", re.sub(r"<option.*?</option>|简体中文|中文", "", html))
    assert chinese == []


def test_an_unknown_city_is_not_found(visitor: Client) -> None:
    assert visitor.get(reverse("form:start-at", args=["000000"])).status_code == 404


def test_statements_of_a_page(visitor: Client, count_queries: object) -> None:
    visitor.get(reverse("form:start"))
    with count_queries(2):  # type: ignore[operator]
        visitor.get(reverse("form:start"))
