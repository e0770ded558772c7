"""Taking an appeal down at the desk: by whom, how it is read, what is refused, that it is one order."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from hotline import packs
from hotline.desk.pencil import address, evidence
from hotline.files import queries as files
from hotline.knowledge import services as knowledge
from hotline.ledger.record import Stream
from hotline.organisation import queries as organisation
from hotline.organisation import services as staffing
from hotline.understanding.engines import choosing
from hotline.understanding.reading import Span
from hotline.workorder import queries as workorder
from hotline.workorder.views import InboxQuery, OrderView
from tests.desk.conftest import PASSWORD, TEXT, Desk

Count = Callable[[int], AbstractContextManager[None]]
TAKE = "/desk/take/"
MOST = 15  # statements of a page, registering included
FIRE = "青石区东风街道解放路锦绣家园着火了，楼上还有人被困，浓烟很大，快来人。"
GOOD = {
    "channel": "phone",
    "phone": "13812345678",
    "name": "张三丰",
    "privacy": "secret",
    "text": TEXT,
    "place": "锦绣家园 7 栋",
    "area_code": "青石区",
    "kind": "help",
    "urgency": "urgent",
    "title": "暖气不热",
    "key": "6f1c1f9e-0000-4000-8000-000000000001",
}


def press(client: Client, go: str = "submit", **changes: Any) -> HttpResponse:
    """Press a button of the form."""
    return client.post(TAKE, {**GOOD, "go": go, **changes})  # type: ignore[return-value]


def live(client: Client, go: str = "look", **changes: Any) -> str:
    """What htmx gets."""
    return client.post(TAKE, {**GOOD, "go": go, **changes}, headers={"HX-Request": "true"}).content.decode()


def page(response: HttpResponse) -> str:
    """The page's text."""
    return response.content.decode()


def all_orders(desk: Desk) -> int:
    """How many orders there are."""
    found = workorder.inbox(desk.viewer("supervisor"), InboxQuery(states=("registered", "closed")), desk.at)
    return found.total


def the_order(desk: Desk, response: HttpResponse) -> OrderView:
    """The order that a press led to."""
    assert response.status_code == 302, page(response)[:3000]
    order_id = int(re.findall(r"/desk/orders/(\d+)/", response.headers["Location"])[0])
    return workorder.order(order_id, desk.viewer("agent"), desk.at)


def photo(name: str = "阀门.jpg") -> SimpleUploadedFile:
    """A small photo."""
    content = BytesIO()
    Image.new("RGB", (40, 30), "red").save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


@pytest.fixture
def grid_worker(desk: Desk) -> Client:
    """A grid worker of the county, signed in."""
    desk.staff["grid_worker"] = staffing.create_staff(
        username="grid_worker",
        name="赵六",
        password=PASSWORD,
        unit_id=desk.unit("城市管理"),
        role="grid_worker",
        at=desk.at,
    )
    return desk.client("grid_worker")


def test_an_appeal_by_phone_becomes_an_order_with_what_was_typed(desk: Desk) -> None:
    client = desk.client("agent")
    order = the_order(desk, press(client))
    assert (order.state, order.channel, order.kind, order.urgency) == ("registered", "phone", "help", "urgent")
    assert order.area_code == desk.county
    assert order.secret
    assert {"appeal": TEXT, "place": "锦绣家园 7 栋", "title": "暖气不热"}.items() <= order.texts.items()
    assert order.timeline[0].actor_role == "agent"


def test_number_and_code_are_shown_once_to_be_read_out(desk: Desk) -> None:
    client = desk.client("agent")
    response = press(client)
    order = the_order(desk, response)
    first = page(client.get(response.headers["Location"]))
    shown = re.findall(r'<b class="read-out mono">([^<]+)</b>', first)
    assert shown[0] == order.number
    proven = workorder.prove(number=order.number, code=shown[1])
    assert proven is not None
    assert proven.order_id == order.id
    assert shown[1] not in page(client.get(response.headers["Location"]))


def test_pressed_twice_is_one_order_and_says_so(desk: Desk) -> None:
    client = desk.client("agent")
    first, second = the_order(desk, press(client)), press(client)
    assert the_order(desk, second).id == first.id
    assert all_orders(desk) == 1
    assert "没有重复" in page(client.get(second.headers["Location"]))


def test_the_same_page_with_other_words_asks_first_and_then_makes_a_second(desk: Desk) -> None:
    client = desk.client("agent")
    press(client)
    asked = press(client, text="路灯也不亮，请派人来看看。")
    assert asked.status_code == 409
    html = page(asked)
    assert "刚才已经登记过一件" in html
    assert "路灯也不亮" in html
    [key] = re.findall(r'name="key" value="([^"]+)"', html)
    the_order(desk, press(client, text="路灯也不亮，请派人来看看。", key=key))
    assert all_orders(desk) == 2


