"""Until when the resident's appeal is answered, said in one line: running, standing still, or put off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from hotline.refusal import N_
from hotline.ui.moment import date_words, due_words
from hotline.workorder.queries import PublicOrder
from hotline.workorder.views import ClockRow

# While it waits, the review clock says when it is looked at again.
LOOKED_AT: Mapping[str, str] = {
    "incomplete": N_("没有回音的，%(day)s我们再看怎么办。"),
    "waiting": N_("没有回音的，%(day)s单位接着办。"),
    "hung": N_("%(day)s复查，能办了就接着办，也会告诉您。"),
}


@dataclass(frozen=True)
class Limit:
    """One line, and what has to be said beside it."""

    words: str
    more: str = ""


def limit(order: PublicOrder, at: datetime) -> Limit | None:
    """Until when the unit answers, or when a waiting appeal is looked at again; None while nobody has to."""
    running = {clock.kind: clock for clock in order.clocks if clock.stopped_at is None and not clock.outcome}
    review, reply = running.get("review"), running.get("reply")
    if review is not None and order.state in LOOKED_AT:
        return Limit(gettext(LOOKED_AT[order.state]) % {"day": date_words(review.due_at)}, _doubt(review))
    if reply is None or reply.paused_at is not None:
        return None
    if at > reply.due_at:
        return Limit(gettext("答复已经超过期限，我们在催。"))
    words = gettext("单位在 %(when)s答复您。") % {"when": due_words(reply.due_at, at)}
    first = reply.first_due_at
    later = first is not None and first < reply.due_at
    put_off = gettext("原定 %(day)s，后来延长了。") % {"day": date_words(first)} if first is not None and later else ""
    return Limit(words, put_off + _doubt(reply))


def _doubt(clock: ClockRow) -> str:
    """A date whose year's make-up days are not published may still move."""
    return gettext("放假调休安排公布后，这个日期可能调整。") if clock.provisional else ""
