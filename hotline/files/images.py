"""Photos: really decoded, turned upright, freed of everything but the picture, and written anew."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any, NoReturn

from PIL import Image

from hotline.files.kinds import JPEG, PNG, WEBP, Kind
from hotline.refusal import N_, refuse

MAX_PIXELS = 50_000_000
LONGEST_SIDE = 4096  # pixels: more shows nothing more on any screen of the desk
Image.MAX_IMAGE_PIXELS = MAX_PIXELS  # Pillow's own guard, should anything ever open a picture another way

_FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
_OPTIONS: dict[Kind, dict[str, Any]] = {
    JPEG: {"quality": 88},
    PNG: {"compress_level": 6},
    WEBP: {"quality": 88, "method": 2},
}
_PLAIN_MODES = {JPEG: ("L", "RGB"), PNG: ("1", "L", "LA", "RGB", "RGBA", "I;16"), WEBP: ("RGB", "RGBA")}
_ORIENTATION = 0x0112  # the tag that says how the camera was held
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow raises on content that is damaged or made to hurt.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error, zlib.error)


@dataclass(frozen=True)
class Picture:
    """A photo written anew; sizes in pixels."""

    content: bytes
    width: int
    height: int


def clean(content: bytes, kind: Kind) -> Picture:
    """The picture alone: no place, time, camera or hidden thumbnail, the right way up, no side above LONGEST_SIDE.

    Of moving pictures the first frame is kept. Raises Refused for too many pixels and for what cannot be decoded.
    """
    try:
        with Image.open(BytesIO(content), formats=[_FORMATS[kind]]) as image:
            _check_size(image.width * image.height)  # from the header, before a single pixel is unpacked
            image.draft(image.mode, (LONGEST_SIDE, LONGEST_SIDE))
            image.load()
            upright = _upright(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        _refuse_size()
    except _BROKEN:
        refuse("file_broken", N_("这张照片打不开，可能没有传完整，请重新选一次"), field="files")
    upright = _plain(upright, kind)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright.info = {}
    written = BytesIO()
    upright.save(written, _FORMATS[kind], **_OPTIONS[kind])
    return Picture(written.getvalue(), upright.width, upright.height)


def _check_size(pixels: int) -> None:
    if pixels > MAX_PIXELS:
        _refuse_size()


def _refuse_size() -> NoReturn:
    # The words name MAX_PIXELS.
    refuse("file_pixels", N_("这张照片超过 5000 万像素，请在手机里缩小后再传"), field="files", status=413)


def _upright(image: Image.Image) -> Image.Image:
    try:
        turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except _BROKEN:
        turn = None  # a photo is worth keeping even if its description is damaged
    return image.transpose(turn) if turn is not None else image.copy()


def _plain(image: Image.Image, kind: Kind) -> Image.Image:
    if image.mode in _PLAIN_MODES[kind] and "transparency" not in image.info:
        return image
    see_through = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    return image.convert("RGBA" if see_through and kind is not JPEG else "RGB")
