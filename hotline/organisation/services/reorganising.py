"""Carrying out a re-organisation: exactly what the plan says, in a number of statements that does not grow with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import F

from hotline.ledger import services as ledger
from hotline.ledger.record import Actor, Draft, Json, Stream
from hotline.organisation import queries
from hotline.organisation.models import Authority, FormerName
from hotline.organisation.proposals import REORGANISED, MergeAreas, Proposal, codes
from hotline.organisation.reorganisation import Plan, plan
from hotline.organisation.services import moving_along
from hotline.organisation.standing import Standing


@transaction.atomic
def reorganise(*, proposal: Proposal, authority_id: int, at: datetime, actor: Actor, open_orders: int = 0) -> Plan:
    """Do what the proposal says; what was done. `open_orders`: how many open orders name a unit that would end.

    Appends "authority.reorganised", and for each unit "unit.renamed", "unit.merged", "unit.moved" or "unit.ended",
    for each division "area.renamed", "area.merged" or "area.moved" in the stream of every authority whose ground it
    is. Raises `Refused` with all reasons. At most 22 statements.
    """
    # All authorities share the divisions. Orders go on meanwhile: their foreign keys do not wait for this lock.
    list(Authority.objects.select_for_update(no_key=True).order_by("id").values_list("id"))
    before = queries.standing(proposal, authority_id)
    found = plan(proposal, before, at=at, open_orders=open_orders)
    moving_along.write_areas(found, at)
    moving_along.write_units(found)
    former = _keep_names(found, at)
    moving_along.take_along_areas(found)
    people = moving_along.take_along_people(found)
    told = {"units": len(found.units), "areas": len(found.areas), "people": len(people)}
    drafts = [Draft(Stream("authority", authority_id), REORGANISED, {**codes(proposal), **told}, actor, at)]
    drafts += [Draft(*each, actor, at) for each in (*_of_units(found, former), *_of_areas(found, before, former))]
    drafts += [Draft(Stream("staff", staff), kind, facts, actor, at) for staff, kind, facts in people]
    ledger.append(drafts=drafts, at=at)
    touched = _touched(found, before)
    Authority.objects.filter(id__in=touched).update(revision=F("revision") + 1)
    queries.forget_cache()
    # Another thread may have read the old rows back in before the commit.
    transaction.on_commit(queries.forget_cache)
    return found


def _keep_names(found: Plan, at: datetime) -> dict[int | str, int]:
    """Write down what was called otherwise until now; the ids of these rows by unit id or code."""
    rows = [FormerName(unit_id=each.before.id, name=each.before.name, name_en=each.before.name_en, until=at)
            for each in found.units if each.renamed]  # fmt: skip
    rows += [FormerName(area_id=each.before.code, name=each.before.name, name_en=each.before.name_en, until=at)
             for each in found.areas if each.renamed and each.before is not None]  # fmt: skip
    FormerName.objects.bulk_create(rows)
    return {row.unit_id or row.area_id or "": row.id for row in rows}


Told = tuple[Stream, str, dict[str, Json]]


def _of_units(found: Plan, former: dict[int | str, int]) -> Iterator[Told]:
    rehung = {each.before.id for each in found.rehung}
    for each in found.units:
        stream, above = Stream("unit", each.before.id), each.before.parent_id
        if each.merged:
            yield stream, "unit.merged", {"into_id": each.after.successor_id, "from_parent_id": above}
        elif each.ended:
            yield stream, "unit.ended", {"from_parent_id": above}
        elif each.renamed:
            yield stream, "unit.renamed", {"former_id": former[each.before.id]}
        elif each.before.id in rehung:
            yield stream, "unit.moved", {"parent_id": each.after.parent_id, "from_parent_id": above}


def _of_areas(found: Plan, before: Standing, former: dict[int | str, int]) -> Iterator[Told]:
    merging = isinstance(found.proposal, MergeAreas)
    for each in found.areas:
        if each.before is None:
            continue
        if each.replaced:
            kind = "area.merged" if merging else "area.moved"
            facts: dict[str, Json] = {"from_code": each.before.code, "into_code": each.after.successor_code}
        elif each.renamed:
            kind, facts = "area.renamed", {"code": each.before.code, "former_id": former[each.before.code]}
        elif each.moved and not merging:
            kind = "area.moved"
            facts = {"from_code": each.before.code, "into_code": each.before.code,
                     "parent_code": each.after.parent_code, "from_parent_code": each.before.parent_code}  # fmt: skip
        else:
            continue
        for authority_id in sorted(before.covering(each.before.code)):
            yield Stream("authority", authority_id), kind, facts


def _touched(found: Plan, before: Standing) -> Collection[int]:
    """The authorities whose indexes are old from now on."""
    changed = [each.before.code for each in found.areas if each.before is not None]
    touched = {before.authority_id, *(each.before.authority_id for each in found.units)}
    touched |= {authority for code in changed for authority in before.covering(code)}
    return touched | {key for key, seat in before.seats.items() if seat in found.area_paths}
