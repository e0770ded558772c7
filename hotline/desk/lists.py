"""A list of orders as a page draws it: rows with their words, counts that filter, ways to the next page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from hotline.desk import names
from hotline.desk.standing import renamed
from hotline.desk.working_time import Reckoning
from hotline.organisation.queries import areas
from hotline.organisation.roles import Role
from hotline.organisation.viewer import Viewer
from hotline.policy.policy import Policy
from hotline.ui import moment
from hotline.ui.clockface import ClockFace, face
from hotline.workorder.choices import KINDS
from hotline.workorder.lifecycle import ACTION_LABELS, OPEN, RULES, STATE_LABELS, Action, State, who
from hotline.workorder.views import InboxQuery, InboxRow, Tally

KIND_LABELS = dict(KINDS)
# Where an order cannot go on because something is not known yet, checking it is the next step.
CHECK_FIRST = "amend"
UNCHECKED = ("registered", "accepted", "returned")
CHECKERS = who(CHECK_FIRST)
# Whom the law lets merge orders, and where: these rows can be ticked.
JOINERS = who("merge")
JOINED_IN = frozenset(state.value for rule in RULES["merge"] for state in rule.origin)


@dataclass(frozen=True)
class Line:
    """One order in a list, in words. `tone` is "", warn or late: the mark at the row's edge; `waited` says how long an
    open order has waited where no clock runs."""

    row: InboxRow
    title: str
    clock: ClockFace | None
    waited: str
    tone: str
    state_label: str
    kind: str
    place: str
    channel_name: str
    next_step: str
    may_merge: bool = False


@dataclass(frozen=True)
class Counter:
    """A number above the list that filters it; None where it is not counted."""

    number: int | None
    label: str
    changes: dict[str, str]
    chosen: bool
    tone: str = ""


def lines(rows: Iterable[InboxRow], policy: Policy, viewer: Viewer, at: datetime) -> list[Line]:
    """The rows of a list in the page's language. No query when the areas are warm."""
    index, reckon = areas(viewer.authority_id), Reckoning(policy)
    found = []
    for row in rows:
        clock = face(renamed(row.due, row.state), at, reckon.of(row.due)) if row.due else None
        channel = policy.channels.get(row.channel)
        kind = KIND_LABELS.get(row.kind, "")
        action = row.next_action or (CHECK_FIRST if row.state in UNCHECKED and viewer.role in CHECKERS else "")
        step = gettext(ACTION_LABELS[Action(action)]) if action else ""
        found.append(
            Line(
                row=row,
                title=row.title or names.matter(policy, row.matter_code) or gettext("还没有标题"),
                clock=clock,
                waited="" if clock else _waited(row, at),
                tone=clock.tone if clock and clock.running else "",
                state_label=STATE_LABELS[State(row.state)],
                kind=gettext(kind) if kind else "",
                place=names.area(index, row.area_code),
                channel_name=names.named(channel) if channel else row.channel,
                next_step=step,
                may_merge=viewer.role in JOINERS and row.state in JOINED_IN,
            )
        )
    return found


def _waited(row: InboxRow, at: datetime) -> str:
    if State(row.state) not in OPEN:
        return ""
    return gettext("已等 %(span)s") % {"span": moment.between_words(row.registered_at, at)}


def counters(tally: Tally, query: InboxQuery, viewer: Viewer, asked: int | None = None) -> list[Counter]:
    """What waits: all, overdue, urgent, each state that has something; who decides on more time sees how many ask."""
    plain = not (query.overdue or query.urgent or query.asking or query.escalated or query.states)
    reset = {"state": "", "overdue": "", "urgent": "", "asking": "", "escalated": ""}
    found = [
        Counter(sum(tally.waiting.values()), gettext("全部待办"), reset, plain),
        Counter(sum(tally.overdue.values()), gettext("已超期"), {**reset, "overdue": "1"}, query.overdue, "late"),
        Counter(sum(tally.urgent.values()), gettext("急件"), {**reset, "urgent": "1"}, query.urgent, "warn"),
    ]
    if asked is not None:
        found.append(Counter(asked, gettext("待审延期"), {**reset, "asking": "1"}, query.asking, "warn"))
    for state in State:
        number = tally.waiting.get(state.value, 0)
        if number:
            chosen = query.states == (state.value,) and not query.asking
            found.append(Counter(number, gettext(STATE_LABELS[state]), {**reset, "state": state.value}, chosen))
    if viewer.role is Role.SUPERVISOR:
        found.append(Counter(None, gettext("已提级"), {**reset, "escalated": "1"}, query.escalated))
    return found


def decides_extensions(viewer: Viewer, policy: Policy) -> bool:
    """Whether this viewer may be the one who grants more time: the hotline centre, or a unit with others below it."""
    if policy.extension.approver == "hotline":
        return viewer.at_the_top and viewer.role in (Role.DISPATCHER, Role.SUPERVISOR)
    return viewer.role in (Role.DISPATCHER, Role.SUPERVISOR, Role.CLERK)
