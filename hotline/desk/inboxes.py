"""Reading a list's address: filters, sorting and page from the query, each unknown value simply not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from hotline.desk import names
from hotline.organisation.roles import Role
from hotline.policy.policy import Policy
from hotline.workorder.choices import KINDS
from hotline.workorder.lifecycle import STATE_LABELS, State
from hotline.workorder.views import InboxQuery

SORTS = ("due", "newest", "oldest")
# Before an order is dispatched no clock runs, so these queues are sorted by urgency.
UNTIMED = frozenset({Role.AGENT, Role.DISPATCHER})
ASKING_IN = ("signed",)  # where a unit may ask for more time: no turn of those who decide
LONGEST_SEARCH = 100  # characters
LAST_PAGE = 1000
CLASS_DIGITS = 2  # the start of a matter's code that names its first-level class


@dataclass(frozen=True)
class Choice:
    """One option of a filter."""

    value: str
    label: str
    chosen: bool


def read(params: Mapping[str, str], *, everything: bool) -> InboxQuery:
    """The list that an address asks for; `everything` shows all states instead of what waits for the viewer."""
    known = {state.value for state in State}
    state = params.get("state", "")
    every = tuple(each.value for each in State) if everything else ()
    unit = params.get("unit", "")
    page = params.get("page", "")
    sort = params.get("sort", "")
    asking = params.get("asking") == "1"
    return InboxQuery(
        states=(state,) if state in known else (ASKING_IN if asking else every),
        matter=_code(params.get("matter", "")),
        unit_id=int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 15 else None,
        channel=_code(params.get("channel", "")),
        kind=params.get("kind", "") if params.get("kind", "") in dict(KINDS) else "",
        area=_code(params.get("area", "")),
        urgent=params.get("urgent") == "1",
        overdue=params.get("overdue") == "1",
        asking=asking,
        escalated=params.get("escalated") == "1",
        words=params.get("words", "").replace("\x00", "").strip()[:LONGEST_SEARCH],
        order_by=sort if sort in SORTS else ("newest" if everything else "due"),
        page=max(1, min(LAST_PAGE, int(page))) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def _code(text: str) -> str:
    return (
        text
        if text.isascii() and text.replace("_", "").replace("-", "").replace(".", "").isalnum() and len(text) <= 40
        else ""
    )


def narrows(query: InboxQuery) -> bool:
    """Whether anything but a search, a state and a page narrows the list."""
    chosen = (query.matter, query.channel, query.kind, query.urgent, query.overdue, query.unit_id, query.area)
    return any((*chosen, query.asking, query.escalated))


def state_choices(chosen: str) -> list[Choice]:
    """All states, in the order of the walk."""
    return [Choice(state.value, gettext(STATE_LABELS[state]), state.value == chosen) for state in State]


def kind_choices(chosen: str) -> list[Choice]:
    """The kinds of appeal."""
    return [Choice(code, gettext(label), code == chosen) for code, label in KINDS]


def channel_choices(policy: Policy, chosen: str) -> list[Choice]:
    """The doors that are open in this city, and the one that is chosen."""
    shown = ((code, each) for code, each in policy.channels.items() if each.open or code == chosen)
    return [Choice(code, names.named(each), code == chosen) for code, each in shown]


def class_choices(policy: Policy, chosen: str) -> list[Choice]:
    """The first-level classes of the matter catalogue; their code is the start of the code of every matter in them."""
    found: dict[str, str] = {}
    for code, matter in policy.matters.items():
        found.setdefault(code[:CLASS_DIGITS], names.levels(matter)[0])
    return [Choice(code, name, chosen[:CLASS_DIGITS] == code) for code, name in sorted(found.items())]


def sort_choices(chosen: str, *, untimed: bool) -> list[Choice]:
    """How a list may be sorted; `untimed` where no clock runs and the urgent go first instead."""
    first = gettext("急件在前，再按先后") if untimed else gettext("快到期的在前")
    labels = {"due": first, "newest": gettext("新来的在前"), "oldest": gettext("最早的在前")}
    return [Choice(code, labels[code], code == chosen) for code in SORTS]
