"""Making and destroying keys; blind indexes and commitments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from hotline.rows import insert
from hotline.vault import cipher, master
from hotline.vault.cipher import OpenKey
from hotline.vault.models import Key

WRAPPING = "vault.key"  # the context under which one key wraps another


@transaction.atomic(savepoint=False)
def create_keys(*, parents: Sequence[OpenKey | None], at: datetime) -> list[OpenKey]:
    """One new key for each parent, in their order, by one statement; None means wrapped by the master key."""
    if not parents:
        return []
    top, algorithm = master.key(), master.algorithm()
    secrets = [cipher.new_secret() for _ in parents]
    rows = insert(
        [
            Key(
                parent_id=parent.id if parent else None,
                wrapped=cipher.seal_bytes(parent or top, secret, context=WRAPPING),
                master_id="" if parent else master.master_id(),
                created_at=at,
            )
            for parent, secret in zip(parents, secrets, strict=True)
        ]
    )
    return [OpenKey(row.id, secret, algorithm) for row, secret in zip(rows, secrets, strict=True)]


@transaction.atomic(savepoint=False)
def destroy(*, key_id: int, at: datetime) -> None:
    """Wipe a key: what it sealed, and every key that it wraps, can never be read again. Again is no harm.

    Backups still hold the wrapped key: erasures are replayed after a restore.
    """
    Key.objects.filter(id=key_id, destroyed_at=None).update(wrapped=None, destroyed_at=at)


def blind_index(value: str, *, purpose: str) -> bytes:
    """32 bytes to look an encrypted value up by; the caller normalises the value first.

    The same value under two purposes gives two unrelated indexes.
    """
    return master.blind(value, purpose)


def commitment(key: OpenKey, text: str) -> str:
    """64 hex digits for a ledger event: proof of the text while the key lives, meaningless afterwards."""
    return cipher.commitment(key, text)
