"""What stands in the organisation now, in the same shape as the rows of an import; and the city's rules. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hotline.organisation.importing.kinds import Kind
from hotline.organisation.importing.lines import Value

# By name of the column: name, parent, area …; `active` instead of the column status.
Values = Mapping[str, Value]
BLANK: Mapping[Kind, Values] = {
    Kind.AREAS: {"name": "", "name_en": "", "level": "", "parent": "", "active": True},
    Kind.UNITS: {
        "name": "",
        "name_en": "",
        "role": "",
        "level": "",
        "area": "",
        "parent": "",
        "serves": [],
        "phone": "",
        "active": True,
    },
    Kind.GRIDS: {"name": "", "name_en": "", "area": "", "parent": "", "active": True},
    Kind.WORKERS: {"name": "", "phone": "", "grids": [], "active": True},
}


@dataclass(frozen=True)
class RoleRule:
    """A duty of the city's catalogue: its name, what kind of unit has it, and at which levels."""

    name: str
    kind: str
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Rules:
    """What the city's policy says of its organisation: digits of a grid's code, duties by code."""

    grid_digits: int
    roles: Mapping[str, RoleRule]

    def as_json(self) -> dict[str, Any]:
        """To be kept with an import."""
        roles = {code: [role.name, role.kind, list(role.levels)] for code, role in self.roles.items()}
        return {"grid_digits": self.grid_digits, "roles": roles}

    @staticmethod
    def of(kept: Mapping[str, Any]) -> Rules:
        """As `as_json` wrote them."""
        roles = {code: RoleRule(name, kind, tuple(levels)) for code, (name, kind, levels) in kept["roles"].items()}
        return Rules(int(kept["grid_digits"]), roles)


@dataclass(frozen=True)
class Present:
    """The organisation of one authority. `roots` are units without a superior, `away` what was merged into others.

    `areas_elsewhere` are codes of the import that lie outside the authority; `strangers` say why a user name is not
    the import's to change.
    """

    rows: Mapping[Kind, Mapping[str, Values]]
    root_area: str
    roots: frozenset[str] = frozenset()
    away: Mapping[Kind, frozenset[str]] = field(default_factory=dict)
    areas_elsewhere: frozenset[str] = frozenset()
    strangers: Mapping[str, str] = field(default_factory=dict)
