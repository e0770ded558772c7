"""Which files are taken, and how one is told from another: by its content, never by its name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import NoReturn

import puremagic

from hotline.refusal import N_, refuse

MIB = 1024 * 1024
HEAD_BYTES = 4096  # enough for every signature


@dataclass(frozen=True)
class Kind:
    """A kind of file: `label` is what people call it, `limit` bytes at most."""

    media_type: str
    label: str
    family: str
    extensions: tuple[str, ...]
    limit: int


_IMAGE, _VIDEO, _DOCUMENT = "image", "video", "document"
JPEG = Kind("image/jpeg", "JPG", _IMAGE, ("jpg", "jpeg", "jpe", "jfif"), 20 * MIB)
PNG = Kind("image/png", "PNG", _IMAGE, ("png",), 20 * MIB)
WEBP = Kind("image/webp", "WebP", _IMAGE, ("webp",), 20 * MIB)
PDF = Kind("application/pdf", "PDF", _DOCUMENT, ("pdf",), 20 * MIB)
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = Kind(f"{_OFFICE}wordprocessingml.document", "Word", _DOCUMENT, ("docx",), 20 * MIB)
XLSX = Kind(f"{_OFFICE}spreadsheetml.sheet", "Excel", _DOCUMENT, ("xlsx",), 20 * MIB)
MP4 = Kind("video/mp4", "MP4", _VIDEO, ("mp4", "m4v"), 50 * MIB)
MOV = Kind("video/quicktime", "MOV", _VIDEO, ("mov", "qt"), 50 * MIB)
KINDS = (JPEG, PNG, WEBP, PDF, DOCX, XLSX, MP4, MOV)
ACCEPT = ",".join(f".{extension}" for kind in KINDS for extension in kind.extensions)  # for <input accept>

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # also what Word writes around a document with a password
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_NOT_VIDEO_BRANDS = (*_HEIC_BRANDS, b"avif", b"avis", b"M4A ", b"M4B ", b"crx ", b"jp2 ")


def recognise(name: str, head: bytes, office: str | None = None) -> Kind:
    """The kind of a file from its first HEAD_BYTES bytes; `office` is "word" or "xl" where a zip holds such a document.

    Raises Refused for what is not taken, and for a name that promises something else (among photos any name will do:
    phones and chat programs mix them up, and the content decides anyway).
    """
    kind = _by_content(head, office)
    extension = extension_of(name)
    if kind is None:
        _refuse_kind(extension, head)
    if extension and extension not in _extensions(kind):
        refuse(
            "file_mismatch",
            N_("这个文件写的是 .%(extension)s，实际是 %(actual)s，请改成正确的后缀再传"),
            field="files",
            extension=extension,
            actual=kind.label,
        )
    return kind


def extension_of(name: str) -> str:
    """The end of a file's name in lower case without its dot, at most 10 characters; "" when there is none."""
    suffix = PurePath(name.replace("\\", "/").replace("\x00", "")).suffix.lstrip(".").lower()
    return suffix if suffix.isascii() and suffix.isalnum() and len(suffix) <= 10 else ""


def is_zip(head: bytes) -> bool:
    """Whether the content is a zip archive, such as an Office document."""
    return head.startswith(_ZIP)


def by_media_type(media_type: str) -> Kind | None:
    """The kind that is stored under a media type."""
    return next((kind for kind in KINDS if kind.media_type == media_type), None)


def _by_content(head: bytes, office: str | None) -> Kind | None:
    signatures = {
        JPEG: head.startswith(b"\xff\xd8\xff"),
        PNG: head.startswith(b"\x89PNG\r\n\x1a\n"),
        WEBP: head[:4] == b"RIFF" and head[8:12] == b"WEBP",
        PDF: b"%PDF-" in head[:1024],
        DOCX: is_zip(head) and office == "word",
        XLSX: is_zip(head) and office == "xl",
        MOV: head[4:12] == b"ftypqt  " or head[4:8] in (b"moov", b"wide"),
        MP4: head[4:8] == b"ftyp" and head[8:12] not in (*_NOT_VIDEO_BRANDS, b"qt  "),
    }
    return next((kind for kind, fits in signatures.items() if fits), None)


def _extensions(kind: Kind) -> set[str]:
    alike = [other for other in KINDS if other.family == kind.family] if kind.family != _DOCUMENT else [kind]
    return {extension for other in alike for extension in other.extensions}


def _refuse_kind(extension: str, head: bytes) -> NoReturn:
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        refuse("file_heic", N_("这张照片是 HEIC 格式，请在手机里存成 JPG 再传"), field="files")
    if head.startswith(_OLD_OFFICE):
        refuse("file_old_office", N_("这是旧版或加了密码的 Office 文件，请另存为 docx、xlsx 再传"), field="files")
    guesses = _guesses(head)
    if extension and guesses and extension not in guesses:
        refuse(
            "file_mismatch",
            N_("这个文件写的是 .%(extension)s，实际是 %(actual)s，请转成 JPG、PNG 或 PDF 再传"),
            field="files",
            extension=extension,
            actual=guesses[0].upper(),
        )
    refuse("file_kind", N_("请传 JPG、PNG 照片，PDF、Word、Excel 文件或 MP4 视频，这个文件不是"), field="files")


def _guesses(head: bytes) -> list[str]:
    """The endings that such a file may have, the likeliest first; empty when nobody knows."""
    if is_zip(head):
        return ["zip"]
    try:
        return [guess.extension.lstrip(".").lower() for guess in puremagic.magic_string(head)]
    except (puremagic.PureError, ValueError):
        return []
