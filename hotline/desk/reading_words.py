"""What a machine read in an appeal, said in words and tied to the words it relied on. Always pencil, never ink."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from hotline.desk import names
from hotline.desk.choices import Catalogue
from hotline.desk.evidence import Mark, Piece, cut
from hotline.refusal import N_
from hotline.understanding.reading import EMPTY_REASONS, Guess, Reading, Span
from hotline.workorder.choices import KINDS, URGENCIES

MOODS: Mapping[str, str] = {
    "calm": N_("平静"),
    "worried": N_("着急"),
    "anxious": N_("着急"),
    "angry": N_("生气"),
    "desperate": N_("很难过"),
    "grateful": N_("感谢"),
}
PEOPLE: Mapping[str, str] = {
    "elderly": N_("老人"),
    "child": N_("孩子"),
    "pregnant": N_("孕妇"),
    "disabled": N_("残疾人"),
    "ill": N_("病人"),
    "many": N_("很多人"),
    "student": N_("学生"),
    "worker": N_("务工人员"),
}
OTHER_MATTERS = 3  # further candidates that are shown


@dataclass(frozen=True)
class Finding:
    """One thing that was read; `number` ties it to its marks in the text (0: nothing to point at), `code` is what an
    order would hold ("": nothing that can stand on an order)."""

    name: str
    label: str
    value: str
    number: int
    code: str = ""


@dataclass(frozen=True)
class ReadingWords:
    """A reading as the page shows it."""

    engine: str
    findings: tuple[Finding, ...]
    pieces: tuple[Piece, ...]
    others: tuple[Finding, ...]  # further matters
    empty: str
    proposed: Mapping[str, Any]  # values for the form of the action "amend"


def say(reading: Reading | None, text: str, catalogue: Catalogue) -> ReadingWords:
    """The reading of `text` in words; plain text and the reason where there is none."""
    if reading is None:
        return ReadingWords("", (), (Piece(text),) if text else (), (), gettext("机器还没有读到这一件。"), {})
    found: list[tuple[str, str, str, Any]] = []
    _add(found, "kind", gettext("诉求类型"), _label(KINDS, reading.kind), reading.kind)
    if reading.matters:
        best = reading.matters[0]
        _add(found, "matter_code", gettext("事项"), names.matter_path(catalogue.policy, best.value), best)
    if reading.place is not None:
        _add(
            found, "area_code", gettext("所在区域"), catalogue.area_words(reading.place.area_code or ""), reading.place
        )
    if reading.urgency.value != "normal":
        _add(found, "urgency", gettext("紧急程度"), _label(URGENCIES, reading.urgency), reading.urgency)
    for people in reading.people:
        words = gettext(PEOPLE.get(people.group, people.group))
        _add(found, "people", gettext("涉及的人"), f"{words} {people.count}" if people.count else words, people)
    if reading.mood.value != "calm":
        _add(found, "mood", gettext("语气"), gettext(MOODS.get(reading.mood.value, reading.mood.value)), reading.mood)
    findings: list[Finding] = []
    marks: list[Mark] = []
    for name, label, value, guess in found:
        shown = _fresh(guess.spans, text, marks)
        number = 1 + max((mark.number for mark in marks), default=0) if shown else 0
        findings.append(Finding(name, label, value, number, _code(name, guess)))
        marks += [Mark(span.start, span.end, number) for span in shown]
    others = tuple(
        Finding("matter_code", gettext("事项"), names.matter(catalogue.policy, each.value), 0, each.value)
        for each in reading.matters[1 : 1 + OTHER_MATTERS]
    )
    empty = gettext(EMPTY_REASONS.get(reading.empty_reason, reading.empty_reason)) if reading.empty_reason else ""
    return ReadingWords(reading.engine, tuple(findings), tuple(cut(text, marks)), others, empty, _proposed(reading))


def _add(found: list[tuple[str, str, str, Any]], name: str, label: str, value: str, guess: Any) -> None:
    if value and guess is not None:
        found.append((name, label, value, guess))


def _fresh(spans: Iterable[Span], text: str, marks: list[Mark]) -> list[Span]:
    """The spans that can be marked in this text: inside it (a place may be read elsewhere) and not marked already."""
    inside = [span for span in spans if span.start < span.end <= len(text)]
    return [span for span in inside if not any(span.start < mark.end and mark.start < span.end for mark in marks)]


def _code(name: str, guess: Any) -> str:
    if name == "area_code":
        return guess.area_code or ""
    return str(guess.value) if name in ("kind", "matter_code") else ""


def _label(choices: tuple[tuple[str, str], ...], guess: Guess | None) -> str:
    label = dict(choices).get(guess.value) if guess else None
    return gettext(label) if label else ""


def _proposed(reading: Reading) -> dict[str, Any]:
    proposed: dict[str, Any] = {}
    if reading.kind is not None:
        proposed["kind"] = reading.kind.value
    if reading.matters:
        proposed["matter_code"] = reading.matters[0].value
    if reading.place is not None and reading.place.area_code:
        proposed["area_code"] = reading.place.area_code
    return proposed
