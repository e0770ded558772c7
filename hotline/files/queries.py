"""Which files a stream has. Their content is read by `services.read`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hotline.files.models import File
from hotline.ledger.record import Stream


@dataclass(frozen=True)
class FileView:
    """An attachment: size in bytes, sides in pixels (photos only). Names are not kept: they hold names of people."""

    id: int
    media_type: str
    size: int
    width: int | None
    height: int | None
    attached_at: datetime


def for_stream(stream: Stream) -> list[FileView]:
    """The attachments of a stream, oldest first; one query."""
    rows = File.objects.filter(stream_kind=stream.kind, stream_id=stream.id).order_by("id")
    return [
        FileView(row.id, row.media_type, row.size, row.width, row.height, row.attached_at)
        for row in rows.defer("sealed_key")
        if row.attached_at is not None
    ]
