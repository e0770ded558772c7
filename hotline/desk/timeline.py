"""The way of an order in words: one sentence per event, who did it, and what was written with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from hotline.desk import names
from hotline.desk.choices import Catalogue
from hotline.organisation.roles import ROLE_LABELS, Role
from hotline.refusal import N_
from hotline.residents.masking import mask_name
from hotline.ui import moment
from hotline.ui.clockface import CLOCK_LABELS
from hotline.workorder import choices as said
from hotline.workorder.facts import TEXTS
from hotline.workorder.views import TimelineEntry

WORDS: Mapping[str, str] = {
    "order.registered": N_("登记诉求"),
    "order.accepted": N_("受理"),
    "order.answered": N_("当场答复，办结"),
    "order.referred": N_("告知法定途径"),
    "order.declined": N_("不予受理，已说明原因"),
    "order.transferred": N_("转紧急热线"),
    "order.amended": N_("核对更正"),
    "order.urgency_marked": N_("标为紧急"),
    "order.marked_urgent": N_("标为紧急"),
    "order.dispatched": N_("派给%(unit)s主办"),
    "order.redispatched": N_("改派给%(unit)s主办"),
    "order.signed": N_("签收"),
    "order.returned": N_("退单"),
    "order.replied": N_("答复"),
    "order.callback_attempted": N_("回访没有联系上"),
    "order.result_recorded": N_("回访有了结果"),
    "order.reworked": N_("发回重办"),
    "order.closed": N_("办结"),
    "order.reopened": N_("重新办理"),
    "order.withdrawn": N_("诉求人撤回"),
    "order.rerouted": N_("机构或区划调整，工单跟着转"),
    "order.read": N_("机器读过诉求，提出建议"),
    "order.suggested": N_("机器建议派单"),
    "order.imported": N_("从历史数据导入"),
    "identity.viewed": N_("查看了诉求人身份"),
    "identity.refused": N_("要看诉求人身份，没有同意"),
    "message.queued": N_("给诉求人的消息已排队"),
    "message.sent": N_("给诉求人的消息已发出"),
    "message.failed": N_("给诉求人的消息没有发出"),
    "message.cancelled": N_("给诉求人的消息已取消"),
    "clock.limit_passed": N_("%(clock)s超过时限"),
    "clock.recomputed": N_("%(clock)s时限按新日历重算"),
    "file.attached": N_("收到附件"),
    "resident.erased": N_("诉求人信息已删除"),
}
TONES: Mapping[str, str] = {
    "order.returned": "late",
    "order.reworked": "late",
    "order.reopened": "late",
    "message.failed": "late",
    "clock.limit_passed": "late",
    "order.signed": "good",
    "order.replied": "good",
    "order.closed": "good",
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
# What of an event's facts is worth a line, with the choices that name its codes.
FACT_WORDS: Mapping[str, tuple[str, said.Choices]] = {
    "reason": (
        N_("原因"),
        said.RETURN_REASONS + said.DECLINE_REASONS + said.REWORK_REASONS + said.REOPEN_REASONS + said.WITHDRAW_REASONS,
    ),
    "route": (N_("途径"), said.LEGAL_ROUTES),
    "urgency": (N_("紧急程度"), said.URGENCIES),
    "kind": (N_("诉求类型"), said.KINDS),
    "outcome": (N_("情形"), said.NOT_REACHED),
    "unsolved_reason": (N_("未解决原因"), said.UNSOLVED_REASONS),
}
YES_NO: Mapping[str, str] = {
    "appeal_true": N_("诉求属实"),
    "beyond_duty": N_("超职责诉求"),
    "contacted": N_("已联系群众"),
    "solved": N_("是否解决"),
    "phoned": N_("已同时电话转接"),
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


def steps(entries: Iterable[TimelineEntry], catalogue: Catalogue) -> list[Step]:
    """The way, newest first; the last real step is marked as where the order stands."""
    found = [_step(entry, catalogue) for entry in entries]
    found.reverse()
    for place, step in enumerate(found):
        if not step.viewing and step.tone not in ("machine",):
            found[place] = Step(**{**step.__dict__, "tone": step.tone or "now"})
            break
    return found


def _step(entry: TimelineEntry, catalogue: Catalogue) -> Step:
    facts = entry.facts
    template = WORDS.get(entry.kind, "")
    what = gettext(template) if template else entry.kind
    if "%(" in what:
        clock = CLOCK_LABELS.get(str(facts.get("clock") or facts.get("kind") or ""), "")
        unit = catalogue_unit(catalogue, facts.get("unit_id"), entry.at)
        what %= {"unit": unit, "clock": gettext(clock) if clock else ""}
    written = tuple(
        (gettext(NOTE_LABELS.get(kind, kind)), words) for kind, words in entry.texts.items() if kind not in QUIET_NOTES
    )
    return Step(
        entry.at, _who(entry), what, _details(entry, catalogue), written, TONES.get(entry.kind, ""), entry.kind in VIEWS
    )


def catalogue_unit(catalogue: Catalogue, unit_id: object, at: datetime | None = None) -> str:
    """The name of a unit in the page's language; with `at` the one that it had then."""
    unit = catalogue.units.get(unit_id, at) if isinstance(unit_id, int) else None
    return names.named(unit) if unit else gettext("一个单位")


