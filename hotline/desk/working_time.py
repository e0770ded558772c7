"""Working time for the faces of clocks: which minutes count between two moments under an order's policy."""

from __future__ import annotations

from datetime import datetime

from hotline.clocks.queries import calendar_of
from hotline.clocks.reckoning import counted_minutes
from hotline.policy.policy import Policy
from hotline.ui.clockface import Reckoner

DEFAULT_UNIT = "working_days"


class Reckoning:
    """Reckons for the clocks of orders under one policy."""

    def __init__(self, policy: Policy) -> None:
        self.calendar = calendar_of(policy)

    def of(self, clock: object) -> Reckoner:
        """How this clock counts: in office hours, or in plain time (day length 0)."""
        unit = getattr(clock, "unit", "") or DEFAULT_UNIT
        day = self.calendar.day_minutes(unit)

        def reckon(start: datetime, end: datetime) -> tuple[int, int]:
            return counted_minutes(start, end, unit, self.calendar), day

        return reckon
