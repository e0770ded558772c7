"""The person under whose eyes a query runs: who, in which role, for which unit. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.ledger.record import Actor
from hotline.organisation.permissions import Capability, Reach, reach
from hotline.organisation.roles import Role


@dataclass(frozen=True)
class Viewer:
    """One membership of one member of staff. `unit_path` is the materialised path of the unit, e.g. "/1/5/"."""

    staff_id: int
    name: str
    role: Role
    unit_id: int
    unit_path: str
    authority_id: int
    language: str

    def actor(self) -> Actor:
        """How the ledger names this person: by number, role and unit, never by name."""
        return Actor("staff", id=str(self.staff_id), role=self.role.value, unit_id=self.unit_id)

    @property
    def at_the_top(self) -> bool:
        """Whether the unit is the root of its authority's tree, normally the hotline centre."""
        return self.unit_path.count("/") == 2

    def reach(self, capability: Capability) -> Reach | None:
        """Over the whole authority, over the own subtree, or not at all (None)."""
        return reach(self.role, capability, at_the_top=self.at_the_top)

    def holds(self, capability: Capability) -> bool:
        """Whether the capability may be used anywhere at all: for menus and buttons, never for one order."""
        return self.reach(capability) is not None

    def may(self, capability: Capability, *, authority_id: int, unit_path: str | None) -> bool:
        """Whether the capability may be used on something of `authority_id` that lies with the unit at `unit_path`.

        `unit_path` None means that no unit has it yet: then only reach over the authority is enough.
        """
        far = self.reach(capability)
        if far is None or authority_id != self.authority_id:
            return False
        if far is Reach.AUTHORITY:
            return True
        return unit_path is not None and self.covers(unit_path)

    def covers(self, unit_path: str) -> bool:
        """Whether the unit at `unit_path` is the viewer's own or below it."""
        # Paths end in a slash, so "/1/5/" does not cover "/1/50/".
        return unit_path.startswith(self.unit_path)
