"""An incident as every face says it: at the desk, on the public page, to robots."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from hotline.ui import moment
from hotline.workorder.incident import NOTICE_LABELS, STATE_LABELS, IncidentView, NoticeView

SHAPES: Mapping[str, str] = {"open": "doing", "restored": "done", "closed": "done"}
Names = Callable[[str], str]  # a code's name in the language of the page


@dataclass(frozen=True)
class Said:
    """What was said to everybody, in the page's language where somebody wrote it, and the language that it is in."""

    label: str
    text: str
    lang: str
    at: datetime
    expected: str


@dataclass(frozen=True)
class Line:
    """An incident in words. `expected` is "" when nobody knows or it is over; `late`: it should be over by now."""

    id: int
    state: str
    state_label: str
    shape: str
    matter: str
    areas: str
    words: Said | None
    news: Said | None
    started_at: datetime
    restored_at: datetime | None
    expected: str
    late: bool
    joined: int
    joinable: bool


def line(view: IncidentView, area: Names, matter: Names, at: datetime) -> Line:
    """An incident in the page's words; `area` and `matter` name its codes."""
    running = view.state == "open"
    return Line(
        id=view.id,
        state=view.state,
        state_label=STATE_LABELS[view.state],
        shape=SHAPES[view.state],
        matter=matter(view.matter_code),
        areas=moment.listed(area(code) or code for code in view.area_codes),
        words=said(view.announcement, at),
        news=said(view.news, at),
        started_at=view.started_at,
        restored_at=view.restored_at,
        expected=moment.moment_words(view.expected_at, at) if view.expected_at and running else "",
        late=running and view.expected_at is not None and view.expected_at < at,
        joined=view.joined,
        joinable=view.joinable,
    )


def said(notice: NoticeView | None, at: datetime) -> Said | None:
    """A notice in the page's language; Chinese where nobody wrote English."""
    if notice is None:
        return None
    english = bool(notice.words_en) and not moment.in_chinese()
    expected = notice.expected_at if notice.kind != "restoration" else None
    return Said(
        gettext(NOTICE_LABELS[notice.kind]),
        notice.words_en if english else notice.words,
        "en" if english else "zh-CN",
        notice.noticed_at,
        moment.moment_words(expected, at) if expected else "",
    )
