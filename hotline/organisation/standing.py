"""How units and divisions stand before a re-organisation. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from hotline.organisation.seen import AreaView, UnitView


@dataclass(frozen=True)
class Standing:
    """All units and divisions of the installation, ended ones too, and `seats`: the division of each authority.

    `authority_id` is the authority that re-organises.
    """

    authority_id: int
    units: Mapping[int, UnitView]
    areas: Mapping[str, AreaView]
    seats: Mapping[int, str]

    @cached_property
    def _children(self) -> Mapping[str | None, tuple[str, ...]]:
        found: dict[str | None, list[str]] = {}
        for area in self.areas.values():
            if area.active:
                found.setdefault(area.parent_code, []).append(area.code)
        return {code: tuple(codes) for code, codes in found.items()}

    def below(self, code: str) -> frozenset[str]:
        """The division and all active ones below it."""
        found = [code]
        for each in found:  # it grows while it is walked through
            found.extend(self._children.get(each, ()))
        return frozenset(found)

    def above(self, code: str | None) -> tuple[str, ...]:
        """The division and everything above it, nearest first."""
        found: list[str] = []
        area = self.areas.get(code) if code else None
        while area is not None:
            found.append(area.code)
            area = self.areas.get(area.parent_code) if area.parent_code else None
        return tuple(found)

    def covering(self, code: str) -> frozenset[int]:
        """The authorities whose ground the division is part of."""
        chain = set(self.above(code))
        return frozenset(key for key, seat in self.seats.items() if seat in chain)

    def unit_below(self, unit_id: int, other_id: int) -> bool:
        """Whether the first unit is the other one, or hangs below it."""
        unit, other = self.units.get(unit_id), self.units.get(other_id)
        return unit is not None and other is not None and unit.path.startswith(other.path)
