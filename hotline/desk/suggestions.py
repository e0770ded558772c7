"""Whom the machine would give an order to, with its reasons in words: three lines, no bare percentage."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from hotline.desk import names
from hotline.dispatch import queries as dispatch
from hotline.refusal import Reason
from hotline.ui import refusals
from hotline.workorder.views import OrderView

# States in which somebody has yet to say whose job it is.
UNDECIDED = ("registered", "accepted", "returned", "convened")
COLONS = ("：", ": ")


@dataclass(frozen=True)
class Candidate:
    """A unit that could lead, why (label, words), and who would assist it."""

    unit_id: int
    name: str
    reasons: tuple[tuple[str, str], ...]
    assist_ids: tuple[int, ...]
    assists: tuple[str, ...]


@dataclass(frozen=True)
class Suggested:
    """The candidates, best first; `doubt` says why there is none, or why to look twice. `shown`: it is still open."""

    shown: bool
    candidates: tuple[Candidate, ...] = ()
    doubt: str = ""


def suggested(order: OrderView) -> Suggested:
    """What was suggested for an order that nobody has decided yet. 1 statement, else none."""
    if order.state not in UNDECIDED:
        return Suggested(False)
    found = dispatch.suggestion(order.id, language=get_language() or "zh-hans")
    if found is None:
        return Suggested(True, doubt=gettext("机器还没有读到这一件。"))
    assists = tuple(unit.unit_id for unit in found.assist)
    assist_names = tuple(names.named(unit) for unit in found.assist)
    candidates = tuple(
        Candidate(
            unit.unit_id,
            names.named(unit),
            tuple(_split(reason) for reason in unit.reasons),
            # The assisting units were found for the first; another lead may need others.
            assists if unit.rank == 1 else (),
            assist_names if unit.rank == 1 else (),
        )
        for unit in found.units
    )
    return Suggested(True, candidates, refusals.say(found.empty).text if found.empty else "")


def _split(reason: Reason) -> tuple[str, str]:
    """A reason as label and words, where it is written so (管这里：…)."""
    text = refusals.say(reason).text
    for colon in COLONS:
        label, found, rest = text.partition(colon)
        if found and len(label) <= 16:
            return label, rest.strip()
    return "", text
