"""Lists of orders: what waits for a role, filtered, searched, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db.models import (
    BooleanField,
    Case,
    Count,
    F,
    Func,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from hotline.clocks import queries as clocks
from hotline.organisation import queries as organisation
from hotline.organisation.permissions import Capability
from hotline.organisation.roles import Role
from hotline.organisation.viewer import Viewer
from hotline.residents import queries as residents
from hotline.residents.masking import normalise_phone
from hotline.workorder import search
from hotline.workorder.lifecycle import OPEN
from hotline.workorder.models import Order, SearchEntry
from hotline.workorder.queries.access import scoped
from hotline.workorder.queries.lawful import next_step
from hotline.workorder.queries.one import clock_rows, unit_ref
from hotline.workorder.queries.people import people
from hotline.workorder.queries.texts import texts
from hotline.workorder.views import ClockRow, InboxQuery, InboxRow, Page

# The states that wait for each role.
TURN: Mapping[Role, tuple[str, ...]] = {
    Role.AGENT: ("registered", "incomplete"),
    Role.DISPATCHER: ("accepted", "returned", "convened", "reviewing"),
    Role.CLERK: ("dispatched", "signed", "waiting", "reviewing"),
    Role.GRID_WORKER: ("dispatched", "signed"),
    Role.CALLER_BACK: ("replied", "evaluated"),
    Role.SUPERVISOR: tuple(state.value for state in OPEN),
    Role.LEADER: tuple(state.value for state in OPEN),
    Role.ADMIN: (),
}
COUNTY_CENTRE = ("dispatched", "signed", "waiting", "reviewing")
COUNT_TO = 1000
# An order number is typed from its beginning: letters of the city, the day, perhaps the rest.
NUMBER = re.compile(r"[A-Za-z]{1,6}[0-9][0-9-]{3,}")


def turn(viewer: Viewer) -> tuple[str, ...]:
    """The states that wait for this viewer: a dispatcher of a county's centre does what a unit does."""
    if viewer.role is Role.DISPATCHER and not viewer.at_the_top:
        return COUNTY_CENTRE
    return TURN[viewer.role]


def inbox(viewer: Viewer, query: InboxQuery, at: datetime) -> Page:
    """One page of the orders that match. At most 8 statements, however many orders there are."""
    wanted = _filtered(scoped(viewer), viewer, query, at)
    total = wanted.order_by()[: COUNT_TO + 1].count()
    start = (max(query.page, 1) - 1) * query.per_page
    ordered = _ordered(wanted, query).select_related("unit")[start : start + query.per_page + 1]
    rows = list(ordered)
    more, rows = len(rows) > query.per_page, rows[: query.per_page]
    return Page(
        _rows(rows, viewer, at), max(query.page, 1), query.per_page, min(total, COUNT_TO), more, total > COUNT_TO
    )


def waiting(viewer: Viewer) -> dict[str, int]:
    """How many orders wait in each state of the viewer's turn. 1 statement."""
    mine = scoped(viewer).filter(state__in=turn(viewer)).order_by()
    return {row["state"]: row["many"] for row in mine.values("state").annotate(many=Count("pk"))}


def _filtered(orders: QuerySet[Order], viewer: Viewer, query: InboxQuery, at: datetime) -> QuerySet[Order]:
    if not query.words:
        orders = orders.filter(state__in=query.states or turn(viewer))
    elif query.states:
        orders = orders.filter(state__in=query.states)
    if query.unit_id:
        units = organisation.unit_index(viewer.authority_id)
        unit = units.successor_of(query.unit_id)
        # What a unit closed before it was merged is found with the unit that took over, and the other way round.
        ids = (unit.id, *units.formerly(unit.id)) if unit is not None else (query.unit_id,)
        orders = orders.filter(unit_id__in=ids)
    same = {"channel": query.channel, "kind": query.kind}
    orders = orders.filter(**{name: value for name, value in same.items() if value})
    if query.matter:
        orders = orders.filter(matter_code__startswith=query.matter)
    if query.area:
        areas = organisation.areas(viewer.authority_id)
        known = areas.get(query.area) is not None
        # Codes that the place had before, and communities that came from elsewhere, count too.
        orders = orders.filter(Q(area_code__in=areas.within(query.area)) if known else Q(area_code=query.area))
    if query.urgent:
        orders = orders.exclude(urgency="normal")
    counted = {"extension_asked__gt": query.asking, "escalations__gt": query.escalated}
    orders = orders.filter(**{name: 0 for name, wanted in counted.items() if wanted})
    if query.overdue:
        late = clocks.running("order").filter(due_at__lt=at)
        orders = orders.filter(pk__in=late.values("stream_id"))
    return orders.filter(_found_by(query.words.strip(), viewer)) if query.words.strip() else orders


