"""Keeping staff: who works here, in which units, as what."""

from __future__ import annotations

import re
from datetime import datetime

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from hotline.ledger import services as ledger
from hotline.ledger.record import SYSTEM, Actor, Draft, Json, Stream
from hotline.organisation.models import Membership, Staff, Unit
from hotline.organisation.roles import Role
from hotline.refusal import N_, Reasons, refuse

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")


@transaction.atomic
def create_staff(
    *,
    username: str,
    name: str,
    password: str | None,
    unit_id: int,
    role: str,
    at: datetime,
    language: str = "zh-hans",
    actor: Actor = SYSTEM,
) -> int:
    """A new person with one membership; the id. Appends "staff.created".

    `password` None is for people who sign in elsewhere. Refused: a user name, name, password, unit or role that will
    not do, all reasons at once; a user name that is taken (409).
    """
    staff = Staff(username=username.strip().lower(), name=name.strip(), language=language, created_at=at)
    unit = _checked_unit(staff, password, unit_id, role)
    staff.authority_id = unit.authority_id
    staff.set_password(password)
    try:
        with transaction.atomic():
            staff.save(force_insert=True)
    except IntegrityError:
        refuse("username_taken", N_("这个用户名已有人用，请换一个"), field="username", status=409)
    _join(staff.id, unit_id, Role(role), "staff.created", actor, at)
    return staff.id


@transaction.atomic
def add_membership(*, staff_id: int, unit_id: int, role: str, at: datetime, actor: Actor = SYSTEM) -> int:
    """One more role of a person in a unit of the same authority, or an ended one renewed; the membership's id.

    Appends "staff.joined". Refused: an unknown person (404), unit or role.
    """
    staff = Staff.objects.filter(id=staff_id).first()
    if staff is None:
        refuse("staff_unknown", N_("没有找到这个人，请刷新名单再选"), status=404)
    unit = Unit.objects.filter(id=unit_id, active=True, authority_id=staff.authority_id).first()
    reasons = Reasons()
    _check_membership(unit, role, reasons)
    reasons.raise_if_any()
    return _join(staff_id, unit_id, Role(role), "staff.joined", actor, at)


@transaction.atomic
def end_membership(*, membership_id: int, at: datetime, actor: Actor = SYSTEM) -> None:
    """Take a role from a person; it counts from the next request on. Appends "staff.left". Again is no harm."""
    row = Membership.objects.select_for_update().filter(id=membership_id, active=True).first()
    if row is None:
        return
    row.active = False
    row.save(update_fields=["active"])
    _record(row, "staff.left", actor, at)


def _checked_unit(staff: Staff, password: str | None, unit_id: int, role: str) -> Unit:
    """The unit of a new member of staff. Refused with everything that will not do."""
    unit = Unit.objects.filter(id=unit_id, active=True).first()
    reasons = Reasons()
    if not _USERNAME.fullmatch(staff.username):
        reasons.add("username_unfit", N_("用户名请用 3 到 60 个小写字母、数字、点、横线"), "username")
    if not 0 < len(staff.name) <= 60:
        reasons.add("name_unfit", N_("请填写姓名，最多 60 个字"), "name")
    if staff.language not in dict(settings.LANGUAGES):
        reasons.add("language_unknown", N_("请从列表中选择语言"), "language")
    if password is not None and not _is_strong(password, staff):
        reasons.add("password_weak", N_("请换一个难猜的口令：8 位以上，不全是数字，不像用户名"), "password")
    _check_membership(unit, role, reasons)
    reasons.raise_if_any()
    assert unit is not None  # noqa: S101 - a missing one was a reason
    return unit


def _is_strong(password: str, staff: Staff) -> bool:
    try:
        validate_password(password, staff)
    except ValidationError:
        return False
    return True


def _check_membership(unit: Unit | None, role: str, reasons: Reasons) -> None:
    if unit is None:
        reasons.add("unit_unknown", N_("没有找到这个单位，请从列表中选择"), "unit_id")
    if role not in list(Role):
        reasons.add("role_unknown", N_("请从列表中选择岗位"), "role")


def _join(staff_id: int, unit_id: int, role: Role, kind: str, actor: Actor, at: datetime) -> int:
    row, _ = Membership.objects.update_or_create(
        staff_id=staff_id,
        unit_id=unit_id,
        role=role.value,
        defaults={"active": True},
        create_defaults={"active": True, "created_at": at},
    )
    _record(row, kind, actor, at)
    return row.id


def _record(row: Membership, kind: str, actor: Actor, at: datetime) -> None:
    facts: dict[str, Json] = {"membership": row.id, "unit": row.unit_id, "role": row.role}
    ledger.append(drafts=[Draft(Stream("staff", row.staff_id), kind, facts, actor, at)], at=at)
