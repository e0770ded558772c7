"""Keeping the search tokens of orders. Only redacted text is cut into tokens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from hotline.ledger.record import Event
from hotline.residents.masking import redact
from hotline.workorder import notes, search
from hotline.workorder.queries.texts import texts as read_texts

_STORE = """
INSERT INTO workorder_searchentry (order_id, tokens)
SELECT id, tokens::tsvector FROM unnest(%b::bigint[], %b::text[]) AS made (id, tokens)
ON CONFLICT (order_id) DO UPDATE SET tokens = EXCLUDED.tokens
"""


@transaction.atomic
def index(*, order_ids: Sequence[int], at: datetime) -> int:
    """Make the tokens of these orders anew; orders whose texts are forgotten are left out. At most 3 statements."""
    found = read_texts(order_ids, notes.SEARCHED)
    if not found:
        return 0
    store({order_id: "\n".join(words.values()) for order_id, words in found.items()})
    return len(found)


def store(words: dict[int, str]) -> None:
    """Keep the tokens of each order's words. 1 statement."""
    vectors = [search.vector(redact(each).text) for each in words.values()]
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [list(words), vectors])


def index_events(*, events: Sequence[Event], at: datetime) -> None:
    """Reaction: orders whose texts came or changed can be found by their words."""
    index(order_ids=[event.stream.id for event in events], at=at)
