"""Reads of residents: masked, or ids only. A full identity comes from `services.reveal` alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from hotline.ledger.record import Stream
from hotline.residents import masking
from hotline.residents.identity import Identity, Sealed, opened
from hotline.residents.models import Resident, Viewing
from hotline.residents.residency import Kind
from hotline.vault import queries as vault
from hotline.vault import services as keys
from hotline.vault.cipher import OpenKey

_LAST4_LIMIT = 200


@dataclass(frozen=True)
class MaskedResident:
    """A resident as everybody with the order sees one. An enterprise's own name is public and shown in full.

    `name` says so when the resident is erased or left no name.
    """

    id: int
    name: str
    phone: str
    kind: str
    erased: bool
    language: str
    contact: str


@dataclass(frozen=True)
class ViewingView:
    """One look at a full identity; `withheld_code` is "" when it was shown."""

    resident_id: int
    staff_id: int
    reason_code: str
    withheld_code: str
    at: datetime


def masked(ids: Iterable[int]) -> dict[int, MaskedResident]:
    """Masked residents by id; unknown ids are absent. 2 queries, whatever the number."""
    rows = list(Resident.objects.filter(id__in=set(ids)))
    keys = vault.open_keys(row.key_id for row in rows if row.erased_at is None)
    return {row.id: _masked(row, keys.get(row.key_id)) for row in rows}


def find_by_phone(*, authority_id: int, phone: str) -> list[int]:
    """The resident with this full number, however it is written; [] if none or not a number. 1 query."""
    number = masking.normalise_phone(phone)
    if number is None:
        return []
    rows = Resident.objects.filter(authority_id=authority_id, phone_index=phone_index(number))
    return list(rows.values_list("id", flat=True))


def find_by_last4(*, authority_id: int, last4: str) -> list[int]:
    """Residents whose number ends in these four digits, newest first, at most 200; [] for anything else. 1 query."""
    digits = masking.plain(last4).strip()
    if len(digits) != 4 or not digits.isdecimal():
        return []
    rows = Resident.objects.filter(authority_id=authority_id, last4_index=last4_index(digits)).order_by("-id")
    return list(rows.values_list("id", flat=True)[:_LAST4_LIMIT])


def phone_index(number: str) -> bytes:
    """What a normalised number is found by: a keyed hash, 32 bytes."""
    return keys.blind_index(number, purpose="resident.phone")


def last4_index(digits: str) -> bytes:
    """What the last four digits of a number are found by: a keyed hash, 32 bytes."""
    return keys.blind_index(digits, purpose="resident.last4")


def viewings(stream: Stream) -> list[ViewingView]:
    """Who looked at the identity on this order, newest first. 1 query."""
    rows = Viewing.objects.filter(stream=str(stream)).order_by("-id")
    return [ViewingView(row.resident_id, row.staff_id, row.reason_code, row.withheld_code, row.at) for row in rows]


def stored(row: Resident) -> Sealed:
    """The sealed parts of a row."""
    parts = (row.name_sealed, row.phone_sealed, row.contact_sealed)
    return Sealed(*(None if part is None else bytes(part) for part in parts))


def _masked(row: Resident, key: OpenKey | None) -> MaskedResident:
    erased = row.erased_at is not None or key is None
    identity = Identity() if key is None else opened(key, stored(row))
    is_enterprise = row.kind == Kind.ENTERPRISE.value
    name = identity.name if is_enterprise else masking.mask_name(identity.name)
    if erased:
        name = gettext("已注销")
    return MaskedResident(
        id=row.id,
        name=name or gettext("未留姓名"),
        phone=masking.mask_phone(identity.phone),
        kind=row.kind,
        erased=erased,
        language=row.language,
        contact=masking.mask_name(identity.contact),
    )
