"""Order numbers: how a running number becomes the number that people read, and when it starts again."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from hotline.packs import Numbering

ZONE = ZoneInfo("Asia/Shanghai")
_PERIODS = {"day": "%Y%m%d", "month": "%Y%m", "year": "%Y", "never": ""}


def period(rule: Numbering, at: datetime) -> str:
    """The name of the stretch of time within which numbers run on: the Shanghai day, month, year, or always."""
    form = _PERIODS[rule.reset]
    return f"order:{at.astimezone(ZONE).strftime(form)}" if form else "order"


def written(rule: Numbering, at: datetime, seq: int) -> str:
    """The order number for a running number."""
    date = at.astimezone(ZONE).strftime("%Y%m%d")
    return rule.pattern.format(prefix=rule.prefix, region=rule.region, date=date, seq=seq)
