"""What must be true of an order's clocks in every state, at every moment of its life."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

# Which clocks may go on in a state, and which stand still there, written out by hand. Others have none.
GO_ON = {
    "registered": {"dispatch"}, "accepted": {"dispatch"}, "convened": {"dispatch"}, "incomplete": {"review"},
    "dispatched": {"sign", "contact", "reply"}, "signed": {"contact", "reply"}, "waiting": {"review"},
    "hung": {"review"}, "reviewing": {"review"}, "replied": {"callback"},
}  # fmt: skip
STAND_STILL = {
    "incomplete": {"dispatch"}, "returned": {"contact", "reply"}, "convened": {"contact", "reply"},
    "waiting": {"contact", "reply"}, "hung": {"contact", "reply"}, "reviewing": {"reply"},
}  # fmt: skip
HELP = {"dispatched", "signed", "waiting", "hung"}  # states in which assisting units may still have a clock
# A unit that has an order has a reply clock: it runs, or it stands still.
WITH_UNIT = {"dispatched", "signed", "returned", "waiting", "hung", "reviewing"}


def standing_faults(state: str, going: AbstractSet[str], still: AbstractSet[str], helping: bool) -> Iterator[str]:
    """What is wrong with clocks that go on, stand still, or belong to assisting units (`helping`) in this state."""
    if wrong := going - GO_ON.get(state, set()):
        yield f"{state}: clocks run that should not: {sorted(wrong)}"
    if wrong := still - STAND_STILL.get(state, set()):
        yield f"{state}: clocks stand still that should not: {sorted(wrong)}"
    if state in WITH_UNIT and "reply" not in going | still:
        yield f"{state}: a unit has it, with these clocks only: {sorted(going | still)}"
    if helping and state not in HELP:
        yield f"{state}: the clock of an assisting unit outlives the work"