def test_the_key_of_one_person_is_not_another_s(desk: Desk) -> None:
    first = the_order(desk, press(desk.client("agent")))
    second = the_order(desk, press(desk.client("dispatcher")))
    assert first.id != second.id


def test_everything_wrong_is_said_at_once_with_links_and_nothing_typed_is_lost(desk: Desk) -> None:
    typed = {
        "text": "",
        "phone": "123",
        "urgency": "",
        "area_code": "没有的地方",
        "matter_code": "没有的事",
        "kind": "x",
    }
    response = press(desk.client("agent"), **typed)
    assert response.status_code == 422
    html = page(response)
    for name in ("text", "phone", "urgency", "area_code", "matter_code", "kind"):
        assert f'href="#id_{name}"' in html, name
    for words in ("123", "没有的地方", "没有的事", "锦绣家园 7 栋", "暖气不热", "张三丰"):
        assert f'value="{words}"' in html, words
    assert all_orders(desk) == 0


def test_a_text_of_100000_characters_comes_back_whole(desk: Desk) -> None:
    response = press(desk.client("agent"), text="灯" * 100_000)
    assert response.status_code == 422
    assert "灯" * 100_000 in page(response)


@pytest.mark.parametrize(
    "typed",
    [
        {"channel": "sensor"},
        {"channel": "web"},
        {"channel": "grid"},
        {"channel": ""},
        {"urgency": "high"},
        {"title": "长" * 101},
    ],
)
def test_what_no_page_offers_is_refused(desk: Desk, typed: dict[str, str]) -> None:
    assert press(desk.client("agent"), **typed).status_code == 422
    assert all_orders(desk) == 0


def test_odd_bytes_and_markup_stay_words(desk: Desk) -> None:
    client = desk.client("agent")
    order = the_order(desk, press(client, text="<script>alert(1)</script>路灯坏了😡\x00", key="not-a-key"))
    assert order.texts["appeal"] == "<script>alert(1)</script>路灯坏了😡"
    assert "<script>alert" not in live(client, text="<script>alert(1)</script>路灯坏了，请派人修")


def test_only_who_may_file_opens_it_by_any_verb(desk: Desk) -> None:
    for role in ("caller_back", "supervisor", "leader", "admin"):
        client = desk.client(role)
        assert client.get(TAKE).status_code == 403
        for go in ("submit", "look", "caller", "files"):
            answer = client.post(TAKE, {**GOOD, "go": go}, headers={"HX-Request": "true"})
            assert answer.status_code == 403, (role, go)
            assert "13812345678" not in answer.content.decode()
    assert all_orders(desk) == 0


def test_an_agent_s_day_starts_here(desk: Desk) -> None:
    assert desk.client("agent").get("/desk/").headers["Location"] == TAKE
    assert desk.client("dispatcher").get("/desk/").headers["Location"] == "/desk/inbox/"


# --- pencil -----------------------------------------------------------------------------------------------------------


def test_what_a_machine_reads_is_pencil_beside_the_field_and_never_in_it(desk: Desk) -> None:
    html = live(desk.client("agent"), area_code="", kind="", urgency="", place="", matter_code="")
    for name in ("kind", "matter_code", "area_code", "urgency", "place"):
        assert f'name="take" value="{name}=' in html, name
    assert html.count('name="take" value="matter_code=') <= 3
    assert '<mark class="mark">' in html
    assert 'hx-swap-oob="true"' in html
    whole = page(press(desk.client("agent"), "look", kind="", area_code="", urgency="", matter_code=""))
    assert "selected>求助" not in whole
    assert re.search(r'name="matter_code"[^>]*value=""', whole) or 'name="matter_code" value' not in whole


def test_pressing_a_proposal_takes_just_that_one_without_any_script(desk: Desk) -> None:
    client = desk.client("agent")
    html = page(press(client, "look", kind="", matter_code="", urgency=""))
    offered = re.findall(r'name="take" value="(matter_code=[^"]+)"', html)
    after = page(client.post(TAKE, {**GOOD, "kind": "", "matter_code": "", "urgency": "", "take": offered[0]}))
    assert f'value="{offered[0].partition("=")[2]}"' in after
    assert "和机器读到的一样" in after
    assert 'name="take" value="urgency=' in after


def test_urgency_is_never_taken_over_by_itself(desk: Desk) -> None:
    response = press(desk.client("agent"), urgency="")
    assert response.status_code == 422
    assert "由您决定" in page(response)


