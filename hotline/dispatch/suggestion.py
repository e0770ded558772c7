"""Whose job is it? Catalogue and place give ranked units, each with the reasons in codes that pages put into words.

The catalogue names the answerable role and the lowest level that may lead; the place gives the unit. A supplier
answers by its service area, with the department that watches it as assist. Nothing here decides: a person does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from hotline.dispatch.answer import EMPTY, WHY, Question, Ranked, Suggestion, Why
from hotline.dispatch.precedence import CENTRE_ROLE, COUNTY, settled
from hotline.organisation.tree import UnitIndex, UnitView
from hotline.packs import Matter, Role
from hotline.policy import matters
from hotline.policy.policy import Policy

__all__ = ["EMPTY", "RANK", "WHY", "Question", "Ranked", "Suggestion", "Why", "allowed", "barrier", "suggest"]

RANK: Mapping[str, int] = {"grid": 0, "community": 0, "town": 1, "county": 2, "city": 3, "province": 4}
MOST_UNITS, MOST_ASSISTS = 3, 4
SUPPLIER, TOWN_ROLE = "supplier", "town"
_SECOND_BEST, _FALLBACK, _NEIGHBOUR = 0.9, 0.7, 0.3


def suggest(question: Question, policy: Policy, units: UnitIndex) -> Suggestion:
    """Who should lead and who should assist."""
    if question.way_out in EMPTY:
        return Suggestion(empty_reason=question.way_out)
    known = [(policy.matters[code], sure) for code, sure in question.matters if code in policy.matters]
    if not known:
        return Suggestion(empty_reason="no_matter")
    first, sure = known[0]
    if _guidance_only(first, policy):
        return Suggestion(empty_reason="guidance")
    found: dict[int, Ranked] = {}
    for matter, trust in known:
        for unit, factor, why in _leads(matter, question.area_code, policy, units):
            _keep(found, unit, trust * factor, matter, (*why, *_guess(trust)))
    place_needed = not found and first.answerable_level == "town"
    for unit, why in _neighbours(first, question.area_code, policy, units):
        _keep(found, unit, sure * _NEIGHBOUR, first, why)
    _heed_return(found, question, first, policy, units)
    ranked = tuple(sorted(found.values(), key=lambda each: (-each.score, each.unit_id))[:MOST_UNITS])
    empty_reason = "place_needed" if place_needed else None if ranked else "no_unit"
    if not ranked:
        return Suggestion(empty_reason=empty_reason)
    lead_matter = policy.matters[ranked[0].matter_code]
    assist = _assists(lead_matter, ranked[0].unit_id, question.area_code, policy, units)
    return settled(Suggestion(ranked, assist, empty_reason), question, policy, units)


def _leads(
    matter: Matter, area_code: str | None, policy: Policy, units: UnitIndex
) -> list[tuple[UnitView, float, tuple[Why, ...]]]:
    """Who may lead this matter here, best first, with a factor for how well it fits."""
    role = policy.roles.get(matter.lead_role)
    if role is None or role.leads != "yes":
        return []
    catalogue = Why("catalogue", {"matter": matter.code, "role": role.code})
    if role.kind == SUPPLIER or matter.answerable_level == SUPPLIER:
        serving = _serving(role, area_code, units)
        if serving:
            return [(unit, factor, (catalogue, why)) for unit, factor, why in serving]
    seats = _seats(matter, role, area_code, units)
    if seats:
        return [(seats[0], 1.0, (catalogue, *_seat_reasons(matter, seats[0], area_code, units)))]
    if role.code == TOWN_ROLE:
        offices = [each for each in units.by_role_area(CENTRE_ROLE, area_code) if each.level == COUNTY]
        return [(offices[0], _FALLBACK, (catalogue, Why("town_unknown")))] if offices else []
    watching = _first_department(matter, area_code, policy, units)
    if watching is None:
        return []
    return [(watching, _FALLBACK, (catalogue, Why(_why_not_the_lead(matter, role, area_code, units))))]


def _serving(role: Role, area_code: str | None, units: UnitIndex) -> list[tuple[UnitView, float, Why]]:
    """Suppliers that serve the place; where only parts of it are served, any of them may be the one."""
    if area_code is None or _level_of(area_code, units) == "city":
        return []
    whole = units.suppliers(role.code, area_code)[:MOST_UNITS]
    if whole:
        return [(u, _SECOND_BEST**step, Why("service_area", {"area": area_code})) for step, u in enumerate(whole)]
    parts = units.suppliers_within(role.code, area_code)
    if len(parts) > MOST_UNITS:  # a guess among many is none
        return []
    return [(unit, _FALLBACK / len(parts), Why("serves_part", {"area": area_code})) for unit in parts]


def _why_not_the_lead(matter: Matter, role: Role, area_code: str | None, units: UnitIndex) -> str:
    if role.kind != SUPPLIER and matter.answerable_level != SUPPLIER:
        return "no_local_unit"
    if area_code is None or _level_of(area_code, units) == "city" or units.suppliers_within(role.code, area_code):
        return "place_unknown"
    return "no_supplier"


def _seats(matter: Matter, role: Role, area_code: str | None, units: UnitIndex) -> list[UnitView]:
    """Units of the role at or above the level that the catalogue answers at, nearest first."""
    floor = RANK.get(matter.answerable_level, RANK["county"])
    chain = units.by_role_area(role.code, area_code)
    return [unit for unit in chain if RANK.get(unit.level, -1) >= floor]


def _seat_reasons(matter: Matter, unit: UnitView, area_code: str | None, units: UnitIndex) -> Iterable[Why]:
    level = _level_of(area_code, units)
    if matter.answerable_level == "city":
        yield Why("city_duty")
    elif level == "city":
        yield Why("county_unknown")
    elif unit.level == "city":
        yield Why("county_lacks")
    else:
        yield Why("area", {"area": area_code or ""})
    if not matter.grassroots_ok and RANK.get(level, 3) <= RANK["town"] < RANK.get(unit.level, 0):
        yield Why("floor")


def _first_department(matter: Matter, area_code: str | None, policy: Policy, units: UnitIndex) -> UnitView | None:
    """The first department among the assist roles that the catalogue lets lead."""
    for code in matter.assist_roles:
        role = policy.roles.get(code)
        if role is None or role.kind == SUPPLIER:
            continue
        for unit in units.by_role_area(code, area_code):
            if RANK.get(unit.level, -1) >= RANK["county"] and allowed(unit, matter, policy):
                return unit
    return None


def _neighbours(
    matter: Matter, area_code: str | None, policy: Policy, units: UnitIndex
) -> Iterable[tuple[UnitView, tuple[Why, ...]]]:
    """Whom else a dispatcher may think of: the same duty one level up, the first department that assists."""
    role = policy.roles.get(matter.lead_role)
    if role is not None and role.leads == "yes":
        for unit in _seats(matter, role, area_code, units)[1:2]:
            yield unit, (Why("catalogue", {"matter": matter.code, "role": role.code}), Why("higher"))
    department = _first_department(matter, area_code, policy, units)
    if department is not None:
        yield department, (Why("shares_duty"),)


def _assists(
    matter: Matter, lead_id: int, area_code: str | None, policy: Policy, units: UnitIndex
) -> tuple[Ranked, ...]:
    """Units of the catalogue's assist roles; for a supplier the first department among them watches."""
    lead = units.get(lead_id)
    watched = lead is not None and lead.level == SUPPLIER
    found: dict[int, Ranked] = {}
    for code in matter.assist_roles:
        role = policy.roles.get(code)
        unit = _assisting(role, area_code, units) if role is not None and role.leads != "no" else None
        if role is None or unit is None or unit.id in (lead_id, *found):
            continue
        watching = watched and role.kind == "department"
        found[unit.id] = Ranked(unit.id, 0.5, matter.code, (Why("regulator" if watching else "assists"),))
        watched = watched and not watching
    return tuple(found.values())[:MOST_ASSISTS]


