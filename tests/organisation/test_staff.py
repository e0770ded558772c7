"""People who sign in."""

from datetime import datetime

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.test import Client, RequestFactory

from hotline.ledger import queries as ledger
from hotline.ledger.record import Actor, Stream
from hotline.organisation import services
from hotline.organisation.models import Membership, Staff
from hotline.organisation.tree import UnitView
from hotline.refusal import Refused

pytestmark = pytest.mark.django_db
PASSWORD = "pear-lantern-7421"


@pytest.fixture
def agent(units: dict[str, UnitView], at: datetime) -> int:
    """An agent with a password."""
    return services.create_staff(
        username="Agent.One", name="陈一", password=PASSWORD, unit_id=units["centre"].id, role="agent", at=at
    )


def test_a_new_person_can_sign_in(agent: int) -> None:
    request = RequestFactory().post("/")
    assert authenticate(request, username="agent.one", password=PASSWORD) == Staff.objects.get(id=agent)
    client = Client()
    client.force_login(Staff.objects.get(id=agent), backend="django.contrib.auth.backends.ModelBackend")
    assert client.session["_auth_user_id"] == str(agent)
    assert get_user_model() is Staff


def test_five_wrong_passwords_lock_the_door(agent: int) -> None:
    request = RequestFactory().post("/", {"username": "agent.one"}, REMOTE_ADDR="192.0.2.7")
    for _ in range(5):
        assert authenticate(request, username="agent.one", password="wrong") is None
    assert authenticate(request, username="agent.one", password=PASSWORD) is None


def test_a_closed_account_does_not_sign_in(agent: int) -> None:
    Staff.objects.filter(id=agent).update(is_active=False)
    assert authenticate(RequestFactory().post("/"), username="agent.one", password=PASSWORD) is None


def test_without_a_password_nobody_signs_in_here(units: dict[str, UnitView], at: datetime) -> None:
    number = services.create_staff(
        username="elsewhere", name="外", password=None, unit_id=units["centre"].id, role="agent", at=at
    )
    assert not Staff.objects.get(id=number).has_usable_password()


def test_it_is_on_record(agent: int, units: dict[str, UnitView]) -> None:
    [event] = ledger.timeline(Stream("staff", agent))
    assert event.kind == "staff.created"
    assert event.facts["unit"] == units["centre"].id
    assert event.facts["role"] == "agent"


def test_every_fault_is_named_at_once(units: dict[str, UnitView], at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        services.create_staff(
            username="甲", name=" ", password="12345678", unit_id=0, role="king", language="xx", at=at
        )
    assert [(reason.code, reason.field) for reason in refused.value.reasons] == [
        ("username_unfit", "username"),
        ("name_unfit", "name"),
        ("language_unknown", "language"),
        ("password_weak", "password"),
        ("unit_unknown", "unit_id"),
        ("role_unknown", "role"),
    ]
    assert not Staff.objects.exists()


def test_a_taken_name_is_said_so_and_nothing_is_left(agent: int, units: dict[str, UnitView], at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        services.create_staff(
            username="AGENT.one", name="陈二", password=None, unit_id=units["south"].id, role="clerk", at=at
        )
    assert (refused.value.status, refused.value.reasons[0].code) == (409, "username_taken")
    assert Membership.objects.count() == 1


def test_memberships_stay_inside_the_authority(agent: int, units: dict[str, UnitView], at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        services.add_membership(staff_id=agent, unit_id=0, role="clerk", at=at)
    assert refused.value.reasons[0].code == "unit_unknown"
    with pytest.raises(Refused) as unknown:
        services.add_membership(staff_id=0, unit_id=units["centre"].id, role="clerk", at=at)
    assert unknown.value.status == 404
    actor = Actor("staff", "1", "admin", units["centre"].id)
    services.add_membership(staff_id=agent, unit_id=units["north"].id, role="clerk", at=at, actor=actor)
    assert ledger.timeline(Stream("staff", agent))[-1].actor == actor
