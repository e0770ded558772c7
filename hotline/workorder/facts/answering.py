"""What is said at the callback and at the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hotline.refusal import N_
from hotline.workorder.choices import (
    APPROVERS,
    CALLBACK_WAYS,
    FINAL_BASES,
    NOT_REACHED,
    REOPEN_REASONS,
    REWORK_REASONS,
    WITHDRAW_REASONS,
    scale,
)
from hotline.workorder.facts.base import Facts, ask


@dataclass(frozen=True)
class CallbackPlanned(Facts):
    action: ClassVar[str] = "plan_callback"
    planned_at: datetime = ask(N_("约定的时间"), "moment")
    way: str = ask(N_("回访方式"), choices=CALLBACK_WAYS)


@dataclass(frozen=True)
class CallbackAttempted(Facts):
    action: ClassVar[str] = "attempt_callback"
    outcome: str = ask(N_("没有联系上的情形"), choices=NOT_REACHED)
    next_at: datetime | None = ask(N_("下次联系时间"), "moment", default=None)


@dataclass(frozen=True)
class CallbackGivenUp(Facts):
    action: ClassVar[str] = "give_up_callback"


@dataclass(frozen=True)
class ResultRecorded(Facts):
    """Three questions kept apart: contacted by the unit, solved, satisfied."""

    action: ClassVar[str] = "record_result"
    contacted: bool = ask(N_("单位联系过您吗"), "yesno")
    solved: bool = ask(N_("解决了吗"), "yesno")
    satisfaction: str = ask(N_("满意吗"), choices=scale)


@dataclass(frozen=True)
class Reworked(Facts):
    action: ClassVar[str] = "rework"
    reason: str = ask(N_("重办原因"), choices=REWORK_REASONS)


@dataclass(frozen=True)
class Closed(Facts):
    action: ClassVar[str] = "close"


@dataclass(frozen=True)
class ClosedAlong(Facts):
    """The head ended without an answer to ask about: this one ends with it."""

    action: ClassVar[str] = "close_along"
    head_id: int


@dataclass(frozen=True)
class FinallyAnswered(Facts):
    """The last word (最终答复): on which ground, who signed; the paper is attached."""

    action: ClassVar[str] = "final_answer"
    basis: str = ask(N_("依据"), choices=FINAL_BASES)
    approver: str = ask(N_("签发人"), choices=APPROVERS)
    file_ids: tuple[int, ...] = ask(N_("盖章材料"), "files", default=())


@dataclass(frozen=True)
class Reopened(Facts):
    action: ClassVar[str] = "reopen"
    reason: str = ask(N_("为什么再次反映"), choices=REOPEN_REASONS)


@dataclass(frozen=True)
class Withdrawn(Facts):
    action: ClassVar[str] = "withdraw"
    reason: str = ask(N_("撤回原因"), choices=WITHDRAW_REASONS)


@dataclass(frozen=True)
class Archived(Facts):
    action: ClassVar[str] = "archive"
