"""Whose job is it: units on offer, the catalogue's floor, returns, rulings, levels."""

from __future__ import annotations

from collections.abc import Mapping

from hotline.policy.matters import HEIGHT, barrier
from hotline.refusal import N_, Reason
from hotline.workorder import facts as said
from hotline.workorder.situation import Situation

BARRIERS: Mapping[str, str] = {
    "never_leads": N_("“%(unit)s”不作为主办单位，请改选目录列出的主办单位。"),
    "below_floor": N_(
        "目录写明“%(matter)s”（%(code)s）由“%(role)s”主办，不能交给“%(unit)s”主办；需要配合的可列为协办。"
    ),
    "not_its_business": N_("“%(matter)s”不归“%(unit)s”这类服务单位主办，请改选目录列出的主办单位。"),
}


def unit_exists(case: Situation) -> Reason | None:
    """The chosen unit belongs to this authority and is active."""
    if case.facts is None:
        return None
    wanted = [getattr(case.facts, "unit_id", None), *getattr(case.facts, "assist_ids", ())]
    if all((unit := case.units.get(each)) is not None and unit.active for each in wanted):
        return None
    return Reason("unit_unknown", N_("没有这个承办单位，请从名单里选。"), "unit_id")


def another_unit(case: Situation) -> Reason | None:
    """The lead does not assist itself."""
    if case.facts is not None and getattr(case.facts, "unit_id", None) in getattr(case.facts, "assist_ids", ()):
        return Reason("lead_assists", N_("主办单位不能同时是协办单位，请去掉一个。"), "assist_ids")
    return None


def floor(case: Situation) -> Reason | None:
    """A department's matter is not given to a town or community; the catalogue's row is the reason, for everybody."""
    unit, matter = case.chosen, case.matter
    if unit is None or matter is None:
        return None
    against = barrier(unit, matter, case.rules.roles)
    if against is None:
        return None
    role = case.rules.roles.get(matter.lead_role)
    params = {"unit": unit.name, "matter": matter.name, "code": matter.code, "role": role.name if role else ""}
    return Reason(against, BARRIERS[against], "unit_id", params)


def invited_known(case: Situation) -> Reason | None:
    """Only units of this authority are asked to a meeting."""
    invited = case.facts.unit_ids if isinstance(case.facts, said.Convened) else ()
    if all(case.units.get(unit) is not None for unit in invited):
        return None
    return Reason("unit_unknown", N_("没有这个承办单位，请从名单里选。"), "unit_ids")


def not_bound(case: Situation) -> Reason | None:
    """After a rejected return, a ruling or an escalation the lead handles the order."""
    if not case.order.bound:
        return None
    return Reason("bound", N_("主办单位已经裁定，请先办理；仍有不同意见的，请在答复中写明。"))


def within_window(case: Situation) -> Reason | None:
    """Not returned within the window means accepted: the unit is the first to be answerable (首办责任单位)."""
    until = case.return_until
    if until is None or case.at <= until or not case.rules.handling.silent_accept:
        return None
    unit = case.lead.name if case.lead is not None else ""
    return Reason(
        "window_passed",
        N_("退单期限 %(until)s 已过，“%(unit)s”为首办责任单位。需要其他单位配合的，请增加协办。"),
        None,
        {"until": until, "unit": unit},
    )


def evidence_brought(case: Situation) -> Reason | None:
    """A return brings the evidence that the city asks for, and its papers are attached to the order."""
    if not isinstance(case.facts, said.Returned):
        return None
    names = dict(said.EVIDENCE)
    missing = [names[code] for code in case.rules.handling.return_evidence if code not in case.facts.evidence]
    if missing:
        return Reason("evidence_missing", N_("退单还需要：%(missing)s。"), "evidence", {"missing": "、".join(missing)})
    if set(case.facts.evidence) & said.PAPERS and not case.facts.file_ids:
        return Reason("evidence_file", N_("请先上传佐证材料，再在“佐证附件”里勾选。"), "file_ids")
    if case.files is not None and not set(case.facts.file_ids) <= case.files:
        return Reason("file_unknown", N_("所选附件不在这件工单里，请重新勾选。"), "file_ids")
    return None


def not_passed_around(case: Situation) -> Reason | None:
    """An order that was returned too often is not passed on once more: it is ruled on or escalated."""
    order, limit = case.order, case.rules.handling.escalate_returns
    if order.state != "returned" or order.returns < limit:
        return None
    return Reason(
        "ruling_needed",
        N_("已退单 %(returns)s 次，不再改派。请召集会商裁定，或提级办理。"),
        None,
        {"returns": order.returns},
    )


def one_level_down(case: Situation) -> Reason | None:
    """Orders go down level by level: to a unit right below the lead."""
    if case.facts is None or case.chosen is None or case.chosen.parent_id == case.order.unit_id:
        return None
    return Reason("not_right_below", N_("只能下派给本单位的直属下级，请逐级下派。"), "unit_id")


def higher_unit(case: Situation) -> Reason | None:
    """Escalated means a unit of a higher level than the lead's, or one that the lead hangs below."""
    lead, chosen = case.lead, case.chosen
    if case.facts is None or chosen is None or lead is None:
        return None
    if HEIGHT.get(chosen.level, -1) > HEIGHT.get(lead.level, -1) or _office(case, chosen.role_code):
        return None
    if lead.path.startswith(chosen.path) and lead != chosen:
        return None
    return Reason("not_higher", N_("提级要交给比“%(unit)s”级别高的单位。"), "unit_id", {"unit": lead.name})


def _office(case: Situation, role_code: str) -> bool:
    """The government's own office takes over from any unit of its level."""
    return role_code == "gov_office" and case.lead is not None and case.lead.role_code != "gov_office"
