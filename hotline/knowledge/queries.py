"""Finds entries that hold on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hotline.knowledge.models import Entry
from hotline.workorder import search as searching

ZONE = ZoneInfo("Asia/Shanghai")
# An entry is the better the rarer the tokens are that it shares with the question, and the fewer others it has.
_SEARCH = """
WITH found AS (
    SELECT id, tokens FROM knowledge_entry
    WHERE authority_id = %(authority)s AND superseded_at IS NULL
      AND valid_from <= %(day)s AND valid_until > %(day)s AND tokens && %(tokens)s::text[]
), hits AS (
    SELECT found.id, shared.token, cardinality(found.tokens) AS size
    FROM found CROSS JOIN LATERAL unnest(found.tokens) AS shared(token) WHERE shared.token = ANY(%(tokens)s::text[])
), rare AS (
    SELECT token, ln(1 + (SELECT count(*) FROM found)::float / count(*)) AS weight FROM hits GROUP BY token
), scores AS (
    SELECT hits.id, sum(rare.weight) / sqrt(max(hits.size)) AS score
    FROM hits JOIN rare USING (token) GROUP BY hits.id
)
SELECT entry.* FROM scores JOIN knowledge_entry AS entry USING (id)
ORDER BY scores.score DESC, entry.id LIMIT %(limit)s
"""


@dataclass(frozen=True)
class EntryView:
    """One version of an entry; it holds from `valid_from` until the day before `valid_until`."""

    id: int
    question: str
    answer: str
    alternatives: tuple[str, ...]
    matter_code: str
    owner_role: str
    audience: str
    source_type: str
    valid_from: date
    valid_until: date
    version: int


def valid(authority_id: int, entry_id: int, at: datetime) -> EntryView | None:
    """The authority's entry, if it is the newest version and holds on the day of `at`. One statement."""
    day = at.astimezone(ZONE).date()
    row = Entry.objects.filter(
        pk=entry_id, authority_id=authority_id, superseded_at__isnull=True, valid_from__lte=day, valid_until__gt=day
    ).first()
    return _view(row) if row else None


def entry(entry_id: int) -> EntryView | None:
    """The entry as it was written, whether it still holds or not: what an order once cited."""
    row = Entry.objects.filter(pk=entry_id).first()
    return _view(row) if row else None


def search(authority_id: int, text: str, at: datetime, limit: int = 5) -> tuple[EntryView, ...]:
    """The entries that hold on the day of `at` and answer `text` best, best first. One statement, none for no words."""
    tokens = [token for token in searching.tokens(text) if len(token) > 1]
    if not tokens or limit < 1:
        return ()
    values = {"authority": authority_id, "day": at.astimezone(ZONE).date(), "tokens": tokens, "limit": limit}
    return tuple(_view(row) for row in Entry.objects.raw(_SEARCH, values))


def by_matter(authority_id: int, at: datetime) -> dict[str, int]:
    """For each matter that has one, an entry that holds on the day of `at`. One statement."""
    day = at.astimezone(ZONE).date()
    rows = Entry.objects.filter(
        authority_id=authority_id, superseded_at__isnull=True, valid_from__lte=day, valid_until__gt=day
    )
    return dict(rows.order_by("-pk").values_list("matter_code", "pk"))


def _view(row: Entry) -> EntryView:
    return EntryView(
        id=row.pk,
        question=row.question,
        answer=row.answer,
        alternatives=tuple(row.alternatives),
        matter_code=row.matter_code,
        owner_role=row.owner_role,
        audience=row.audience,
        source_type=row.source_type,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        version=row.version,
    )
