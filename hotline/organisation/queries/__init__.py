"""Reads of authorities, units, areas, viewers and re-organisations."""

from hotline.organisation.queries.indexes import (
    AuthorityView,
    answering,
    areas,
    authorities,
    authority,
    forget_cache,
    staff_names,
    unit,
    unit_index,
    units_by_ids,
)
from hotline.organisation.queries.people import MembershipView, memberships, unit_scope, viewer_for

__all__ = [
    "AuthorityView",
    "MembershipView",
    "answering",
    "areas",
    "authorities",
    "authority",
    "forget_cache",
    "memberships",
    "staff_names",
    "unit",
    "unit_index",
    "unit_scope",
    "units_by_ids",
    "viewer_for",
]
