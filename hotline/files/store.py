"""The files on disk: one encrypted file per attachment, in a folder per day, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path


def path_of(root: Path, token: str, staged_at: datetime) -> Path:
    """Where an attachment lies."""
    return root / f"{staged_at.astimezone(UTC):%Y-%m-%d}" / token


def write(path: Path, content: bytes, at: datetime) -> None:
    """Write a file for its owner only; after a crash it is there whole or not there. `at` becomes its time."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.utime(part, (at.timestamp(), at.timestamp()))
    part.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def remove(path: Path) -> None:
    """Remove a file and, when it was the last of its day, the folder. A missing file is no harm."""
    path.unlink(missing_ok=True)
    try:
        path.parent.rmdir()
    except OSError:
        return  # other files lie there, or the folder has gone already


def older_than(root: Path, before: datetime, days: int) -> Iterator[Path]:
    """Files of the last `days` days written before a moment, unfinished ones included."""
    for back in range(days + 1):
        folder = root / f"{(before - timedelta(days=back)).astimezone(UTC):%Y-%m-%d}"
        if folder.is_dir():
            yield from (path for path in folder.iterdir() if path.stat().st_mtime < before.timestamp())
