"""The codes that facts may hold, each with what people call it. Sources: rulebook §1.1(二), §3, §4, §5.2."""

from __future__ import annotations

from collections.abc import Callable

from hotline.packs import Rulebook
from hotline.refusal import N_

Choices = tuple[tuple[str, str], ...]
# What is on offer stands here, or the city's rules say it (in Chinese, or in English where asked for).
Offer = Choices | Callable[[Rulebook, bool], Choices]

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
NOT_SAID = ("not_said", N_("未评价"))


def scale(rules: Rulebook, english: bool = False) -> Choices:
    """The city's steps of satisfaction, best first, and that nothing was said."""
    return (*((step.code, step.name_en if english else step.name) for step in rules.callback.scale), NOT_SAID)


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
MISSING: Choices = (
    ("place", N_("具体地点")),
    ("time", N_("发生时间")),
    ("object", N_("涉及的单位或人")),
    ("demand", N_("希望怎样解决")),
    ("proof", N_("照片、票据等材料")),
    ("contact", N_("能联系上的号码")),
)
EVIDENCE: Choices = (
    ("contact_record", N_("与诉求人的联系记录")),
    ("site_photo", N_("现场照片")),
    ("leader_signature", N_("单位负责人签字")),
    ("duty_document", N_("职责依据文件")),
)
# Evidence that is a paper: it has to be attached.
PAPERS = frozenset({"site_photo", "leader_signature", "duty_document"})
UNMERGE_REASONS: Choices = (
    ("other_cause", N_("不是同一原因")),
    ("other_place", N_("不是同一地点")),
    ("not_solved", N_("主单办结后仍未解决")),
    ("head_gone", N_("主单已撤回或另行处理")),
)
RULING_BASES: Choices = (
    ("law", N_("法律法规规定")),
    ("duties", N_("三定方案、权责清单")),
    ("who_permits", N_("谁许可谁监管")),
    ("who_is_in_charge", N_("谁主管谁负责")),
    ("area", N_("属地责任")),
    ("fallback", N_("指定兜底部门")),
)
CONTACT_WAYS: Choices = (
    ("phone", N_("电话")),
    ("visit", N_("上门")),
    ("message", N_("短信、微信")),
    ("not_wanted", N_("诉求人不愿被联系")),
)
EXTENSION_REASONS: Choices = (
    ("complex", N_("情况复杂，需多方核实")),
    ("works", N_("需要施工或采购周期")),
    ("procedure", N_("法定程序需要时间")),
    ("weather", N_("受天气等不可抗力影响")),
)
WAITING_FOR: Choices = (
    ("documents", N_("等诉求人提供材料")),
    ("access", N_("等约定的入户时间")),
    ("decision", N_("等诉求人作出选择")),
    ("unreachable", N_("暂时联系不上诉求人")),
)
HANG_REASONS: Choices = (
    ("funds", N_("需要立项或资金")),
    ("planning", N_("需要规划或征拆")),
    ("policy", N_("现行政策尚不支持")),
    ("history", N_("历史遗留问题")),
    ("season", N_("需待季节或工期")),
)
APPROVERS: Choices = (
    ("unit_head", N_("承办单位主要负责人")),
    ("centre_head", N_("热线中心负责人")),
    ("government", N_("政府分管负责人")),
)
ESCALATE_REASONS: Choices = (
    ("returns", N_("多次退单")),
    ("rounds", N_("多次重办")),
    ("late", N_("严重超期")),
    ("major", N_("重大民生或跨区域")),
    ("risk", N_("有安全或稳定风险")),
)
REVIEW_FAULTS: Choices = (
    ("not_specific", N_("答复不具体")),
    ("off_topic", N_("答非所问")),
    ("not_contacted", N_("没有联系诉求人")),
    ("no_basis", N_("依据不清")),
    ("not_done", N_("尚未办到")),
)
CALLBACK_WAYS: Choices = (
    ("phone", N_("电话")),
    ("message", N_("短信、微信")),
    ("visit", N_("上门")),
)
FINAL_BASES: Choices = (
    ("solved_lawfully", N_("已依法依规办理到位")),
    ("unreasonable", N_("诉求于法无据")),
    ("closed_elsewhere", N_("已由法定程序作出结论")),
)
