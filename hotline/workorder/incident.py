"""Incidents, thought through: what everybody may read of one, which appeal belongs to it, which words may be public.

A gas main fails and a hundred people call. The incident says where, what and until when; each caller keeps an order of
their own, merged into the one on which the incident stands. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hotline.organisation.tree import AreaIndex
from hotline.packs import Matter
from hotline.refusal import N_, Reason
from hotline.residents.masking import redact
from hotline.workorder.guards.joining import FOLLOWED
from hotline.workorder.views import OrderRef

STATE_LABELS: Mapping[str, str] = {"open": N_("正在处理"), "restored": N_("已恢复"), "closed": N_("已结束")}
NOTICE_LABELS: Mapping[str, str] = {
    "announcement": N_("公告"),
    "progress": N_("进展"),
    "restoration": N_("恢复通知"),
}
# Who opens one and speaks for it; a clerk only on orders that the own unit leads.
SPEAKERS = frozenset({"agent", "dispatcher", "supervisor", "clerk"})
AREAS_MOST = 50
WORDS_LONGEST = 500
SAME_GROUP = 4  # the first digits of a matter's code that name its second level: gas supply, water supply …
CRITICAL = "critical"
_FOUND: Mapping[str, str] = {
    "phone": N_("电话号码"),
    "identity": N_("证件号码"),
    "card": N_("银行卡号"),
    "email": N_("邮箱"),
    "account": N_("社交账号"),
    "plate": N_("车牌号"),
}


@dataclass(frozen=True)
class NoticeView:
    """What was said to everybody; `words_en` is "" where nobody wrote English."""

    id: int
    kind: str
    words: str
    words_en: str
    expected_at: datetime | None
    noticed_at: datetime


@dataclass(frozen=True)
class IncidentView:
    """What everybody may know of an incident. `joined` counts the orders in it, the head too; notices newest first.

    `head_*`, `kind`, `urgency` and `unit_id` are those of the order on which it stands."""

    id: int
    authority_id: int
    state: str
    matter_code: str
    area_codes: tuple[str, ...]
    started_at: datetime
    expected_at: datetime | None
    restored_at: datetime | None
    closed_at: datetime | None
    version: int
    head_id: int
    head_number: str
    head_state: str
    kind: str
    urgency: str
    unit_id: int | None
    joined: int
    notices: tuple[NoticeView, ...] = ()

    @property
    def announcement(self) -> NoticeView | None:
        """What is said of it at large."""
        return next((each for each in self.notices if each.kind == "announcement"), None)

    @property
    def news(self) -> NoticeView | None:
        """What was said last, where that is more than the announcement."""
        newest = self.notices[0] if self.notices else None
        return newest if newest is not None and newest.kind != "announcement" else None

    @property
    def joinable(self) -> bool:
        """Can further orders still be merged into its head?"""
        return self.state == "open" and self.head_state in FOLLOWED


@dataclass(frozen=True)
class IncidentPage:
    """An incident for those who work on it: how many of its orders stand where, and the first of them."""

    incident: IncidentView
    states: Mapping[str, int] = field(default_factory=dict)
    orders: tuple[OrderRef, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """An order that may belong to an incident and is not in it yet."""

    order_id: int
    number: str
    title: str
    state: str
    matter_code: str
    area_code: str
    registered_at: datetime


def likely(
    incidents: Iterable[IncidentView], matter_code: str, area_code: str, areas: AreaIndex, matters: Mapping[str, Matter]
) -> IncidentView | None:
    """The incident that an appeal about this matter at this place most probably belongs to, None for none.

    The same matter before its group, a place inside before one that is not known closely enough, the newest first.
    What must not wait (a gas leak while the gas is cut off) belongs to no incident about something else."""
    ranked = [
        ((alike, near, each.started_at), each)
        for each in incidents
        if each.joinable
        and (alike := _alike(each.matter_code, matter_code, matters))
        and (near := _near(each.area_codes, area_code, areas))
    ]
    return max(ranked, key=lambda pair: pair[0])[1] if ranked else None


def _alike(mine: str, other: str, matters: Mapping[str, Matter]) -> int:
    """2 the same matter, 1 of the same group, 0 something else."""
    if mine == other:
        return 2
    leaf = matters.get(other)
    if leaf is None or leaf.urgency == CRITICAL:
        return 0
    return int(mine[:SAME_GROUP] == other[:SAME_GROUP])


def _near(affected: Sequence[str], place: str, areas: AreaIndex) -> int:
    """2 inside, 1 not known closely enough to say, 0 elsewhere."""
    here = areas.current(place)
    if here is None:
        return 1
    inside = _above(here.code, areas)
    codes = {now.code for code in affected if (now := areas.current(code)) is not None}
    if inside & codes:
        return 2
    return int(any(here.code in _above(code, areas) for code in codes))


def _above(code: str, areas: AreaIndex) -> set[str]:
    return {area.code for area in areas.ancestors(code)}


def narrowed(codes: Iterable[str], areas: AreaIndex) -> tuple[str, ...]:
    """The areas as they stand today, each once, without those that lie below another one."""
    now = dict.fromkeys(area.code for code in codes if (area := areas.current(code)) is not None)
    return tuple(code for code in now if not (_above(code, areas) - {code}) & now.keys())


def areas_wrong(codes: Sequence[str], areas: AreaIndex) -> list[Reason]:
    """Why these cannot be the affected areas."""
    if not codes:
        return [Reason("areas_missing", N_("请写明影响哪些区域，可以写到县区、街道或社区。"), "area_codes")]
    if len(codes) > AREAS_MOST:
        words = N_("最多写 %(most)s 个区域，请改写上一级的区域。")
        return [Reason("areas_too_many", words, "area_codes", {"most": AREAS_MOST})]
    unknown = [code for code in codes if areas.current(code) is None]
    words = N_("没有“%(code)s”这个区域，请从列表里选。")
    return [Reason("area_unknown", words, "area_codes", {"code": code[:20]}) for code in unknown]


def words_wrong(words: str, english: str) -> list[Reason]:
    """Why these words cannot be said to everybody: nothing said, too long, or a number that leads to a person."""
    found = []
    if not words:
        found.append(Reason("words_missing", N_("请写要告诉大家的话。"), "words"))
    for name, text in (("words", words), ("words_en", english)):
        if len(text) > WORDS_LONGEST:
            params = {"length": len(text), "longest": WORDS_LONGEST}
            found.append(
                Reason("words_too_long", N_("有 %(length)s 字，最多 %(longest)s 字，请删短一些。"), name, params)
            )
        for span in redact(text, plates=True).spans:
            told = {"what": _FOUND[span.kind], "said": text[span.start : span.end]}
            found.append(
                Reason("words_personal", N_("这段话人人看得到，请去掉%(what)s“%(said)s”，改写 12345。"), name, told)
            )
    return found


def expected_wrong(expected_at: datetime | None, at: datetime) -> list[Reason]:
    """Why it cannot be expected to be over at that moment."""
    if expected_at is None or expected_at > at:
        return []
    return [Reason("expected_past", N_("预计恢复的时间已经过去，请写以后的时间，不知道就空着。"), "expected_at")]
