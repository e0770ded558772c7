"""What a resident sees and does while their appeal waits for them, was put off, merged or finally answered."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hotline.intake import services as intake
from hotline.intake.exits import ExitChoice
from hotline.ledger import queries as ledger
from hotline.ledger.record import Stream
from hotline.organisation.viewer import Viewer
from hotline.workorder import queries as orders
from hotline.workorder import services as workorder
from hotline.workorder.facts import (
    Amended,
    Dispatched,
    ExtensionAsked,
    ExtensionGranted,
    Facts,
    FinallyAnswered,
    Hung,
    Merged,
    Paused,
    ResultRecorded,
    Signed,
    SupplementAsked,
)
from hotline.workorder.services.attaching import Upload, attach
from tests.channels.conftest import City
from tests.channels.form.test_track_pages import act, enter, orders_matters, page
from tests.files.samples import picture


@pytest.fixture
def visitor(city: City, data_dir: Path) -> Client:
    """A resident's browser."""
    return Client()


class Unit:
    """A unit that signed for an appeal, and those who decide about it."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.taken = city.take(kind="help", title="南门路灯不亮")
        unit = city.unit()
        self.agent, self.dispatcher = city.viewer("agent"), city.viewer("dispatcher")
        self.clerk, self.supervisor = city.viewer("clerk", unit), city.viewer("supervisor")
        self.move(Amended(matter_code=orders_matters(city)[0]), self.agent)
        choice = ExitChoice("process")
        intake.decide_exit(order_id=self.taken.order_id, choice=choice, viewer=self.agent, at=city.at)
        self.move(Dispatched(unit_id=unit.id), self.dispatcher)
        self.move(Signed(), self.clerk)

    def move(self, facts: Facts, viewer: object, **texts: str) -> None:
        """One step by one of them."""
        actor = viewer.actor()  # type: ignore[attr-defined]
        workorder.move(order_id=self.taken.order_id, facts=facts, actor=actor, at=self.city.at, texts=texts)

    def page(self, visitor: Client) -> str:
        """The page as the resident sees it."""
        enter(visitor, self.taken.number, self.taken.query_code)
        return page(visitor.get(reverse("form:order")))

    @property
    def state(self) -> str:
        """Where the order stands."""
        return orders.public(self.taken.order_id, self.city.at).state


def test_a_resident_answers_what_was_asked_and_the_appeal_goes_on(visitor: Client, city: City) -> None:
    taken = city.take(title="南门路灯不亮")
    asked = SupplementAsked(missing="place")
    texts = {"guidance": "请写清是几号灯杆"}
    workorder.move(order_id=taken.order_id, facts=asked, actor=city.viewer("agent").actor(), at=city.at, texts=texts)
    enter(visitor, taken.number, taken.query_code)
    html = page(visitor.get(reverse("form:order")))
    assert "轮到您了" in html
    assert "请写清是几号灯杆" in html
    assert "没有回音的" in html
    photo = SimpleUploadedFile("灯杆.jpg", picture(), content_type="image/jpeg")
    version = orders.public(taken.order_id, city.at).version
    sent = act(visitor, "supplement", **{"supplement-words": "7 号灯杆", "version": version, "files": photo})
    assert sent.status_code == 302
    order = orders.public(taken.order_id, city.at)
    assert (order.state, order.texts["supplement"]) == ("registered", "7 号灯杆")
    kinds = [event.kind for event in ledger.timeline(Stream("order", taken.order_id))]
    assert kinds.count("file.attached") == 1
    assert "附件 1" in page(visitor.get(reverse("form:order")))


def test_words_are_kept_when_a_file_is_refused_and_nothing_is_half_done(visitor: Client, city: City) -> None:
    unit = Unit(city)
    unit.move(Paused(reason="documents"), unit.clerk, guidance="请把票据拍给我们")
    html = unit.page(visitor)
    assert "请把票据拍给我们" in html
    bad = SimpleUploadedFile("票据.jpg", b"no picture at all", content_type="image/jpeg")
    answer = act(visitor, "supplement", **{"supplement-words": "票据在这里", "files": bad})
    assert answer.status_code == 422
    assert "票据在这里" in page(answer)
    assert unit.state == "waiting"
    assert act(visitor, "supplement", **{"supplement-words": "票据号 123"}).status_code == 302
    assert unit.state == "signed"


def test_the_limit_is_said_and_that_it_was_put_off(visitor: Client, city: City) -> None:
    unit = Unit(city)
    assert "答复您" in unit.page(visitor)
    assert "后来延长了" not in unit.page(visitor)
    unit.move(ExtensionAsked(extension_asked=1, reason="works"), unit.clerk, extension_reason="电缆要订货")
    assert "电缆要订货" not in unit.page(visitor)
    unit.move(ExtensionGranted(), unit.dispatcher)
    html = unit.page(visitor)
    assert "后来延长了" in html
    assert "答复期限延长了" in html


def test_a_hung_appeal_says_why_and_when_it_is_looked_at_again(visitor: Client, city: City) -> None:
    unit = Unit(city)
    hung = Hung(reason="funds", approver="centre_head", review_at=city.at + timedelta(days=30))
    unit.move(hung, unit.supervisor, guidance="要等明年立项，我们会盯着")
    html = unit.page(visitor)
    assert "12月20日" in html
    assert "要等明年立项" in html
    assert "轮到您了" not in html


def test_a_merged_appeal_says_so_and_may_still_be_added_to(visitor: Client, city: City) -> None:
    unit, other = Unit(city), city.take(title="西门路灯不亮", phone="13800009999")
    unit.move(Merged(head_id=other.order_id), unit.dispatcher)
    html = unit.page(visitor)
    assert "和同一件事的其他反映一起办" in html
    assert other.number not in html
    assert act(visitor, "supplement", **{"supplement-words": "西门也黑"}).status_code == 302
    assert unit.state == "merged"


def test_the_scale_is_the_city_s_own(visitor: Client, city: City) -> None:
    from tests.channels.form.test_track_pages import replied

    taken = replied(city)
    enter(visitor, taken.number, taken.query_code)
    html = page(visitor.get(reverse("form:order")))
    steps = [words for words in ("非常满意", "基本满意", "非常不满意") if words in html]
    assert len(steps) == 3


def test_a_final_answer_is_shown_and_not_reopened_from_the_page(visitor: Client, city: City) -> None:
    from tests.channels.form.test_track_pages import replied

    taken, supervisor = replied(city), city.viewer("supervisor")
    order_id = taken.order_id
    paper = sealed_paper(order_id, supervisor, city)
    steps: tuple[tuple[Facts, dict[str, str]], ...] = (
        (ResultRecorded(contacted=True, solved=False, satisfaction="dissatisfied"), {}),
        (FinallyAnswered(basis="unreasonable", approver="centre_head", file_ids=paper), {"reply_public": "最终意见"}),
    )
    for facts, texts in steps:
        workorder.move(order_id=order_id, facts=facts, actor=supervisor.actor(), at=city.at, texts=texts)
    enter(visitor, taken.number, taken.query_code)
    html = page(visitor.get(reverse("form:order")))
    assert "最终意见" in html
    assert "这是最终答复" in html
    assert 'value="reopen"' not in html


def sealed_paper(order_id: int, viewer: Viewer, city: City) -> tuple[int, ...]:
    """A sealed paper of the order."""
    upload = Upload("盖章.jpg", BytesIO(picture()))
    return attach(order_id=order_id, uploads=[upload], actor=viewer.actor(), at=city.at)
