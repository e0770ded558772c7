"""Who may do what, as one pure table. What is not in it is not allowed.

The table gives each role a *reach*: over the whole authority, or over the subtree of the viewer's own unit. Reach over
the authority is only real at the top of the tree (the hotline centre): a dispatcher of a county reaches that county.
The law of orders (which action from which state) stands elsewhere and asks here about the person.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from hotline.organisation.roles import Role


class Capability(Enum):
    """Something that a person may or may not do."""

    SEE_ORDERS = "see_orders"
    FILE_APPEAL = "file_appeal"
    DECIDE_EXIT = "decide_exit"
    DISPATCH = "dispatch"
    RULE_ON_RETURN = "rule_on_return"
    HANDLE = "handle"
    CALL_BACK = "call_back"
    SUPERVISE = "supervise"
    SEE_REPORTS = "see_reports"
    REVEAL_IDENTITY = "reveal_identity"
    REVEAL_SECRET_IDENTITY = "reveal_secret_identity"  # noqa: S105 - the name of a capability
    EXPORT = "export"
    EDIT_KNOWLEDGE = "edit_knowledge"
    SEE_PARKED = "see_parked"
    RETRY_PARKED = "retry_parked"
    PUBLISH_POLICY = "publish_policy"
    MANAGE_STAFF = "manage_staff"


class Reach(Enum):
    """How far a capability goes."""

    AUTHORITY = "authority"
    SUBTREE = "subtree"


_ALL, _OWN = Reach.AUTHORITY, Reach.SUBTREE

# Whoever keeps the accounts of staff never sees a resident, and leaders see matters, not callers.
TABLE: Mapping[Capability, Mapping[Role, Reach]] = MappingProxyType(
    {
        Capability.SEE_ORDERS: {
            Role.AGENT: _ALL,
            Role.DISPATCHER: _ALL,
            Role.CALLER_BACK: _ALL,
            Role.SUPERVISOR: _ALL,
            Role.LEADER: _ALL,
            Role.CLERK: _OWN,
            Role.GRID_WORKER: _OWN,
        },
        Capability.FILE_APPEAL: {Role.AGENT: _ALL, Role.DISPATCHER: _ALL, Role.GRID_WORKER: _OWN},
        Capability.DECIDE_EXIT: {Role.AGENT: _ALL, Role.DISPATCHER: _ALL},
        Capability.DISPATCH: {Role.DISPATCHER: _ALL},
        Capability.RULE_ON_RETURN: {Role.DISPATCHER: _ALL, Role.SUPERVISOR: _ALL},
        Capability.HANDLE: {Role.CLERK: _OWN, Role.GRID_WORKER: _OWN},
        Capability.CALL_BACK: {Role.CALLER_BACK: _ALL},
        Capability.SUPERVISE: {Role.SUPERVISOR: _ALL, Role.LEADER: _ALL},
        Capability.SEE_REPORTS: {Role.SUPERVISOR: _ALL, Role.LEADER: _ALL, Role.CLERK: _OWN},
        Capability.REVEAL_IDENTITY: {
            Role.AGENT: _ALL,
            Role.DISPATCHER: _ALL,
            Role.CALLER_BACK: _ALL,
            Role.SUPERVISOR: _ALL,
            Role.CLERK: _OWN,
            Role.GRID_WORKER: _OWN,
        },
        Capability.REVEAL_SECRET_IDENTITY: {
            Role.AGENT: _ALL,
            Role.DISPATCHER: _ALL,
            Role.CALLER_BACK: _ALL,
            Role.SUPERVISOR: _ALL,
        },
        Capability.EXPORT: {Role.SUPERVISOR: _ALL},
        Capability.EDIT_KNOWLEDGE: {Role.DISPATCHER: _ALL, Role.SUPERVISOR: _ALL, Role.CLERK: _OWN},
        Capability.SEE_PARKED: {Role.SUPERVISOR: _ALL, Role.ADMIN: _ALL},
        Capability.RETRY_PARKED: {Role.ADMIN: _ALL},
        Capability.PUBLISH_POLICY: {Role.ADMIN: _ALL},
        Capability.MANAGE_STAFF: {Role.ADMIN: _ALL},
    }
)


def reach(role: Role, capability: Capability, *, at_the_top: bool) -> Reach | None:
    """How far `role` may use `capability`; None if not at all. `at_the_top`: the unit is the root of its tree."""
    found = TABLE.get(capability, {}).get(role)
    if found is Reach.AUTHORITY and not at_the_top:
        return Reach.SUBTREE
    return found
