"""Reads of authorities, units, areas, viewers and re-organisations."""

from hotline.organisation.queries.indexes import (
    AuthorityView,
    answering,
    areas,
    authorities,
    authority,
    forget_cache,
    look_again,
    staff_names,
    unit,
    unit_index,
    units_by_ids,
)
from hotline.organisation.queries.people import MembershipView, memberships, unit_scope, viewer_for
from hotline.organisation.queries.reorganising import (
    Preview,
    Replacement,
    preview,
    reorganisations,
    replacements,
    standing,
)

__all__ = [
    "AuthorityView",
    "MembershipView",
    "Preview",
    "Replacement",
    "answering",
    "areas",
    "authorities",
    "authority",
    "forget_cache",
    "look_again",
    "memberships",
    "preview",
    "reorganisations",
    "replacements",
    "staff_names",
    "standing",
    "unit",
    "unit_index",
    "unit_scope",
    "units_by_ids",
    "viewer_for",
]
