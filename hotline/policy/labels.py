"""What people call the keys of a rulebook, and the codes that stand in them."""

from __future__ import annotations

from collections.abc import Mapping

from hotline.organisation.roles import LEVEL_LABELS, ROLE_LABELS
from hotline.packs import KINDS
from hotline.policy.comparison import Weight
from hotline.refusal import N_

WEIGHTS: Mapping[Weight, str] = {
    Weight.DUE: N_("影响期限"),
    Weight.UNIT: N_("影响由谁办"),
    Weight.WALK: N_("影响怎么受理、办理和回访"),
    Weight.WORDS: N_("影响用语和名称"),
    Weight.SOURCE: N_("依据和说明"),
}
CLOCKS: Mapping[str, str] = {
    "dispatch": N_("派单期限"),
    "sign": N_("签收期限"),
    "contact": N_("首次联系期限"),
    "reply": N_("答复期限"),
    "assist": N_("协办期限"),
    "review": N_("审核期限"),
    "callback": N_("回访期限"),
}
LEVELS: Mapping[str, str] = {level.value: words for level, words in LEVEL_LABELS.items()}
APPEAL_KINDS: Mapping[str, str] = {code: words for words, code in KINDS.items()}
# One and many of each unit.
UNITS: Mapping[str, tuple[str, str]] = {
    "minutes": (N_("1 分钟"), N_("%(n)s 分钟")),
    "hours": (N_("1 小时"), N_("%(n)s 小时")),
    "days": (N_("1 个自然日"), N_("%(n)s 个自然日")),
    "working_hours": (N_("1 个工作小时"), N_("%(n)s 个工作小时")),
    "working_days": (N_("1 个工作日"), N_("%(n)s 个工作日")),
    "duty_hours": (N_("1 个值班小时"), N_("%(n)s 个值班小时")),
    "times": (N_("1 次"), N_("%(n)s 次")),
    "digits": (N_("1 位"), N_("%(n)s 位")),
}
# Where a number stands for an amount of something.
AMOUNTS: Mapping[tuple[str, str], str] = {
    ("matters", "days"): "working_days",
    ("handling", "escalate_rounds"): "times",
    ("handling", "escalate_returns"): "times",
    ("handling", "reopen_days"): "days",
    ("handling", "pause_days"): "days",
    ("handling", "hang_days"): "days",
    ("extension", "times"): "times",
    ("callback", "attempts"): "times",
    ("rulebook", "grid_digits"): "digits",
}
# What is meant where nothing, or nought, is written.
NOTHING: Mapping[tuple[str, str], str] = {
    ("handling", "return_window"): N_("什么时候都可以退单"),
    ("handling", "pause_days"): N_("不暂停计时"),
    ("handling", "hang_days"): N_("不挂账"),
    ("handling", "reopen_days"): N_("办结后不重办"),
    ("handling", "return_evidence"): N_("不要求附材料"),
    ("extension", "times"): N_("不能延期"),
    ("extension", "ask_before"): N_("到期前都可以申请"),
    ("extension", "ask_until"): N_("不限钟点"),
    ("clocks", "received_until"): N_("下班时间"),
    ("calendar", "duty"): N_("全天"),
}
CODES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("clocks", "counts_from"): {
        "receipt": N_("收到当天算第一天"),
        "next_working_day": N_("收到后的下一个工作日算第一天"),
    },
    ("clocks", "matter_days"): {
        "shorter": N_("事项自己的天数更短时从短"),
        "ignore": N_("只看诉求类型，不看事项自己的天数"),
    },
    ("clocks", "day_ends"): {"office": N_("下班时间"), "midnight": N_("当天 24 时")},
    ("extension", "approver"): {"hotline": N_("热线中心"), "upper": N_("上级单位")},
    ("handling", "reply_review"): {"none": N_("不审核"), "upper": N_("交办的上级单位"), "hotline": N_("热线中心")},
    ("handling", "return_evidence"): {
        "contact_record": N_("联系群众的记录"),
        "site_photo": N_("现场照片"),
        "leader_signature": N_("负责人签字"),
        "duty_document": N_("职责依据文件"),
    },
    ("intake", "petition"): {"refer": N_("告知信访渠道"), "accept": N_("受理后转信访部门")},
    ("callback", "closers"): {role.value: words for role, words in ROLE_LABELS.items()},
    ("roles", "leads"): {"yes": N_("可以主办"), "no": N_("只能协办"), "guidance": N_("只告知途径，不派单")},
    ("roles", "kind"): {
        "department": N_("政府部门"),
        "vertical": N_("垂直管理部门"),
        "supplier": N_("服务企业"),
        "utility": N_("公用事业单位"),
        "community": N_("社区、村"),
        "town": N_("乡镇、街道"),
        "other": N_("其他"),
    },
    ("roles", "levels"): LEVELS,
    ("matters", "answerable_level"): LEVELS,
    ("matters", "kinds"): {**APPEAL_KINDS, **{words: words for words in KINDS}},
    ("matters", "urgency"): {"normal": N_("一般"), "urgent": N_("紧急"), "critical": N_("特急")},
    ("matters", "season"): {
        "none": N_("不分季节"),
        "winter": N_("冬季"),
        "summer": N_("夏季"),
        "flood": N_("汛期"),
        "school": N_("开学"),
        "harvest": N_("农忙"),
        "festival": N_("节日"),
    },
    ("matters", "weather_driver"): {
        "none": N_("不受天气影响"),
        "rain": N_("降雨"),
        "wind": N_("大风"),
        "cold": N_("降温"),
        "heat": N_("高温"),
        "snow": N_("降雪"),
    },
    ("lines", "mode"): {"whole": N_("整体并入"), "double": N_("双号并行"), "sub_centre": N_("设分中心")},
    ("lines", "status"): {"open": N_("保留号码"), "merged": N_("已并入")},
    ("numbering", "reset"): {"day": N_("每天"), "month": N_("每月"), "year": N_("每年"), "never": N_("从不")},
}
# When a message is sent.
MESSAGES: Mapping[str, str] = {
    "registered": N_("登记后"),
    "supplement_asked": N_("请群众补充时"),
    "dispatched": N_("派单后"),
    "waiting": N_("等群众补充时"),
    "hung": N_("挂账后"),
    "unhung": N_("恢复办理后"),
    "extended": N_("延期后"),
    "merged": N_("并单后"),
    "replied": N_("单位答复后"),
    "answered": N_("当场答复后"),
    "callback_missed": N_("回访没接通时"),
    "closed": N_("办结后"),
    "final_answer": N_("最终答复后"),
    "referred": N_("告知法定途径后"),
    "declined": N_("不予受理后"),
    "transferred": N_("转紧急热线后"),
    "reopened": N_("重新办理后"),
    "withdrawn": N_("撤回后"),
    "incident_joined": N_("并入同一事件后"),
    "incident_progress": N_("事件有进展时"),
    "incident_restored": N_("事件恢复后"),
}
SECTIONS: Mapping[str, str] = {
    "rules": N_("期限"),
    "clocks": N_("怎么计时"),
    "extension": N_("延期"),
    "calendar": N_("日历"),
    "handling": N_("办理"),
    "matters": N_("事项"),
    "roles": N_("单位类型"),
    "intake": N_("受理范围"),
    "urgencies": N_("紧急程度"),
    "callback": N_("回访"),
    "scale": N_("满意度等级"),
    "channels": N_("渠道"),
    "lines": N_("归并热线"),
    "exits": N_("受理出口"),
    "routes": N_("受理出口"),
    "templates": N_("短信模板"),
    "numbering": N_("工单编号"),
    "rulebook": N_("整套规则"),
    "remarks": N_("依据"),
}
_NAMED: Mapping[str, str] = {"name": N_("名称"), "name_en": N_("英文名称"), "code": N_("编码")}
_KEYS: Mapping[str, Mapping[str, str]] = {
    "rules": {"limit": N_("期限"), "source": N_("依据")},
    "clocks": {
        "source": N_("期限的依据"),
        "counts_from": N_("从哪天起算"),
        "matter_days": N_("事项自己的天数"),
        "warn_before": N_("到期前多久提醒"),
        "received_until": N_("几点以后收到算下一个工作日"),
        "day_ends": N_("最后一天到几点为止"),
    },
    "extension": {
        "times": N_("最多延期"),
        "each": N_("每次可延"),
        "approver": N_("由谁批准延期"),
        "ask_before": N_("至少提前多久申请"),
        "ask_until": N_("到期当天最晚几点申请"),
        "long_each": N_("长周期事项每次可延"),
        "long_matters": N_("长周期事项"),
    },
    "handling": {
        "return_window": N_("退单期限"),
        "silent_accept": N_("逾期未退视为接收"),
        "escalate_rounds": N_("重办几次提级"),
        "escalate_returns": N_("退单几次提级"),
        "reopen_days": N_("办结后多久内可以重办"),
        "return_evidence": N_("退单要附的材料"),
        "reply_review": N_("答复由谁审核"),
        "pause_days": N_("等群众补充最多停表"),
        "hang_days": N_("挂账最长多久复查"),
        "through_centre": N_("县级工单先到县级热线中心"),
    },
    "matters": {
        "level1": N_("大类"),
        "level2": N_("小类"),
        "level3": N_("事项名称"),
        "level1_en": N_("英文大类"),
        "level2_en": N_("英文小类"),
        "level3_en": N_("英文事项名称"),
        "kinds": N_("诉求类型"),
        "lead_role": N_("主办"),
        "assist_roles": N_("协办"),
        "answerable_level": N_("最低主办层级"),
        "grassroots_ok": N_("可以由镇街、社区主办"),
        "place_needed": N_("必须有地点"),
        "urgency": N_("通常的紧急程度"),
        "safety": N_("涉及安全"),
        "season": N_("季节"),
        "weather_driver": N_("受什么天气影响"),
        "days": N_("事项自己的天数"),
        "duty": N_("职责"),
        "closing_standard": N_("办结标准"),
        "keywords": N_("关键词"),
        "confusable_with": N_("容易混淆的事项"),
        "source_note": N_("依据"),
    },
    "roles": {
        "kind": N_("性质"),
        "levels": N_("设在哪些层级"),
        "shares_with": N_("职责相近的单位类型"),
        "leads": N_("能否主办"),
        "note": N_("说明"),
    },
    "intake": {"petition": N_("信访事项")},
    "urgencies": {"phone_at_once": N_("立即电话联系"), "words": N_("提示词")},
    "callback": {
        "attempts": N_("最多回访"),
        "scale": N_("满意度等级的顺序"),
        "closers": N_("谁可以办结"),
        "auto_close": N_("已解决且没有不满意时自动办结"),
    },
    "scale": {"satisfied": N_("计为满意")},
    "channels": {"open": N_("已开通"), "note": N_("说明")},
    "lines": {
        "number": N_("号码"),
        "mode": N_("归并方式"),
        "status": N_("现状"),
        "role_code": N_("对应单位类型"),
        "notice": N_("告知用语"),
    },
    "exits": {"words": N_("告知用语"), "words_en": N_("英文告知用语"), "routes": N_("去向")},
    "routes": {"words": N_("告知用语"), "words_en": N_("英文告知用语"), "number": N_("号码")},
    "templates": {"zh": N_("中文内容"), "en": N_("英文内容"), "sms": N_("一条短信之内")},
    "numbering": {
        "prefix": N_("编号前缀"),
        "pattern": N_("编号格式"),
        "reset": N_("编号多久重新开始"),
        "region": N_("编号中的行政区划代码"),
    },
    "rulebook": {"source": N_("依据文件"), "valid_from": N_("执行日期"), "grid_digits": N_("网格编码位数")},
    "remarks": {"text": N_("依据")},
    "calendar": {
        "hours": N_("上班时间"),
        "duty": N_("值班时间"),
        "provisional": N_("调休安排未公布，暂按推算"),
        "source": N_("依据"),
        "open": N_("本市另定的上班日"),
        "closed": N_("本市另定的放假日"),
        "free": N_("法定放假日"),
        "exchanged": N_("调休上班日"),
    },
}


def label(section: str, field: str) -> str:
    """What a key is called (a msgid); the key itself where nobody has named it."""
    return _KEYS.get(section, {}).get(field) or _NAMED.get(field, field)
