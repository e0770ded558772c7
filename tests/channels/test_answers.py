"""Which words of the staff a resident may read, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hotline.channels import progress


@dataclass(frozen=True)
class Said:
    """An event with its public texts."""

    kind: str
    at: datetime
    facts: Mapping[str, object] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


def replied(at: datetime, words: str, state: str) -> Said:
    """A unit's answer, and where the order went with it."""
    return Said("order.replied", at, {"state": state}, {"reply_public": words})


def test_an_answer_that_is_still_looked_at_is_none_yet(at: datetime) -> None:
    looked_at = replied(at, "已经修好", "reviewing")
    assert progress.reply([looked_at]) == ""
    assert progress.reply([looked_at, Said("order.reply_approved", at)]) == "已经修好"


def test_an_answer_that_was_sent_back_is_never_shown(at: datetime) -> None:
    first, second = replied(at, "我们知道了", "reviewing"), replied(at, "换了灯头", "reviewing")
    back, good = Said("order.sent_back", at), Said("order.reply_approved", at)
    assert progress.reply([first, back]) == ""
    assert progress.reply([first, back, second]) == ""
    assert progress.reply([first, back, second, good]) == "换了灯头"


def test_the_answer_before_stays_while_a_new_one_is_looked_at(at: datetime) -> None:
    way = [replied(at, "已派人", "replied"), Said("order.reworked", at), replied(at, "又派了人", "reviewing")]
    assert progress.reply(way) == "已派人"


def test_every_other_public_answer_is_shown_at_once(at: datetime) -> None:
    for kind in ("order.answered", "order.reply_shared", "order.finally_answered", "order.replied"):
        assert progress.reply([Said(kind, at, {}, {"reply_public": "答复"})]) == "答复"


def test_what_a_resident_was_told_to_do_is_shown_while_it_holds() -> None:
    told = {"guidance": "请拍一张票据"}
    assert progress.guidance("waiting", "", told) == "请拍一张票据"
    assert progress.guidance("signed", "", told) == ""
    assert progress.guidance("archived", "declined", told) == "请拍一张票据"
