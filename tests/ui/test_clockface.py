"""A clock says in words what is left, how late it is, or how it ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import loader
from django.utils import translation

from hotline.ui.clockface import face

AT = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True)
class Clock:
    """As a room below hands it over."""

    kind: str = "reply"
    started_at: datetime = AT - timedelta(hours=2)
    due_at: datetime = AT + timedelta(hours=2)
    warn_at: datetime | None = None
    stopped_at: datetime | None = None
    outcome: str = ""
    paused_at: datetime | None = None
    provisional: bool = False


def test_a_running_clock_says_what_is_left_and_how_much_is_used() -> None:
    with translation.override("zh-hans"):
        shown = face(Clock(), AT)
    assert (shown.lead, shown.strong, shown.used, shown.tone) == ("答复还剩", "2 小时", 50, "")
    assert shown.running


def test_it_warns_from_its_warning_moment_on() -> None:
    assert face(Clock(warn_at=AT), AT).tone == "warn"
    assert face(Clock(warn_at=AT + timedelta(seconds=1)), AT).tone == ""


def test_a_late_clock_says_by_how_much() -> None:
    with translation.override("zh-hans"):
        shown = face(Clock(due_at=AT - timedelta(hours=3, minutes=12)), AT)
    assert (shown.tone, shown.strong) == ("late", "3 小时 12 分")


def test_time_that_does_not_count_is_left_out() -> None:
    with translation.override("zh-hans"):
        shown = face(Clock(due_at=AT + timedelta(days=3)), AT, lambda start, end: (480, 480))
    assert shown.strong == "1 个工作日"


def test_being_late_over_a_weekend_is_never_said_to_be_nothing() -> None:
    with translation.override("zh-hans"):
        shown = face(Clock(due_at=AT - timedelta(hours=5)), AT, lambda start, end: (0, 480))
    assert shown.strong == "5 小时"


def test_a_stopped_clock_says_how_it_ended() -> None:
    with translation.override("zh-hans"):
        met = face(Clock(stopped_at=AT, outcome="met"), AT)
        late = face(Clock(due_at=AT - timedelta(hours=1), stopped_at=AT, outcome="late"), AT)
        cancelled = face(Clock(stopped_at=AT, outcome="cancelled"), AT)
    assert (met.strong, met.status) == ("用时 2 小时", "done")
    assert (late.strong, late.status) == ("超 1 小时", "late")
    assert (cancelled.strong, cancelled.running) == ("已取消", False)


def test_a_paused_clock_keeps_what_it_had_left_however_long_it_rests() -> None:
    clock = Clock(due_at=AT + timedelta(hours=2), paused_at=AT)
    for later in (timedelta(0), timedelta(days=40)):
        with translation.override("zh-hans"):
            shown = face(clock, AT + later)
        assert (shown.lead, shown.strong, shown.tone, shown.status) == (
            "答复暂停计时，还剩",
            "2 小时",
            "paused",
            "wait",
        )
        assert shown.running
    assert "起暂停" in shown.by


def test_a_clock_that_was_late_when_it_paused_stays_late_by_as_much() -> None:
    with translation.override("zh-hans"):
        shown = face(Clock(due_at=AT - timedelta(hours=3), paused_at=AT), AT + timedelta(days=9))
    assert (shown.tone, shown.strong) == ("late", "3 小时")


@pytest.mark.parametrize(
    ("language", "mark", "why"), [("zh-hans", "（暂定）", "尚未公布"), ("en", "(provisional)", "not published")]
)
def test_a_provisional_due_moment_says_so_wherever_it_is_shown(language: str, mark: str, why: str) -> None:
    settled = Clock(due_at=AT + timedelta(days=40))
    late = Clock(due_at=AT - timedelta(hours=1))
    paused = Clock(paused_at=AT)
    with translation.override(language):
        for clock in (settled, late, paused):
            shown = face(replace(clock, provisional=True), AT)
            assert mark in shown.by
            assert why in shown.note
            assert mark not in face(clock, AT).by
            drawn = loader.render_to_string("ui/components/clock/clock.html", {"face": shown})
            assert mark in drawn
            assert why in drawn
