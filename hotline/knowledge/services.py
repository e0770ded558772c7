"""Takes a city's questions and answers into its knowledge."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from hotline.knowledge.models import Entry
from hotline.knowledge.queries import ZONE
from hotline.ledger import services as ledger
from hotline.ledger.record import SYSTEM, Draft, Stream
from hotline.organisation.models import Authority
from hotline.packs import City, KnowledgeEntry
from hotline.workorder import search


@dataclass(frozen=True)
class Loaded:
    """How many entries were added, written anew, and ended because the pack no longer has them."""

    added: int
    changed: int
    ended: int


@transaction.atomic
def load(*, pack: City, authority_id: int, at: datetime) -> Loaded:
    """Bring the authority's entries to what its pack says; entries written by hand stay. Doing it again does nothing.

    Loading is the owners' confirmation: an entry holds for its review time from then on.
    """
    Authority.objects.select_for_update().get(pk=authority_id)
    newest = {row.question: row for row in Entry.objects.filter(authority_id=authority_id, superseded_at__isnull=True)}
    wanted = {entry.question: _row(entry, pack, authority_id, at) for entry in pack.knowledge}
    differing = [row for question, row in wanted.items() if not _same(newest.get(question), row)]
    changed = [newest[row.question] for row in differing if row.question in newest]
    ended = [row for question, row in newest.items() if row.from_pack and question not in wanted]
    Entry.objects.filter(pk__in=[row.pk for row in (*changed, *ended)]).update(superseded_at=at)
    for row in differing:
        row.version = newest[row.question].version + 1 if row.question in newest else 1
    Entry.objects.bulk_create(differing, batch_size=1000)
    loaded = Loaded(len(differing) - len(changed), len(changed), len(ended))
    if differing or ended:
        facts = {"added": loaded.added, "changed": loaded.changed, "ended": loaded.ended}
        ledger.append(drafts=[Draft(Stream("knowledge", authority_id), "knowledge.loaded", facts, SYSTEM, at)], at=at)
    return loaded


def _row(entry: KnowledgeEntry, pack: City, authority_id: int, at: datetime) -> Entry:
    matter = pack.matters[entry.matter_code]
    found_by = "\n".join((entry.question, *entry.alternatives, matter.name, *matter.keywords))
    return Entry(
        authority_id=authority_id,
        question=entry.question,
        alternatives=list(entry.alternatives),
        answer=entry.answer,
        matter_code=entry.matter_code,
        owner_role=entry.owner_role,
        audience=entry.audience,
        source_type=entry.source_type,
        valid_from=entry.valid_from,
        valid_until=_months_after(max(entry.valid_from, at.astimezone(ZONE).date()), entry.review_months),
        from_pack=True,
        written_at=at,
        tokens=search.tokens(found_by),
    )


_COMPARED = ("alternatives", "answer", "matter_code", "owner_role", "audience", "source_type", "valid_from", "tokens")


def _same(old: Entry | None, new: Entry) -> bool:
    return old is not None and all(getattr(old, name) == getattr(new, name) for name in _COMPARED)


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
