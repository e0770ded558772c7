"""The catalogue of matters: kinds of appeals, degrees of urgency, and who may not be given a duty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hotline.packs import Matter, Role
from hotline.refusal import N_

__all__ = [
    "HEIGHT",
    "KIND_LABELS",
    "URGENCY_ORDER",
    "Branch",
    "Kind",
    "Matter",
    "barrier",
    "more_urgent",
    "tree",
]


class Kind(StrEnum):
    """What a resident wants with an appeal."""

    CONSULT = "consult"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGESTION = "suggestion"


KIND_LABELS: Mapping[Kind, str] = {
    Kind.CONSULT: N_("咨询"),
    Kind.HELP: N_("求助"),
    Kind.COMPLAINT: N_("投诉"),
    Kind.REPORT: N_("举报"),
    Kind.SUGGESTION: N_("建议"),
}
URGENCY_ORDER = ("normal", "urgent", "critical")
# From the grassroots up; a supplier answers for its own service beside the levels of government.
HEIGHT: Mapping[str, int] = {"grid": 0, "community": 1, "town": 2, "county": 3, "city": 4, "province": 5}


@dataclass(frozen=True)
class Branch:
    """A class of matters with what is below it; a leaf has a seven-digit code and no branches."""

    code: str
    name: str
    name_en: str
    branches: tuple[Branch, ...]


def barrier(unit_level: str, unit_role: str, matter: Matter, roles: Mapping[str, Role]) -> str | None:
    """Why a unit of this level and role may not lead the matter: never_leads, below_floor, not_its_business.

    None when it may. The catalogue's floor: what a department answers for is not pushed down to a town or community,
    and what only the city answers for is not led by a county (国办函〔2025〕66号, (五)).
    """
    role = roles.get(unit_role)
    if role is not None and role.leads != "yes":
        return "never_leads"
    if unit_level == "supplier":
        named = unit_role in (matter.lead_role, *matter.assist_roles)
        return (
            None if named and "supplier" in (matter.answerable_level, _level(unit_role, matter)) else "not_its_business"
        )
    height = HEIGHT.get(unit_level, HEIGHT["city"])
    if height <= HEIGHT["town"]:
        return None if matter.grassroots_ok or matter.answerable_level == "town" else "below_floor"
    return "below_floor" if height < HEIGHT.get(matter.answerable_level, 0) else None


def _level(unit_role: str, matter: Matter) -> str:
    """A supplier that the catalogue itself names as the lead answers for its own service."""
    return "supplier" if unit_role == matter.lead_role else ""


def more_urgent(one: str, other: str) -> str:
    """The greater of two degrees of urgency."""
    return max(one, other, key=URGENCY_ORDER.index)


def tree(matters: Iterable[Matter]) -> tuple[Branch, ...]:
    """The catalogue as classes of classes of leaves, in the order of codes."""
    first: dict[str, tuple[Matter, dict[str, list[Matter]]]] = {}
    for matter in sorted(matters, key=lambda each: each.code):
        _any, second = first.setdefault(matter.code[:2], (matter, {}))
        second.setdefault(matter.code[:4], []).append(matter)
    return tuple(
        Branch(code, head.level1, head.level1_en, tuple(_second(below, leaves) for below, leaves in second.items()))
        for code, (head, second) in first.items()
    )


def _second(code: str, leaves: list[Matter]) -> Branch:
    below = tuple(Branch(leaf.code, leaf.name, leaf.name_en, ()) for leaf in leaves)
    return Branch(code, leaves[0].level2, leaves[0].level2_en, below)
