"""The way of an order in words: one sentence per event, who did it, and what was written with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext

from hotline.desk import event_words, names
from hotline.desk.choices import Catalogue
from hotline.desk.event_words import ACTION_OF
from hotline.organisation.roles import ROLE_LABELS, Role
from hotline.refusal import N_
from hotline.residents.masking import mask_name
from hotline.ui.clockface import CLOCK_LABELS
from hotline.workorder.facts import TEXTS
from hotline.workorder.views import OrderView, TimelineEntry

WORDS: Mapping[str, str] = {
    "order.registered": N_("登记诉求"),
    "order.amended": N_("核对更正"),
    "order.supplemented": N_("补充了情况"),
    "order.supplement_asked": N_("请诉求人补充，等回音"),
    "order.urgency_marked": N_("标为紧急"),
    "order.marked_urgent": N_("标为紧急"),
    "order.marked_critical": N_("标为特急"),
    "order.split": N_("拆单"),
    "order.merged": N_("并入主单%(order)s"),
    "order.unmerged": N_("取消并单，单独办理"),
    "order.accepted": N_("受理"),
    "order.answered": N_("当场答复，办结"),
    "order.referred": N_("告知法定途径"),
    "order.declined": N_("不予受理，已说明原因"),
    "order.transferred": N_("转紧急热线"),
    "order.dispatched": N_("派给%(unit)s主办"),
    "order.redispatched": N_("改派给%(unit)s主办"),
    "order.convened": N_("召集会商"),
    "order.ruled": N_("裁定由%(unit)s主办"),
    "order.return_rejected": N_("驳回退单，仍由原单位办理"),
    "order.signed": N_("签收"),
    "order.returned": N_("退单"),
    "order.handed_down": N_("下派给%(unit)s"),
    "order.assist_added": N_("请%(unit)s协办"),
    "order.assist_removed": N_("不再由%(unit)s协办"),
    "order.assist_replied": N_("协办单位反馈"),
    "order.contacted": N_("先行联系了诉求人"),
    "order.extension_asked": N_("申请延期"),
    "order.extended": N_("同意延期"),
    "order.extension_refused": N_("不同意延期"),
    "order.paused": N_("暂停，等诉求人"),
    "order.resumed": N_("恢复办理"),
    "order.hung": N_("挂账"),
    "order.unhung": N_("销账续办"),
    "order.escalated": N_("提级交给%(unit)s"),
    "order.replied": N_("答复"),
    "order.reply_approved": N_("答复审核通过"),
    "order.sent_back": N_("答复退回修改"),
    "order.reply_shared": N_("随主单答复"),
    "order.callback_planned": N_("约定了回访"),
    "order.callback_attempted": N_("回访没有联系上"),
    "order.callback_given_up": N_("多次未接通，办结"),
    "order.result_recorded": N_("回访有了结果"),
    "order.reworked": N_("发回重办"),
    "order.closed": N_("办结"),
    "order.closed_along": N_("随主单办结"),
    "order.finally_answered": N_("作出最终答复，办结"),
    "order.reopened": N_("重新办理"),
    "order.withdrawn": N_("诉求人撤回"),
    "order.archived": N_("归档"),
    "order.rerouted": N_("机构或区划调整，工单跟着转"),
    "order.policy_adopted": N_("改按新启用的规则"),
    "order.incident_joined": N_("与突发事件一并跟进"),
    "order.incident_progressed": N_("突发事件有新进展，已告诉诉求人"),
    "order.incident_restored": N_("突发事件已恢复，已告诉诉求人"),
    "order.read": N_("机器读过诉求，提出建议"),
    "order.suggested": N_("机器建议派单"),
    "order.imported": N_("从历史数据导入"),
    "identity.viewed": N_("查看了诉求人身份"),
    "identity.refused": N_("要看诉求人身份，没有同意"),
    "message.queued": N_("给诉求人的消息已排队"),
    "message.sent": N_("给诉求人的消息已发出"),
    "message.failed": N_("给诉求人的消息没有发出"),
    "message.cancelled": N_("给诉求人的消息已取消"),
    "clock.limit_near": N_("%(clock)s快到时限"),
    "clock.limit_passed": N_("%(clock)s超过时限"),
    "clock.recomputed": N_("%(clock)s时限按新日历重算"),
    "file.attached": N_("收到附件"),
    "resident.erased": N_("诉求人信息已删除"),
}
TONES: Mapping[str, str] = {
    "order.returned": "late",
    "order.reworked": "late",
    "order.reopened": "late",
    "order.sent_back": "late",
    "order.escalated": "late",
    "message.failed": "late",
    "clock.limit_passed": "late",
    "order.signed": "good",
    "order.replied": "good",
    "order.reply_approved": "good",
    "order.reply_shared": "good",
    "order.closed": "good",
    "order.closed_along": "good",
    "order.finally_answered": "good",
    "order.answered": "good",
    "order.read": "machine",
    "order.suggested": "machine",
}
VIEWS = ("identity.viewed", "identity.refused")
NOTE_LABELS: Mapping[str, str] = {text.kind: text.label for texts in TEXTS.values() for text in texts} | {
    "guidance": N_("告诉诉求人的话")
}
QUIET_NOTES = ("title", "appeal", "place", "source_ref", "query_code", "contacted_number")
ACTORS: Mapping[str, str] = {
    "resident": N_("诉求人"),
    "system": N_("系统"),
    "machine": N_("机器"),
    "partner": N_("对接系统"),
}


@dataclass(frozen=True)
class Step:
    """One line of the way. `tone` is "", good, late, machine or now; `said` are (label, words) of what was written."""

    at: datetime
    who: str
    what: str
    details: tuple[str, ...]
    said: tuple[tuple[str, str], ...]
    tone: str
    viewing: bool


def steps(entries: Iterable[TimelineEntry], catalogue: Catalogue, order: OrderView) -> list[Step]:
    """The way, newest first; the last real step is marked as where the order stands."""
    found = [_step(entry, catalogue, order) for entry in entries]
    found.reverse()
    for place, step in enumerate(found):
        if not step.viewing and step.tone not in ("machine",):
            found[place] = replace(step, tone=step.tone or "now")
            break
    return found


def _step(entry: TimelineEntry, catalogue: Catalogue, order: OrderView) -> Step:
    template = WORDS.get(entry.kind, "")
    what = gettext(template) if template else entry.kind
    if "%(" in what:
        what %= _named_in(entry, catalogue, order)
    labels = {**NOTE_LABELS, **{text.kind: text.label for text in TEXTS.get(ACTION_OF.get(entry.kind, ""), ())}}
    written = tuple(
        (gettext(labels.get(kind, kind)), words) for kind, words in entry.texts.items() if kind not in QUIET_NOTES
    )
    details = event_words.details(entry, catalogue)
    return Step(entry.at, _who(entry), what, details, written, TONES.get(entry.kind, ""), entry.kind in VIEWS)


def _named_in(entry: TimelineEntry, catalogue: Catalogue, order: OrderView) -> dict[str, str]:
    """What the sentence of an event may name: the unit as it was called then, the clock, the head order."""
    facts = entry.facts
    clock = CLOCK_LABELS.get(str(facts.get("clock") or facts.get("kind") or ""), "")
    head = order.head if order.head is not None and order.head.id == facts.get("head_id") else None
    return {
        "unit": event_words.unit(catalogue, facts.get("unit_id"), entry.at),
        "clock": gettext(clock) if clock else "",
        "order": f" {head.number}" if head else "",
    }


def _who(entry: TimelineEntry) -> str:
    if entry.actor_kind != "staff":
        return gettext(ACTORS.get(entry.actor_kind, entry.actor_kind))
    role = gettext(ROLE_LABELS[Role(entry.actor_role)]) if entry.actor_role in ROLE_LABELS else ""
    unit = names.named(entry.unit) if entry.unit else ""
    return " · ".join(part for part in (unit, role, mask_name(entry.actor_name) if entry.actor_name else "") if part)
