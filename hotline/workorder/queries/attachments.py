"""The files of an order, for whoever may see the order."""

from __future__ import annotations

from hotline.files import queries as files
from hotline.files import services as stored
from hotline.ledger.record import Stream
from hotline.organisation.viewer import Viewer
from hotline.refusal import N_, refuse
from hotline.workorder.queries.access import may_see


def attachment(order_id: int, file_id: int, viewer: Viewer) -> tuple[bytes, str]:
    """The content and media type of one file; `Refused` 404 when it is not this order's or not theirs to see."""
    if not may_see(order_id, viewer):
        refuse("file_unknown", N_("没有这个文件，可能已按要求删除"), status=404)
    return own_attachment(order_id, file_id)


def own_attachment(order_id: int, file_id: int) -> tuple[bytes, str]:
    """The same for the resident who has proven the order theirs."""
    if file_id not in {each.id for each in files.for_stream(Stream("order", order_id))}:
        refuse("file_unknown", N_("没有这个文件，可能已按要求删除"), status=404)
    return stored.read(file_id)