def test_an_engine_that_is_down_leaves_the_fields_empty_and_says_so(desk: Desk, settings: Any) -> None:
    settings.HOTLINE_ENGINES = []
    choosing.forget_engines()
    client = desk.client("agent")
    html = live(client, kind="", area_code="")
    assert "自动识别已停用" in html
    assert 'name="take"' not in html
    the_order(desk, press(client))
    choosing.forget_engines()


def test_nothing_of_the_live_reading_is_kept_or_logged(
    desk: Desk, count_queries: Count, caplog: pytest.LogCaptureFixture
) -> None:
    client = desk.client("agent")
    live(client)
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    with count_queries(5):  # session, person, membership, knowledge, incidents
        live(client)
    mine = [line for line in caplog.messages if "锦绣家园" in line and "SELECT" not in line]
    assert not mine
    assert all_orders(desk) == 0


def test_words_that_several_rely_on_carry_one_number_counted_as_the_fields_stand() -> None:
    spans = {"urgency": (Span(6, 8),), "matter_code": (Span(2, 6),), "kind": (Span(2, 6),), "place": (Span(0, 2),)}
    pieces, numbers = evidence("桥头暖气不热老人", spans)
    assert [(piece.text, piece.number) for piece in pieces] == [("桥头", 1), ("暖气不热", 2), ("老人", 3)]
    assert numbers == {"place": 1, "matter_code": 2, "kind": 2, "urgency": 3}


def test_address_words_next_to_each_other_are_one_place() -> None:
    text = "我住解放路锦绣家园，7栋，昨天去了中山路"
    assert address(text, (Span(2, 5), Span(5, 9), Span(10, 12), Span(17, 20))) == "解放路锦绣家园，7栋"
    assert address(text, ()) == ""
    assert address(text, (Span(50, 60),)) == ""


# --- what comes next --------------------------------------------------------------------------------------------------


def test_what_is_missing_is_asked_and_duty_and_standard_are_said(desk: Desk) -> None:
    client = desk.client("agent")
    html = live(client, phone="", place="", area_code="")
    assert "怎么找您" in html
    assert "这件事在哪里" in html
    assert "办结标准" in html
    assert "按机器提议的事项" in html
    assert "够办了" in live(client)


def test_a_danger_names_the_number_and_the_words_to_say(desk: Desk) -> None:
    client = desk.client("agent")
    html = live(client, text=FIRE)
    assert "tel:119" in html
    assert "正在为您转接 119" in html
    assert "tel:" not in live(client)
    assert "tel:110" in live(client, urgency="critical")


def test_a_critical_one_leads_to_the_hand_over(desk: Desk) -> None:
    client = desk.client("agent")
    response = press(client, text=FIRE, urgency="critical")
    assert response.headers["Location"].endswith("?act=transfer#act-transfer")
    assert the_order(desk, response).urgency == "critical"
    assert "先打电话" in page(client.get(response.headers["Location"]))


def test_a_known_answer_is_offered_and_waits_on_the_order_page(desk: Desk, pack: packs.City) -> None:
    knowledge.load(pack=pack, authority_id=desk.authority_id, at=desk.at)
    client = desk.client("agent")
    html = live(client, text="物业费没交能停水停电吗？", kind="consult")
    [entry, *_] = re.findall(r'value="answer:(\d+)"', html)
    response = press(client, f"answer:{entry}", text="物业费没交能停水停电吗？", kind="consult", urgency="normal")
    assert response.headers["Location"].endswith(f"?act=answer&entry={entry}#act-answer")
    order = the_order(desk, response)
    assert order.state == "registered"
    html = page(client.get(response.headers["Location"]))
    assert f'<option value="{entry}" selected>' in html


# --- who is calling ---------------------------------------------------------------------------------------------------


def test_a_known_number_shows_a_masked_person_and_how_it_ended(desk: Desk) -> None:
    order_id = desk.appeal(title="路灯不亮", secret=True)
    html = live(desk.client("agent"), "caller")
    assert "张**" in html
    assert "138****5678" in html
    assert "13812345678" not in html
    assert "路灯不亮" in html
    assert f'href="/desk/orders/{order_id}/" target="_blank"' in html
    assert "以前要求过身份保密" in html


@pytest.mark.parametrize(("phone", "words"), [("123", "还不是完整"), ("13900000000", "没有来过"), ("", "写完号码")])
def test_a_number_that_says_nothing(desk: Desk, phone: str, words: str) -> None:
    assert words in live(desk.client("agent"), "caller", phone=phone)


