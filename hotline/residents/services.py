"""Remembering residents, showing who they are to those who must know, and forgetting them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from hotline.ledger import services as ledger
from hotline.ledger.record import Actor, Draft, Stream
from hotline.organisation import queries as organisation
from hotline.organisation.permissions import Capability, Reach
from hotline.organisation.viewer import Viewer
from hotline.refusal import N_, Reason, Reasons, refuse
from hotline.residents import masking
from hotline.residents.identity import Identity, Sealed, opened, sealed
from hotline.residents.models import Resident, Viewing
from hotline.residents.queries import last4_index, phone_index, stored
from hotline.residents.residency import REVEAL_CODES, REVEAL_LIMIT, REVEAL_WINDOW, Kind
from hotline.residents.residency import REVEAL_REASONS as REVEAL_REASONS
from hotline.vault import queries as open_vault
from hotline.vault import services as vault
from hotline.vault.cipher import OpenKey

_NAME_LIMIT = 100

# KEY SHARE: an erasure waits until the order that is being written for this resident is committed.
_FIND = """
SELECT id, key_id, name_sealed FROM residents_resident
WHERE authority_id = %s AND phone_index = %s FOR KEY SHARE
"""
_INSERT = """
INSERT INTO residents_resident
    (authority_id, key_id, kind, name_sealed, phone_sealed, contact_sealed,
     phone_index, last4_index, language, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (authority_id, phone_index) DO NOTHING
RETURNING id
"""

# Looks by one person at the same time are counted one after the other.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(%s::text, 0))"


@dataclass(frozen=True)
class Remembered:
    """A resident and the key that wraps the keys of the resident's orders.

    `id` is None for an appeal without phone and name: then `key` is the authority's. `name_differs`: the number is
    known under another name, which is kept; the caller may note the new one with the order.
    """

    id: int | None
    key: OpenKey
    created: bool = False
    name_differs: bool = False


@transaction.atomic(savepoint=False)
def remember(
    *,
    authority_id: int,
    phone: str | None,
    name: str,
    at: datetime,
    kind: str = "person",
    language: str = "zh-hans",
    contact: str = "",
) -> Remembered:
    """Find the resident with this number, or make a new one with an own key. At most 2 statements beside the key's.

    Without a number every call makes a new resident, who cannot be found again. Refused: a number that is none, a name
    that is too long, an unknown kind.
    """
    identity = _checked(phone, name, contact, kind)
    if not identity.phone and not identity.name:
        return Remembered(None, _authority_key(authority_id))
    known = _find(authority_id, identity)
    if known:
        return known
    [key] = vault.create_keys(parents=[None], at=at)
    created = _insert(authority_id, key, identity, kind, language, at)
    if created is not None:
        return Remembered(created, key, created=True)
    # Somebody else was quicker with the same number.
    vault.destroy(key_id=key.id, at=at)
    known = _find(authority_id, identity)
    if known is None:
        raise RuntimeError(f"a resident of authority {authority_id} is indexed but its key cannot be opened")
    return known


@transaction.atomic
def reveal(
    *, resident_id: int, viewer: Viewer, reason_code: str, order_stream: Stream, secret: bool, at: datetime
) -> Identity:
    """Who the resident is, for somebody who has seen the order and says why. The look is recorded, shown or not.

    The caller has checked that the order is the resident's and that the viewer may see it; `secret` is whether its
    caller asked for secrecy. What may not be shown comes back as `withheld`, with everything else empty, because the
    attempt stays on record. Refused: an unknown reason, an unknown or erased resident (404).
    """
    if reason_code not in REVEAL_CODES:
        refuse("reveal_reason_unknown", N_("请从列表中选择查看原因"), field="reason_code")
    row = Resident.objects.filter(id=resident_id, authority_id=viewer.authority_id).first()
    if row is None:
        refuse("resident_unknown", N_("没有找到这位来电人，请刷新工单再看"), status=404)
    key = open_vault.open_keys([row.key_id]).get(row.key_id)
    if row.erased_at is not None or key is None:
        refuse("resident_erased", N_("这位来电人的信息已注销，无法再查看"), status=404)
    withheld = _withheld(viewer, secret=secret, at=at)
    Viewing.objects.create(
        resident=row,
        staff_id=viewer.staff_id,
        stream=str(order_stream),
        reason_code=reason_code,
        withheld_code=withheld.code if withheld else "",
        at=at,
    )
    _record_look(row.id, viewer, reason_code, order_stream, withheld, at)
    return Identity(withheld=withheld) if withheld else opened(key, stored(row))


@transaction.atomic
def erase(*, resident_id: int, actor: Actor, at: datetime) -> None:
    """Make a resident unreadable for good, with every text of the resident's orders; nobody finds the number again.

    Appends "resident.erased", upon which the other rooms forget. Again is no harm. Refused: an unknown resident (404).
    """
    row = Resident.objects.select_for_update().filter(id=resident_id).first()
    if row is None:
        refuse("resident_unknown", N_("没有找到这位来电人，请刷新工单再看"), status=404)
    if row.erased_at is not None:
        return
    vault.destroy(key_id=row.key_id, at=at)
    row.name_sealed = row.phone_sealed = row.contact_sealed = row.phone_index = row.last4_index = None
    row.erased_at = at
    row.save()
    ledger.append(drafts=[Draft(Stream("resident", row.id), "resident.erased", {"key": row.key_id}, actor, at)], at=at)


@transaction.atomic
def reindex(*, after_id: int, limit: int, at: datetime) -> int:
    """Make the blind indexes of the next residents anew, after the master key has changed; run until it returns 0.

    Returns the id to go on after. Unlike keys, an index cannot be wrapped anew: the number must be opened.
    """
    rows = list(Resident.objects.select_for_update().filter(id__gt=after_id, erased_at=None).order_by("id")[:limit])
    keys = open_vault.open_keys(row.key_id for row in rows)
    for row in rows:
        number = opened(keys[row.key_id], stored(row)).phone if row.key_id in keys else ""
        if number:
            row.phone_index, row.last4_index = phone_index(number), last4_index(masking.last4(number))
    Resident.objects.bulk_update(rows, ["phone_index", "last4_index"])
    return rows[-1].id if rows else 0


def _checked(phone: str | None, name: str, contact: str, kind: str) -> Identity:
    """The identity in its normal form. Refused with every reason."""
    reasons = Reasons()
    name, contact = " ".join(name.split()), " ".join(contact.split())
    number = masking.normalise_phone(phone) if phone and phone.strip() else ""
    if number is None:
        reasons.add("phone_unreadable", N_("请填写 11 位手机号，或带区号的座机号"), "phone")
    if max(len(name), len(contact)) > _NAME_LIMIT:
        reasons.add("name_long", N_("姓名请不要超过 %(limit)s 个字"), "name", limit=_NAME_LIMIT)
    if kind not in list(Kind):
        reasons.add("resident_kind_unknown", N_("请选择个人、家庭或企业"), "kind")
    reasons.raise_if_any()
    return Identity(name, number or "", contact)


def _authority_key(authority_id: int) -> OpenKey:
    authority = organisation.authority(authority_id)
    if authority is None:
        raise LookupError(f"there is no authority {authority_id}")
    return open_vault.open_keys([authority.key_id])[authority.key_id]


def _find(authority_id: int, identity: Identity) -> Remembered | None:
    if not identity.phone:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [authority_id, phone_index(identity.phone)])
        row = cursor.fetchone()
    if row is None:
        return None
    resident_id, key_id, name_sealed = row
    key = open_vault.open_keys([key_id]).get(key_id)
    if key is None:
        return None
    known_as = opened(key, Sealed(name_sealed, None, None)).name
    if identity.name and not known_as:
        Resident.objects.filter(id=resident_id).update(name_sealed=sealed(key, identity).name)
    differs = bool(identity.name and known_as and identity.name != known_as)
    return Remembered(resident_id, key, name_differs=differs)


def _insert(authority_id: int, key: OpenKey, identity: Identity, kind: str, language: str, at: datetime) -> int | None:
    """The id of the new row; None if the number is there already."""
    parts = sealed(key, identity)
    number = identity.phone
    indexes = (phone_index(number), last4_index(masking.last4(number))) if number else (None, None)
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT, [authority_id, key.id, kind, parts.name, parts.phone, parts.contact, *indexes, language, at]
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _withheld(viewer: Viewer, *, secret: bool, at: datetime) -> Reason | None:
    """Why this person may not see the identity now, if so."""
    if not viewer.holds(Capability.REVEAL_IDENTITY):
        return Reason("reveal_not_allowed", N_("您的岗位不能查看来电人，可以申请由热线转接"))
    if secret and viewer.reach(Capability.REVEAL_SECRET_IDENTITY) is not Reach.AUTHORITY:
        return Reason("reveal_secret", N_("来电人要求保密，请由热线为您转接"))
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME, [f"reveal:{viewer.staff_id}"])
    seen = Viewing.objects.filter(staff_id=viewer.staff_id, at__gt=at - REVEAL_WINDOW, withheld_code="").count()
    if seen >= REVEAL_LIMIT:
        params = {"limit": REVEAL_LIMIT}
        return Reason("reveal_limit", N_("一小时内最多查看 %(limit)s 次，请稍后再看，急事请找督办"), params=params)
    return None


def _record_look(
    resident_id: int, viewer: Viewer, reason_code: str, order_stream: Stream, withheld: Reason | None, at: datetime
) -> None:
    kind = "identity.withheld" if withheld else "identity.viewed"
    facts = {"reason": reason_code} | ({"withheld": withheld.code} if withheld else {})
    actor = viewer.actor()
    drafts = [
        Draft(order_stream, kind, {**facts, "resident": resident_id}, actor, at),
        Draft(Stream("resident", resident_id), kind, {**facts, "order": str(order_stream)}, actor, at),
    ]
    ledger.append(drafts=drafts, at=at)
