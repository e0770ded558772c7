"""Documents: whole, what they say they are, and no bombs. They are stored as they came."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from typing import NoReturn

from hotline.files.kinds import MIB
from hotline.refusal import N_, refuse

_MEMBERS = 5000
_UNPACKED = 200 * MIB
_HARMLESS = 10 * MIB  # below this no ratio is dangerous
_RATIO = 100
_PARTS = {"word/document.xml": "word", "xl/workbook.xml": "xl"}


def office_part(content: bytes) -> str | None:
    """ "word" or "xl" when a zip holds such a document, after checking it; None for any other zip.

    Raises Refused for archives that are damaged, locked, carry macros, or unpack to far more than they are.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            _check_members(members, len(content))
            names = {member.filename for member in members}
            part = next((part for name, part in _PARTS.items() if name in names), None)
            if part is None or "[Content_Types].xml" not in names:
                return None
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                refuse("file_macros", N_("这个文件带有宏，请另存为不带宏的文件再传"), field="files")
            if archive.testzip() is not None:
                _refuse_broken()
            return part
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        _refuse_broken()


def check_pdf(content: bytes) -> None:
    """Raises Refused when a PDF was cut short."""
    if b"%%EOF" not in content[-4096:]:
        _refuse_broken()


def _check_members(members: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(member.file_size for member in members)
    bomb = unpacked > _UNPACKED or (unpacked > _HARMLESS and unpacked > packed * _RATIO)
    odd = any(_is_odd(member) for member in members)
    if bomb or odd or len(members) > _MEMBERS:
        refuse("file_archive", N_("这个文件的内部结构不正常，请另存为 PDF 再传"), field="files")


def _is_odd(member: zipfile.ZipInfo) -> bool:
    name = member.filename.replace("\\", "/")
    locked = bool(member.flag_bits & 1)
    return locked or name.startswith("/") or ":" in name or ".." in name.split("/")


def _refuse_broken() -> NoReturn:
    refuse("file_broken", N_("这个文件打不开，可能没有传完整，请重新选一次"), field="files")
