"""What still has to be asked, so that somebody can act: put as questions, in the resident's words."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Protocol

from hotline.intake.appeal import AppealForm
from hotline.refusal import N_

# "路灯不亮" can be acted on, "你好" cannot.
ENOUGH_CHARACTERS = 4
_KINDS_WITH_PLACE = frozenset({"help", "complaint", "report"})


class _NeedsPlace(Protocol):
    @property
    def place_needed(self) -> bool: ...


@dataclass(frozen=True)
class Question:
    """One thing to ask: `code` for programs, `text` (msgid) for people, the form `field` that answers it."""

    code: str
    text: str
    field: str


TELL_MORE = Question("tell_more", N_("请再写一两句：发生了什么，想请我们做什么？"), "text")
WHERE = Question("where", N_("这件事在哪里？写路名、小区或附近的标志物就行。"), "place")
HOW_TO_REACH = Question("how_to_reach", N_("怎么找您？请留一个电话；不想留，请选“匿名反映”。"), "phone")


def missing(form: AppealForm, matter: _NeedsPlace | None) -> tuple[Question, ...]:
    """The questions that `form` leaves open, in the order to ask them; empty: it can be acted on.

    Without a known `matter` a place is asked for where the kind says that somebody has to go and look.
    """
    questions = []
    if _words(form.text) + _words(form.title or "") < ENOUGH_CHARACTERS:
        questions.append(TELL_MORE)
    place_needed = matter.place_needed if matter is not None else form.kind in _KINDS_WITH_PLACE
    if place_needed and not form.place and not form.area_code:
        questions.append(WHERE)
    if not form.anonymous and not form.phone:
        questions.append(HOW_TO_REACH)
    return tuple(questions)


def _words(text: str) -> int:
    """How many letters, digits or Chinese characters there are; punctuation and emoji say nothing."""
    return sum(unicodedata.category(character)[0] in "LN" for character in text)
