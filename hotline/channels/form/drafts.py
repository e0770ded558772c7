"""Unfinished forms: sealed under the authority's key, found by a signed cookie, gone an hour after the last touch."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction

from hotline.channels.form.typed import Typed, from_json, to_appeal
from hotline.channels.models import Draft
from hotline.intake import queries as intake_queries
from hotline.intake import services as intake
from hotline.intake.appeal import AppealForm
from hotline.ledger.record import Actor
from hotline.organisation import queries as organisation
from hotline.vault import cipher
from hotline.vault import queries as vault

KEPT = timedelta(hours=1)
COOKIE = "report"
_SALT = "hotline.report"


def ticket(draft_id: uuid.UUID) -> str:
    """The cookie's value for a draft."""
    return signing.dumps(str(draft_id), salt=_SALT)


def read_ticket(value: str) -> uuid.UUID | None:
    """The draft that a cookie names; None if it is not ours or too old."""
    try:
        return uuid.UUID(signing.loads(value, salt=_SALT, max_age=2 * KEPT))
    except (signing.BadSignature, ValueError):
        return None


def find(draft_id: uuid.UUID, at: datetime) -> Typed | None:
    """What was typed into a draft; None when its hour is over. 2 queries."""
    row = Draft.objects.filter(pk=draft_id, touched_at__gt=at - KEPT).first()
    if row is None:
        return None
    key = vault.open_keys([row.key_id]).get(row.key_id)
    return None if key is None else from_json(cipher.unseal(key, bytes(row.sealed), context=_context(draft_id)))


@transaction.atomic
def keep(*, draft_id: uuid.UUID, typed: Typed, at: datetime) -> None:
    """Keep what was typed, over what was kept before."""
    authority = organisation.authority(typed.authority_code)
    if authority is None:
        raise LookupError("a draft belongs to an authority")
    key = intake_queries.authority_key(authority.id)
    sealed = cipher.seal(key, typed.to_json(), context=_context(draft_id))
    Draft.objects.update_or_create(pk=draft_id, defaults={"key_id": key.id, "sealed": sealed, "touched_at": at})


@transaction.atomic
def hand_in(*, draft_id: uuid.UUID, typed: Typed, language: str, at: datetime) -> Typed:
    """Make the order and keep its number and code where the form was, to be shown. Twice is once. Raises Refused."""
    form = to_appeal(typed, language=language, idempotency_key=f"form/{draft_id}")
    taken, joined = _taken(form, typed.incident, at)
    done = Typed(
        authority_code=typed.authority_code,
        number=taken.number,
        code=taken.query_code,
        phone=typed.phone,
        joined=joined,
    )
    keep(draft_id=draft_id, typed=done, at=at)
    return done


def _taken(form: AppealForm, incident: str, at: datetime) -> tuple[intake.Taken, bool]:
    """The order, and whether it is in the incident that the resident named."""
    if not (incident.isascii() and incident.isdigit() and len(incident) < 16):
        return intake.take_down(form=form, actor=Actor("resident"), at=at), False
    found = intake.take_and_join(form=form, incident_id=int(incident), actor=Actor("resident"), at=at)
    return found.taken, found.joined


@transaction.atomic
def sweep(*, at: datetime) -> int:
    """Delete drafts whose hour is over; returns how many."""
    return Draft.objects.filter(touched_at__lte=at - KEPT).delete()[0]


def _context(draft_id: uuid.UUID) -> str:
    return f"draft/{draft_id}"
