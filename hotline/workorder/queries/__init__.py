"""Reading orders: one order, lists, counts, texts, what is lawful, and a resident's own access."""

from hotline.workorder.queries.access import Proven, may_see, prove
from hotline.workorder.queries.attachments import attachment, own_attachment
from hotline.workorder.queries.counts import any_of, by_area, ids_in, tally
from hotline.workorder.queries.inbox import inbox, title_of, waiting
from hotline.workorder.queries.incidents import active, candidates, incident, incident_of, incident_view, listed, near
from hotline.workorder.queries.one import OrderCodes, PublicOrder, codes, order, public
from hotline.workorder.queries.texts import texts
from hotline.workorder.queries.tied import asking, chosen, numbered
from hotline.workorder.queries.touched import open_at, open_of

__all__ = [
    "OrderCodes",
    "Proven",
    "PublicOrder",
    "active",
    "any_of",
    "asking",
    "attachment",
    "by_area",
    "candidates",
    "chosen",
    "codes",
    "ids_in",
    "inbox",
    "incident",
    "incident_of",
    "incident_view",
    "listed",
    "may_see",
    "near",
    "numbered",
    "open_at",
    "open_of",
    "order",
    "own_attachment",
    "prove",
    "public",
    "tally",
    "texts",
    "title_of",
    "waiting",
]