def _who(entry: TimelineEntry) -> str:
    if entry.actor_kind != "staff":
        return gettext(ACTORS.get(entry.actor_kind, entry.actor_kind))
    role = gettext(ROLE_LABELS[Role(entry.actor_role)]) if entry.actor_role in ROLE_LABELS else ""
    unit = names.named(entry.unit) if entry.unit else ""
    return " · ".join(part for part in (unit, role, mask_name(entry.actor_name) if entry.actor_name else "") if part)


def _details(entry: TimelineEntry, catalogue: Catalogue) -> tuple[str, ...]:
    facts, found = entry.facts, []
    if entry.kind.startswith("order."):
        for name, (label, choices) in FACT_WORDS.items():
            code = facts.get(name)
            if isinstance(code, str) and code in dict(choices) and not (name == "urgency" and code == "normal"):
                found.append(moment.labelled(gettext(label), gettext(dict(choices)[code])))
        for name, label in YES_NO.items():
            if isinstance(facts.get(name), bool):
                found.append(moment.labelled(gettext(label), gettext("是") if facts[name] else gettext("否")))
        found += _satisfied(facts, catalogue) + _named(facts, catalogue, entry.at)
        found += _units(facts, catalogue, entry.at)
        if facts.get("rank") == 1:
            found.append(gettext("机器也建议这样派"))
    return tuple(found)


def _satisfied(facts: Mapping[str, object], catalogue: Catalogue) -> list[str]:
    """What the resident answered, on the scale of their city."""
    scale = dict(said.scale(catalogue.policy, not moment.in_chinese()))
    words = scale.get(str(facts.get("satisfaction", "")))
    return [moment.labelled(gettext("满意吗"), gettext(words))] if words else []


def _units(facts: Mapping[str, Any], catalogue: Catalogue, at: datetime) -> list[str]:
    """Who assists, and from where to where a re-organisation took the order."""
    found = []
    if facts.get("assist_ids"):
        assists = [catalogue_unit(catalogue, one, at) for one in facts["assist_ids"]]
        found.append(gettext("协办：%(units)s") % {"units": moment.listed(assists)})
    if facts.get("from_unit_id"):
        before, after = (catalogue_unit(catalogue, facts[each], at) for each in ("from_unit_id", "unit_id"))
        found.append(gettext("由%(before)s转到%(after)s") % {"before": before, "after": after})
    return found


def _named(facts: Mapping[str, object], catalogue: Catalogue, at: datetime) -> list[str]:
    """What a person or a machine said the matter and the place are."""
    told = (
        (gettext("事项"), names.matter(catalogue.policy, str(facts.get("matter_code") or ""))),
        (gettext("所在区域"), catalogue.area_words(str(facts.get("area_code") or ""), at)),
    )
    return [moment.labelled(label, name) for label, name in told if name]
