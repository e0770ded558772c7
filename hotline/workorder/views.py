"""What other rooms and the faces see of orders: frozen values, never a model. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hotline.refusal import Reason


@dataclass(frozen=True)
class PersonView:
    """The person behind an order, masked; `revealable` says whether this viewer may ask to see more."""

    resident_id: int | None
    name: str
    phone: str
    kind: str = "person"
    secret: bool = False
    erased: bool = False
    revealable: bool = False


@dataclass(frozen=True)
class ClockRow:
    """One run of a clock; `outcome` is "" while it runs, else met, late, cancelled; `unit` says what it counts."""

    kind: str
    started_at: datetime
    due_at: datetime
    warn_at: datetime | None
    stopped_at: datetime | None
    outcome: str
    round: int = 0
    unit: str = "working_days"
    paused_at: datetime | None = None
    provisional: bool = False  # it counts days of a year whose make-up days are not published
    first_due_at: datetime | None = None  # before it was extended, paused or reckoned anew


@dataclass(frozen=True)
class UnitRef:
    """A unit as a page names it."""

    id: int
    name: str
    name_en: str


@dataclass(frozen=True)
class InboxRow:
    """One line of an inbox. `matter`, `area` are names; `due` is the running clock that ends first."""

    order_id: int
    number: str
    title: str
    state: str
    kind: str
    urgency: str
    channel: str
    matter_code: str
    area_code: str
    unit: UnitRef | None
    person: PersonView
    registered_at: datetime
    due: ClockRow | None
    returns: int
    rounds: int
    next_action: str  # the law's action that this viewer would take next, "" if none
    secret: bool = False
    outcome: str = ""  # how it ended, "" while it goes on


@dataclass(frozen=True)
class InboxQuery:
    """What a list shows. Empty values do not filter; `states` () means the states that wait for the viewer's role."""

    states: tuple[str, ...] = ()
    matter: str = ""  # code or its first digits (class)
    unit_id: int | None = None
    channel: str = ""
    kind: str = ""
    area: str = ""  # code or its first digits
    urgent: bool = False
    overdue: bool = False
    asking: bool = False  # only those whose unit asks for more time
    escalated: bool = False
    words: str = ""  # number, phone, last four, or words of two characters or more
    order_by: str = "due"  # due | newest | oldest
    page: int = 1
    per_page: int = 30


@dataclass(frozen=True)
class Page:
    """One page of an inbox; `total` is counted up to `counted_to` (None: exact)."""

    rows: tuple[InboxRow, ...]
    page: int
    per_page: int
    total: int
    more: bool
    capped: bool = False


@dataclass(frozen=True)
class ActionField:
    """One field of a form: widget is choice, yesno, bool, moment, number, unit, units, matter, area, entry, order (an
    order's number), evidence (several choices), files (the order's own) or text."""

    name: str
    label: str
    widget: str
    required: bool
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    longest: int | None = None
    is_text: bool = False
    initial: Any = None


@dataclass(frozen=True)
class LawfulAction:
    """An action and whether this viewer may take it now; `reasons` say why not. `primary` is the one next step."""

    action: str
    label: str
    allowed: bool
    reasons: tuple[Reason, ...] = ()
    fields: tuple[ActionField, ...] = ()
    primary: bool = False


@dataclass(frozen=True)
class TimelineEntry:
    """One step of the way: an event, who did it (unit or role words, never a resident's name), and its texts."""

    event_id: int
    kind: str  # e.g. order.dispatched, order.read, identity.viewed, message.sent
    at: datetime
    recorded_at: datetime
    actor_kind: str
    actor_role: str
    actor_name: str
    unit: UnitRef | None
    facts: Mapping[str, Any]
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FileRef:
    """A file that hangs on the order; size in bytes."""

    id: int
    media_type: str
    size: int


@dataclass(frozen=True)
class AssistView:
    """A unit that assists: when it said what it did, and its own clock."""

    unit: UnitRef
    replied_at: datetime | None
    clock: ClockRow | None


@dataclass(frozen=True)
class OrderRef:
    """Another order that this one has to do with."""

    id: int
    number: str
    state: str


@dataclass(frozen=True)
class OrderView:
    """All that a viewer may know of one order."""

    id: int
    number: str
    version: int
    authority_id: int
    state: str
    outcome: str
    waits_in: str
    kind: str
    matter_code: str
    area_code: str
    urgency: str
    channel: str
    line: str
    unit: UnitRef | None
    assists: tuple[AssistView, ...]
    person: PersonView
    secret: bool
    registered_at: datetime
    own_at: datetime | None
    rounds: int
    returns: int
    attempts: int
    solved: bool | None
    policy_version_id: int
    texts: Mapping[str, str]  # newest of each kind: title, appeal, place, reply_public …
    clocks: tuple[ClockRow, ...]
    timeline: tuple[TimelineEntry, ...]
    actions: tuple[LawfulAction, ...]
    files: tuple[FileRef, ...] = ()
    first_unit: UnitRef | None = None  # whom the hotline gave it to (首办单位)
    first_by_silence: bool = False  # not returned within the window: 首办责任单位
    return_until: datetime | None = None
    extension_asked: int = 0
    extensions: int = 0
    bound: bool = False
    head: OrderRef | None = None
    split_from: OrderRef | None = None
    members: tuple[OrderRef, ...] = ()  # at most 50 of those merged into it
    parts: tuple[OrderRef, ...] = ()


@dataclass(frozen=True)
class Tally:
    """How many orders wait, by state: all, those with a clock that has run out, and those marked urgent."""

    waiting: Mapping[str, int]
    overdue: Mapping[str, int]
    urgent: Mapping[str, int]


@dataclass(frozen=True)
class AreaCount:
    """Open orders of one area, and how many of them are late."""

    area_code: str
    open: int
    overdue: int
