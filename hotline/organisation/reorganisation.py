"""Re-organisations thought through: what every unit and division would be afterwards. Pure.

The page shows this plan, and the service writes this plan: nothing happens that was not shown. What ends is never
removed. It names its successor, so that old papers, addresses and orders still find their way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from hotline.organisation import objections
from hotline.organisation.proposals import (
    EndUnit,
    MergeAreas,
    MergeUnits,
    MoveArea,
    MoveUnit,
    Proposal,
    RenameArea,
    RenameUnit,
)
from hotline.organisation.roles import Level
from hotline.organisation.seen import AreaView, OldName, UnitView
from hotline.organisation.standing import Standing
from hotline.organisation.tree import paths

# Grids and suppliers stay themselves when the division around them is merged.
_ALONE = frozenset({Level.GRID.value, Level.SUPPLIER.value})


@dataclass(frozen=True)
class UnitChange:
    """A unit as it is and as it will be."""

    before: UnitView
    after: UnitView

    @property
    def merged(self) -> bool:
        """Whether it goes into another unit."""
        return self.before.active and not self.after.active and self.after.successor_id is not None

    @property
    def ended(self) -> bool:
        """Whether it ends with nobody after it."""
        return self.before.active and not self.after.active and self.after.successor_id is None

    @property
    def renamed(self) -> bool:
        """Whether its name changes."""
        return (self.before.name, self.before.name_en) != (self.after.name, self.after.name_en)


@dataclass(frozen=True)
class AreaChange:
    """A division as it is (None: it comes into being with its new code) and as it will be."""

    before: AreaView | None
    after: AreaView

    @property
    def replaced(self) -> bool:
        """Whether another code stands for it from now on."""
        return self.before is not None and self.before.active and not self.after.active

    @property
    def moved(self) -> bool:
        """Whether it comes below another division under its own code."""
        return self.before is not None and self.after.active and self.before.parent_code != self.after.parent_code

    @property
    def renamed(self) -> bool:
        """Whether its name changes."""
        return self.before is not None and self.before.name != self.after.name


@dataclass(frozen=True)
class Plan:
    """Every unit and division that would change, in the order of ids and codes; `area_paths` are new paths by code."""

    proposal: Proposal
    units: tuple[UnitChange, ...]
    areas: tuple[AreaChange, ...]
    area_paths: Mapping[str, str]

    @property
    def merged(self) -> dict[int, int]:
        """Units that go into another, with it."""
        return {each.before.id: each.after.successor_id or 0 for each in self.units if each.merged}

    @property
    def gone_units(self) -> tuple[int, ...]:
        """Units that end, in whichever way: their open orders have to go on elsewhere."""
        return tuple(each.before.id for each in self.units if each.merged or each.ended)

    @property
    def rehung(self) -> tuple[UnitChange, ...]:
        """Units that come below another one of their own accord, not because theirs was merged away."""
        gone = set(self.gone_units)
        return tuple(each for each in self.units if each.after.active and each.before.parent_id not in gone
                     and each.before.parent_id != each.after.parent_id)  # fmt: skip

    @property
    def replaced(self) -> dict[str, str]:
        """Codes that others stand for from now on, with these."""
        return {each.after.code: each.after.successor_code or "" for each in self.areas if each.replaced}


def plan(proposal: Proposal, standing: Standing, *, at: datetime, open_orders: int = 0) -> Plan:
    """What the proposal comes to. `open_orders` is how many open orders name a unit that would end.

    Raises `Refused` with all reasons.
    """
    objections.raise_any(proposal, standing, open_orders)
    work = _Work(standing, at)
    match proposal:
        case RenameUnit():
            work.rename_unit(proposal.unit_id, proposal.name.strip(), proposal.name_en.strip())
        case MergeUnits():
            work.merge_units(proposal.unit_ids, proposal.into_id)
        case MoveUnit():
            work.units[proposal.unit_id] = replace(work.units[proposal.unit_id], parent_id=proposal.parent_id)
        case EndUnit():
            work.units[proposal.unit_id] = replace(work.units[proposal.unit_id], active=False, ended_at=at)
        case RenameArea():
            work.rename_area(proposal.code, proposal.name.strip(), proposal.name_en.strip())
        case MergeAreas():
            work.merge_areas(proposal.codes, proposal.into_code)
        case MoveArea():
            work.move_area(proposal.code, proposal.parent_code, proposal.new_code.strip())
    return work.plan(proposal)


class _Work:
    """The trees while they are being changed."""

    def __init__(self, standing: Standing, at: datetime) -> None:
        self._standing, self._at = standing, at
        self.units, self.areas = dict(standing.units), dict(standing.areas)

    def rename_unit(self, unit_id: int, name: str, name_en: str) -> None:
        unit = self.units[unit_id]
        formerly = (*unit.formerly, OldName(unit.name, unit.name_en, self._at))
        self.units[unit_id] = replace(unit, name=name, name_en=name_en, formerly=formerly)

    def rename_area(self, code: str, name: str, name_en: str) -> None:
        area = self.areas[code]
        formerly = (*area.formerly, OldName(area.name, area.name_en, self._at))
        self.areas[code] = replace(area, name=name, name_en=name_en, formerly=formerly)

    def merge_units(self, unit_ids: Iterable[int], into_id: int) -> None:
        """All that hangs below them comes below the one they go into, and so do they: whoever sees its orders sees
        theirs. What had been merged into them before hangs there, too, so that chains do not grow deep."""
        going = set(unit_ids)
        for unit in list(self.units.values()):
            if unit.parent_id in going:
                self.units[unit.id] = replace(unit, parent_id=into_id)
        for unit_id in going:
            self.units[unit_id] = replace(
                self.units[unit_id], active=False, successor_id=into_id, parent_id=into_id, ended_at=self._at
            )

    def merge_areas(self, codes: Iterable[str], into_code: str) -> None:
        going = set(codes)
        self._end_areas(dict.fromkeys(going, into_code))
        for area in list(self.areas.values()):
            if area.active and area.parent_code in going:
                self.areas[area.code] = replace(area, parent_code=into_code)
        # A town has one government: units of one duty in both become one, as far as it is clear which.
        for unit in [unit for unit in self.units.values() if unit.active and unit.area_code in going]:
            partner = self._only_one(unit, into_code) if unit.level not in _ALONE else None
            if partner is not None and not self._hangs_below(partner, unit):
                self.merge_units([unit.id], partner.id)
        self._take_seats()

    def move_area(self, code: str, parent_code: str, new_code: str) -> None:
        below, old_parent = self._standing.below(code), self.areas[code].parent_code
        seated = [unit for unit in self.units.values() if unit.active and unit.area_code in below]
        self.areas[code] = replace(self.areas[code], parent_code=parent_code)
        if new_code and new_code != code:
            self._recode(below, code, new_code)
        for unit in seated:
            above = self.units.get(unit.parent_id or 0)
            if above is not None and above.area_code == old_parent != parent_code:
                partner = self._only_one(above, parent_code)
                if partner is not None and not self._hangs_below(partner, unit):
                    self.units[unit.id] = replace(unit, parent_id=partner.id)
        self._take_seats()

    def plan(self, proposal: Proposal) -> Plan:
        """What has become different."""
        units, areas = self._standing.units, self._standing.areas
        # A province has tens of thousands of each: what nobody touched is the same object, and is not looked into.
        if any(unit is not units[key] for key, unit in self.units.items()):
            for key, path in paths({unit.id: unit.parent_id for unit in self.units.values()}).items():
                if self.units[key].path != path:
                    self.units[key] = replace(self.units[key], path=path)
        changed = [UnitChange(units[key], unit) for key, unit in sorted(self.units.items()) if unit is not units[key]]
        redrawn = [AreaChange(areas.get(key), area) for key, area in sorted(self.areas.items())
                   if area is not areas.get(key)]  # fmt: skip
        old, new = (
            paths({area.code: area.parent_code for area in each.values()}) if redrawn else {}
            for each in (areas, self.areas)
        )
        return Plan(
            proposal,
            tuple(each for each in changed if each.before != each.after),
            tuple(each for each in redrawn if each.before != each.after),
            {code: path for code, path in new.items() if old.get(code) != path},
        )

    def _end_areas(self, successors: Mapping[str, str]) -> None:
        for code, successor in successors.items():
            self.areas[code] = replace(self.areas[code], active=False, successor_code=successor)

    def _recode(self, below: frozenset[str], code: str, new_code: str) -> None:
        """Codes nest: what is below begins with the code of what is above, and changes along."""
        fresh = objections.recoded(below, code, new_code)
        for old in below:
            area = self.areas[old]
            parent = fresh.get(area.parent_code or "", area.parent_code)
            if old in fresh:
                self.areas[fresh[old]] = replace(area, code=fresh[old], parent_code=parent, formerly=())
            else:
                self.areas[old] = replace(area, parent_code=parent)
        # An ended division stays where it was: its name and place are what old papers say.
        for old in fresh:
            self.areas[old] = replace(self._standing.areas[old], active=False, successor_code=fresh[old])

    def _take_seats(self) -> None:
        """Units that stand sit in divisions that stand."""
        for unit in list(self.units.values()):
            if unit.active and not self.areas[unit.area_code].active:
                self.units[unit.id] = replace(unit, area_code=self._area_now(unit.area_code))

    def _area_now(self, code: str) -> str:
        area = self.areas[code]
        while not area.active and area.successor_code:
            area = self.areas[area.successor_code]
        return area.code

    def _only_one(self, like: UnitView, area_code: str) -> UnitView | None:
        """The one active unit in a division that does there what `like` does here."""
        same = [unit for unit in self.units.values() if unit.active and unit.id != like.id
                and (unit.area_code, unit.role_code, unit.level, unit.authority_id)
                == (area_code, like.role_code, like.level, like.authority_id)]  # fmt: skip
        return same[0] if len(same) == 1 else None

    def _hangs_below(self, unit: UnitView, other: UnitView) -> bool:
        node: UnitView | None = unit
        while node is not None and node.id != other.id:
            node = self.units.get(node.parent_id or 0)
        return node is not None
