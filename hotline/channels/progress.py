"""How far an appeal is, in five stations and in the resident's words. Pure.

Never internal text: only what an event's kind and its unit say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.refusal import N_

STATIONS = (N_("收到"), N_("派出"), N_("在办"), N_("请您确认"), N_("结束"))
_STATION: Mapping[str, int] = {
    "registered": 1,
    "incomplete": 1,
    "accepted": 1,
    "returned": 2,
    "convened": 2,
    "dispatched": 2,
    "signed": 3,
    "waiting": 3,
    "hung": 3,
    "reviewing": 3,
    "merged": 3,
    "replied": 4,
    "evaluated": 4,
}
ENDED = 5
# States and outcomes in which the words for the resident still hold.
GUIDED = frozenset({"incomplete", "waiting", "hung", "referred", "declined", "transferred"})
STATE_WORDS: Mapping[str, str] = {
    "registered": N_("收到了，正在看是什么事、归谁管。"),
    "incomplete": N_("还缺一点情况，请看下面的话，补充了马上办。"),
    "accepted": N_("受理了，正在找管这件事的单位。"),
    "convened": N_("几个单位正在会商归谁管。"),
    "dispatched": N_("已派给单位，等它接手。"),
    "returned": N_("第一个单位说不归它管，我们正在核对。"),
    "signed": N_("单位接手了，正在办。"),
    "waiting": N_("要等您补充或配合，请看下面的话，告诉我们就接着办。"),
    "hung": N_("暂时办不成，已挂账，原因写在下面，到期再复查。"),
    "reviewing": N_("单位写好了答复，热线正在核对。"),
    "merged": N_("和同一件事的其他反映一起办。结果会告诉您，也会单独问您解决了没有。"),
    "replied": N_("单位说办好了，请您看看解决了没有。"),
    "evaluated": N_("您的回答收到了，我们正在处理。"),
    "closed": N_("这件事办完了。"),
    "referred": N_("这件事要走法定途径，该找谁写在下面。"),
    "declined": N_("这件事热线不能受理，原因写在下面。"),
    "transferred": N_("已转给紧急热线。"),
    "withdrawn": N_("您撤回了这件事。"),
    "archived": N_("这件事结束了，已归档。"),
}
# Kind of event → words with the unit known, words without, shape on the way.
_STEPS: Mapping[str, tuple[str, str, str]] = {
    "order.registered": (N_("收到您的反映"), N_("收到您的反映"), ""),
    "order.supplement_asked": (N_("请您补充情况"), N_("请您补充情况"), ""),
    "order.supplemented": (N_("收到补充的情况"), N_("收到补充的情况"), ""),
    "order.marked_urgent": (N_("列为急件"), N_("列为急件"), ""),
    "order.marked_critical": (N_("列为特急件"), N_("列为特急件"), ""),
    "order.split": (N_("您说的几件事分开办"), N_("您说的几件事分开办"), ""),
    "order.merged": (N_("和同一件事的其他反映一起办"), N_("和同一件事的其他反映一起办"), ""),
    "order.unmerged": (N_("改为单独办理"), N_("改为单独办理"), ""),
    "order.incident_joined": (N_("和正在处理的突发事件一并跟进"), N_("和正在处理的突发事件一并跟进"), ""),
    "order.incident_progressed": (N_("突发事件有新进展"), N_("突发事件有新进展"), ""),
    "order.incident_restored": (N_("突发事件已恢复"), N_("突发事件已恢复"), "good"),
    "order.accepted": (N_("受理了，在找管这件事的单位"), N_("受理了，在找管这件事的单位"), ""),
    "order.dispatched": (N_("派给%(unit)s办理"), N_("派给单位办理"), ""),
    "order.returned": (N_("单位说不归它管，我们在核对"), N_("单位说不归它管，我们在核对"), ""),
    "order.return_rejected": (N_("核对后仍由%(unit)s办理"), N_("核对后仍由原单位办理"), ""),
    "order.convened": (N_("几个单位会商归谁管"), N_("几个单位会商归谁管"), ""),
    "order.ruled": (N_("会商后派给%(unit)s办理"), N_("会商后派给单位办理"), ""),
    "order.redispatched": (N_("核对后改派给%(unit)s"), N_("核对后改派"), ""),
    "order.escalated": (N_("提级交给%(unit)s办理"), N_("提级办理"), ""),
    "order.signed": (N_("%(unit)s接手了"), N_("单位接手了"), ""),
    "order.handed_down": (N_("交给%(unit)s具体办理"), N_("交给下级单位具体办理"), ""),
    "order.contacted": (N_("%(unit)s联系过您"), N_("单位联系过您"), ""),
    "order.extended": (N_("需要更多时间，答复期限延长了"), N_("需要更多时间，答复期限延长了"), ""),
    "order.paused": (N_("等您补充或配合"), N_("等您补充或配合"), ""),
    "order.resumed": (N_("接着办理"), N_("接着办理"), ""),
    "order.hung": (N_("暂时办不成，先挂账"), N_("暂时办不成，先挂账"), ""),
    "order.unhung": (N_("恢复办理"), N_("恢复办理"), ""),
    "order.replied": (N_("%(unit)s答复了"), N_("单位答复了"), "good"),
    "order.reply_approved": (N_("%(unit)s答复了"), N_("单位答复了"), "good"),
    "order.sent_back": (N_("答复没有说清，请%(unit)s重写"), N_("答复没有说清，请单位重写"), ""),
    "order.reply_shared": (N_("和同一件事的其他反映一起答复了"), N_("和同一件事的其他反映一起答复了"), "good"),
    "order.callback_planned": (N_("和您约好了再联系"), N_("和您约好了再联系"), ""),
    "order.callback_attempted": (N_("我们联系过您，没有联系上"), N_("我们联系过您，没有联系上"), ""),
    "order.callback_given_up": (N_("一直没有联系上您，先办结"), N_("一直没有联系上您，先办结"), ""),
    "order.result_recorded": (N_("收到您的回答"), N_("收到您的回答"), ""),
    "order.reworked": (N_("没有解决，要求重新办理"), N_("没有解决，要求重新办理"), "late"),
    "order.answered": (N_("直接答复您了"), N_("直接答复您了"), "good"),
    "order.closed": (N_("办完了"), N_("办完了"), "good"),
    "order.closed_along": (N_("和同一件事的其他反映一起办结"), N_("和同一件事的其他反映一起办结"), ""),
    "order.finally_answered": (N_("作出了最终答复"), N_("作出了最终答复"), ""),
    "order.reopened": (N_("重新开始办"), N_("重新开始办"), ""),
    "order.referred": (N_("告诉您该走的法定途径"), N_("告诉您该走的法定途径"), ""),
    "order.declined": (N_("说明了不能受理的原因"), N_("说明了不能受理的原因"), ""),
    "order.transferred": (N_("转给紧急热线"), N_("转给紧急热线"), ""),
    "order.withdrawn": (N_("您撤回了"), N_("您撤回了"), ""),
}
OUR_DELAY = N_("耽误的时间算我们的。")
REVIEWED = N_("单位写好了答复，热线正在核对")
# The events after which another unit is in charge.
_GIVEN = ("order.dispatched", "order.redispatched", "order.ruled", "order.escalated", "order.handed_down")


class _Unit(Protocol):
    @property
    def id(self) -> int: ...


class _Event(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def facts(self) -> Mapping[str, object]: ...


class _Written(_Event, Protocol):
    @property
    def texts(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class PublicStep:
    """One step: `words` is a msgid with `%(unit)s` when `unit_id` is set; `help` a msgid or ""."""

    at: datetime
    code: str
    words: str
    unit_id: int | None = None
    shape: str = ""
    help: str = ""


def station(state: str) -> int:
    """1 received … 5 ended."""
    return _STATION.get(state, ENDED)


def your_turn(state: str) -> bool:
    """Whether the resident is asked something now."""
    return state == "replied" or asked_to_add(state)


def asked_to_add(state: str) -> bool:
    """Whether the order waits for what the resident has to add or to do."""
    return state in ("incomplete", "waiting")


def reply(events: Iterable[_Written]) -> str:
    """The answer as far as the resident may read it: one that is still looked at, or was sent back, is none yet."""
    shown = unseen = ""
    for event in events:
        words = event.texts.get("reply_public", "")
        if event.kind == "order.replied" and event.facts.get("state") == "reviewing":
            unseen = words
        elif event.kind == "order.reply_approved":
            shown, unseen = unseen or shown, ""
        elif event.kind == "order.sent_back":
            unseen = ""
        elif words:
            shown = words
    return shown


def guidance(state: str, outcome: str, texts: Mapping[str, str]) -> str:
    """What the resident was told to do or to know, while that still holds."""
    holds = state in GUIDED or outcome in GUIDED
    return texts.get("guidance", "") if holds else ""


def steps(events: Iterable[_Event]) -> list[PublicStep]:
    """The steps that the resident may see, oldest first; the unit is the one that was in charge at that step."""
    found, unit_id = [], None
    for event in events:
        told = event.facts.get("unit_id")
        if isinstance(told, int) and event.kind in _GIVEN:
            unit_id = told
        if event.kind not in _STEPS:
            continue
        with_unit, without, shape = _STEPS[event.kind]
        if event.facts.get("state") == "reviewing":  # not an answer yet
            with_unit, without, shape = REVIEWED, REVIEWED, ""
        names_unit = unit_id is not None and "%(unit)s" in with_unit
        found.append(
            PublicStep(
                at=event.at,
                code=event.kind.partition(".")[2],
                words=with_unit if names_unit else without,
                unit_id=unit_id if names_unit else None,
                shape=shape,
                help=OUR_DELAY if event.kind == "order.redispatched" else "",
            )
        )
    return found