def _assisting(role: Role, area_code: str | None, units: UnitIndex) -> UnitView | None:
    if role.kind == SUPPLIER:
        serving = units.suppliers(role.code, area_code) if area_code else ()
        return serving[0] if serving else None
    seats = units.by_role_area(role.code, area_code)
    return seats[0] if seats else None


def _keep(found: dict[int, Ranked], unit: UnitView, score: float, matter: Matter, why: Sequence[Why]) -> None:
    if unit.id not in found or found[unit.id].score < score:
        found[unit.id] = Ranked(unit.id, round(score, 3), matter.code, tuple(why))


def _guess(sure: float) -> tuple[Why, ...]:
    return () if sure >= 1.0 else (Why("guessed", {"percent": round(sure * 100)}),)


def _guidance_only(matter: Matter, policy: Policy) -> bool:
    role = policy.roles.get(matter.lead_role)
    return role is not None and role.leads != "yes"


def _level_of(area_code: str | None, units: UnitIndex) -> str:
    area = units.areas.get(area_code)
    return area.level if area else "city"


def _heed_return(
    found: dict[int, Ranked], question: Question, matter: Matter, policy: Policy, units: UnitIndex
) -> None:
    """Whoever just returned the order goes to the end; whom it proposed comes in, if the catalogue allows it."""
    if question.returned_by in found:
        back = found[question.returned_by]
        found[back.unit_id] = replace(back, score=0.05, reasons=(*back.reasons, Why("returned_it")))
    proposed = units.get(question.proposed)
    if proposed is None or not proposed.active or not allowed(proposed, matter, policy):
        return
    known = found.get(proposed.id)
    best = max((each.score for each in found.values()), default=0.5)
    reasons = (*(known.reasons if known else ()), Why("proposed"))
    found[proposed.id] = Ranked(proposed.id, max(best, 0.5), matter.code, reasons)


def allowed(unit: UnitView, matter: Matter, policy: Policy) -> bool:
    """Whether the catalogue lets this unit lead this matter."""
    return barrier(unit, matter, policy) is None


def barrier(unit: UnitView, matter: Matter, policy: Policy) -> str | None:
    """Why the unit may not lead: never_leads, below_floor, not_its_business; None when it may."""
    return matters.barrier(unit, matter, policy.roles)
