"""Incidents: which go on, which one an appeal belongs to, how one stands, and what may still belong to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from hotline.organisation import queries as organisation
from hotline.organisation.viewer import Viewer
from hotline.policy import queries as policy_queries
from hotline.refusal import N_, refuse
from hotline.workorder.incident import SAME_GROUP, Candidate, IncidentPage, IncidentView, NoticeView, likely
from hotline.workorder.lifecycle import RULES
from hotline.workorder.models import Incident, IncidentNotice, Order
from hotline.workorder.queries.access import scoped
from hotline.workorder.queries.inbox import title_of
from hotline.workorder.queries.texts import texts
from hotline.workorder.views import OrderRef

SHOWN_AFTER = timedelta(hours=24)  # so long what is over is still told
LISTED_FOR = timedelta(days=90)
BEFORE = timedelta(days=1)  # appeals of this time before the first one may be about the same thing
NOTICES_MOST = 30
ORDERS_MOST = 50
CANDIDATES_MOST = 100
_MERGEABLE = tuple(state.value for rule in RULES["merge"] for state in rule.origin)


def active(authority_id: int, at: datetime) -> tuple[IncidentView, ...]:
    """What goes on, and what was restored within a day, newest first. 1 statement."""
    running = Incident.objects.filter(authority_id=authority_id).exclude(state="closed")
    recent = Incident.objects.filter(authority_id=authority_id, state="closed", restored_at__gt=at - SHOWN_AFTER)
    return _views((running | recent).exclude(state="restored", restored_at__lte=at - SHOWN_AFTER))


def listed(authority_id: int, at: datetime) -> tuple[IncidentView, ...]:
    """What goes on and what was closed within the last 90 days, newest first. 1 statement."""
    rows = Incident.objects.filter(authority_id=authority_id)
    return _views(rows.filter(~Q(state="closed") | Q(closed_at__gt=at - LISTED_FOR)))


def near(authority_id: int, matter_code: str, area_code: str, at: datetime) -> IncidentView | None:
    """The open incident that an appeal about this matter at this place most probably belongs to. 1 statement, none
    without a matter."""
    if not matter_code:
        return None
    running = _views(Incident.objects.filter(authority_id=authority_id, state="open"))
    matters = policy_queries.current(authority_id, at).matters
    return likely(running, matter_code, area_code, organisation.areas(authority_id), matters)


def incident_of(order_id: int) -> IncidentView | None:
    """The incident that the order is in, as its head or merged into it; the newest. 1 statement."""
    mine = Order.objects.filter(pk=order_id).values("head_id")
    found = _views(Incident.objects.filter(Q(head_id=order_id) | Q(head_id__in=mine)))
    return found[0] if found else None


def incident(incident_id: int, viewer: Viewer) -> IncidentPage:
    """One incident with the numbers of its orders that the viewer may see; `Refused` 404 for one of elsewhere.
    3 statements."""
    view = incident_view(incident_id, viewer.authority_id)
    mine = inside(view.head_id)
    states = mine.order_by().values_list("state").annotate(many=Count("pk"))
    seen = scoped(viewer).filter(pk__in=mine.values("pk")).order_by("pk").values_list("pk", "number", "state")
    return IncidentPage(view, dict(states), tuple(OrderRef(*row) for row in seen[:ORDERS_MOST]))


def incident_view(incident_id: int, authority_id: int) -> IncidentView:
    """One incident of this authority; `Refused` 404 when there is none. 1 statement."""
    found = _views(Incident.objects.filter(pk=incident_id, authority_id=authority_id))
    if not found:
        refuse("no_such_incident", N_("没有这件突发事件，请从列表里选。"), status=404)
    return found[0]


def candidates(view: IncidentView, viewer: Viewer) -> tuple[Candidate, ...]:
    """Orders of the same group of matters, at these places or at an unknown one, that could be merged now; oldest
    first, at most 100. 3 statements."""
    if not view.joinable:
        return ()
    areas = organisation.areas(view.authority_id)
    within = {code for each in view.area_codes for code in areas.within(each)} | {""}
    followed = Order.objects.filter(head=OuterRef("pk"), state="merged")
    rows = (
        scoped(viewer)
        .filter(state__in=_MERGEABLE, matter_code__startswith=view.matter_code[:SAME_GROUP], area_code__in=within)
        .filter(registered_at__gt=view.started_at - BEFORE)
        .exclude(pk=view.head_id)
        .exclude(Exists(followed))
        .order_by("registered_at", "pk")
        .values_list("pk", "number", "state", "matter_code", "area_code", "registered_at")[:CANDIDATES_MOST]
    )
    found = list(rows)
    words = texts([row[0] for row in found], ("title", "appeal")) if found else {}
    return tuple(
        Candidate(pk, number, title_of(words.get(pk, {})), state, matter, area, registered_at)
        for pk, number, state, matter, area, registered_at in found
    )


def inside(head_id: int) -> QuerySet[Order]:
    """The orders of an incident: its head and those that followed it and were not taken back."""
    return Order.objects.filter(Q(pk=head_id) | Q(head_id=head_id)).exclude(outcome="withdrawn")


def _views(rows: QuerySet[Incident]) -> tuple[IncidentView, ...]:
    """With their heads, notices and numbers. 1 statement."""
    members = Order.objects.filter(head=OuterRef("head")).exclude(outcome="withdrawn").order_by()
    counted = members.values("head").annotate(many=Count("pk")).values("many")
    told = JSONObject(**{name: name for name in ("id", "kind", "words", "words_en", "expected_at", "noticed_at")})
    said = IncidentNotice.objects.filter(incident=OuterRef("pk")).order_by("-pk").values(told=told)[:NOTICES_MOST]
    found: Any = (
        rows.select_related("head")
        .annotate(joined=1 + Coalesce(Subquery(counted), 0), said=ArraySubquery(said))
        .order_by(F("started_at").desc(), "-pk")
    )
    return tuple(_view(row) for row in found)


def _view(row: Any) -> IncidentView:
    same = ("id", "authority_id", "state", "matter_code", "started_at", "expected_at", "restored_at", "closed_at",
            "version", "head_id", "joined")  # fmt: skip
    return IncidentView(
        **{name: getattr(row, name) for name in same},
        area_codes=tuple(row.area_codes),
        head_number=row.head.number,
        head_state=row.head.state,
        kind=row.head.kind,
        urgency=row.head.urgency,
        unit_id=row.head.unit_id,
        notices=tuple(_notice(each) for each in row.said),
    )


def _notice(told: Mapping[str, Any]) -> NoticeView:
    moments = {name: told[name] and datetime.fromisoformat(told[name]) for name in ("expected_at", "noticed_at")}
    return NoticeView(**{**told, **moments})
