"""What is said when an appeal is taken down, understood, joined or let out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hotline.refusal import N_
from hotline.workorder.choices import DECLINE_REASONS, EMERGENCY_LINES, KINDS, LEGAL_ROUTES, MISSING, UNMERGE_REASONS
from hotline.workorder.facts.base import Facts, ask


@dataclass(frozen=True)
class Registered(Facts):
    """Taken down: where it came from and what is known of it, in codes."""

    action: ClassVar[str] = "register"
    channel: str
    line: str = ""
    kind: str = ""
    matter_code: str = ""
    area_code: str = ""
    urgency: str = "normal"
    secret: bool = False
    anonymous: bool = False
    own_at: datetime | None = None
    source: str = ""
    appeal: str = ""  # commitment to the text, so that a changed text is noticed


@dataclass(frozen=True)
class Amended(Facts):
    """What a person confirmed or corrected; an empty value leaves the field as it is."""

    action: ClassVar[str] = "amend"
    kind: str = ask(N_("诉求类型"), choices=KINDS, default="")
    matter_code: str = ask(N_("事项"), "matter", default="")
    area_code: str = ask(N_("所在区域"), "area", default="")


@dataclass(frozen=True)
class Supplemented(Facts):
    action: ClassVar[str] = "supplement"


@dataclass(frozen=True)
class SupplementAsked(Facts):
    action: ClassVar[str] = "ask_supplement"
    missing: str = ask(N_("还缺什么"), choices=MISSING)


@dataclass(frozen=True)
class MarkedUrgent(Facts):
    action: ClassVar[str] = "mark_urgent"


@dataclass(frozen=True)
class MarkedCritical(Facts):
    """The highest urgency; `phoned`: whoever answers for it was called at the same time (系统派单+电话直联)."""

    action: ClassVar[str] = "mark_critical"
    phoned: bool = ask(N_("已同时电话通知"), "bool", default=False)


@dataclass(frozen=True)
class Split(Facts):
    """The orders that the further demands of the appeal became."""

    action: ClassVar[str] = "split"
    child_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Merged(Facts):
    action: ClassVar[str] = "merge"
    head_id: int = ask(N_("并入的主单"), "order")


@dataclass(frozen=True)
class Unmerged(Facts):
    action: ClassVar[str] = "unmerge"
    reason: str = ask(N_("取消并单的原因"), choices=UNMERGE_REASONS)


@dataclass(frozen=True)
class Accepted(Facts):
    action: ClassVar[str] = "accept"


@dataclass(frozen=True)
class Answered(Facts):
    """Answered at once, citing a knowledge entry that is valid today."""

    action: ClassVar[str] = "answer"
    entry_id: int = ask(N_("依据的知识条目"), "entry")


@dataclass(frozen=True)
class Referred(Facts):
    action: ClassVar[str] = "refer"
    route: str = ask(N_("法定途径"), choices=LEGAL_ROUTES)


@dataclass(frozen=True)
class Declined(Facts):
    action: ClassVar[str] = "decline"
    reason: str = ask(N_("不受理的原因"), choices=DECLINE_REASONS)


@dataclass(frozen=True)
class Transferred(Facts):
    action: ClassVar[str] = "transfer"
    line: str = ask(N_("转到"), choices=EMERGENCY_LINES)
    phoned: bool = ask(N_("已同时电话转接"), "bool", default=False)
