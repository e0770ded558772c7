"""The page of an appeal that is being taken down: form, pencil, what is still to be asked, what may answer it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext

from hotline.desk import incident_page, names, pencil
from hotline.desk.choices import Catalogue
from hotline.desk.inboxes import CLASS_DIGITS
from hotline.desk.offering import ENTRIES, SEARCHED
from hotline.desk.pencil import Pencilled, Proposal
from hotline.desk.taking import TakeForm, usual
from hotline.intake import queries as intake_queries
from hotline.intake.appeal import FILES_MOST, AppealForm
from hotline.knowledge import queries as knowledge
from hotline.organisation.permissions import Capability
from hotline.organisation.roles import Role
from hotline.organisation.viewer import Viewer
from hotline.refusal import Reason, Refused
from hotline.ui import refusals

JOINERS = frozenset({Role.AGENT, Role.DISPATCHER})
SHOWN_ENTRIES = 3  # knowledge entries beside the form: of the same class of matters, else the one that fits best
WIDTHS = {
    "place": 7,
    "area_code": 5,
    "kind": 3,
    "matter_code": 6,
    "urgency": 3,
    "title": 12,
}


@dataclass(frozen=True)
class Photo:
    """A staged file: its token, and the name that the person at the desk knows it by."""

    token: str
    name: str

    @property
    def kept(self) -> str:
        """How the page carries it."""
        return f"{self.token} {self.name}"


@dataclass(frozen=True)
class Cell:
    """One field of the form, what is pencilled under it, and whether a person took that over."""

    name: str
    bound: BoundField
    width: int
    proposals: tuple[Proposal, ...]
    inked: bool


@dataclass(frozen=True)
class Answering:
    """A knowledge entry that may answer the appeal at once."""

    id: int
    question: str
    answer: str
    source: str
    valid_until: Any


def photos_of(data: QueryDict | None) -> tuple[Photo, ...]:
    """The files that the page carries already."""
    kept = data.getlist("photo") if data is not None else []
    pairs = (each.partition(" ") for each in kept[:FILES_MOST])
    return tuple(Photo(token[:40], name[:100]) for token, _, name in pairs if token)


def context(
    viewer: Viewer,
    catalogue: Catalogue,
    appeal: AppealForm,
    data: QueryDict | None,
    at: datetime,
    *,
    photos: tuple[Photo, ...],
    key: str,
    faults: tuple[Reason, ...],
) -> dict[str, Any]:
    """Everything that the page and its live parts show, but the caller. 2 statements when warm."""
    form = TakeForm(data, viewer, catalogue.policy, usual(viewer, catalogue))
    if faults:
        refusals.into_form(form, Refused(*faults))
    drawn = pencil.read(appeal, viewer.authority_id, catalogue, at)
    matter_code = appeal.matter_code or drawn.matter_code
    matter = catalogue.policy.matters.get(matter_code)
    asked = intake_queries.questions(viewer.authority_id, replace(appeal, matter_code=matter_code or None), at)
    if not data and viewer.role is not Role.GRID_WORKER:  # who reports what they see has no number to type
        form.fields["phone"].widget.attrs["autofocus"] = True
    return {
        "form": form,
        "cells": [_cell(form, name, drawn) for name in WIDTHS],
        "drawn": drawn,
        "key": key,
        "photos": photos,
        "questions": [(gettext(each.text), f"id_{each.field}") for each in asked] if data else [],
        "matter": matter,
        "matter_name": names.matter_path(catalogue.policy, matter_code),
        "matter_pencilled": not appeal.matter_code,
        "entries": _entries(viewer, catalogue, appeal, matter_code, at),
        "incident": incident_page.banner(viewer, catalogue, appeal, drawn, at),
        "may_join": viewer.role in JOINERS,
        "may_answer": viewer.holds(Capability.DECIDE_EXIT),
        "lists": [("matters", catalogue.listed("matter")), ("areas", catalogue.listed("area"))],
        "started": data is not None,
    }


def _cell(form: TakeForm, name: str, drawn: Pencilled) -> Cell:
    bound = form[name]
    value = str(bound.value() or "").strip()
    offered = drawn.proposals.get(name, ())
    open_ones = tuple(each for each in offered if each.value != value)
    return Cell(name, bound, WIDTHS[name], open_ones, len(open_ones) < len(offered))


def _entries(
    viewer: Viewer, catalogue: Catalogue, appeal: AppealForm, matter_code: str, at: datetime
) -> list[Answering]:
    if len(appeal.text) < pencil.CLEAR:
        return []
    found = knowledge.search(viewer.authority_id, appeal.text[:SEARCHED], at, ENTRIES)
    fitting = [entry for entry in found if entry.matter_code[:CLASS_DIGITS] == matter_code[:CLASS_DIGITS]]
    roles = catalogue.policy.roles
    return [
        Answering(
            entry.id,
            entry.question,
            entry.answer,
            names.named(roles[entry.owner_role]) if entry.owner_role in roles else "",
            entry.valid_until,
        )
        for entry in (fitting or found[:1])[:SHOWN_ENTRIES]
    ]
