"""What the law looks at before an action: the order as it stands, who acts, and what is said. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime

from hotline.ledger.record import Actor
from hotline.organisation.tree import UnitIndex, UnitView
from hotline.packs import Matter, Rulebook
from hotline.workorder.facts import Facts


@dataclass(frozen=True)
class Snapshot:
    """The order as far as the law needs it; `state` is "" before it is registered.

    `first_unit_id` is the unit that the hotline gave it to (首办单位), `unit_id` the one that leads now: they differ
    once it was handed down. `bound` means that the lead may not return it any more. `extension_asked` is in the unit of
    the policy's extensions, 0 while none is asked for. `assisting` counts assisting units.
    """

    state: str = ""
    kind: str = ""
    matter_code: str = ""
    area_code: str = ""
    urgency: str = "normal"
    unit_id: int | None = None
    first_unit_id: int | None = None
    dispatched_at: datetime | None = None
    ended_at: datetime | None = None
    bound: bool = False
    outcome: str = ""
    rounds: int = 0
    returns: int = 0
    attempts: int = 0
    escalations: int = 0
    extensions: int = 0
    extension_asked: int = 0
    assisting: int = 0
    head_id: int | None = None
    members: int = 0
    solved: bool | None = None
    policy_version_id: int | None = None


@dataclass(frozen=True)
class Head:
    """The order that another one is merged into, or follows: where it stands, who leads it, and whether an open
    incident stands on it."""

    id: int
    authority_id: int
    state: str
    head_id: int | None
    unit_id: int | None
    outcome: str
    incident: bool = False


@dataclass(frozen=True)
class Situation:
    """One asked-for action: `texts` are the kinds of text that were written (not their words).

    What is None was not looked up, and guards that need it keep quiet: `facts` while a page only asks what could be
    done, the sets when the action has nothing to do with them. `due` are the due moments of running clocks by kind.
    """

    order: Snapshot
    actor: Actor
    facts: Facts | None
    rules: Rulebook
    units: UnitIndex
    at: datetime
    order_id: int = 0
    authority_id: int = 0
    texts: AbstractSet[str] = field(default_factory=frozenset)
    known_areas: AbstractSet[str] | None = None
    files: AbstractSet[int] | None = None
    assists: AbstractSet[int] | None = None
    due: Mapping[str, datetime] | None = None
    return_until: datetime | None = None
    ask_until: datetime | None = None
    head: Head | None = None

    @property
    def role(self) -> str:
        """The law's name for who acts: a staff role, or the kind of actor."""
        return self.actor.role or "" if self.actor.kind == "staff" else self.actor.kind

    @property
    def own(self) -> UnitView | None:
        """The unit of who acts."""
        return self.units.get(self.actor.unit_id)

    @property
    def lead(self) -> UnitView | None:
        """The unit that leads the order."""
        return self.units.get(self.order.unit_id)

    @property
    def chosen(self) -> UnitView | None:
        """The unit that the facts speak of."""
        return self.units.get(getattr(self.facts, "unit_id", None))

    @property
    def upper_id(self) -> int | None:
        """The unit right above the lead."""
        return self.lead.parent_id if self.lead is not None else None

    @property
    def matter(self) -> Matter | None:
        """The row of the catalogue that the order is filed under."""
        return self.rules.matters.get(self.order.matter_code)

    @property
    def at_the_top(self) -> bool:
        """Does who acts sit at the hotline centre of the whole authority (or is no member of staff)?"""
        return self.actor.kind != "staff" or (self.own is not None and self.own.path.count("/") == 2)

    @property
    def covers(self) -> bool:
        """Is the lead the unit of who acts, or below it?"""
        return self.own is not None and self.lead is not None and self.lead.path.startswith(self.own.path)

    @property
    def above(self) -> bool:
        """Is who acts strictly above the lead?"""
        return self.covers and self.own != self.lead
