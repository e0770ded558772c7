"""Opening the sealed texts of orders."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from hotline.vault import cipher
from hotline.vault import queries as vault
from hotline.vault.cipher import OpenKey, Unreadable
from hotline.workorder import notes
from hotline.workorder.models import Note


def texts(
    order_ids: Iterable[int], kinds: Collection[str], *, keys: Mapping[int, OpenKey] | None = None
) -> dict[int, dict[str, str]]:
    """The newest text of each of `kinds` for each order. Orders without readable texts are absent. 2 statements,
    1 if the orders' `keys` are given."""
    rows = list(
        Note.objects.filter(order_id__in=list(order_ids), kind__in=kinds)
        .order_by("order_id", "kind", "-version")
        .distinct("order_id", "kind")
        .values_list("order_id", "kind", "body", "order__key_id")
    )
    opened = keys if keys is not None else vault.open_keys({row[3] for row in rows})
    found: dict[int, dict[str, str]] = {}
    for order_id, kind, body, key_id in rows:
        words = unsealed(opened.get(key_id), order_id, kind, body)
        if words is not None:
            found.setdefault(order_id, {})[kind] = words
    return found


def unsealed(key: OpenKey | None, order_id: int, kind: str, body: bytes | memoryview) -> str | None:
    """One note's words, None when its key is destroyed."""
    if key is None:
        return None
    try:
        return cipher.unseal(key, bytes(body), context=notes.context(order_id, kind))
    except Unreadable:
        return None


def by_version(order_id: int, key_id: int) -> dict[int, dict[str, str]]:
    """All readable texts of one order by the version they came with, the unspoken ones too. 2 statements."""
    key = vault.open_keys([key_id]).get(key_id)
    found: dict[int, dict[str, str]] = {}
    for kind, version, body in (
        Note.objects.filter(order_id=order_id).order_by("pk").values_list("kind", "version", "body")
    ):
        words = unsealed(key, order_id, kind, body)
        if words is not None:
            found.setdefault(version, {})[kind] = words
    return found
