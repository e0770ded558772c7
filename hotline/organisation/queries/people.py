"""Who looks on: viewers, the hats that a person may put on, and how far they see."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.organisation.models import Membership
from hotline.organisation.permissions import Capability, Reach
from hotline.organisation.roles import Role
from hotline.organisation.viewer import Viewer


def viewer_for(staff_id: int, membership_id: int | None = None) -> Viewer | None:
    """Whose eyes these are: the given membership, else the person's first active one. 1 query.

    None for a person or membership that is not active, or a membership of somebody else.
    """
    rows = Membership.objects.filter(staff_id=staff_id, active=True, staff__is_active=True, unit__active=True)
    if membership_id is not None:
        rows = rows.filter(id=membership_id)
    row = rows.select_related("staff", "unit").order_by("id").first()
    if row is None:
        return None
    return Viewer(
        staff_id=staff_id,
        name=row.staff.name,
        role=Role(row.role),
        unit_id=row.unit_id,
        unit_path=row.unit.path,
        authority_id=row.unit.authority_id,
        language=row.staff.language,
    )


@dataclass(frozen=True)
class MembershipView:
    """One of the hats that a person may put on."""

    id: int
    role: Role
    unit_id: int
    unit_name: str


def memberships(staff_id: int) -> tuple[MembershipView, ...]:
    """The active memberships of a person, the first one first: to choose among. 1 query."""
    rows = Membership.objects.filter(staff_id=staff_id, active=True, unit__active=True).select_related("unit")
    return tuple(MembershipView(row.id, Role(row.role), row.unit_id, row.unit.name) for row in rows.order_by("id"))


def unit_scope(viewer: Viewer) -> str | None:
    """The path prefix of the units whose orders the viewer may see.

    None means every order of `viewer.authority_id`, also those that no unit has yet. A viewer who may see no order at
    all gets a prefix that no path has.
    """
    far = viewer.reach(Capability.SEE_ORDERS)
    if far is Reach.AUTHORITY:
        return None
    return viewer.unit_path if far is Reach.SUBTREE else "none"
