"""The shape of a guard, and how lengths of time are said in reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hotline.refusal import N_, Reason
from hotline.workorder.situation import Situation

Guard = Callable[[Situation], Reason | None]
UNIT_WORDS: Mapping[str, str] = {
    "minutes": N_("分钟"),
    "hours": N_("小时"),
    "days": N_("天"),
    "working_hours": N_("个工作小时"),
    "working_days": N_("个工作日"),
    "duty_hours": N_("个值班小时"),
}
