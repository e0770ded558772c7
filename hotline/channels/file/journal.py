"""The file that messages are delivered into: one JSON object a line, one file a day. No Django.

A line counts once it is whole, newline included: what a crash tore is not a delivery.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path


def path_of(folder: Path, day: date) -> Path:
    """The file of one day."""
    return folder / f"{day.isoformat()}.jsonl"


def append(path: Path, entry: Mapping[str, object]) -> None:
    """Add one line and wait until it is on the disk. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        if _torn(handle):
            line = b"\n" + line
        if os.write(handle, line) != len(line):
            raise OSError("the disk took only part of the line")
        os.fsync(handle)
    finally:
        os.close(handle)


def _torn(handle: int) -> bool:
    size = os.fstat(handle).st_size
    return size > 0 and os.pread(handle, 1, size - 1) != b"\n"


def delivered(folder: Path, references: Collection[str]) -> set[str]:
    """Which of `references` stand in any file of `folder` as a whole line."""
    if not references:
        return set()
    return {ref for path in sorted(folder.glob("*.jsonl")) for ref in _references(path) if ref in references}


def _references(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        for line in file:
            entry = _entry(line)
            if entry is not None:
                yield str(entry.get("ref"))


def _entry(line: bytes) -> dict[str, object] | None:
    if not line.endswith(b"\n"):
        return None
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def blank(folder: Path, residents: Collection[int]) -> int:
    """Take words and number out of every line to one of `residents` (ids); returns how many lines.

    The references stay, so that nothing is delivered twice.
    """
    return sum(_blank_file(path, residents) for path in sorted(folder.glob("*.jsonl")))


def _blank_file(path: Path, residents: Collection[int]) -> int:
    kept, blanked = [], 0
    for line in path.read_bytes().splitlines(keepends=True):
        entry = _entry(line)
        if entry is not None and entry.get("resident") in residents and "body" in entry:
            remains = {name: entry[name] for name in ("ref", "stream", "resident", "at") if name in entry}
            line = json.dumps(remains).encode() + b"\n"
            blanked += 1
        kept.append(line)
    if blanked:
        aside = path.with_suffix(".part")
        aside.write_bytes(b"".join(kept))
        aside.chmod(0o600)
        aside.replace(path)
    return blanked
