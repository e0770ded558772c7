"""What must be true before an action: small named predicates the law's table refers to.

A guard returns None when it is content, else the reason in words that say what to do next. While a page only
asks "what could be done?", `facts` is None and the guards that look at facts keep quiet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields

from hotline.refusal import N_, Reason
from hotline.workorder import facts as said
from hotline.workorder.situation import Situation

Guard = Callable[[Situation], Reason | None]


def own_unit(case: Situation) -> Reason | None:
    """The unit's people act on orders of their unit and the units below it."""
    if case.role not in {"clerk", "grid_worker"}:
        return None
    if case.actor_path and case.order.unit_path.startswith(case.actor_path):
        return None
    return Reason("not_own_unit", N_("这件工单不由您的单位主办，请联系派单员。"))


def own_appeal(case: Situation) -> Reason | None:
    """A resident may file anything, and afterwards acts on the appeal whose number and code they hold."""
    if case.actor.kind != "resident" or not case.order.state or case.actor.id == f"order:{case.order_id}":
        return None
    return Reason("not_own_appeal", N_("请用这件诉求的工单号和查询码进入。"))


def kind_known(case: Situation) -> Reason | None:
    """An order is accepted as a consultation, a call for help, a complaint, a report or a suggestion."""
    return None if case.order.kind else Reason("kind_missing", N_("请先选定诉求类型。"), "kind")


def matter_known(case: Situation) -> Reason | None:
    """A unit answers for a matter of the catalogue; without one nobody is answerable."""
    return None if case.order.matter_code else Reason("matter_missing", N_("请先选定事项，再派单。"), "matter_code")


def unit_exists(case: Situation) -> Reason | None:
    """The chosen unit belongs to this authority and is active."""
    chosen = getattr(case.facts, "unit_id", None)
    if case.facts is None or case.known_units is None:
        return None
    wanted = [chosen, *getattr(case.facts, "assist_ids", ())]
    if all(unit in case.known_units for unit in wanted):
        return None
    return Reason("unit_unknown", N_("没有这个承办单位，请从名单里选。"), "unit_id")


def another_unit(case: Situation) -> Reason | None:
    """The lead does not assist itself."""
    if case.facts is not None and getattr(case.facts, "unit_id", None) in getattr(case.facts, "assist_ids", ()):
        return Reason("lead_assists", N_("主办单位不能同时是协办单位，请去掉一个。"), "assist_ids")
    return None


def codes_known(case: Situation) -> Reason | None:
    """Matter and area are rows of the authority's own tables."""
    matter, area = getattr(case.facts, "matter_code", ""), getattr(case.facts, "area_code", "")
    if matter and case.known_matters is not None and matter not in case.known_matters:
        return Reason("matter_unknown", N_("事项目录里没有“%(code)s”，请从目录里选。"), "matter_code", {"code": matter})
    if area and case.known_areas is not None and area not in case.known_areas:
        return Reason("area_unknown", N_("区划里没有“%(code)s”，请从列表里选。"), "area_code", {"code": area})
    return None


def choices_valid(case: Situation) -> Reason | None:
    """A coded fact is one of the codes on offer."""
    for each in fields(case.facts) if case.facts is not None else ():  # type: ignore[arg-type]
        choices = each.metadata.get("choices")
        value = getattr(case.facts, each.name)
        if choices and value and value not in dict(choices):
            return Reason(
                "choice_unknown", N_("“%(label)s”请从列表里选。"), each.name, {"label": each.metadata["label"]}
            )
    return None


def texts_written(case: Situation) -> Reason | None:
    """What has to be said in words is written."""
    if case.facts is None:
        return None
    for text in said.TEXTS.get(case.facts.action, ()):
        if text.required and text.kind not in case.texts:
            return Reason("text_missing", N_("请填写“%(label)s”。"), text.kind, {"label": text.label})
    return None


def unsolved_explained(case: Situation) -> Reason | None:
    """Not solved needs its reason; the resident is told why (rulebook §3.2)."""
    if isinstance(case.facts, said.Replied) and not case.facts.solved and not case.facts.unsolved_reason:
        return Reason("why_unsolved", N_("没有解决的，请选未解决原因。"), "unsolved_reason")
    return None


def contact_dated(case: Situation) -> Reason | None:
    """Contacted needs when and on which number."""
    if not isinstance(case.facts, said.Replied) or not case.facts.contacted:
        return None
    if case.facts.contacted_at is None:
        return Reason("contact_when", N_("已联系群众的，请填联系时间。"), "contacted_at")
    if "contacted_number" not in case.texts:
        return Reason("contact_number", N_("已联系群众的，请填联系所用号码。"), "contacted_number")
    return None


def entry_cited(case: Situation) -> Reason | None:
    """An answer at once stands on a knowledge entry."""
    if isinstance(case.facts, said.Answered) and not case.facts.entry_id:
        return Reason("entry_missing", N_("直接答复要引用一条有效的知识，请先选知识条目。"), "entry_id")
    return None


def result_or_attempts(case: Situation) -> Reason | None:
    """Closing follows the resident's word, or enough honest attempts to hear it."""
    if case.order.state != "replied" or case.order.attempts >= case.attempts_needed:
        return None
    return Reason(
        "callback_first",
        N_("还没有回访到诉求人：已联系 %(done)s 次，满 %(needed)s 次未接通才能这样办结。"),
        None,
        {"done": case.order.attempts, "needed": case.attempts_needed},
    )


def unsolved_close_explained(case: Situation) -> Reason | None:
    """The resident says it is not solved: closing all the same needs a supervisor and words that say why."""
    if case.order.state != "evaluated" or case.order.solved is not False:
        return None
    if case.role != "supervisor":
        return Reason("unsolved", N_("诉求人说没有解决。请发回重办，或由督办人员写明理由后办结。"))
    if case.facts is not None and "close_remark" not in case.texts:
        return Reason("close_why", N_("诉求人说没有解决，办结请写明理由。"), "close_remark")
    return None


ALWAYS: tuple[Guard, ...] = (own_appeal, choices_valid, texts_written)
NAMES: Mapping[str, Guard] = {
    each.__name__: each
    for each in (
        *ALWAYS,
        own_unit,
        kind_known,
        matter_known,
        unit_exists,
        another_unit,
        codes_known,
        unsolved_explained,
        contact_dated,
        entry_cited,
        result_or_attempts,
        unsolved_close_explained,
    )
}
