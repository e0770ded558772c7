"""Who may: residents on their own appeal, units on what is theirs, the hotline centre on what it decides."""

from __future__ import annotations

from hotline.refusal import N_, Reason
from hotline.workorder.situation import Situation

_NOT_OWN = N_("这件工单不由您的单位主办，请联系派单员。")


def own_appeal(case: Situation) -> Reason | None:
    """A resident may file anything, and afterwards acts on the appeal whose number and code they hold."""
    if case.actor.kind != "resident" or not case.order.state or case.actor.id == f"order:{case.order_id}":
        return None
    return Reason("not_own_appeal", N_("请用这件诉求的工单号和查询码进入。"))


def own_scope(case: Situation) -> Reason | None:
    """Staff below the hotline centre act on orders of their unit, of units below it, and on those they assist."""
    if not case.order.state or case.at_the_top or case.covers or _assists(case):
        return None
    return Reason("not_own_unit", _NOT_OWN)


def own_unit(case: Situation) -> Reason | None:
    """A unit's people act for their unit and the units below it."""
    if case.role not in {"clerk", "grid_worker", "dispatcher"} or case.covers:
        return None
    return Reason("not_own_unit", _NOT_OWN)


def for_unit(case: Situation) -> Reason | None:
    """A unit acts for itself: its own people do, or the centre of its county; not the city's dispatcher."""
    if case.role == "dispatcher" and case.at_the_top:
        return Reason("unit_acts", N_("这一步由承办单位来做，请联系“%(unit)s”。"), None, {"unit": _lead_name(case)})
    return own_unit(case)


def at_the_centre(case: Situation) -> Reason | None:
    """The hotline centre of the whole authority decides this."""
    if case.at_the_top:
        return None
    return Reason("centre_decides", N_("这一步由热线中心决定，请联系热线中心派单员。"))


def _assists(case: Situation) -> bool:
    own = case.own
    helping = (case.units.get(unit) for unit in case.assists or ())
    return own is not None and any(unit is not None and unit.path.startswith(own.path) for unit in helping)


def _lead_name(case: Situation) -> str:
    return case.lead.name if case.lead is not None else ""
