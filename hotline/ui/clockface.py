"""A clock of an order, said in words first: what is left or how late, by when, and how much of it is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext

from hotline.refusal import N_
from hotline.ui.moment import between_words, due_words, moment_words, span_words

CLOCK_LABELS: Mapping[str, str] = {
    "dispatch": N_("派单"),
    "sign": N_("签收"),
    "contact": N_("先行联系"),
    "reply": N_("答复"),
    "assist": N_("协办"),
    "review": N_("审核"),
    "callback": N_("回访"),
}


class Reckoner(Protocol):
    """Working time between two moments, for one authority's calendar and one clock."""

    def __call__(self, start: datetime, end: datetime) -> tuple[int, int]:
        """Minutes that count from `start` to `end`, and the working minutes of one day (0: the clock never pauses)."""


@dataclass(frozen=True)
class ClockFace:
    """What a page shows of one clock. `tone` is "", warn, late, paused or done; `used` is 0 to 100 in steps of 5.

    `running` until it has ended, paused or not. `by` says itself that a due moment is provisional, so that no page can
    leave it out; `note` says why, "" where nothing is to be said.
    """

    label: str
    tone: str
    lead: str
    strong: str
    by: str
    used: int
    due_at: datetime
    running: bool
    status: str  # the shape of the status mark: wait, doing, done, late
    note: str = ""


class Clock(Protocol):
    """The part of a clock that a face reads."""

    @property
    def kind(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def warn_at(self) -> datetime | None: ...
    @property
    def stopped_at(self) -> datetime | None: ...
    @property
    def outcome(self) -> str: ...
    @property
    def paused_at(self) -> datetime | None: ...
    @property
    def provisional(self) -> bool: ...


def _calendar_time(start: datetime, end: datetime) -> tuple[int, int]:
    return max(0, int((end - start).total_seconds() // 60)), 0


def _step(share: float) -> int:
    return max(0, min(100, round(share * 20) * 5))


def face(clock: Clock, at: datetime, reckon: Reckoner = _calendar_time) -> ClockFace:
    """The face of `clock` at the moment `at`, its remaining time reckoned by `reckon`."""
    label = gettext(CLOCK_LABELS.get(clock.kind, clock.kind))
    if clock.stopped_at is not None or clock.outcome:
        return _stopped(clock, label, at, reckon)
    shown = _running(clock, label, at, reckon) if clock.paused_at is None else _paused(clock, label, at, reckon)
    return _doubted(shown) if clock.provisional else shown


def _running(clock: Clock, label: str, at: datetime, reckon: Reckoner) -> ClockFace:
    if at > clock.due_at:
        due = gettext("%(moment)s 到期") % {"moment": moment_words(clock.due_at, at)}
        return _late(clock, label, _length(reckon, clock.due_at, at), due)
    left, day = reckon(at, clock.due_at)
    whole, _ = reckon(clock.started_at, clock.due_at)
    warn = clock.warn_at is not None and at >= clock.warn_at
    return ClockFace(
        label,
        "warn" if warn else "",
        gettext("%(duty)s还剩") % {"duty": label},
        span_words(left, day_minutes=day or None),
        due_words(clock.due_at, at),
        _step(1 - left / whole) if whole else 100,
        clock.due_at,
        True,
        "doing",
    )


def _late(clock: Clock, label: str, overdue: str, by: str) -> ClockFace:
    lead = gettext("%(duty)s已超") % {"duty": label}
    return ClockFace(label, "late", lead, overdue, by, 100, clock.due_at, True, "late")


def _paused(clock: Clock, label: str, at: datetime, reckon: Reckoner) -> ClockFace:
    """Nothing of it passes: what it has left is what it had when it paused."""
    since = clock.paused_at or at
    by = gettext("%(moment)s 起暂停") % {"moment": moment_words(since, at)}
    if since > clock.due_at:
        return _late(clock, label, _length(reckon, clock.due_at, since), by)
    left, day = reckon(since, clock.due_at)
    lead, span = gettext("%(duty)s暂停计时，还剩") % {"duty": label}, span_words(left, day_minutes=day or None)
    return ClockFace(label, "paused", lead, span, by, 100, clock.due_at, True, "wait")


def _doubted(shown: ClockFace) -> ClockFace:
    """The same face, which says that a calendar may still move the due moment, and why."""
    by = gettext("%(moment)s（暂定）") % {"moment": shown.by}
    return replace(shown, by=by, note=gettext("途中有年度的调休安排尚未公布，到期时间可能调整。"))


def _length(reckon: Reckoner, start: datetime, end: datetime) -> str:
    """A length in counted time; in plain time where nothing of it counts (a weekend)."""
    minutes, day = reckon(start, end)
    return span_words(minutes, day_minutes=day or None) if minutes else between_words(start, end)


def _stopped(clock: Clock, label: str, at: datetime, reckon: Reckoner) -> ClockFace:
    if clock.outcome == "cancelled":
        words = gettext("已取消")
        return ClockFace(label, "done", label, words, "", 100, clock.due_at, False, "wait")
    stopped = clock.stopped_at or at
    by = moment_words(stopped, at)
    if clock.outcome == "late":
        words = gettext("超 %(span)s") % {"span": _length(reckon, clock.due_at, stopped)}
        return ClockFace(label, "late", label, words, by, 100, clock.due_at, False, "late")
    words = gettext("用时 %(span)s") % {"span": _length(reckon, clock.started_at, stopped)}
    return ClockFace(label, "done", label, words, by, 100, clock.due_at, False, "done")
