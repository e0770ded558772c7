"""The same request twice makes one order: the second waits for the first and hears its answer.

Writes within the caller's transaction; only `intake.services` calls it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import connection, transaction

from hotline.intake import models
from hotline.intake.appeal import AppealForm
from hotline.refusal import N_, Reason, Refused
from hotline.vault.services import blind_index

REMEMBERED = timedelta(days=7)
_BEGIN = """
INSERT INTO intake_request (authority_id, sender, name, digest, number, created_at) VALUES (%s, %s, %s, %s, '', %s)
ON CONFLICT (authority_id, name) DO NOTHING RETURNING id
"""

_BEGIN_MANY = """
INSERT INTO intake_request (authority_id, created_at, name, sender, digest, number)
SELECT %s::bigint, %s::timestamptz, name, sender, digest, ''
FROM unnest(%s::bytea[], %s::text[], %s::bytea[]) AS told (name, sender, digest) ORDER BY name
ON CONFLICT (authority_id, name) DO NOTHING RETURNING id, name
"""
_FINISH_MANY = """
UPDATE intake_request AS r SET order_id = made.order_id, number = made.number
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS made (id, order_id, number) WHERE r.id = made.id
"""
_REUSED = Reason("key_reused", N_("这个防重复编号已经用在另一件诉求上，请换一个新的编号。"), "idempotency_key")

_CHANGED = Reason(
    "source_changed", N_("这个编号以前登记过，内容和现在的不同。请核对，要补充的请写在原来的工单里。"), "source_ref"
)


@dataclass(frozen=True)
class Request:
    """A remembered request; `order_id` is None until it has become an order."""

    id: int
    order_id: int | None
    number: str


def name_of(form: AppealForm) -> str | None:
    """By what the request is recognised: the caller's key, else the source's own number; None: not remembered."""
    if form.idempotency_key:
        return f"{form.sender}/key/{form.idempotency_key}"
    if form.source_ref:
        return source_name(form.sender, form.source_ref)
    return f"{form.sender}/once/{uuid4()}" if form.sender else None


def begin(*, authority_id: int, form: AppealForm, at: datetime) -> Request | None:
    """Note the request; None if it has no name. One that is under way in another connection is waited for.

    Raises Refused 409 when the name came before with another appeal. 1 statement, 2 when it came before.
    """
    name = name_of(form)
    if name is None:
        return None
    hashed, digest = hashed_name(name), _digest(form)
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [authority_id, form.sender, hashed, digest, at])
        row = cursor.fetchone()
    if row is not None:
        return Request(row[0], None, "")
    earlier = models.Request.objects.get(authority_id=authority_id, name=hashed)
    if bytes(earlier.digest) != digest:
        raise Refused(_REUSED, status=409)
    return Request(earlier.pk, earlier.order_id, earlier.number)


def finish(*, request_id: int, order_id: int, number: str) -> None:
    """Say which order the request became. 1 statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE intake_request SET order_id = %s, number = %s WHERE id = %s", [order_id, number, request_id]
        )


@dataclass(frozen=True)
class Begun:
    """What became of the names of many forms: fresh ones (place → request id), and those that were refused."""

    fresh: dict[int, int]
    refused: dict[int, Refused]


def begin_many(*, authority_id: int, forms: Mapping[int, AppealForm], at: datetime) -> Begun:
    """Note many requests that have names; one that came before is not fresh, with another appeal it is refused.

    2 statements.
    """
    named = {place: (hashed_name(name_of(form) or ""), form.sender, _digest(form)) for place, form in forms.items()}
    firsts: dict[bytes, int] = {}
    for place, (name, _, _) in named.items():
        firsts.setdefault(name, place)
    columns = [[named[place][column] for place in firsts.values()] for column in range(3)]
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN_MANY, [authority_id, at, *columns])
        fresh = {firsts[bytes(name)]: request_id for request_id, name in cursor.fetchall()}
    found = models.Request.objects.filter(authority_id=authority_id, name__in=list(firsts))
    digests = {bytes(name): bytes(digest) for name, digest in found.values_list("name", "digest")}
    refused = {
        place: Refused(_CHANGED, status=409)
        for place, (name, _, digest) in named.items()
        if place not in fresh and digests[name] != digest
    }
    return Begun(dict(sorted(fresh.items())), refused)


def finish_many(*, request_ids: Sequence[int], order_ids: Sequence[int], numbers: Sequence[str]) -> None:
    """Say which orders the requests became, in their order. 1 statement."""
    if request_ids:
        with connection.cursor() as cursor:
            cursor.execute(_FINISH_MANY, [list(request_ids), list(order_ids), list(numbers)])


@transaction.atomic
def sweep(*, at: datetime) -> int:
    """Forget requests without a sender after a week; those of partners and imports are kept. Returns how many."""
    return models.Request.objects.filter(sender="", created_at__lt=at - REMEMBERED).delete()[0]


def source_name(sender: str, reference: str) -> str:
    """By what a row of another system is recognised."""
    return f"{sender}/source/{reference}"


def hashed_name(name: str) -> bytes:
    """The name as it is stored: 32 bytes that tell nothing."""
    return blind_index(name, purpose="intake.request")


def _digest(form: AppealForm) -> bytes:
    codes = (
        form.channel,
        form.kind,
        form.matter_code,
        form.area_code,
        form.line,
        str(form.anonymous),
        str(form.secret),
        *((form.urgency,) if form.urgency else ()),  # doors without it keep the digests that they have
    )
    parts = (*codes, form.text, form.title, form.phone, form.name, form.place, *form.file_tokens)
    return blind_index("\x1f".join(part or "" for part in parts), purpose="intake.digest")
