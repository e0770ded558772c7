"""The files of an order, for who may see the order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from hotline.organisation.viewer import Viewer
from hotline.workorder import queries as workorder
from hotline.workorder.views import FileRef

PICTURES = ("image/jpeg", "image/png", "image/webp")


@dataclass(frozen=True)
class Attachment:
    """One file as the page shows it."""

    id: int
    picture: bool
    label: str


def shown(found: Iterable[FileRef]) -> Iterable[Attachment]:
    """What hangs on the order, in words."""
    for number, file in enumerate(found, start=1):
        picture = file.media_type in PICTURES
        kind = gettext("照片 %(n)s") if picture else gettext("文件 %(n)s")
        yield Attachment(file.id, picture, f"{kind % {'n': number}} · {_size(file.size)}")


def _size(size: int) -> str:
    return f"{size / 1_048_576:.1f} MB" if size >= 1_048_576 else f"{max(1, size // 1024)} KB"


def read(order_id: int, file_id: int, viewer: Viewer) -> tuple[bytes, str]:
    """One file's bytes and media type. Raises `Refused` (404) where it is not this order's or not the viewer's."""
    return workorder.attachment(order_id, file_id, viewer)
