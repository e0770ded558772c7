"""Incidents for residents: the public page, and the hint in the form that an appeal may be about one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hotline.channels.form.typed import Typed
from hotline.channels.naming import matters, places
from hotline.organisation import queries as organisation
from hotline.organisation.queries import AuthorityView
from hotline.policy import queries as policies
from hotline.refusal import N_, refuse
from hotline.ui import incident_words
from hotline.ui.access import open_to_all
from hotline.ui.incident_words import Line
from hotline.ui.moment import now
from hotline.understanding import services as understanding
from hotline.workorder import queries as orders
from hotline.workorder.incident import IncidentView, likely
from hotline.workorder.queries import PublicOrder

CLEAR = 8  # characters below which a text says too little to be read


@dataclass(frozen=True)
class City:
    """The incidents of one city."""

    city: AuthorityView
    lines: tuple[Line, ...]


@open_to_all("what has happened in the city is for everybody; no person is named")
@require_GET
def incidents(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """What goes on and what was restored within a day; of all cities, or of the one with this code."""
    at, cities = now(), list(organisation.answering())
    if code is not None:
        cities = [each for each in cities if each.code == code]
        if not cities:
            refuse("authority_unknown", N_("没有这个城市，请从列表里选。"), status=404)
    found = [City(each, tuple(line(view, at) for view in orders.active(each.id, at))) for each in cities]
    context = {"cities": found, "several": len(found) > 1, "at": at, "any": any(each.lines for each in found)}
    return render(request, "channels/form/incidents.html", context)


def line(view: IncidentView, at: datetime) -> Line:
    """An incident in the page's words."""
    return incident_words.line(view, places(view.authority_id), matters(policies.current(view.authority_id, at)), at)


def news(found: PublicOrder, at: datetime) -> Line | None:
    """The incident that this appeal is in, for whoever follows it. 1 statement, none where it never joined anything."""
    if not any(step.kind in ("order.merged", "order.incident_joined") for step in found.steps):
        return None
    view = orders.incident_of(found.id)
    return line(view, at) if view is not None and view.state != "closed" else None


@dataclass(frozen=True)
class Hint:
    """The incident that the form asks about: is it this? `chosen`: the resident said yes."""

    line: Line
    chosen: bool


def hint(typed: Typed, authority_id: int, at: datetime) -> Hint | None:
    """The incident that was chosen, or that this appeal may be about; None for none. 1 statement, none while too
    little is written."""
    if not typed.incident and len(typed.text.strip()) < CLEAR:
        return None
    running = [each for each in orders.active(authority_id, at) if each.joinable]
    if not running:
        return None
    chosen = next((each for each in running if str(each.id) == typed.incident), None)
    found = chosen or _read(typed, authority_id, running, at)
    return Hint(line(found, at), chosen is not None) if found is not None else None


def _read(typed: Typed, authority_id: int, running: list[IncidentView], at: datetime) -> IncidentView | None:
    text = "，".join(part for part in (typed.text, typed.place, typed.more) if part)
    reading = understanding.read_text(authority_id=authority_id, text=text, at=at, area_code=typed.area_code or None)
    place = reading.place.area_code if reading.place is not None else None
    matter = reading.matters[0].value if reading.matters else ""
    if not matter:
        return None
    known = policies.current(authority_id, at).matters
    return likely(running, matter, place or typed.area_code, organisation.areas(authority_id), known)


def affected(typed: Typed, authority_id: int, incident_id: str, at: datetime) -> Typed:
    """The form of somebody who says on the public page that they are affected too: the incident is chosen, and what
    has happened stands there already, to be made their own. What they wrote before is kept."""
    running = orders.active(authority_id, at)
    found = next((each for each in running if str(each.id) == incident_id and each.joinable), None)
    if found is None:
        return typed
    words = line(found, at).words
    return typed.choosing(incident_id, words.text if words is not None else "")
