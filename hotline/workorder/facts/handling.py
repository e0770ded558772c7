"""What the answerable unit says: signed, returned, handed down, put off, answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hotline.refusal import N_
from hotline.workorder.choices import (
    APPROVERS,
    CONTACT_WAYS,
    EVIDENCE,
    EXTENSION_REASONS,
    HANG_REASONS,
    RETURN_REASONS,
    REVIEW_FAULTS,
    UNSOLVED_REASONS,
    WAITING_FOR,
)
from hotline.workorder.facts.base import Facts, ask


@dataclass(frozen=True)
class Signed(Facts):
    action: ClassVar[str] = "sign"


@dataclass(frozen=True)
class Returned(Facts):
    action: ClassVar[str] = "return"
    reason: str = ask(N_("退单理由"), choices=RETURN_REASONS)
    proposed_unit_id: int | None = ask(N_("建议改派给"), "unit", default=None)
    evidence: tuple[str, ...] = ask(N_("佐证"), "evidence", choices=EVIDENCE, default=())
    file_ids: tuple[int, ...] = ask(N_("佐证附件"), "files", default=())


@dataclass(frozen=True)
class HandedDown(Facts):
    """Given to the unit right below; `days` in working days is that unit's own limit, never longer than the lead's."""

    action: ClassVar[str] = "hand_down"
    unit_id: int = ask(N_("下派给"), "unit")
    days: int | None = ask(N_("要求几个工作日内办结"), "number", default=None)


@dataclass(frozen=True)
class AssistAdded(Facts):
    action: ClassVar[str] = "add_assist"
    unit_id: int = ask(N_("协办单位"), "unit")
    days: int | None = ask(N_("要求几个工作日内反馈"), "number", default=None)


@dataclass(frozen=True)
class AssistRemoved(Facts):
    action: ClassVar[str] = "remove_assist"
    unit_id: int = ask(N_("取消协办的单位"), "unit")


@dataclass(frozen=True)
class AssistReplied(Facts):
    action: ClassVar[str] = "assist_reply"


@dataclass(frozen=True)
class Contacted(Facts):
    action: ClassVar[str] = "contact"
    contacted_at: datetime = ask(N_("联系时间"), "moment")
    way: str = ask(N_("联系方式"), choices=CONTACT_WAYS)


@dataclass(frozen=True)
class ExtensionAsked(Facts):
    """`extension_asked` is in the unit of the city's extensions."""

    action: ClassVar[str] = "ask_extension"
    extension_asked: int = ask(N_("申请延长"), "number")
    reason: str = ask(N_("延期原因"), choices=EXTENSION_REASONS)


@dataclass(frozen=True)
class ExtensionGranted(Facts):
    action: ClassVar[str] = "grant_extension"


@dataclass(frozen=True)
class ExtensionRefused(Facts):
    action: ClassVar[str] = "refuse_extension"


@dataclass(frozen=True)
class Paused(Facts):
    action: ClassVar[str] = "pause"
    reason: str = ask(N_("等什么"), choices=WAITING_FOR)


@dataclass(frozen=True)
class Resumed(Facts):
    action: ClassVar[str] = "resume"


@dataclass(frozen=True)
class Hung(Facts):
    """Cannot be done now: why, who agreed, and when it is looked at again (挂账)."""

    action: ClassVar[str] = "hang"
    reason: str = ask(N_("挂账原因"), choices=HANG_REASONS)
    approver: str = ask(N_("批准人"), choices=APPROVERS)
    review_at: datetime = ask(N_("复核时间"), "moment")


@dataclass(frozen=True)
class Unhung(Facts):
    action: ClassVar[str] = "unhang"


@dataclass(frozen=True)
class Replied(Facts):
    """The trade's reply form (rulebook §3.2): truth, duty, contact, solved or why not."""

    action: ClassVar[str] = "reply"
    appeal_true: bool = ask(N_("诉求属实"), "yesno")
    beyond_duty: bool = ask(N_("超职责诉求"), "yesno")
    contacted: bool = ask(N_("已联系群众"), "yesno")
    solved: bool = ask(N_("是否解决"), "yesno")
    contacted_at: datetime | None = ask(N_("联系时间"), "moment", default=None)
    unsolved_reason: str = ask(N_("未解决原因"), choices=UNSOLVED_REASONS, default="")


@dataclass(frozen=True)
class ReplyApproved(Facts):
    action: ClassVar[str] = "approve_reply"


@dataclass(frozen=True)
class SentBack(Facts):
    action: ClassVar[str] = "send_back"
    reason: str = ask(N_("哪里不合要求"), choices=REVIEW_FAULTS)


@dataclass(frozen=True)
class ReplyShared(Facts):
    """The head was answered: the same answer is this one's."""

    action: ClassVar[str] = "share_reply"
    head_id: int
