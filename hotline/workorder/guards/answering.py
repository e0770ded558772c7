"""The answer, the callback, and the end."""

from __future__ import annotations

from datetime import timedelta

from hotline.refusal import N_, Reason
from hotline.workorder import facts as said
from hotline.workorder.situation import Situation


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


def reviews_answer(case: Situation) -> Reason | None:
    """The hotline looks at answers, or the unit above the one that answered, as the city says."""
    if case.rules.handling.reply_review == "upper":
        return None if case.above else Reason("upper_reviews", N_("答复由上一级单位审核。"))
    return None if case.at_the_top else Reason("centre_reviews", N_("答复由热线中心审核。"))


def planned_ahead(case: Situation) -> Reason | None:
    """A callback is agreed for a moment to come."""
    if isinstance(case.facts, said.CallbackPlanned) and case.facts.planned_at <= case.at:
        return Reason("planned_past", N_("约定的回访时间请选以后的时间。"), "planned_at")
    return None


def attempts_made(case: Situation) -> Reason | None:
    """Closing unheard follows enough honest attempts to hear the resident."""
    done, needed = case.order.attempts, case.rules.callback.attempts
    if done >= needed:
        return None
    return Reason(
        "callback_first",
        N_("还没有回访到诉求人：已联系 %(done)s 次，满 %(needed)s 次未接通才能这样办结。"),
        None,
        {"done": done, "needed": needed},
    )


def not_worn_out(case: Situation) -> Reason | None:
    """What was sent back too often goes to a higher level or gets its final answer."""
    rounds, most = case.order.rounds, case.rules.handling.escalate_rounds
    if rounds < most:
        return None
    return Reason("escalate_instead", N_("已重办 %(rounds)s 次，请提级办理，或作最终答复。"), None, {"rounds": rounds})


def closer(case: Situation) -> Reason | None:
    """The city says who closes an order after the callback."""
    if case.role == "system" or case.role in case.rules.callback.closers:
        return None
    return Reason("not_closer", N_("本市规定由其他岗位办结，请移交。"))


def unsolved_close_explained(case: Situation) -> Reason | None:
    """The resident says it is not solved: closing all the same needs a supervisor and words that say why."""
    if case.order.state != "evaluated" or case.order.solved is not False:
        return None
    if case.role != "supervisor":
        return Reason("unsolved", N_("诉求人说没有解决。请发回重办，或由督办人员写明理由后办结。"))
    if case.facts is not None and "close_remark" not in case.texts:
        return Reason("close_why", N_("诉求人说没有解决，办结请写明理由。"), "close_remark")
    return None


def files_known(case: Situation) -> Reason | None:
    """A final answer stands on papers that are attached to the order."""
    if not isinstance(case.facts, said.FinallyAnswered):
        return None
    if not case.facts.file_ids:
        return Reason("paper_missing", N_("最终答复要附盖章的书面材料，请先上传，再勾选。"), "file_ids")
    if case.files is not None and not set(case.facts.file_ids) <= case.files:
        return Reason("file_unknown", N_("所选附件不在这件工单里，请重新勾选。"), "file_ids")
    return None


def within_reopening(case: Situation) -> Reason | None:
    """A closed order is opened again within the days that the city gives; afterwards it is a new appeal."""
    days, ended = case.rules.handling.reopen_days, case.order.ended_at
    if ended is None or case.at <= ended + timedelta(days=days):
        return None
    return Reason(
        "reopening_over", N_("办结已超过 %(days)s 天，请作为新诉求登记，并写明原工单号。"), None, {"days": days}
    )


def not_final(case: Situation) -> Reason | None:
    """A final answer is opened again for new facts only, by a supervisor."""
    if case.order.outcome != "final":
        return None
    has_news = case.facts is None or getattr(case.facts, "reason", "") == "new_facts"
    if case.role == "supervisor" and has_news:
        return None
    return Reason("final", N_("这件诉求已作最终答复。有新的事实或材料，请交督办人员重新办理。"))


def past_reopening(case: Situation) -> Reason | None:
    """What may still be opened again is not archived."""
    days, ended = case.rules.handling.reopen_days, case.order.ended_at
    if case.order.state != "closed" or ended is None or case.at > ended + timedelta(days=days):
        return None
    return Reason("may_be_reopened", N_("诉求人还可以要求重新办理，%(days)s 天后再归档。"), None, {"days": days})
