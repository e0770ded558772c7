"""Taking an appeal down and letting it out again."""

from __future__ import annotations

from hotline.policy.matters import more_urgent as greater
from hotline.refusal import N_, Reason
from hotline.workorder import facts as said
from hotline.workorder.situation import Situation

PETITION = "petition"


def kind_known(case: Situation) -> Reason | None:
    """An order is accepted as a consultation, a call for help, a complaint, a report or a suggestion."""
    return None if case.order.kind else Reason("kind_missing", N_("请先选定诉求类型。"), "kind")


def matter_known(case: Situation) -> Reason | None:
    """A unit answers for a matter of the catalogue; without one nobody is answerable."""
    return None if case.order.matter_code else Reason("matter_missing", N_("请先选定事项，再派单。"), "matter_code")


def codes_known(case: Situation) -> Reason | None:
    """Matter and area are rows of the authority's own tables."""
    matter, area = getattr(case.facts, "matter_code", ""), getattr(case.facts, "area_code", "")
    if matter and matter not in case.rules.matters:
        return Reason("matter_unknown", N_("事项目录里没有“%(code)s”，请从目录里选。"), "matter_code", {"code": matter})
    if area and case.known_areas is not None and area not in case.known_areas:
        return Reason("area_unknown", N_("区划里没有“%(code)s”，请从列表里选。"), "area_code", {"code": area})
    return None


def entry_cited(case: Situation) -> Reason | None:
    """An answer at once stands on a knowledge entry."""
    if isinstance(case.facts, said.Answered) and not case.facts.entry_id:
        return Reason("entry_missing", N_("直接答复要引用一条有效的知识，请先选知识条目。"), "entry_id")
    return None


def route_open(case: Situation) -> Reason | None:
    """A city that takes petition matters in does not send the caller away with them (rulebook §3.6)."""
    if not isinstance(case.facts, said.Referred) or case.facts.route != PETITION:
        return None
    if case.rules.intake.petition != "accept":
        return None
    return Reason("petition_accepted", N_("本市受理信访类诉求，请受理后派给信访部门。"), "route")


def more_urgent(case: Situation) -> Reason | None:
    """An order is only ever marked as more urgent than it is."""
    if case.facts is None:
        return None
    wanted = "critical" if isinstance(case.facts, said.MarkedCritical) else "urgent"
    if greater(case.order.urgency, wanted) != case.order.urgency:
        return None
    return Reason("as_urgent_already", N_("这件工单已经标为同级或更高的紧急程度。"))
