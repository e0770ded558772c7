"""Reading orders: one order, lists, texts, what is lawful, and a resident's own access."""

from hotline.workorder.queries.access import Proven, may_see, prove
from hotline.workorder.queries.inbox import inbox, waiting
from hotline.workorder.queries.lawful import lawful
from hotline.workorder.queries.one import OrderCodes, codes, order, public
from hotline.workorder.queries.texts import texts

__all__ = [
    "OrderCodes",
    "Proven",
    "codes",
    "inbox",
    "lawful",
    "may_see",
    "order",
    "prove",
    "public",
    "texts",
    "waiting",
]
