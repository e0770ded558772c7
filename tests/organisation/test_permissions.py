"""Who may do what: default deny, and reach that ends where the unit ends."""

import pytest

from hotline.ledger.record import Actor
from hotline.organisation.permissions import TABLE, Capability, Reach, reach
from hotline.organisation.roles import LEVEL_LABELS, ROLE_LABELS, Level, Role
from hotline.organisation.viewer import Viewer


def viewer(role: Role, path: str = "/1/") -> Viewer:
    """Somebody in the unit at `path`."""
    return Viewer(7, "王小明", role, int(path.split("/")[-2]), path, 1, "zh-hans")


# The whole table as people read it: A over the authority, S over the subtree. A change here is a decision.
DRAWN = """
see_orders              agent:A dispatcher:A clerk:S grid_worker:S caller_back:A supervisor:A leader:A
file_appeal             agent:A dispatcher:A grid_worker:S
decide_exit             agent:A dispatcher:A
dispatch                dispatcher:A
rule_on_return          dispatcher:A supervisor:A
handle                  clerk:S grid_worker:S
call_back               caller_back:A
supervise               supervisor:A leader:A
see_reports             clerk:S supervisor:A leader:A
reveal_identity         agent:A dispatcher:A clerk:S grid_worker:S caller_back:A supervisor:A
reveal_secret_identity  agent:A dispatcher:A caller_back:A supervisor:A
export                  supervisor:A
edit_knowledge          dispatcher:A clerk:S supervisor:A
see_parked              supervisor:A admin:A
retry_parked            admin:A
publish_policy          admin:A
manage_staff            admin:A
"""


def test_the_table_is_what_was_decided() -> None:
    drawn = [
        [capability.value, *(f"{role.value}:{TABLE[capability][role].name[0]}" for role in Role if role in roles)]
        for capability, roles in TABLE.items()
    ]
    assert drawn == [line.split() for line in DRAWN.strip().splitlines()]
    assert set(TABLE) == set(Capability)


@pytest.mark.parametrize("capability", list(Capability))
@pytest.mark.parametrize("role", list(Role))
def test_nobody_reaches_the_authority_from_below_the_top(capability: Capability, role: Role) -> None:
    assert reach(role, capability, at_the_top=False) is not Reach.AUTHORITY


@pytest.mark.parametrize("capability", list(Capability))
@pytest.mark.parametrize("role", list(Role))
def test_nobody_may_do_anything_in_another_authority(capability: Capability, role: Role) -> None:
    assert not viewer(role).may(capability, authority_id=2, unit_path="/1/")


def test_a_clerk_handles_what_lies_in_the_own_subtree() -> None:
    clerk = viewer(Role.CLERK, "/1/5/")
    for path, allowed in (("/1/5/", True), ("/1/5/9/", True), ("/1/50/", False), ("/1/", False), (None, False)):
        assert clerk.may(Capability.HANDLE, authority_id=1, unit_path=path) is allowed


def test_a_dispatcher_of_a_county_has_the_county_only() -> None:
    centre, county = viewer(Role.DISPATCHER), viewer(Role.DISPATCHER, "/1/5/")
    assert centre.may(Capability.DISPATCH, authority_id=1, unit_path=None)
    assert not county.may(Capability.DISPATCH, authority_id=1, unit_path=None)
    assert county.may(Capability.DISPATCH, authority_id=1, unit_path="/1/5/8/")
    assert county.reach(Capability.REVEAL_SECRET_IDENTITY) is Reach.SUBTREE


def test_who_keeps_accounts_sees_no_resident() -> None:
    assert not any(
        viewer(Role.ADMIN).holds(capability)
        for capability in (Capability.SEE_ORDERS, Capability.REVEAL_IDENTITY, Capability.REVEAL_SECRET_IDENTITY)
    )


def test_the_ledger_knows_people_by_number() -> None:
    assert viewer(Role.CLERK, "/1/5/").actor() == Actor("staff", "7", "clerk", 5)


def test_every_role_and_level_has_a_label() -> None:
    assert set(ROLE_LABELS) == set(Role)
    assert set(LEVEL_LABELS) == set(Level)
