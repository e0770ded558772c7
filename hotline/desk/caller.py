"""Who is on the line: earlier appeals of a number, as far as the viewer may see them, and how each ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from hotline.organisation.viewer import Viewer
from hotline.refusal import N_
from hotline.residents.masking import mask_phone, normalise_phone
from hotline.workorder import queries as workorder
from hotline.workorder.lifecycle import STATE_LABELS, State
from hotline.workorder.views import InboxQuery, InboxRow

SHOWN = 5  # earlier appeals
EVERY = tuple(state.value for state in State)
ENDINGS: Mapping[str, str] = {
    "solved": N_("已解决"),
    "unsolved": N_("办结，没有解决"),
    "unreached": N_("办结，没有回访到"),
    "final": N_("作了最终答复"),
    "answered": N_("当场答复"),
    "referred": N_("告知了法定途径"),
    "declined": N_("没有受理"),
    "transferred": N_("转了紧急热线"),
    "withdrawn": N_("本人撤回"),
}


@dataclass(frozen=True)
class Earlier:
    """One earlier appeal and how it ended, or how it stands."""

    order_id: int
    title: str
    at: datetime
    ending: str
    open: bool


@dataclass(frozen=True)
class Caller:
    """A number: masked, who it was, and what came of it. `known` is False where the viewer may see nothing of it."""

    phone: str
    name: str
    secret: bool
    total: int
    earlier: tuple[Earlier, ...]

    @property
    def known(self) -> bool:
        """Whether this number came before, as far as the viewer may know."""
        return self.total > 0


def find(phone: str, viewer: Viewer, at: datetime) -> Caller | None:
    """The caller behind what was typed; None while it is no whole number. At most 7 statements.

    Only orders within the viewer's scope are looked at, so nobody learns of a person elsewhere.
    """
    number = normalise_phone(phone)
    if number is None:
        return None
    query = InboxQuery(states=EVERY, words=number, order_by="newest", per_page=SHOWN)
    page = workorder.inbox(viewer, query, at)
    name = next((row.person.name for row in page.rows if row.person.name), "")
    earlier = tuple(_earlier(row) for row in page.rows)
    return Caller(mask_phone(number), name, any(row.secret for row in page.rows), page.total, earlier)


def _earlier(row: InboxRow) -> Earlier:
    ending = ENDINGS.get(row.outcome)
    words = gettext(ending) if ending else gettext(STATE_LABELS[State(row.state)])
    return Earlier(row.order_id, row.title or row.number, row.registered_at, words, not ending)
