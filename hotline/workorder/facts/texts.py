"""What is said in words beside the facts: sealed in the order's notes, never in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.refusal import N_


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
    "mark_critical": (TextField("dispatch_opinion", N_("为什么紧急"), longest=500),),
    "supplement": (TextField("supplement", N_("补充的情况"), longest=5000),),
    "ask_supplement": (TextField("guidance", N_("请诉求人补充什么"), longest=500),),
    "merge": (OPINION,),
    "unmerge": (OPINION,),
    "reject_return": (TextField("dispatch_opinion", N_("为什么仍由该单位办理"), longest=1000),),
    "convene": (TextField("dispatch_opinion", N_("需要会商的问题"), longest=1000),),
    "rule": (TextField("dispatch_opinion", N_("裁定意见"), longest=2000),),
    "escalate": (TextField("dispatch_opinion", N_("提级要求"), longest=1000),),
    "hand_down": (OPINION,),
    "add_assist": (OPINION,),
    "assist_reply": (TextField("assist_reply", N_("协办情况"), longest=5000),),
    "contact": (
        TextField("contacted_number", N_("联系所用号码"), required=False, longest=40),
        TextField("contact_remark", N_("联系情况"), required=False, longest=1000),
    ),
    "ask_extension": (TextField("extension_reason", N_("延期理由和已做的工作"), longest=1000),),
    "grant_extension": (TextField("extension_remark", N_("审核意见"), required=False, longest=500),),
    "refuse_extension": (TextField("extension_remark", N_("不同意的理由"), longest=500),),
    "pause": (TextField("guidance", N_("告诉诉求人要做什么"), longest=500),),
    "resume": (TextField("contact_remark", N_("说明"), required=False, longest=500),),
    "hang": (TextField("guidance", N_("告诉诉求人的话"), longest=1000),),
    "unhang": (TextField("contact_remark", N_("说明"), required=False, longest=500),),
    "approve_reply": (TextField("review_remark", N_("审核意见"), required=False, longest=500),),
    "send_back": (TextField("review_remark", N_("要求改什么"), longest=1000),),
    "plan_callback": (TextField("callback_remark", N_("备注"), required=False, longest=500),),
    "give_up_callback": (TextField("close_remark", N_("办结说明"), required=False, longest=1000),),
    "final_answer": (TextField("reply_public", N_("最终答复内容"), longest=5000),),
}
