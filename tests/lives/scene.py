"""Where the random lives play: a small open city with its units, its matters, its places and its people."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from hotline.knowledge import queries as knowledge
from hotline.ledger.record import SYSTEM, Actor
from hotline.organisation import queries as organisation
from hotline.organisation.tree import UnitIndex, UnitView
from hotline.packs import Matter
from hotline.policy.policy import Policy
from hotline.vault import queries as vault
from hotline.vault.cipher import OpenKey
from hotline.workorder.situation import Snapshot
from tests.world import World

CENTRAL = ("agent", "caller_back")
OUTSIDE = {"resident": "resident", "partner": "partner", "machine": "machine"}


@dataclass
class Scene:
    """One city; `chance` decides everything that is left to chance. `invented`: its people are numbers, not rows."""

    world: World
    chance: random.Random
    invented: bool = False

    def __post_init__(self) -> None:
        self.authority_id = self.world.authority_id
        self._actors: dict[tuple[str, int], Actor] = {}

    @cached_property
    def policy(self) -> Policy:
        """The city's rules."""
        return self.world.policy

    @property
    def units(self) -> UnitIndex:
        """The city's units as they are now."""
        return organisation.unit_index(self.authority_id)

    @cached_property
    def unit_list(self) -> list[UnitView]:
        """All active units."""
        return [unit for unit in self.units if unit.active]

    @cached_property
    def matters(self) -> list[Matter]:
        """The catalogue; what the grassroots may lead, and what may be put off for long, comes up more often."""
        found = list(self.policy.matters.values())
        long = self.policy.extension.long_matters
        often = [each for each in found if each.grassroots_ok or each.code.startswith(long or ("-",))]
        return found + often * 3

    @cached_property
    def entries(self) -> list[int]:
        """Valid knowledge entries."""
        return list(knowledge.by_matter(self.authority_id, self.world.at).values())

    @cached_property
    def towns(self) -> list[str]:
        """The codes of the towns."""
        return self.world.towns()

    @cached_property
    def key(self) -> OpenKey:
        """The key of the city's own."""
        authority = organisation.authority(self.authority_id)
        assert authority is not None
        return vault.open_keys([authority.key_id])[authority.key_id]

    @cached_property
    def channels(self) -> list[str]:
        """The doors that are open."""
        return [code for code, channel in self.policy.channels.items() if channel.open]

    def answerable(self, order: Snapshot) -> UnitView:
        """Mostly whoever the catalogue names for the matter there; sometimes anybody."""
        matter = self.policy.matters.get(order.matter_code)
        found: Sequence[UnitView] = ()
        if matter is not None and self.chance.random() < 0.85:
            role = matter.lead_role
            found = [*self.units.suppliers(role, order.area_code), *self.units.by_role_area(role, order.area_code)]
            found = found or self.units.by_role_area("county_gov", order.area_code or self.towns[0])
        if self.chance.random() < (0.6 if self.policy.handling.through_centre else 0.1):
            found = [unit for unit in self.unit_list if unit.level == "county" and unit.role_code == "hotline"]
        return self.chance.choice(list(found) or self.unit_list)

    def actor(self, who: Sequence[str], order: Snapshot, order_id: int, helpers: Sequence[int]) -> Actor:
        """Somebody who may perhaps do it: in one of these roles, where such people sit."""
        role = self.chance.choice(who)
        if role == "system":
            return SYSTEM
        if role in OUTSIDE:
            return Actor(role, f"order:{order_id}" if role == "resident" else "1")
        return self._staff(role, self._desk(role, order, helpers))

    def _desk(self, role: str, order: Snapshot, helpers: Sequence[int]) -> int:
        centre = self.world.centre.id
        lead = self.units.get(order.unit_id)
        if role in CENTRAL or lead is None:
            return centre
        above = [int(step) for step in lead.path.strip("/").split("/")]
        if role in ("dispatcher", "supervisor"):
            return self.chance.choice([centre, centre, *above])
        return self.chance.choice([lead.id, lead.id, lead.id, *above[1:], *helpers])

    def _staff(self, role: str, unit_id: int) -> Actor:
        known = self._actors.get((role, unit_id))
        if known is None:
            known = self._actors[role, unit_id] = self._taken_on(role, unit_id)
        return known

    def _taken_on(self, role: str, unit_id: int) -> Actor:
        if self.invented:
            return Actor("staff", str(len(self._actors) + 1), role, unit_id)
        return self.world.viewer(role, self.units.get(unit_id)).actor()
