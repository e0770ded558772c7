"""Re-organisations: how things stand, what a proposal comes to, what replaces what ended, and what was done so far."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from hotline.ledger import queries as ledger
from hotline.ledger.record import Event, Stream
from hotline.organisation.models import Area, Authority, Grid, Membership, Unit
from hotline.organisation.proposals import REORGANISED, MergeAreas, MoveArea, Proposal, RenameArea
from hotline.organisation.queries import indexes
from hotline.organisation.reorganisation import Plan, plan
from hotline.organisation.seen import AreaView, UnitView
from hotline.organisation.standing import Standing

UNIT_CAUSES = ("unit.merged", "unit.ended")
AREA_CAUSES = ("area.merged", "area.moved")


def standing(proposal: Proposal, authority_id: int) -> Standing:
    """All that the proposal could touch, read fresh: what concerns units stays in the authority, divisions are shared
    by all. 3 queries at most."""
    seats = dict(Authority.objects.order_by("id").values_list("id", "area_id"))
    wide = isinstance(proposal, RenameArea | MergeAreas | MoveArea)
    units = Unit.objects.filter(**({} if wide else {"authority_id": authority_id})).order_by("id")
    areas = Area.objects.order_by("code") if wide else Area.objects.none()
    return Standing(
        authority_id,
        {row[0]: UnitView(*row) for row in units.values_list(*indexes.UNIT_COLUMNS)},
        {row[0]: AreaView(*row) for row in areas.values_list(*indexes.AREA_COLUMNS)},
        seats,
    )


@dataclass(frozen=True)
class Preview:
    """What a proposal would change: the plan, and how many people and grids would go along."""

    plan: Plan
    staff: int
    grids: int


def preview(proposal: Proposal, authority_id: int, at: datetime, *, open_orders: int = 0) -> Preview:
    """The dry run. Raises `Refused` with all reasons. At most 5 queries."""
    found = plan(proposal, standing(proposal, authority_id), at=at, open_orders=open_orders)
    gone, touched = found.gone_units, [each.before.id for each in found.units]
    staff = Membership.objects.filter(unit_id__in=gone, active=True).values("staff_id").distinct().count()
    return Preview(found, staff, Grid.objects.filter(unit_id__in=touched).count())


def reorganisations(authority_id: int) -> list[Event]:
    """What was re-organised in an authority, newest first. 1 query."""
    return ledger.timeline(Stream("authority", authority_id), kinds=(REORGANISED,))[::-1]


@dataclass(frozen=True)
class Replacement:
    """What the open orders of an authority are to name instead: units with the unit that does their work today (None:
    nobody does, a dispatcher decides again), codes of areas with today's codes."""

    authority_id: int
    units: Mapping[int, int | None]
    areas: Mapping[str, str]


def replacements(events: Iterable[Event]) -> tuple[Replacement, ...]:
    """What the re-organisations that the events speak of mean for open orders, through all steps since. By authority.

    Whatever ended in the same step comes along, so that an order changes unit and area at once. Looks at the tables,
    not at what this process remembers: it may be another one that re-organised.
    """
    causes = [event for event in events if event.kind in (*UNIT_CAUSES, *AREA_CAUSES)]
    if not causes:
        return ()
    indexes.look_again()
    units = indexes.units_by_ids(event.stream.id for event in causes if event.kind in UNIT_CAUSES)
    authorities = {unit.authority_id for unit in units.values()}
    authorities |= {event.stream.id for event in causes if event.kind in AREA_CAUSES}
    moments = {event.at for event in causes}
    found = (_replacement(authority_id, moments) for authority_id in sorted(authorities))
    return tuple(each for each in found if each.units or each.areas)


def _replacement(authority_id: int, moments: Collection[datetime]) -> Replacement:
    index = indexes.unit_index(authority_id)
    gone = Unit.objects.filter(authority_id=authority_id, ended_at__in=moments).order_by("id")
    heirs = {unit_id: index.successor_of(unit_id) for unit_id in gone.values_list("id", flat=True)}
    codes = Area.objects.filter(ended_at__in=moments).order_by("code").values_list("code", flat=True)
    now = {code: index.areas.current(code) for code in codes}
    return Replacement(
        authority_id,
        {unit_id: heir.id if heir else None for unit_id, heir in heirs.items()},
        {code: area.code for code, area in now.items() if area is not None},
    )
