"""Opening keys."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from hotline.vault import cipher, master
from hotline.vault.cipher import OpenKey
from hotline.vault.services import WRAPPING

_CHAIN = """
WITH RECURSIVE chain AS (
    SELECT id, parent_id, wrapped, master_id FROM vault_key WHERE id = ANY(%s::bigint[]) AND wrapped IS NOT NULL
    UNION
    SELECT k.id, k.parent_id, k.wrapped, k.master_id
    FROM vault_key k JOIN chain c ON k.id = c.parent_id WHERE k.wrapped IS NOT NULL
)
SELECT id, parent_id, wrapped, master_id FROM chain
"""
_DESCENDANTS = """
WITH RECURSIVE below AS (
    SELECT id FROM vault_key WHERE id = ANY(%s::bigint[])
    UNION
    SELECT k.id FROM vault_key k JOIN below b ON k.parent_id = b.id
)
SELECT id FROM below
"""


class WrongMaster(Exception):
    """A key was wrapped by another master key than the settings hold; restore that one."""


def open_keys(ids: Iterable[int]) -> dict[int, OpenKey]:
    """Keys by id, opened with one query that fetches their parents too.

    Absent: ids that are unknown, destroyed, or under a destroyed parent. Raises WrongMaster.
    """
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_CHAIN, [wanted])
        rows = {row[0]: (row[1], bytes(row[2]), row[3]) for row in cursor.fetchall()}
    opened: dict[int, OpenKey | None] = {}
    found = {key_id: _opened(key_id, rows, opened) for key_id in wanted}
    return {key_id: key for key_id, key in found.items() if key}


def _opened(
    key_id: int, rows: dict[int, tuple[int | None, bytes, str]], opened: dict[int, OpenKey | None]
) -> OpenKey | None:
    if key_id not in rows:
        return None
    if key_id not in opened:
        parent_id, wrapped, wrapped_by = rows[key_id]
        if parent_id is None:
            _check_master(key_id, wrapped_by)
        parent = master.key() if parent_id is None else _opened(parent_id, rows, opened)
        opened[key_id] = parent and OpenKey(
            key_id, cipher.unseal_bytes(parent, wrapped, context=WRAPPING), master.algorithm()
        )
    return opened[key_id]


def _check_master(key_id: int, wrapped_by: str) -> None:
    if wrapped_by != master.master_id():
        raise WrongMaster(
            f"key {key_id} was wrapped by master key {wrapped_by}, the settings hold {master.master_id()}: "
            "restore that key from its backup"
        )


def keys_under(key_ids: Iterable[int]) -> set[int]:
    """These keys and every key that they wrap, directly or not; one query. Works for destroyed keys too."""
    with connection.cursor() as cursor:
        cursor.execute(_DESCENDANTS, [sorted(set(key_ids))])
        return {row[0] for row in cursor.fetchall()}
