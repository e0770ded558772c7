"""What is said when it is decided whose job an order is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hotline.refusal import N_
from hotline.workorder.choices import ESCALATE_REASONS, RULING_BASES
from hotline.workorder.facts.base import Facts, ask


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
class Convened(Facts):
    action: ClassVar[str] = "convene"
    meeting_at: datetime = ask(N_("会商时间"), "moment")
    unit_ids: tuple[int, ...] = ask(N_("参加单位"), "units")


@dataclass(frozen=True)
class Ruled(Facts):
    """The ruling of a meeting; `binding`: the same matter in the same area goes the same way from now on."""

    action: ClassVar[str] = "rule"
    unit_id: int = ask(N_("裁定主办单位"), "unit")
    basis: str = ask(N_("裁定依据"), choices=RULING_BASES)
    assist_ids: tuple[int, ...] = ask(N_("协办单位"), "units", default=())
    binding: bool = ask(N_("以后同类诉求照此派单"), "bool", default=False)


@dataclass(frozen=True)
class ReturnRejected(Facts):
    action: ClassVar[str] = "reject_return"


@dataclass(frozen=True)
class Escalated(Facts):
    action: ClassVar[str] = "escalate"
    unit_id: int = ask(N_("提级交给"), "unit")
    reason: str = ask(N_("提级原因"), choices=ESCALATE_REASONS)


@dataclass(frozen=True)
class Rerouted(Facts):
    """Units or areas were merged or moved: the order follows. Empty values leave the field as it is."""

    action: ClassVar[str] = "reroute"
    unit_id: int | None = None
    first_unit_id: int | None = None
    area_code: str = ""
    from_unit_id: int | None = None


@dataclass(frozen=True)
class PolicyAdopted(Facts):
    action: ClassVar[str] = "adopt_policy"
    policy_version_id: int
