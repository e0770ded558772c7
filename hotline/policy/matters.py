"""The catalogue of matters: kinds of appeals, degrees of urgency, and who may not be given a duty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hotline.organisation.tree import UnitView
from hotline.packs import Matter, Role
from hotline.refusal import N_

__all__ = [
    "FIRMS",
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
FIRMS = ("supplier", "utility")  # kinds of units that serve; they have no authority over others


@dataclass(frozen=True)
class Branch:
    """A class of matters with what is below it; a leaf has a seven-digit code and no branches."""

    code: str
    name: str
    name_en: str
    branches: tuple[Branch, ...]


def barrier(unit: UnitView, matter: Matter, roles: Mapping[str, Role]) -> str | None:
    """Why a unit may not lead the matter: never_leads, below_floor, not_its_business; None when it may.

    The catalogue's floor: what a department answers for is not pushed down to a town or community, and what only the
    city answers for is not led by a county (国办函〔2025〕66号, (五)). Firms answer for their own service only, at
    whatever level they stand: the power company of a city leads no other matter of the city.
    """
    duties = [code for code in unit.duties if (role := roles.get(code)) is None or role.leads == "yes"]
    if not duties:
        return "never_leads"
    if (unit.kind in FIRMS or unit.level == "supplier") and not any(_named(code, matter) for code in duties):
        return "not_its_business"
    if unit.level == "supplier":
        return None
    height = HEIGHT.get(unit.level, HEIGHT["city"])
    if height <= HEIGHT["town"]:
        return None if matter.grassroots_ok or matter.answerable_level == "town" else "below_floor"
    return "below_floor" if height < HEIGHT.get(matter.answerable_level, 0) else None


def _named(role_code: str, matter: Matter) -> bool:
    """The catalogue names a firm: as the lead or, where suppliers answer, as one that assists."""
    assists = matter.answerable_level == "supplier" and role_code in matter.assist_roles
    return assists or role_code == matter.lead_role


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