def test_nobody_learns_of_a_person_outside_their_scope(desk: Desk, grid_worker: Client) -> None:
    desk.appeal(title="路灯不亮")
    html = live(grid_worker, "caller")
    assert "没有来过" in html
    assert "张**" not in html
    assert "路灯" not in html


# --- grid workers -----------------------------------------------------------------------------------------------------


def test_a_grid_worker_reports_from_the_own_area_and_hears_number_and_code(desk: Desk, grid_worker: Client) -> None:
    first = page(grid_worker.get(TAKE))
    assert 'value="青石区"' in first
    assert re.findall(r'<option value="(\w+)"[^>]*>[^<]*网格', first) == ["grid"]
    response = press(grid_worker, channel="grid")
    assert response.headers["Location"] == TAKE, "the order lies with nobody yet, so it is not theirs to see"
    shown = re.findall(r'<b class="read-out mono">([^<]+)</b>', page(grid_worker.get(TAKE)))
    proven = workorder.prove(number=shown[0], code=shown[1])
    assert proven is not None


def test_a_grid_worker_reports_nothing_from_elsewhere(desk: Desk, grid_worker: Client) -> None:
    city = next(area.name for area in organisation.areas(desk.authority_id) if area.level == "city")
    for place in (city, ""):
        response = press(grid_worker, channel="grid", area_code=place)
        assert response.status_code == 422
        assert "范围内的事" in page(response)
    assert press(grid_worker, channel="phone").status_code == 422
    assert all_orders(desk) == 0


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("data_dir")
def test_photos_are_staged_as_they_are_chosen_and_go_with_the_order(desk: Desk) -> None:
    client = desk.client("agent")
    html = live(client, "files", files=[photo(), photo("井盖.jpg")])
    kept = re.findall(r'name="photo" value="([^"]+)"', html)
    assert len(kept) == 2
    left = live(client, "", drop=kept[0].split(" ")[0], photo=kept)
    assert re.findall(r'name="photo" value="([^"]+)"', left) == kept[1:]
    order = the_order(desk, press(client, photo=kept[1:]))
    assert len(files.for_stream(Stream("order", order.id))) == 1


@pytest.mark.usefixtures("data_dir")
def test_a_bad_file_costs_neither_words_nor_good_files(desk: Desk) -> None:
    bad = SimpleUploadedFile("动图.jpg", b"MZ not a photo", "image/jpeg")
    response = press(desk.client("agent"), files=[bad, photo()])
    assert response.status_code == 422
    html = page(response)
    assert 'href="#id_files"' in html
    assert "阀门.jpg" in html
    assert TEXT in html


@pytest.mark.usefixtures("data_dir")
def test_photos_without_script_go_along_with_the_same_press(desk: Desk) -> None:
    order = the_order(desk, press(desk.client("agent"), files=[photo()]))
    assert len(files.for_stream(Stream("order", order.id))) == 1


# --- the session, the language, the cost ------------------------------------------------------------------------------


@pytest.mark.usefixtures("desk")
def test_a_session_that_ended_gives_back_what_was_typed() -> None:
    response = Client().post(TAKE, {**GOOD, "go": "submit"})
    assert response.status_code == 401
    html = page(response)  # type: ignore[arg-type]
    assert TEXT in html
    assert "13812345678" in html
    assert f"/desk/sign-in/?next={TAKE}" in html


def test_the_page_is_english_when_asked(desk: Desk) -> None:
    client = desk.client("agent", "en")
    for html in (page(client.get(TAKE)), page(press(client, text="", urgency=""))):
        plain = re.sub(r"<datalist.*?</datalist>|<option.*?</option>|<[^>]+>|中文", "", html, flags=re.S)
        left = [each for each in re.findall(r"[\u4e00-\u9fff]+", plain) if each not in "王agent云江市青石区"]
        assert not left, left


def test_statements_of_the_page_of_a_look_and_of_registering(desk: Desk, count_queries: Count) -> None:
    desk.appeal()
    client = desk.client("agent")
    client.get(TAKE)
    with count_queries(MOST):
        client.get(TAKE)
    press(client, "look")
    with count_queries(MOST):
        press(client, "look")
    with count_queries(MOST):
        assert press(client).status_code == 302
    with count_queries(MOST):
        assert press(client, text="").status_code == 422
    with count_queries(11):
        live(client, "caller")


def test_no_inline_script_or_style(desk: Desk) -> None:
    html = page(press(desk.client("agent"), "look", text=FIRE))
    assert " style=" not in html
    assert not re.findall(r"<script(?![^>]*(?:src=|application/json))", html)
