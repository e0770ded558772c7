"""One order, whole: what is known, its clocks, its way, and what may be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from hotline.clocks import queries as clocks
from hotline.clocks.queries import ClockView
from hotline.files import queries as files
from hotline.ledger import queries as ledger
from hotline.ledger.record import Event, Stream
from hotline.organisation import queries as organisation
from hotline.organisation.tree import UnitIndex
from hotline.organisation.viewer import Viewer
from hotline.policy import queries as policy_queries
from hotline.policy.policy import Policy
from hotline.refusal import N_, refuse
from hotline.residents.masking import mask_name
from hotline.workorder import notes
from hotline.workorder.lifecycle import WAITS_IN, State
from hotline.workorder.models import Assist, Order
from hotline.workorder.queries.access import scoped
from hotline.workorder.queries.lawful import lawful
from hotline.workorder.queries.people import people
from hotline.workorder.queries.standing import Looked, return_until, snapshot
from hotline.workorder.queries.texts import by_version
from hotline.workorder.views import (
    AssistView,
    ClockRow,
    FileRef,
    OrderRef,
    OrderView,
    PersonView,
    TimelineEntry,
    UnitRef,
)

MERGED = "merged"
MOST_TIED = 50  # orders tied to one that a page names; a list shows all of them


@dataclass(frozen=True)
class OrderCodes:
    """The codes of an order, for the machine rooms above: no person, no text."""

    id: int
    authority_id: int
    number: str
    state: str
    kind: str
    matter_code: str
    area_code: str
    urgency: str
    channel: str
    unit_id: int | None
    policy_version_id: int
    registered_at: datetime
    own_at: datetime | None
    version: int


def codes(order_ids: Iterable[int]) -> dict[int, OrderCodes]:
    """The codes of many orders by id. 1 statement."""
    names = list(OrderCodes.__dataclass_fields__)
    rows = Order.objects.filter(pk__in=list(order_ids)).order_by("pk").values_list(*names)
    return {row[0]: OrderCodes(*row) for row in rows}


def order(order_id: int, viewer: Viewer, at: datetime) -> OrderView:
    """All that `viewer` may know of the order; `Refused` 404 when it does not exist or is not theirs to see.

    At most 10 statements: order with what it is tied to, notes and their key, person and their key, clocks (and those
    of assisting units), events, staff, files."""
    found = _related(scoped(viewer).filter(pk=order_id)).first()
    if found is None:
        refuse("no_such_order", N_("没有这件工单，请核对工单号。"), status=404)
    units, texts = organisation.unit_index(found.authority_id), by_version(found.pk, found.key_id)
    running, attached = clocks.for_streams("order", [found.pk]).get(found.pk, []), file_refs(found.pk)
    looked = Looked(
        files={each.id for each in attached},
        assists={each["unit_id"] for each in found.helping},
        clocks={each.kind: each for each in running if each.stopped_at is None},
        members=sum(each["state"] == MERGED for each in found.following),
    )
    policy = policy_queries.version(found.policy_version_id)
    return OrderView(
        **_common(found, units, running),
        **_standing(found, policy, units, at),
        waits_in=WAITS_IN.get(State(found.state), ""),
        channel=found.channel,
        line=found.line,
        person=named(people([found], viewer)[found.pk], newest(texts).get(notes.GIVEN_NAME, "")),
        secret=found.secret,
        texts=spoken(newest(texts)),
        timeline=_timeline(ledger.timeline(Stream("order", found.pk)), texts, units),
        actions=lawful(found, viewer, at, looked),
        files=attached,
    )


def _related(orders: QuerySet[Order]) -> Any:
    """With each order who assists it and what it is tied to: no statement more."""
    told = JSONObject(id="pk", number="number", state="state")
    following = Order.objects.filter(head=OuterRef("pk")).order_by("pk").values(told=told)[:MOST_TIED]
    parts = Order.objects.filter(split_from=OuterRef("pk")).order_by("pk").values(told=told)[:MOST_TIED]
    helping = JSONObject(id="pk", unit_id="unit_id", replied_at="replied_at")
    helpers = Assist.objects.filter(order=OuterRef("pk")).order_by("pk").values(told=helping)
    return orders.select_related("unit", "head", "split_from").annotate(
        helping=ArraySubquery(helpers), following=ArraySubquery(following), divided=ArraySubquery(parts)
    )


def _standing(found: Any, policy: Policy, units: UnitIndex, at: datetime) -> dict[str, Any]:
    """Whose job it is and since when, and which orders it is tied to."""
    until = return_until(snapshot(found), policy)
    same = ("returns", "attempts", "extensions", "extension_asked", "bound")
    return {
        **{name: getattr(found, name) for name in same},
        "assists": _assists(found.helping, units),
        "first_unit": unit_ref(units, found.first_unit_id),
        "first_by_silence": until is not None and at > until and policy.handling.silent_accept,
        "return_until": until,
        "head": _tied(found.head),
        "split_from": _tied(found.split_from),
        "members": tuple(OrderRef(**each) for each in found.following),
        "parts": tuple(OrderRef(**each) for each in found.divided),
    }


def _tied(other: Order | None) -> OrderRef | None:
    return OrderRef(other.pk, other.number, other.state) if other is not None else None


def _assists(helping: Sequence[Mapping[str, Any]], units: UnitIndex) -> tuple[AssistView, ...]:
    """The assisting units with their own clocks; 1 statement where there are any."""
    running = clocks.for_streams("assist", [each["id"] for each in helping]) if helping else {}
    found = []
    for each in helping:
        unit, own = unit_ref(units, each["unit_id"]), clock_rows(running.get(each["id"], ()))
        replied = datetime.fromisoformat(each["replied_at"]) if each["replied_at"] else None
        if unit is not None:
            found.append(AssistView(unit, replied, own[-1] if own else None))
    return tuple(found)


def file_refs(order_id: int) -> tuple[FileRef, ...]:
    """The files of an order, oldest first. 1 statement."""
    return tuple(FileRef(f.id, f.media_type, f.size) for f in files.for_stream(Stream("order", order_id)))


def _common(found: Order, units: UnitIndex, running: Iterable[ClockView]) -> dict[str, Any]:
    """What staff and the resident see alike."""
    same = ("number", "version", "authority_id", "state", "outcome", "kind", "matter_code", "area_code", "urgency",
            "registered_at", "own_at", "rounds", "solved", "policy_version_id")  # fmt: skip
    return {
        "id": found.pk,
        **{name: getattr(found, name) for name in same},
        "unit": unit_ref(units, found.unit_id, found.ended_at),
        "clocks": clock_rows(running),
    }


def spoken(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts that may be handed out."""
    return {kind: words for kind, words in texts.items() if kind not in notes.UNSPOKEN}


