"""Keys of partners: made once, shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja.security import HttpBearer

from hotline.channels.api.limits import Level, take
from hotline.channels.models import ApiKey
from hotline.ledger.record import Actor
from hotline.refusal import N_, refuse
from hotline.ui.moment import now

SCOPES = ("appeals:write", "appeals:read", "files:write")
PREFIX = "hk_"
# A revoked key stops working within this time in every process.
REMEMBERED = timedelta(seconds=10)
_remembered: dict[bytes, tuple[datetime, Caller | None]] = {}
_levels: dict[int, Level] = {}


@dataclass(frozen=True)
class Caller:
    """The partner behind a call."""

    key_id: int
    authority_id: int
    partner: str
    scopes: frozenset[str]
    channel: str
    per_minute: int

    def actor(self) -> Actor:
        """The partner as the ledger names it."""
        return Actor("partner", self.partner)


@transaction.atomic
def create(
    *, authority_id: int, partner: str, scopes: Sequence[str], channel: str, per_minute: int, at: datetime
) -> str:
    """Make a key and return it; it cannot be shown again. Raises Refused for an unknown scope or a rate below 1."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        refuse("scope_unknown", N_("权限请从这些里选：%(scopes)s。"), field="scopes", scopes=" ".join(SCOPES))
    if per_minute < 1:
        refuse("rate", N_("每分钟次数至少是 1。"), field="per_minute")
    secret = PREFIX + secrets.token_urlsafe(32)
    ApiKey.objects.create(
        authority_id=authority_id,
        partner=partner,
        secret_hash=_hash(secret),
        scopes=list(scopes),
        channel=channel,
        per_minute=per_minute,
        created_at=at,
    )
    return secret


@transaction.atomic
def revoke(*, partner: str, at: datetime) -> int:
    """Stop all keys of `partner`; returns how many. They die within ten seconds."""
    return ApiKey.objects.filter(partner=partner, revoked_at=None).update(revoked_at=at)


def find(secret: str, at: datetime) -> Caller | None:
    """The caller with this key, None if there is none. 1 query, none while remembered (ten seconds)."""
    digest = _hash(secret)
    known = _remembered.get(digest)
    if known is not None and at - known[0] < REMEMBERED:
        return known[1]
    row = ApiKey.objects.filter(secret_hash=digest, revoked_at=None).first()
    caller = None if row is None else _caller(row)
    if caller is not None:  # strangers are not remembered: they could fill the memory
        _remembered[digest] = (at, caller)
    else:
        _remembered.pop(digest, None)
    return caller


def forget_cache() -> None:
    """Forget remembered keys and call counts; tests need it between databases."""
    _remembered.clear()
    _levels.clear()


def _caller(row: ApiKey) -> Caller:
    return Caller(row.pk, row.authority_id, row.partner, frozenset(row.scopes), row.channel, row.per_minute)


def _hash(secret: str) -> bytes:
    # The secret has 256 random bits, so a fast hash is enough.
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def caller_of(request: HttpRequest) -> Caller:
    """The partner whose key was checked for this request."""
    caller = getattr(request, "auth", None)
    if not isinstance(caller, Caller):
        refuse("key_needed", N_("请在 Authorization 里带上有效的接口密钥。"), status=401)
    return caller


class KeyNeeded(HttpBearer):
    """`Authorization: Bearer hk_…`; sets `request.auth` to the Caller. Refuses a missing scope (403), a rush (429).
    Without a scope any key will do."""

    openapi_scheme = "bearer"

    def __init__(self, scope: str = "") -> None:
        self.scope = scope
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> Any | None:
        """The caller of this request, or None for an unknown key."""
        at = now()
        caller = find(token, at)
        if caller is None:
            return None
        if self.scope and self.scope not in caller.scopes:
            refuse(
                "scope_missing",
                N_("这个密钥没有“%(scope)s”权限，请找热线平台管理员开通。"),
                status=403,
                scope=self.scope,
            )
        wait = take(_levels, caller.key_id, caller.per_minute, at)
        if wait:
            refuse("too_many", N_("调用太快，请 %(seconds)s 秒后再试。"), status=429, seconds=int(wait) + 1)
        return caller
