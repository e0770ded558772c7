"""Videos: freed of the place and time that phones write beside the pictures.

An MP4 or MOV file is a row of boxes: `size (4 bytes) | type (4) | content`. What describes the film lies in `udta`,
`meta` and `uuid` boxes; turned into empty `free` boxes of the same size, nothing else has to move.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NoReturn

from hotline.refusal import N_, refuse

_DESCRIBING = (b"udta", b"meta", b"uuid")
_HOLDING = (b"moov", b"trak")
_DEPTH = 3


def without_description(content: bytes) -> bytes:
    """The film without place, time and maker. Raises Refused when it is cut short or is no film."""
    film = bytearray(content)
    kinds = {kind for _, _, _, kind in _boxes(film, 0, len(film))}
    if not {b"moov", b"mdat"} <= kinds:
        _refuse_broken()
    _blank(film, 0, len(film), _DEPTH)
    return bytes(film)


def _blank(film: bytearray, start: int, end: int, depth: int) -> None:
    for at, inside, after, kind in _boxes(film, start, end):
        if kind in _DESCRIBING:
            film[at + 4 : at + 8] = b"free"
            film[inside:after] = bytes(after - inside)
        elif kind in _HOLDING and depth:
            _blank(film, inside, after, depth - 1)


def _boxes(film: bytearray, start: int, end: int) -> Iterator[tuple[int, int, int, bytes]]:
    """Every box between two places: where it starts, its content starts, it ends, and its type."""
    while end - start >= 8:
        size, kind = struct.unpack_from(">I4s", film, start)
        inside = start + 8
        if size == 1 and end - start >= 16:
            (size,) = struct.unpack_from(">Q", film, inside)
            inside += 8
        after = end if size == 0 else start + size
        if not inside <= after <= end:
            _refuse_broken()
        yield start, inside, after, kind
        start = after


def _refuse_broken() -> NoReturn:
    refuse("file_broken", N_("这段视频打不开，可能没有传完整，请重新选一次"), field="files")
