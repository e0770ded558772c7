"""What the overview counts, and where it draws it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from hotline.desk import hexagons, names
from hotline.organisation.permissions import Capability
from hotline.organisation.tree import AreaIndex
from hotline.organisation.viewer import Viewer
from hotline.workorder.lifecycle import STATE_LABELS, State
from hotline.workorder.views import AreaCount, Tally

DRAWN_LEVEL = "town"
LISTED = 60  # rows of the table; the map shows all


@dataclass(frozen=True)
class Stat:
    """One number with its name; `address` leads to the orders behind it."""

    number: int
    label: str
    tone: str = ""
    address: str = ""
    note: str = ""


@dataclass(frozen=True)
class Town:
    """Open orders of one place."""

    code: str
    name: str
    open: int
    overdue: int
    address: str

    def drawn(self, areas: AreaIndex) -> list[dict[str, Any]]:
        """For the map: shapes that stand there under a code from before a merger show what the town has today."""
        told = {"name": self.name, "value": self.open, "late": self.overdue}
        return [{"code": code, **told} for code in (self.code, *areas.formerly(self.code))]


def stats(tally: Tally, viewer: Viewer) -> list[Stat]:
    """Open, overdue and urgent orders, then what waits in each state."""
    listed = reverse("desk:orders") if viewer.holds(Capability.SEE_ORDERS) else ""
    whole, late, urgent = (sum(part.values()) for part in (tally.waiting, tally.overdue, tally.urgent))

    def link(query: str) -> str:
        return f"{listed}?{query}" if listed else ""

    found = [
        Stat(whole, gettext("没办完的"), "brand", listed),
        Stat(late, gettext("已超期"), "late" if late else "ok", link("overdue=1&sort=due")),
        Stat(urgent, gettext("急件"), "warn" if urgent else "", link("urgent=1&sort=due")),
    ]
    for state in State:
        if tally.waiting.get(state.value):
            overdue = tally.overdue.get(state.value, 0)
            note = gettext("超期 %(n)s") % {"n": overdue} if overdue else ""
            found.append(
                Stat(
                    tally.waiting[state.value],
                    gettext(STATE_LABELS[state]),
                    "",
                    link(f"state={state.value}&sort=due"),
                    note,
                )
            )
    return found


def towns(counts: Iterable[AreaCount], areas: AreaIndex, viewer: Viewer) -> list[Town]:
    """Open orders per town, most first; what is known only by county counts there."""
    whole: Counter[str] = Counter()
    late: Counter[str] = Counter()
    for count in counts:
        code = _town(count.area_code, areas)
        whole[code] += count.open
        late[code] += count.overdue
    linked = viewer.holds(Capability.SEE_ORDERS)
    return [
        Town(
            code,
            names.area(areas, code) or gettext("地方还不知道"),
            number,
            late[code],
            f"{reverse('desk:orders')}?area={code}&sort=due" if linked and code else "",
        )
        for code, number in whole.most_common()
    ]


def _town(code: str, areas: AreaIndex) -> str:
    now = areas.current(code)
    chain = areas.ancestors(now.code if now else code)
    return next((area.code for area in chain if area.level == DRAWN_LEVEL), chain[0].code if chain else "")


def shapes(pack: str, areas: AreaIndex) -> tuple[dict[str, Any], str]:
    """The shapes of the towns as GeoJSON, and what to say about them: the city's own file, else drawn hexagons."""
    own = _own_shapes(pack)
    if own is not None:
        return own, gettext("六边形示意，不是真实边界") if own.get("schematic") else ""
    towns = tuple((area.code, names.named(area), area.parent_code or "") for area in areas if area.level == DRAWN_LEVEL)
    return hexagons.draw(towns), gettext("六边形示意，不是真实边界")


@lru_cache(maxsize=16)
def _own_shapes(pack: str) -> dict[str, Any] | None:
    file = files("hotline") / "cities" / pack / "areas.geojson"
    if not pack or not file.is_file():
        return None
    loaded: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return loaded
