"""Merging what was ticked in a list: which orders, which of them is the head, what to say about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict

from hotline.desk import names
from hotline.organisation.queries import areas
from hotline.organisation.viewer import Viewer
from hotline.refusal import N_, refuse
from hotline.workorder.lifecycle import STATE_LABELS, State
from hotline.workorder.queries.tied import ChosenOrder, chosen, numbered
from hotline.workorder.views import OrderRef

MOST = 100  # orders merged at once
LONGEST = 500  # characters of the opinion
OTHER = "other"


@dataclass(frozen=True)
class Asked:
    """What was ticked, oldest first; `head` is an order's id, "other" for the one that was typed, or "" so far."""

    chosen: tuple[ChosenOrder, ...]
    head: str
    number: str
    other: OrderRef | None
    opinion: str


def read(data: QueryDict, viewer: Viewer) -> Asked:
    """What an address or a form says. At most 4 statements."""
    ticked = [
        int(each) for each in data.getlist("order")[:MOST] if each.isascii() and each.isdigit() and len(each) < 15
    ]
    number = data.get("number", "").replace("\x00", "").strip()[:40]
    return Asked(
        chosen(ticked, viewer) if ticked else (),
        data.get("head", ""),
        number,
        numbered(number, viewer) if number else None,
        data.get("dispatch_opinion", "").strip()[:LONGEST],
    )


def decided(asked: Asked) -> tuple[int, list[int]]:
    """The head and those that follow it. Raises `Refused` where it is not said which, or there is nothing to merge."""
    if asked.head == OTHER or (asked.number and not asked.head):
        if asked.other is None:
            refuse("head_unknown", N_("没有找到主单“%(words)s”。请核对工单号，或从勾选的里面选。"), words=asked.number)
        head_id = asked.other.id
    else:
        head_id = next((each.id for each in asked.chosen if str(each.id) == asked.head), 0)
    if not head_id:
        refuse("head_missing", N_("请选哪一件作主单。"))
    members = [each.id for each in asked.chosen if each.id != head_id]
    if not members:
        refuse("one_only", N_("只勾了一件。请再勾几件，或写另一件主单的工单号。"))
    return head_id, members


def page(asked: Asked, viewer: Viewer, at: datetime) -> dict[str, Any]:
    """What the page shows; the oldest stands as head until another is chosen. No statement when warm."""
    index = areas(viewer.authority_id)
    rows = [
        {"order": each, "state": STATE_LABELS[State(each.state)], "place": names.area(index, each.area_code)}
        for each in asked.chosen
    ]
    typed = asked.head == OTHER or bool(asked.number and not asked.head)
    return {
        "asked": asked,
        "rows": rows,
        "head": OTHER if typed else asked.head or str(asked.chosen[0].id),
        "other": OTHER,
        "printed_at": at,
    }
