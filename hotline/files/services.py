"""Taking files in, tying them to a stream, reading and forgetting them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from hotline.files import store
from hotline.files.checking import Readable, check
from hotline.files.models import File
from hotline.ledger.record import Event, Stream
from hotline.refusal import N_, refuse
from hotline.vault import cipher
from hotline.vault import queries as vault
from hotline.vault.cipher import OpenKey

STAGED_FOR = timedelta(hours=1)
_ORPHAN_DAYS = 2
_ATTACH = """
UPDATE files_file AS f SET stream_kind = %s::text, stream_id = %s::bigint, key_id = %s::bigint,
       attached_at = %s::timestamptz, sealed_key = n.sealed_key
FROM unnest(%s::bigint[], %s::bytea[]) AS n(id, sealed_key) WHERE f.id = n.id
"""


@dataclass(frozen=True)
class Staged:
    """A file kept for an hour: give `token` to `attach`. Size in bytes, as stored."""

    token: str
    media_type: str
    size: int


@transaction.atomic
def stage(*, name: str, content: Readable, authority_key: OpenKey, at: datetime) -> Staged:
    """Check a file, free it of hidden descriptions, and keep it encrypted for an hour.

    `name` is only held against the content, and not kept. Raises Refused, saying what is wrong and what to do.
    """
    checked = check(name, content)
    token = uuid.uuid4()
    secret = OpenKey(0, cipher.new_secret(), authority_key.algorithm)
    store.write(_path(token, at), cipher.seal_bytes(secret, checked.content, context=_context("content", token)), at)
    File.objects.create(
        token=token,
        key_id=authority_key.id,
        sealed_key=cipher.seal_bytes(authority_key, secret.secret, context=_context("key", token)),
        sha256=hashlib.sha256(checked.content).hexdigest(),
        media_type=checked.kind.media_type,
        size=len(checked.content),
        width=checked.width,
        height=checked.height,
        staged_at=at,
    )
    return Staged(str(token), checked.kind.media_type, len(checked.content))


@transaction.atomic(savepoint=False)
def attach(*, tokens: Sequence[str], stream: Stream, key: OpenKey, at: datetime) -> list[int]:
    """Tie staged files to a stream and seal them under its key; returns their ids in the order of the tokens.

    Three statements, however many files. Files that this stream has already are left as they are. Raises Refused
    when a token is unknown, older than an hour, or another stream's.
    """
    if not tokens:
        return []
    asked = list(dict.fromkeys(_token(token) or str(token) for token in tokens))
    wanted = [token for token in asked if isinstance(token, uuid.UUID)]
    rows = {row.token: row for row in File.objects.select_for_update().filter(token__in=wanted).order_by("id")}
    mine = [row for row in rows.values() if (row.stream_kind, row.stream_id) == (stream.kind, stream.id)]
    free = [row for row in rows.values() if row.stream_id is None and row.staged_at >= at - STAGED_FOR]
    opened = vault.open_keys(row.key_id for row in free)
    lost = len(asked) - len(mine) - sum(row.key_id in opened for row in free)
    if lost:
        refuse("file_gone", N_("有 %(count)s 个附件已过期，请重新添加后再提交"), field="files", count=lost)
    sealed = [_resealed(row, opened[row.key_id], key) for row in free]
    if free:
        with connection.cursor() as cursor:
            ids = [row.id for row in free]
            cursor.execute(_ATTACH, [stream.kind, stream.id, key.id, at, ids, sealed])
    return [rows[token].id for token in wanted]


def read(file_id: int) -> tuple[bytes, str]:
    """The content of an attached file and its media type; the caller has asked whether the viewer may see it.

    Raises Refused (404) when it is unknown, forgotten, or its key was erased.
    """
    row = File.objects.filter(id=file_id, stream_id__isnull=False).first()
    key = vault.open_keys([row.key_id]).get(row.key_id) if row else None
    path = _path(row.token, row.staged_at) if row else None
    if row is None or key is None or path is None or not path.exists():
        refuse("file_unknown", N_("没有这个文件，可能已按要求删除"), status=404)
    secret = OpenKey(0, cipher.unseal_bytes(key, row.sealed_key, context=_context("key", row.token)))
    content = cipher.unseal_bytes(secret, path.read_bytes(), context=_context("content", row.token))
    return content, row.media_type


@transaction.atomic
def sweep(*, at: datetime) -> int:
    """Remove files that were staged more than an hour ago and never used, and what a crash left behind.

    Returns how many files were removed.
    """
    old = list(File.objects.select_for_update(skip_locked=True).filter(stream_id=None, staged_at__lt=at - STAGED_FOR))
    _delete(old)
    left = {path.name: path for path in store.older_than(_root(), at - STAGED_FOR, _ORPHAN_DAYS)}
    tokens = [token for token in map(_token, left) if token]
    kept = {str(token) for token in File.objects.filter(token__in=tokens).values_list("token", flat=True)}
    orphans = [path for name, path in left.items() if name not in kept | {str(row.token) for row in old}]
    for path in orphans:
        store.remove(path)
    return len(old) + len(orphans)


@transaction.atomic
def forget(*, stream: Stream, at: datetime) -> int:
    """Remove all files of a stream for good; returns how many."""
    return _delete(list(File.objects.filter(stream_kind=stream.kind, stream_id=stream.id)))


@transaction.atomic
def forget_events(*, events: Sequence[Event], at: datetime) -> None:
    """Reaction to resident.erased: remove the files of these streams, and all under the keys that were destroyed.

    The events name the destroyed key in the fact `key`; files of the resident's orders lie under keys that it wraps.
    """
    for event in events:
        forget(stream=event.stream, at=at)
    destroyed = [key for key in (event.facts.get("key") for event in events) if isinstance(key, int)]
    if destroyed:
        _delete(list(File.objects.filter(key_id__in=vault.keys_under(destroyed))))


def _resealed(row: File, old: OpenKey, new: OpenKey) -> bytes:
    context = _context("key", row.token)
    return cipher.seal_bytes(new, cipher.unseal_bytes(old, row.sealed_key, context=context), context=context)


def _delete(rows: Iterable[File]) -> int:
    paths = [_path(row.token, row.staged_at) for row in rows]
    if paths:
        File.objects.filter(id__in=[row.id for row in rows]).delete()
        transaction.on_commit(partial(_remove, paths))
    return len(paths)


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        store.remove(path)


def _token(text: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None


def _context(what: str, token: uuid.UUID) -> str:
    return f"files.{what}:{token}"


def _path(token: uuid.UUID, staged_at: datetime) -> Path:
    return store.path_of(_root(), str(token), staged_at)


def _root() -> Path:
    return Path(settings.HOTLINE_DATA_DIR) / "files"
