"""One menu for all staff, in the order of the walk; each role sees its part, with counts of what waits for it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from hotline.desk.taking import FILERS
from hotline.ledger import queries as ledger
from hotline.organisation import queries as organisation
from hotline.organisation.permissions import Capability
from hotline.organisation.roles import ROLE_LABELS, Role
from hotline.organisation.viewer import Viewer
from hotline.refusal import N_
from hotline.ui.access import find_viewer
from hotline.ui.moment import now
from hotline.workorder import queries as workorder
from hotline.workorder.views import Tally

R = Role
FRESH_SECONDS = 5.0
COUNTING = ("desk:inbox", "desk:overview", "desk:parked")
MOST_KEPT = 10_000  # viewers


@dataclass(frozen=True)
class Counts:
    """How much waits behind each kind of menu entry, and when it was counted (the process' own clock)."""

    counted: float
    number: Mapping[str, int]


_kept: dict[Viewer, Counts] = {}


@dataclass(frozen=True)
class Place:
    """A page in the menu: its address name, icon, who sees it, what it is called (per role where that differs)."""

    name: str
    icon: str
    roles: frozenset[Role]
    label: str
    labels: Mapping[Role, str]
    counts: str = ""  # what waits there: orders, parked, or nothing counted
    first_for: frozenset[Role] = frozenset()  # who starts the day there, wherever it stands in the walk


ABOVE = {  # pages that stand below one of the menu
    "desk:order": "desk:orders",
    "desk:open-incident": "desk:incidents",
    "desk:incident": "desk:incidents",
    "desk:incident-speak": "desk:incidents",
    "desk:import": "desk:imports",
    "desk:policy": "desk:policies",
    "desk:policy-preview": "desk:policies",
    "desk:policy-activate": "desk:policies",
    "desk:policy-compare": "desk:policies",
    "desk:policy-calendar": "desk:policies",
    "desk:policy-compare-calendars": "desk:policies",
}
WORKING = frozenset({R.AGENT, R.DISPATCHER, R.CLERK, R.GRID_WORKER, R.CALLER_BACK, R.SUPERVISOR})
MENU: tuple[Place, ...] = (
    Place(
        "desk:overview",
        "flag",
        frozenset({R.SUPERVISOR, R.LEADER, R.ADMIN}),
        N_("总览"),
        {R.SUPERVISOR: N_("督办看板"), R.LEADER: N_("今天")},
    ),
    Place(
        "desk:inbox",
        "inbox",
        WORKING,
        N_("待办"),
        {
            R.AGENT: N_("待受理"),
            R.DISPATCHER: N_("派单队列"),
            R.CALLER_BACK: N_("回访任务"),
            R.GRID_WORKER: N_("今天"),
        },
        "orders",
    ),
    Place(
        "desk:take",
        "phone",
        FILERS,
        N_("登记新诉求"),
        {R.AGENT: N_("话务台"), R.GRID_WORKER: N_("上报")},
        first_for=frozenset({R.AGENT}),
    ),
    Place(
        "desk:orders",
        "list",
        WORKING | {R.LEADER},
        N_("工单查询"),
        {R.CLERK: N_("全部工单"), R.GRID_WORKER: N_("全部工单")},
    ),
    Place("desk:incidents", "alert", WORKING | {R.LEADER}, N_("突发事件"), {}),
    Place("desk:parked", "bell", frozenset({R.SUPERVISOR, R.ADMIN}), N_("卡住的步骤"), {}, "parked"),
    Place("desk:reorganising", "build", frozenset({R.ADMIN}), N_("机构调整"), {}),
    Place("desk:imports", "doc", frozenset({R.ADMIN}), N_("机构导入"), {}),
    Place("desk:policies", "book", frozenset({R.DISPATCHER, R.SUPERVISOR, R.LEADER, R.ADMIN}), N_("规则"), {}),
    Place("desk:components", "gear", frozenset({R.ADMIN}), N_("界面组件"), {}),
)


@dataclass(frozen=True)
class Item:
    """One entry as the page draws it."""

    address: str
    icon: str
    label: str
    current: bool
    count: int

    @property
    def count_words(self) -> str:
        """99+ beyond two digits: the badge has room for three signs."""
        return str(self.count) if self.count < 100 else "99+"


def label_of(place: Place, role: str) -> str:
    """What a menu entry is called for a role, in the page's language."""
    return gettext(place.labels.get(Role(role), place.label))


def start_page(role: str) -> str:
    """The address name of the page that a role starts its day on: its first in the menu."""
    return places(role)[0].name


def places(role: str) -> list[Place]:
    """A role's part of the menu, its start page on top."""
    return sorted((place for place in MENU if role in place.roles), key=lambda place: role not in place.first_for)


def _counts(viewer: Viewer, *, again: bool) -> Counts:
    """What waits for the viewer, counted at most once in FRESH_SECONDS: it stands on every page. `again`: count now."""
    counts = None if again else _kept.get(viewer)
    if counts is None or time.monotonic() - counts.counted >= FRESH_SECONDS:
        parked = ledger.parked_count() if viewer.holds(Capability.SEE_PARKED) else 0
        counts = Counts(time.monotonic(), {"orders": sum(workorder.waiting(viewer).values()), "parked": parked})
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[viewer] = counts
    return counts


def forget() -> None:
    """Count anew at the next page."""
    _kept.clear()


def tally_of(request: HttpRequest, viewer: Viewer) -> Tally:
    """What waits for the viewer, what is late and urgent, asked once per request."""
    if not hasattr(request, "_tally"):
        request._tally = workorder.tally(viewer, now())  # type: ignore[attr-defined]
    return request._tally  # type: ignore[attr-defined, no-any-return]


def frame(request: HttpRequest) -> dict[str, object]:
    """Context processor: the menu and who the page is for; only on pages of the desk."""
    match = request.resolver_match
    viewer = find_viewer(request) if match is not None and match.app_name == "desk" else None
    if viewer is None or match is None:
        return {"menu": (), "density": "compact"}
    # The list of what waits and its badge in the menu must not differ on the page that shows both.
    counts = _counts(viewer, again=match.view_name in COUNTING).number
    here = match.view_name
    menu = tuple(
        Item(
            reverse(place.name),
            place.icon,
            label_of(place, viewer.role),
            place.name in (here, ABOVE.get(here)),
            counts.get(place.counts, 0),
        )
        for place in places(viewer.role)
    )
    return {
        "menu": menu,
        "viewer": viewer,
        "viewer_role_label": gettext(ROLE_LABELS[viewer.role]),
        "viewer_unit": organisation.unit_index(viewer.authority_id).get(viewer.unit_id),
        "authority": organisation.authority(viewer.authority_id),
        "density": "touch" if viewer.role == R.GRID_WORKER else "compact",
        "find_words": "",
        "may_find": viewer.holds(Capability.SEE_ORDERS),
    }
