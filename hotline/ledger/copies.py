"""Copies of the anchors outside the database: who rewrites the database has not rewritten these.

`anchors/anchors.jsonl` holds one line per anchor (its body and hash), `anchors/heads-<id>.txt` the heads that it
sealed, one "order:12 <seq> <hash>" a line. Lines are only ever added. Keep the folder on another machine, or copy it
there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Copy:
    """One anchor as the file has it."""

    id: int
    body: str
    hash: str  # 64 hex digits


def read(folder: Path) -> list[Copy]:
    """All copies in their order; a last line cut short by a crash is left out. Raises ValueError for other damage."""
    path = folder / "anchors.jsonl"
    if not path.exists():
        return []
    whole = path.read_text("ascii").split("\n")[:-1]
    return [_copy(number, line) for number, line in enumerate(whole, 1)]


def write(folder: Path, copy: Copy, heads: Iterable[str]) -> None:
    """Add one anchor, and the lines of the heads that it sealed; on disk for certain when this returns."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"heads-{copy.id:06d}.txt"
    with path.open("w", encoding="ascii") as file:
        file.writelines(f"{line}\n" for line in heads)
        file.flush()
        os.fsync(file.fileno())
    with (folder / "anchors.jsonl").open("ab+") as file:
        _drop_torn_line(file.fileno())
        line = json.dumps({"id": copy.id, "body": copy.body, "hash": copy.hash})
        file.write(f"{line}\n".encode("ascii"))
        file.flush()
        os.fsync(file.fileno())


def heads(folder: Path, anchor_id: int) -> Iterator[str]:
    """The lines of the heads that an anchor sealed; nothing where the copy is gone."""
    path = folder / f"heads-{anchor_id:06d}.txt"
    if path.exists():
        with path.open(encoding="ascii") as file:
            for line in file:
                yield line.rstrip("\n")


def _copy(number: int, line: str) -> Copy:
    try:
        document = json.loads(line)
        return Copy(int(document["id"]), str(document["body"]), str(document["hash"]))
    except (KeyError, TypeError, ValueError) as fault:
        raise ValueError(f"anchors.jsonl, line {number}: not an anchor") from fault


def _drop_torn_line(descriptor: int) -> None:
    size = os.fstat(descriptor).st_size
    while size and os.pread(descriptor, 1, size - 1) != b"\n":
        size -= 1
    os.ftruncate(descriptor, size)
