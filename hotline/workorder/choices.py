"""The codes that facts may hold, each with what people call it. Sources: rulebook §1.1(二), §3.2, §3.6, §4.3, §5.2."""

from __future__ import annotations

from hotline.refusal import N_

Choices = tuple[tuple[str, str], ...]

KINDS: Choices = (
    ("consult", N_("咨询")),
    ("help", N_("求助")),
    ("complaint", N_("投诉")),
    ("report", N_("举报")),
    ("suggestion", N_("意见建议")),
)
URGENCIES: Choices = (("normal", N_("一般")), ("urgent", N_("紧急")), ("critical", N_("特急")))
RETURN_REASONS: Choices = (
    ("not_our_duty", N_("不属于本单位职责")),
    ("wrong_place", N_("不在本单位辖区")),
    ("needs_other_lead", N_("应由其他单位主办")),
    ("cannot_identify", N_("地点或对象无法核实")),
    ("already_in_legal_route", N_("已进入诉讼、仲裁、复议或信访程序")),
)
UNSOLVED_REASONS: Choices = (
    ("policy_limit", N_("现行政策不支持")),
    ("needs_time", N_("需要时间，已有计划")),
    ("needs_funds", N_("需要立项或资金")),
    ("civil_dispute", N_("属民事纠纷，已告知途径")),
    ("no_fact", N_("查无此事")),
    ("beyond_duty", N_("超出职权范围")),
)
LEGAL_ROUTES: Choices = (
    ("litigation", N_("诉讼")),
    ("arbitration", N_("仲裁")),
    ("discipline", N_("纪检监察")),
    ("reconsideration", N_("行政复议")),
    ("information_disclosure", N_("政府信息公开")),
    ("petition", N_("信访（已在办理）")),
)
DECLINE_REASONS: Choices = (
    ("illegal_content", N_("内容违法或违背公序良俗")),
    ("secrets_privacy", N_("涉及国家秘密、商业秘密或个人隐私")),
    ("no_substance", N_("没有具体诉求")),
    ("outside_city", N_("不属于本市")),
    ("same_facts_answered", N_("同一事实和理由已答复，没有新情况")),
    ("malicious", N_("恶意骚扰，线索已移交公安")),
)
EMERGENCY_LINES: Choices = (("110", "110"), ("119", "119"), ("120", "120"), ("122", "122"))
NOT_REACHED: Choices = (
    ("no_answer", N_("无人接听")),
    ("refused", N_("接通后不愿回答")),
    ("powered_off", N_("关机或停机")),
    ("wrong_number", N_("号码不对")),
    ("asked_later", N_("约定改时间")),
)
SATISFACTION: Choices = (
    ("very_satisfied", N_("非常满意")),
    ("satisfied", N_("满意")),
    ("basically_satisfied", N_("基本满意")),
    ("dissatisfied", N_("不满意")),
    ("very_dissatisfied", N_("非常不满意")),
    ("not_said", N_("未评价")),
)
REWORK_REASONS: Choices = (
    ("not_solved", N_("问题没有解决")),
    ("false_closing", N_("答复与实际不符")),
    ("not_contacted", N_("没有联系诉求人")),
    ("off_topic", N_("答非所问")),
    ("attitude", N_("服务态度")),
)
REOPEN_REASONS: Choices = (
    ("recurred", N_("又发生了")),
    ("not_solved", N_("其实没有解决")),
    ("new_facts", N_("有新情况")),
)
WITHDRAW_REASONS: Choices = (
    ("solved_already", N_("问题已经解决")),
    ("filed_twice", N_("重复反映")),
    ("changed_mind", N_("不再需要")),
)