def _found_by(words: str, viewer: Viewer) -> Q:
    """The condition for what was typed: a phone number, its last four digits, an order number, or words.

    One of them, not all joined by OR: each has its index, and together they would read the whole table."""
    phone = normalise_phone(words)
    if phone is not None:
        return _of(residents.find_by_phone(authority_id=viewer.authority_id, phone=phone), viewer)
    if words.isascii() and words.isdigit() and len(words) == 4:
        return _of(residents.find_by_last4(authority_id=viewer.authority_id, last4=words), viewer)
    if NUMBER.fullmatch(words):
        return Q(number__startswith=words.upper())
    wanted = search.query(words)
    return Q(pk__in=SearchEntry.objects.filter(_holds(wanted)).values("order_id")) if wanted else Q(pk__in=())


def _of(resident_ids: Collection[int], viewer: Viewer) -> Q:
    """Orders of these residents. Who may not know whose a secret order is does not learn it by trying numbers."""
    theirs = Q(resident_id__in=resident_ids)
    return theirs if viewer.holds(Capability.REVEAL_SECRET_IDENTITY) else theirs & Q(secret=False)


def _holds(wanted: str) -> Func:
    # Written out as the operator, which the index serves; the words are tokens already, so nothing parses them again.
    return Func(F("tokens"), Value(wanted), template="(%(expressions)s::tsquery)", arg_joiner=" @@ ",
                output_field=BooleanField())  # fmt: skip


# Where no clock runs yet, the most urgent leaves first, then the oldest.
_HURRY = Case(When(urgency="critical", then=0), When(urgency="urgent", then=1), default=2, output_field=IntegerField())


def _ordered(orders: QuerySet[Order], query: InboxQuery) -> QuerySet[Order]:
    if query.order_by == "newest":
        return orders.order_by("-registered_at", "-pk")
    if query.order_by == "oldest":
        return orders.order_by("registered_at", "pk")
    running = clocks.running("order").filter(stream_id=OuterRef("pk"))
    first_due = running.order_by().values("stream_id").annotate(first=Min("due_at")).values("first")
    return orders.annotate(first_due=Subquery(first_due)).order_by(
        F("first_due").asc(nulls_last=True), _HURRY, "registered_at", "pk"
    )


def _rows(orders: Sequence[Order], viewer: Viewer, at: datetime) -> tuple[InboxRow, ...]:
    ids = [order.pk for order in orders]
    titles = texts(ids, ("title", "appeal")) if ids else {}
    due = _first_due(ids)
    persons = people(orders, viewer)
    units = organisation.unit_index(viewer.authority_id)
    return tuple(
        InboxRow(
            order_id=order.pk,
            number=order.number,
            title=title_of(titles.get(order.pk, {})),
            state=order.state,
            kind=order.kind,
            urgency=order.urgency,
            channel=order.channel,
            matter_code=order.matter_code,
            area_code=order.area_code,
            unit=unit_ref(units, order.unit_id, order.ended_at),
            person=persons[order.pk],
            registered_at=order.registered_at,
            due=due.get(order.pk),
            returns=order.returns,
            rounds=order.rounds,
            next_action=next_step(order, viewer, at),
            secret=order.secret,
            outcome=order.outcome,
        )
        for order in orders
    )


def title_of(words: Mapping[str, str]) -> str:
    """The title, or the beginning of the appeal where nobody gave one."""
    if words.get("title"):
        return words["title"]
    appeal = " ".join(words.get("appeal", "").split())
    return appeal if len(appeal) <= 40 else f"{appeal[:39]}…"


def _first_due(ids: Sequence[int]) -> dict[int, ClockRow]:
    """The clock of each order that ends first; one that stands still comes after those that run."""
    found: dict[int, ClockRow] = {}
    for order_id, rows in (clocks.for_streams("order", ids) if ids else {}).items():
        running = [row for row in rows if row.stopped_at is None]
        if running:
            first = min(running, key=lambda row: (row.paused_at is not None, row.due_at))
            (found[order_id],) = clock_rows([first])
    return found
