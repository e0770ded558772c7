"""What a machine proposes while an appeal is typed: values for fields with the words that say so, and a danger.

Everything here is pencil. It becomes ink only when a person presses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext

from hotline.desk import names
from hotline.desk.choices import Catalogue
from hotline.desk.evidence import Mark, Piece, cut
from hotline.desk.taking import KEPT_LONGEST
from hotline.intake.appeal import AppealForm
from hotline.packs import Exit
from hotline.policy.policy import Policy
from hotline.ui import moment
from hotline.understanding import services as understanding
from hotline.understanding.reading import EMPTY_REASONS, Reading, Span
from hotline.workorder.choices import EMERGENCY_LINES, KINDS, URGENCIES

FIELDS = ("place", "area_code", "kind", "matter_code", "urgency")  # as they stand in the form
CANDIDATES = 3  # matters that are offered
CLEAR = 8  # characters below which a text says too little to propose anything
CRITICAL = "critical"
EMERGENCY = "emergency"


@dataclass(frozen=True)
class Proposal:
    """One value for a field: what is put into it, what the button says, which marked words say so (0: none)."""

    value: str
    label: str
    number: int


@dataclass(frozen=True)
class Danger:
    """Something that must not wait for a queue: the numbers to hand over to, and the words to say."""

    numbers: tuple[str, ...]
    name: str
    words: str


@dataclass(frozen=True)
class Pencilled:
    """A live reading as the page draws it; `matter_code` is the best candidate, "" when there is none."""

    proposals: Mapping[str, tuple[Proposal, ...]] = field(default_factory=dict)
    pieces: tuple[Piece, ...] = ()
    empty: str = ""
    matter_code: str = ""
    danger: Danger | None = None


def read(appeal: AppealForm, authority_id: int, catalogue: Catalogue, at: datetime) -> Pencilled:
    """Read what is typed so far. Nothing is stored and nothing is logged; 0 statements when warm."""
    text = appeal.text[:KEPT_LONGEST]
    chosen = _danger(catalogue.policy, "") if appeal.urgency == CRITICAL else None
    if len(text.strip()) < CLEAR:
        return Pencilled(danger=chosen)
    reading = understanding.read_text(
        authority_id=authority_id, text=text, at=at, area_code=appeal.area_code, title=appeal.title or ""
    )
    pieces, numbers = evidence(text, _spans(reading))
    return Pencilled(
        proposals=_proposals(reading, text, numbers, catalogue),
        pieces=pieces if numbers else (),
        empty=gettext(EMPTY_REASONS.get(reading.empty_reason, reading.empty_reason)) if reading.empty_reason else "",
        matter_code=reading.matters[0].value if reading.matters else "",
        danger=_seen(reading, catalogue.policy) or chosen,
    )


def _proposals(
    reading: Reading, text: str, numbers: Mapping[str, int], catalogue: Catalogue
) -> dict[str, tuple[Proposal, ...]]:
    found: dict[str, tuple[Proposal, ...]] = {}
    if reading.kind is not None:
        found["kind"] = _coded(KINDS, reading.kind.value, numbers.get("kind", 0))
    found["matter_code"] = tuple(
        Proposal(
            catalogue.matter_words(guess.value),
            names.matter_path(catalogue.policy, guess.value),
            numbers.get("matter_code", 0) if place == 0 else 0,
        )
        for place, guess in enumerate(reading.matters[:CANDIDATES])
    )
    if not reading.empty_reason or reading.urgency.spans:
        found["urgency"] = _coded(URGENCIES, reading.urgency.value, numbers.get("urgency", 0))
    if reading.place is not None:
        area = catalogue.area_words(reading.place.area_code or "")
        found["area_code"] = (Proposal(area, area, numbers.get("area_code", 0)),) if area else ()
        where = address(text, reading.place.address)
        found["place"] = (Proposal(where, where, numbers.get("place", 0)),) if where else ()
    return found


def _spans(reading: Reading) -> dict[str, tuple[Span, ...]]:
    """Where each field's proposal was read, what matters most first: it keeps words that several rely on."""
    return {
        "urgency": reading.urgency.spans,
        "matter_code": reading.matters[0].spans if reading.matters else (),
        "area_code": reading.place.spans if reading.place else (),
        "place": reading.place.address if reading.place else (),
        "kind": reading.kind.spans if reading.kind else (),
    }


def evidence(text: str, spans: Mapping[str, tuple[Span, ...]]) -> tuple[tuple[Piece, ...], dict[str, int]]:
    """The text with the words marked that fields rely on, and each field's number, counted as the fields stand.

    Words that several fields rely on carry one number; a field that has no words of its own shares it.
    """
    owned: list[tuple[Span, str]] = []
    owner: dict[str, str] = {}
    for name, each in spans.items():
        inside = [span for span in each if span.start < span.end <= len(text)]
        taken = [(span, other) for span in inside for mark, other in owned if overlap(span, mark)]
        fresh = [span for span in inside if not any(overlap(span, mark) for mark, _ in owned)]
        owned += [(span, name) for span in fresh]
        if inside:
            owner[name] = name if fresh else taken[0][1]
    counted = [name for name in FIELDS if name in {each for _, each in owned}]
    numbers = {name: counted.index(whose) + 1 for name, whose in owner.items()}
    return tuple(cut(text, [Mark(span.start, span.end, numbers[name]) for span, name in owned])), numbers


def overlap(one: Span, other: Span) -> bool:
    """Whether two stretches share a character."""
    return one.start < other.end and other.start < one.end


def _coded(choices: tuple[tuple[str, str], ...], code: str, number: int) -> tuple[Proposal, ...]:
    label = dict(choices).get(code)
    return (Proposal(code, gettext(label), number),) if label else ()


def address(text: str, spans: tuple[Span, ...]) -> str:
    """The first stretch of address words in the text: neighbours with at most two characters between them."""
    inside = sorted(span for span in spans if span.end <= len(text))
    if not inside:
        return ""
    start, end = inside[0].start, inside[0].end
    for span in inside[1:]:
        if span.start - end > 2:
            break
        end = max(end, span.end)
    return text[start:end].strip()


def _seen(reading: Reading, policy: Policy) -> Danger | None:
    scope = reading.out_of_scope
    if scope is not None and scope.value == EMERGENCY:
        return _danger(policy, scope.why)
    return _danger(policy, "") if reading.urgency.value == CRITICAL else None


def _danger(policy: Policy, line: str) -> Danger | None:
    """What policy says at the exit to the emergency lines; the words of the line where it has its own."""
    found: Exit | None = policy.exits.get(EMERGENCY)
    if found is None:
        return None
    route = found.routes.get(line)
    words = route or found
    numbers = (route.number,) if route else tuple(each.number for each in found.routes.values())
    said = words.words if moment.in_chinese() or not words.words_en else words.words_en
    return Danger(numbers or tuple(code for code, _ in EMERGENCY_LINES), names.named(words), said)
