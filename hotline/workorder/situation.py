"""What the law looks at before an action: the order as it stands, who acts, and what is said. Pure values."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from hotline.ledger.record import Actor
from hotline.workorder.facts import Facts


@dataclass(frozen=True)
class Snapshot:
    """The order as far as the law needs it; `state` is "" before it is registered."""

    state: str = ""
    kind: str = ""
    matter_code: str = ""
    area_code: str = ""
    urgency: str = "normal"
    unit_id: int | None = None
    unit_path: str = ""
    outcome: str = ""
    rounds: int = 0
    returns: int = 0
    attempts: int = 0
    solved: bool | None = None


@dataclass(frozen=True)
class Situation:
    """One asked-for action: `texts` are the kinds of text that were written (not their words)."""

    order: Snapshot
    actor: Actor
    facts: Facts | None
    order_id: int = 0
    actor_path: str = ""
    texts: AbstractSet[str] = field(default_factory=frozenset)
    attempts_needed: int = 3
    known_units: AbstractSet[int] | None = None
    known_matters: AbstractSet[str] | None = None
    known_areas: AbstractSet[str] | None = None

    @property
    def role(self) -> str:
        """The law's name for who acts: a staff role, or the kind of actor."""
        return self.actor.role or "" if self.actor.kind == "staff" else self.actor.kind
