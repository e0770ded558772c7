"""From pencil to ink on the order page: which of a machine's proposals stand on the order, and which wait for a person.

Nothing is taken silently: every proposal is confirmed by its own press.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hotline.desk.reading_words import Finding, ReadingWords
from hotline.workorder.views import OrderView

CONFIRM = "amend"  # the action that a press takes
KEY = "Alt N"  # of the next proposal


@dataclass(frozen=True)
class Offer:
    """One finding. `held`: it stands on the order, in ink. `open`: a press writes it there, `instead` of what stands
    there now; `key` presses it."""

    finding: Finding
    held: bool = False
    open: bool = False
    instead: bool = False
    key: str = ""


@dataclass(frozen=True)
class Offers:
    """What was read, best first, and the further matters; `step`: the next step of the order waits for one of them."""

    best: tuple[Offer, ...]
    others: tuple[Offer, ...]
    step: bool


def offers(reading: ReadingWords, order: OrderView) -> Offers:
    """The proposals of a reading beside what stands on the order."""
    lawful = any(each.action == CONFIRM and each.allowed for each in order.actions)
    stands = {"kind": order.kind, "matter_code": order.matter_code, "area_code": order.area_code}
    wanted = missing(order)
    key = next((f.name for f in reading.findings if lawful and f.code and not stands[f.name]), "")

    def offered(findings: Iterable[Finding], key: str = "") -> tuple[Offer, ...]:
        found = []
        for each in findings:
            now = stands.get(each.name, "")
            held = bool(each.code) and each.code == now
            is_open = lawful and bool(each.code) and not held
            found.append(Offer(each, held, is_open, is_open and bool(now), KEY if each.name == key else ""))
        return tuple(found)

    best, others = offered(reading.findings, key), offered(reading.others)
    step = any(each.open and each.finding.name in wanted for each in best)
    return Offers(best, others, step)


def missing(order: OrderView) -> frozenset[str]:
    """The facts for want of which the next step is refused; none where there is a next step."""
    if any(each.primary for each in order.actions):
        return frozenset()
    reasons = [reason for each in order.actions if not each.allowed for reason in each.reasons]
    return frozenset(reason.field for reason in reasons if reason.field and reason.code.endswith("_missing"))
