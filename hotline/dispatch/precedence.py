"""What goes before the catalogue's order: a ruling that binds, and the county centre that orders go through."""

from __future__ import annotations

from dataclasses import replace

from hotline.dispatch.answer import Question, Ranked, Ruled, Suggestion, Why
from hotline.organisation.tree import UnitIndex, UnitView
from hotline.policy.matters import barrier
from hotline.policy.policy import Policy

CENTRE_ROLE, COUNTY = "hotline", "county"


def settled(found: Suggestion, question: Question, policy: Policy, units: UnitIndex) -> Suggestion:
    """The suggestion after rulings, and on the way that this city's orders take into its counties."""
    if question.ruled is not None:
        found = _ruled(found, question.ruled, policy, units)
    return _through_centres(found, units) if policy.handling.through_centre else found


def _ruled(found: Suggestion, ruled: Ruled, policy: Policy, units: UnitIndex) -> Suggestion:
    """The unit that was ruled on comes first, unless the catalogue's floor bars it or it is gone."""
    unit, matter = units.get(ruled.unit_id), policy.matters.get(found.units[0].matter_code)
    if unit is None or matter is None or not unit.active:
        return found
    if barrier(unit, matter, policy.roles) is not None:
        return found
    first = Ranked(unit.id, 1.0, matter.code, (Why("ruled", {"day": ruled.day}),))
    others = tuple(each for each in found.units if each.unit_id != unit.id)
    helping = tuple(
        Ranked(each, 0.5, matter.code, (Why("ruled_assist"),)) for each in ruled.assist_ids if _active(each, units)
    )
    return replace(found, units=(first, *others)[: max(len(found.units), 1)], assist=helping or found.assist)


def _active(unit_id: int, units: UnitIndex) -> bool:
    unit = units.get(unit_id)
    return unit is not None and unit.active


def _through_centres(found: Suggestion, units: UnitIndex) -> Suggestion:
    """Units of a county are reached through its hotline centre, which hands the order down."""
    kept: dict[int, Ranked] = {}
    for each in found.units:
        unit = units.get(each.unit_id)
        centre = _centre_above(unit, units) if unit is not None else None
        if unit is not None and centre is not None:
            each = replace(each, unit_id=centre.id, reasons=(*each.reasons, Why("through_centre", {"unit": unit.id})))
        kept.setdefault(each.unit_id, each)
    return replace(found, units=tuple(kept.values()))


def _centre_above(unit: UnitView, units: UnitIndex) -> UnitView | None:
    above = units.get(unit.parent_id)
    while above is not None:
        if above.role_code == CENTRE_ROLE and above.level == COUNTY:
            return above
        above = units.get(above.parent_id)
    return None
