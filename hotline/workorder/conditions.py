"""What chooses between two rows of the law, and what a row looks up in the situation. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hotline.workorder.situation import Situation

Condition = Callable[[Situation], bool]


@dataclass(frozen=True)
class Told:
    """A value that the situation tells; `name` is what the drawn law calls it."""

    name: str
    look: Callable[[Situation], Any]

    def __call__(self, case: Situation) -> Any:
        """The value in this situation."""
        return self.look(case)


def handed_down(case: Situation) -> bool:
    """The lead got the order from the unit above it: what it gives back goes there first."""
    order = case.order
    return order.first_unit_id is not None and order.unit_id != order.first_unit_id


def answer_is_reviewed(case: Situation) -> bool:
    """The city has answers looked at: all of them by the hotline, or those of lower units by the unit above."""
    wanted = case.rules.handling.reply_review
    return wanted == "hotline" or (wanted == "upper" and handed_down(case))


def nobody_left(case: Situation) -> bool:
    """The unit that led is gone, and nobody does its work."""
    return getattr(case.facts, "unit_id", None) is None and getattr(case.facts, "from_unit_id", None) is not None


now = Told("now", lambda case: case.at)
chosen_unit = Told("chosen unit", lambda case: getattr(case.facts, "unit_id", None))
upper_unit = Told("unit above", lambda case: case.upper_id)
unit_of_head = Told("unit of the head", lambda case: case.head.unit_id if case.head else None)
outcome_of_head = Told("outcome of the head", lambda case: case.head.outcome if case.head else "")
what_was_said = Told("solved or unsolved", lambda case: "solved" if case.order.solved else "unsolved")
