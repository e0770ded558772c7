"""Drafts for the tests of the ledger."""

from datetime import datetime, timedelta

from hotline.ledger.record import Actor, Draft, Json, Stream

DAY = timedelta(days=1)


def order(number: int) -> Stream:
    """The stream of an order."""
    return Stream("order", number)


def draft(
    stream: Stream, at: datetime, kind: str = "order.registered", *, history: bool = False, **facts: Json
) -> Draft:
    """A draft by an agent."""
    return Draft(stream, kind, facts or {"matter": "A01"}, Actor("staff", "7", "agent", 3), at, history)


def life(stream: Stream, at: datetime, length: int) -> list[Draft]:
    """A stream's first events, an hour apart."""
    return [draft(stream, at + timedelta(hours=n), "order.signed", n=n) for n in range(length)]
