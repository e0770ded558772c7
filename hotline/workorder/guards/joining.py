"""Several units on one order, several orders on one thing."""

from __future__ import annotations

from hotline.refusal import N_, Reason
from hotline.workorder import facts as said
from hotline.workorder.situation import Situation

FOLLOWED = frozenset(
    {"registered", "incomplete", "accepted", "dispatched", "returned", "convened", "signed", "waiting", "hung",
     "reviewing"}
)  # fmt: skip


def head_open(case: Situation) -> Reason | None:
    """An order is merged into another one of the same city that is not answered yet and is not merged itself."""
    if case.facts is None:
        return None
    head = case.head
    if head is None or head.authority_id != case.authority_id:
        return Reason("head_unknown", N_("没有这件主单，请核对工单号。"), "head_id")
    if head.id == case.order_id:
        return Reason("own_head", N_("不能并入自己，请选另一件工单作主单。"), "head_id")
    if head.head_id is not None and head.state == "merged":
        return Reason("head_is_merged", N_("所选工单已经并入别的工单，请改选它的主单。"), "head_id")
    if head.state not in FOLLOWED:
        return Reason("head_answered", N_("所选主单已经答复或办结，不能再并入。"), "head_id")
    return None


def joins_incident(case: Situation) -> Reason | None:
    """Residents, partners who speak for them, and what happens by itself join an incident that goes on; what else
    belongs together the hotline decides."""
    if case.role not in {"resident", "partner", "system"} or case.head is None or case.head.incident:
        return None
    return Reason("no_incident", N_("这件事已经恢复或结束，不能并入，请单独反映。"), "head_id")


def no_members(case: Situation) -> Reason | None:
    """An order that others follow stays where it is."""
    if not case.order.members:
        return None
    return Reason(
        "has_members",
        N_("已有 %(members)s 件工单并入这件，请把别的工单并进来。"),
        None,
        {"members": case.order.members},
    )


def follows_head(case: Situation) -> Reason | None:
    """What comes from the head comes from the order's own head."""
    wanted = getattr(case.facts, "head_id", None)
    if case.facts is None or (
        case.order.head_id is not None and case.order.head_id == wanted and case.head is not None
    ):
        return None
    return Reason("not_its_head", N_("这件工单没有并入所说的主单。"))


def parts_named(case: Situation) -> Reason | None:
    """Splitting names the orders that the further demands became."""
    if isinstance(case.facts, said.Split) and not case.facts.child_ids:
        return Reason("no_parts", N_("请至少分出一项诉求。"))
    return None


def not_yet_assisting(case: Situation) -> Reason | None:
    """A unit assists once, and the lead does not assist itself."""
    if not isinstance(case.facts, said.AssistAdded | said.HandedDown):
        return None
    if case.facts.unit_id == case.order.unit_id or case.facts.unit_id in (case.assists or ()):
        return Reason("assists_already", N_("这个单位已经在办理这件工单，请选别的单位。"), "unit_id")
    return None


def assisting(case: Situation) -> Reason | None:
    """Only a unit that assists can be taken off."""
    if not isinstance(case.facts, said.AssistRemoved) or case.assists is None or case.facts.unit_id in case.assists:
        return None
    return Reason("not_assisting", N_("这个单位没有协办这件工单，请从协办单位里选。"), "unit_id")


def own_assist(case: Situation) -> Reason | None:
    """The assisting unit's own people say what it did."""
    own = case.own
    for each in case.assists or ():
        unit = case.units.get(each)
        if own is not None and unit is not None and unit.path.startswith(own.path) and not case.at_the_top:
            return None
    return Reason("not_assisting", N_("您的单位没有协办这件工单。"))
