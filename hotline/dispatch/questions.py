"""What is asked of `suggest` for one order: what a person chose beats what a machine read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hotline.dispatch.answer import Question, Ruled, Suggestion
from hotline.understanding.reading import Reading

MACHINE_EXIT = 0.7  # a way out that was read with less confidence does not keep units from being suggested


class Rulings(Protocol):
    """What was ruled for a matter in a place, None where nothing binds."""

    def __call__(self, matter_code: str, area_code: str | None) -> Ruled | None: ...


def no_rulings(matter_code: str, area_code: str | None) -> Ruled | None:
    """Nothing was ruled."""
    return None


class Asked(Protocol):
    """The codes of an order that a question is made of."""

    @property
    def state(self) -> str: ...
    @property
    def matter_code(self) -> str: ...
    @property
    def area_code(self) -> str: ...
    @property
    def unit_id(self) -> int | None: ...


@dataclass(frozen=True)
class Posed:
    """A question, where the order lies, and who named the matter: person or reading."""

    question: Question
    area_code: str | None
    basis: str


def pose(order: Asked, reading: Reading | None, proposed: int | None, rulings: Rulings = no_rulings) -> Posed | None:
    """The question for an order; None while it has neither a matter nor a reading. `proposed` is whom the unit that
    returned it would give it to."""
    matters: tuple[tuple[str, float], ...]
    if order.matter_code:
        matters, basis = ((order.matter_code, 1.0),), "person"
    elif reading is not None:
        matters, basis = tuple((guess.value, guess.confidence) for guess in reading.matters), "reading"
    else:
        return None
    place = reading.place if reading else None
    area_code = order.area_code or (place.area_code if place else None)
    way_out = reading.out_of_scope if reading and order.state == "registered" else None
    question = Question(
        matters=matters,
        area_code=area_code,
        way_out=way_out.value if way_out and way_out.confidence >= MACHINE_EXIT else None,
        returned_by=order.unit_id if order.state == "returned" else None,
        proposed=proposed,
        ruled=rulings(matters[0][0], area_code) if matters else None,
    )
    return Posed(question, area_code, basis)


def proposed_in(found: Suggestion | None) -> int | None:
    """Whom a returning unit proposed, as an earlier suggestion tells."""
    units = found.units if found else ()
    return next((each.unit_id for each in units if any(why.code == "proposed" for why in each.reasons)), None)
