"""One file on its way in: what it is, whether it is whole and harmless, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hotline.files import documents, images, kinds, videos
from hotline.files.kinds import Kind
from hotline.refusal import N_, refuse


class Readable(Protocol):
    """Anything that gives bytes: an open file, an uploaded one."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class Checked:
    """What is kept of a file; sides in pixels for photos."""

    kind: Kind
    content: bytes
    width: int | None = None
    height: int | None = None


def check(name: str, content: Readable) -> Checked:
    """Recognise a file by its content and free it of hidden descriptions.

    Raises Refused: empty, not taken, named as something else, too large (413), too many pixels (413), damaged.
    """
    head = content.read(kinds.HEAD_BYTES)
    if not head:
        refuse("file_empty", N_("这个文件是空的，请重新选一个"), field="files")
    if kinds.is_zip(head):
        whole = _whole(head, content, kinds.DOCX.limit)
        return Checked(kinds.recognise(name, head, documents.office_part(whole)), whole)
    kind = kinds.recognise(name, head)
    whole = _whole(head, content, kind.limit)
    if kind.family == "image":
        picture = images.clean(whole, kind)
        return Checked(kind, picture.content, picture.width, picture.height)
    if kind.family == "video":
        return Checked(kind, videos.without_description(whole))
    documents.check_pdf(whole)
    return Checked(kind, whole)


def _whole(head: bytes, content: Readable, limit: int) -> bytes:
    # Never more than one byte over the limit is read, whatever the sender claims.
    rest = content.read(limit + 1 - len(head))
    if len(head) + len(rest) > limit:
        refuse(
            "file_large",
            N_("这个文件超过 %(limit)s MB，请压缩后再传"),
            field="files",
            status=413,
            limit=limit // kinds.MIB,
        )
    return head + rest
