"""What an action says: one frozen dataclass per action, holding codes, ids, truth values and moments only.

Facts are kept in the ledger's event, so nothing here may name or describe a person. Whatever is written in words
goes beside them as texts (`TEXTS`), sealed in the order's notes. The field metadata is the form that a face draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar

from hotline.refusal import N_
from hotline.workorder.choices import (
    DECLINE_REASONS,
    EMERGENCY_LINES,
    KINDS,
    LEGAL_ROUTES,
    NOT_REACHED,
    REOPEN_REASONS,
    RETURN_REASONS,
    REWORK_REASONS,
    SATISFACTION,
    UNSOLVED_REASONS,
    URGENCIES,
    WITHDRAW_REASONS,
    Choices,
)


def ask(label: str, widget: str = "choice", *, choices: Choices = (), default: Any = MISSING, hint: str = "") -> Any:
    """A field of facts with the words and the widget a face asks for it with; no default means it must be said."""
    return field(default=default, metadata={"label": label, "widget": widget, "choices": choices, "hint": hint})


class Facts:
    """Base of all facts; `action` names the law's action that the class belongs to."""

    action: ClassVar[str]

    def codes(self) -> dict[str, Any]:
        """The facts as the ledger keeps them: moments as ISO text, tuples as lists, unsaid ones left out."""
        told: dict[str, Any] = {}
        for each in fields(self):  # type: ignore[arg-type]
            value = getattr(self, each.name)
            if value is None or value == () or value == "":
                continue
            if isinstance(value, datetime):
                value = value.isoformat()
            told[each.name] = list(value) if isinstance(value, tuple) else value
        return told


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


@dataclass(frozen=True)
class Amended(Facts):
    """What a person confirmed or corrected; an empty value leaves the field as it is."""

    action: ClassVar[str] = "amend"
    kind: str = ask(N_("诉求类型"), choices=KINDS, default="")
    matter_code: str = ask(N_("事项"), "matter", default="")
    area_code: str = ask(N_("所在区域"), "area", default="")


@dataclass(frozen=True)
class Dispatched(Facts):
    """Given to a unit; `suggested` and `rank` say what the machine proposed and which of it was taken (0 = none)."""

    action: ClassVar[str] = "dispatch"
    unit_id: int = ask(N_("主办单位"), "unit")
    assist_ids: tuple[int, ...] = ask(N_("协办单位"), "units", default=())
    suggested: tuple[int, ...] = ()
    rank: int = 0
    basis: str = ""


@dataclass(frozen=True)
class Redispatched(Facts):
    action: ClassVar[str] = "redispatch"
    unit_id: int = ask(N_("改派给"), "unit")
    assist_ids: tuple[int, ...] = ask(N_("协办单位"), "units", default=())
    suggested: tuple[int, ...] = ()
    rank: int = 0
    basis: str = ""


@dataclass(frozen=True)
class Signed(Facts):
    action: ClassVar[str] = "sign"


@dataclass(frozen=True)
class Returned(Facts):
    action: ClassVar[str] = "return"
    reason: str = ask(N_("退单理由"), choices=RETURN_REASONS)
    proposed_unit_id: int | None = ask(N_("建议改派给"), "unit", default=None)


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
class CallbackAttempted(Facts):
    action: ClassVar[str] = "attempt_callback"
    outcome: str = ask(N_("没有联系上的情形"), choices=NOT_REACHED)
    next_at: datetime | None = ask(N_("下次联系时间"), "moment", default=None)


@dataclass(frozen=True)
class ResultRecorded(Facts):
    """Three questions kept apart: contacted by the unit, solved, satisfied."""

    action: ClassVar[str] = "record_result"
    contacted: bool = ask(N_("单位联系过您吗"), "yesno")
    solved: bool = ask(N_("解决了吗"), "yesno")
    satisfaction: str = ask(N_("满意吗"), choices=SATISFACTION)


@dataclass(frozen=True)
class Reworked(Facts):
    action: ClassVar[str] = "rework"
    reason: str = ask(N_("重办原因"), choices=REWORK_REASONS)


@dataclass(frozen=True)
class Closed(Facts):
    action: ClassVar[str] = "close"


@dataclass(frozen=True)
class Reopened(Facts):
    action: ClassVar[str] = "reopen"
    reason: str = ask(N_("为什么再次反映"), choices=REOPEN_REASONS)


@dataclass(frozen=True)
class Withdrawn(Facts):
    action: ClassVar[str] = "withdraw"
    reason: str = ask(N_("撤回原因"), choices=WITHDRAW_REASONS)


@dataclass(frozen=True)
class MarkedUrgent(Facts):
    action: ClassVar[str] = "mark_urgent"
    urgency: str = ask(N_("紧急程度"), choices=URGENCIES[1:])


@dataclass(frozen=True)
class TextField:
    """A text beside the facts: note `kind`, its label, whether it must be written, its longest length in characters."""

    kind: str
    label: str
    required: bool = True
    longest: int = 2000


OPINION = TextField("dispatch_opinion", N_("派单意见"), required=False, longest=500)
GUIDANCE = TextField("guidance", N_("告诉诉求人的话"))
TEXTS: Mapping[str, tuple[TextField, ...]] = {
    "register": (
        TextField("title", N_("标题"), required=False, longest=100),
        TextField("appeal", N_("诉求内容"), longest=20000),
        TextField("place", N_("地点"), required=False, longest=300),
        TextField("source_ref", N_("来源编号"), required=False, longest=200),
    ),
    "answer": (TextField("reply_public", N_("答复内容")),),
    "refer": (GUIDANCE,),
    "decline": (GUIDANCE,),
    "transfer": (TextField("guidance", N_("转接说明")),),
    "amend": (
        TextField("title", N_("标题"), required=False, longest=100),
        TextField("place", N_("地点"), required=False, longest=300),
    ),
    "dispatch": (OPINION,),
    "redispatch": (OPINION,),
    "return": (TextField("return_reason", N_("依据和事实")),),
    "reply": (
        TextField("reply_public", N_("公开答复内容"), longest=5000),
        TextField("reply_internal", N_("办理情况（内部）"), longest=5000),
        TextField("contacted_number", N_("联系所用号码"), required=False, longest=40),
    ),
    "attempt_callback": (TextField("callback_remark", N_("备注"), required=False, longest=500),),
    "record_result": (TextField("callback_remark", N_("诉求人的话"), required=False, longest=1000),),
    "rework": (TextField("callback_remark", N_("要求单位做到什么"), longest=1000),),
    "close": (TextField("close_remark", N_("办结说明"), required=False, longest=1000),),
    "reopen": (TextField("supplement", N_("新的情况"), required=False, longest=5000),),
    "withdraw": (TextField("supplement", N_("补充说明"), required=False, longest=500),),
    "mark_urgent": (TextField("dispatch_opinion", N_("为什么紧急"), longest=500),),
}
FACTS: Mapping[str, type[Facts]] = {each.action: each for each in Facts.__subclasses__()}
