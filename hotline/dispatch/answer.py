"""What is asked when it is to be decided whose job an order is, and what a machine answers: ids, codes, reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hotline.refusal import N_

WHY: Mapping[str, str] = {
    "catalogue": N_("管这事：目录把“%(matter)s”列给%(role)s主办"),
    "area": N_("管这里：%(area)s在它的辖区内"),
    "service_area": N_("管这里：%(area)s在它的服务区域内"),
    "serves_part": N_("它服务%(area)s的一部分，请先问清是哪个乡镇、街道"),
    "county_unknown": N_("还不知道在哪个县（市、区），先给市级单位"),
    "city_duty": N_("目录写明由市级办理"),
    "floor": N_("部门职责，不下派镇街"),
    "no_supplier": N_("没有登记服务这里的单位，先给行业主管部门"),
    "place_unknown": N_("地点还不够确切，不能确定服务单位，先给行业主管部门"),
    "county_lacks": N_("当地没有这类单位，由上级承办"),
    "town_unknown": N_("还不知道在哪个乡镇、街道，先给县级热线工作机构"),
    "no_local_unit": N_("本地没有列为主办的单位，先给目录列出的协办单位"),
    "regulator": N_("行业主管部门，督促服务单位办理"),
    "assists": N_("目录列为协办"),
    "shares_duty": N_("目录列为协办，职责相近，主办办不了时可考虑"),
    "higher": N_("同一职责的上级单位"),
    "proposed": N_("退单单位建议改派到这里"),
    "ruled": N_("%(day)s 会商裁定由它主办"),
    "ruled_assist": N_("会商裁定它协办"),
    "through_centre": N_("先交县级热线中心，由它派给%(unit)s"),
    "returned_it": N_("它刚退回这件工单，另有依据再派"),
    "guessed": N_("事项由机器识别，把握约 %(percent)s%%"),
}
EMPTY: Mapping[str, str] = {
    "no_matter": N_("还没有选定事项，请先选事项"),
    "place_needed": N_("还不知道在哪里，请先补充地点"),
    "guidance": N_("目录写明只告知途径，不派单"),
    "no_unit": N_("本地没有登记承办这类事项的单位，请人工选择"),
    "emergency": N_("像是紧急情况，请先考虑转接紧急电话"),
    "legal_route": N_("像是应走法定途径的事，请先核实"),
    "refuse": N_("像是不能受理的事，请先核实"),
    "abuse": N_("像是恶意骚扰，请先核实"),
}


@dataclass(frozen=True)
class Why:
    """One reason: a code of `WHY` and its parameters (codes and numbers, named by the page)."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Ranked:
    """A unit that may be the one, `score` from 0 to 1, for which matter, and why."""

    unit_id: int
    score: float
    matter_code: str
    reasons: tuple[Why, ...]


@dataclass(frozen=True)
class Suggestion:
    """Up to three units, best first, and who should assist the first; `empty_reason` (see `EMPTY`) when there is none.

    `empty_reason` may stand beside units when the appeal rather looks like one that leaves the hotline.
    """

    units: tuple[Ranked, ...] = ()
    assist: tuple[Ranked, ...] = ()
    empty_reason: str | None = None


@dataclass(frozen=True)
class Ruled:
    """What a meeting decided for this matter in this place: it binds until the catalogue's row changes."""

    unit_id: int
    assist_ids: tuple[int, ...]
    day: str  # when it was ruled, in ISO form


@dataclass(frozen=True)
class Question:
    """What is known of an order: matters with how sure they are, best first (one at 1.0 when a person chose it)."""

    matters: tuple[tuple[str, float], ...]
    area_code: str | None = None
    way_out: str | None = None
    returned_by: int | None = None
    proposed: int | None = None
    ruled: Ruled | None = None
