"""Counting wrong guesses, so that a query code cannot be tried out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction

from hotline.channels.models import Guess
from hotline.refusal import N_, refuse
from hotline.vault.services import blind_index

WINDOW = timedelta(minutes=15)
# A household or an office shares an address; an order is its owner's alone.
LIMITS: Mapping[str, int] = {"address": 20, "number": 8}
_NOTE = """
INSERT INTO channels_guess AS g (subject, since, wrong)
SELECT subject, %s, 1 FROM unnest(%s::bytea[]) AS told (subject) ORDER BY subject
ON CONFLICT (subject) DO UPDATE SET
    wrong = CASE WHEN g.since <= %s THEN 1 ELSE g.wrong + 1 END,
    since = CASE WHEN g.since <= %s THEN excluded.since ELSE g.since END
"""


def refuse_if_too_many(address: str, number: str, at: datetime) -> None:
    """Raise Refused 429 while the address or the order number has had too many wrong guesses. 1 query."""
    limits = _subjects(address, number)
    rows = Guess.objects.filter(subject__in=list(limits), since__gt=at - WINDOW).values_list(
        "subject", "since", "wrong"
    )
    ends = [since + WINDOW for subject, since, wrong in rows if wrong >= limits[bytes(subject)]]
    if ends:
        minutes = max(1, -int((at - max(ends)) // timedelta(minutes=1)))
        refuse(
            "too_many_guesses",
            N_("试的次数太多了。请 %(minutes)s 分钟后再试，或者打 12345 查询。"),
            status=429,
            minutes=minutes,
        )


@transaction.atomic
def note_wrong(*, address: str, number: str, at: datetime) -> None:
    """Count one wrong guess. 1 statement."""
    expired = at - WINDOW
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [at, list(_subjects(address, number)), expired, expired])


@transaction.atomic
def sweep(*, at: datetime) -> int:
    """Delete counts whose window is over; returns how many."""
    return Guess.objects.filter(since__lte=at - WINDOW).delete()[0]


def _subjects(address: str, number: str) -> dict[bytes, int]:
    told = {"address": address, "number": number.upper()}
    return {blind_index(value, purpose=f"guess.{name}"): LIMITS[name] for name, value in told.items() if value}