def named(person: PersonView, given: str) -> PersonView:
    """The person under the name that came with this very appeal, masked like the other."""
    return replace(person, name=mask_name(given)) if given and person.name else person


def newest(texts: Mapping[int, Mapping[str, str]]) -> dict[str, str]:
    """The newest text of each kind, from the texts by version."""
    return {kind: words for _, each in sorted(texts.items()) for kind, words in each.items()}


def unit_ref(units: UnitIndex, unit_id: int | None, at: datetime | None = None) -> UnitRef | None:
    """A unit as pages name it, None for no unit; with `at` under the name that it had then."""
    unit = units.get(unit_id, at)
    return UnitRef(unit.id, unit.name, unit.name_en) if unit is not None else None


def clock_rows(running: Iterable[ClockView]) -> tuple[ClockRow, ...]:
    """Clocks as pages show them."""
    return tuple(
        ClockRow(
            c.kind, c.started_at, c.due_at, c.warn_at, c.stopped_at, c.outcome, c.round, c.unit,
            c.paused_at, c.provisional, c.first_due_at,
        )
        for c in running
    )  # fmt: skip


def _timeline(
    events: Sequence[Event], texts: Mapping[int, Mapping[str, str]], units: UnitIndex
) -> tuple[TimelineEntry, ...]:
    """The way of the order, oldest first, each step with the texts that came with it."""
    staff = organisation.staff_names({int(e.actor.id) for e in events if e.actor.kind == "staff" and e.actor.id})
    entries = []
    for event in events:
        version = event.facts.get("version")
        words = spoken(texts.get(version, {})) if event.kind.startswith("order.") and isinstance(version, int) else {}
        actor = event.actor
        entries.append(
            TimelineEntry(
                event.id,
                event.kind,
                event.at,
                event.recorded_at,
                actor.kind,
                actor.role or "",
                staff.get(int(actor.id), "") if actor.kind == "staff" and actor.id else "",
                unit_ref(units, actor.unit_id, event.at),
                event.facts,
                words,
            )
        )
    return tuple(entries)


@dataclass(frozen=True)
class PublicOrder:
    """What a resident sees of their own appeal: public texts, the steps of the way, no internal word."""

    id: int
    number: str
    state: str
    outcome: str
    kind: str
    matter_code: str
    area_code: str
    urgency: str
    unit: UnitRef | None
    registered_at: datetime
    own_at: datetime | None
    solved: bool | None
    rounds: int
    version: int
    texts: Mapping[str, str]
    clocks: tuple[ClockRow, ...]
    steps: tuple[TimelineEntry, ...]
    authority_id: int
    policy_version_id: int


def public(order_id: int, at: datetime) -> PublicOrder:
    """The order for the resident who proved it theirs, or for the partner who sent it. At most 6 statements."""
    found = Order.objects.filter(pk=order_id).select_related("unit").first()
    if found is None:
        refuse("no_such_order", N_("没有这件工单，请核对工单号。"), status=404)
    units = organisation.unit_index(found.authority_id)
    steps = ledger.timeline(Stream("order", found.pk))
    withheld = _not_approved(steps)
    steps = [event for event in steps if event.facts.get("version") not in withheld]
    texts = {
        version: {kind: words for kind, words in each.items() if kind in notes.PUBLIC}
        for version, each in by_version(found.pk, found.key_id).items()
        if version not in withheld
    }
    running = clocks.for_streams("order", [found.pk]).get(found.pk, [])
    return PublicOrder(**_common(found, units, running), texts=newest(texts), steps=_public_steps(steps, texts, units))


def _not_approved(events: Iterable[Event]) -> set[Any]:
    """The versions whose answer is still looked at, or was sent back: the resident has not been told them."""
    withheld: set[Any] = set()
    for event in events:
        if event.facts.get("state") == "reviewing":
            withheld.add(event.facts["version"])
        elif event.kind == "order.reply_approved" and withheld:
            withheld.discard(max(withheld))
    return withheld


def _public_steps(
    events: Sequence[Event], texts: Mapping[int, Mapping[str, str]], units: UnitIndex
) -> tuple[TimelineEntry, ...]:
    """The steps without the persons who took them."""
    entries = _timeline([event for event in events if event.kind.startswith("order.")], texts, units)
    return tuple(
        TimelineEntry(e.event_id, e.kind, e.at, e.recorded_at, e.actor_kind, e.actor_role, "", e.unit, e.facts, e.texts)
        for e in entries
        if e.kind != "order.read"
    )
