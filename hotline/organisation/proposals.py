"""What can be done to units and divisions: proposals that are planned first and carried out then. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar

from hotline.ledger.record import Json
from hotline.refusal import N_


@dataclass(frozen=True)
class RenameUnit:
    """A bureau gets another name; everything else stays."""

    verb: ClassVar[str] = "rename_unit"
    unit_id: int
    name: str
    name_en: str = ""


@dataclass(frozen=True)
class MergeUnits:
    """Units go into another, which takes over their duties, people, grids, sub-units and open orders."""

    verb: ClassVar[str] = "merge_units"
    unit_ids: tuple[int, ...]
    into_id: int


@dataclass(frozen=True)
class MoveUnit:
    """A unit, with all below it, comes under another unit."""

    verb: ClassVar[str] = "move_unit"
    unit_id: int
    parent_id: int


@dataclass(frozen=True)
class EndUnit:
    """A unit is abolished, and nobody takes over: only where nothing hangs on it any more."""

    verb: ClassVar[str] = "end_unit"
    unit_id: int


@dataclass(frozen=True)
class RenameArea:
    """A division gets another name."""

    verb: ClassVar[str] = "rename_area"
    code: str
    name: str
    name_en: str = ""


@dataclass(frozen=True)
class MergeAreas:
    """Divisions go into another of their level; units of the same duty that sit in both become one."""

    verb: ClassVar[str] = "merge_areas"
    codes: tuple[str, ...]
    into_code: str


@dataclass(frozen=True)
class MoveArea:
    """A border is moved: a division comes below another one. With `new_code`, codes below it change along."""

    verb: ClassVar[str] = "move_area"
    code: str
    parent_code: str
    new_code: str = ""


Proposal = RenameUnit | MergeUnits | MoveUnit | EndUnit | RenameArea | MergeAreas | MoveArea
KINDS: Mapping[str, type[Proposal]] = {
    kind.verb: kind for kind in (RenameUnit, MergeUnits, MoveUnit, EndUnit, RenameArea, MergeAreas, MoveArea)
}
LABELS: Mapping[str, str] = {
    RenameUnit.verb: N_("单位改名"),
    MergeUnits.verb: N_("单位合并"),
    MoveUnit.verb: N_("调整隶属关系"),
    EndUnit.verb: N_("撤销单位"),
    RenameArea.verb: N_("区划改名"),
    MergeAreas.verb: N_("区划合并"),
    MoveArea.verb: N_("区划划转"),
}
REORGANISED = "authority.reorganised"  # the event that keeps a proposal that was carried out
_WORDS = ("name", "name_en")


def codes(proposal: Proposal) -> dict[str, Json]:
    """The proposal as the ledger keeps it: ids and codes, no names."""
    kept = {name: value for name, value in asdict(proposal).items() if name not in _WORDS}
    return {"verb": proposal.verb, **kept}
