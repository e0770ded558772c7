"""What a machine read in a text, and the contract that every reading engine keeps.

Offsets are code points of the text that was given, never of a normalised copy. A reading holds codes, offsets and
confidences; the only text in it is `redacted`, which is never stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from hotline.refusal import N_

LONGEST_READ = 20_000  # code points that an engine looks at; nobody says what he wants after that
EMPTY_REASONS: Mapping[str, str] = {
    "engine_down": N_("自动识别已停用，请人工选择"),
    "engine_failed": N_("自动识别出错，请人工选择"),
    "nothing_to_read": N_("没有可识别的文字"),
    "no_matter": N_("目录中没有明显对应的事项，请人工选择"),
    "nonsense": N_("没有读出具体诉求"),
}


@dataclass(frozen=True, order=True)
class Span:
    """Half-open range of code points `[start, end)` in the text as it was given."""

    start: int
    end: int


@dataclass(frozen=True)
class Guess:
    """One proposed value, how sure the engine is (0 to 1), where it says so, and by which rule (`why`, a code)."""

    value: str
    confidence: float
    spans: tuple[Span, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class PlaceGuess:
    """Where it is. `precision` is city, county, town, community or address; `area_code` may be coarser than that.

    `address` marks pieces such as roads, estates and house numbers that no gazetteer knows.
    """

    area_code: str | None
    precision: str
    confidence: float
    spans: tuple[Span, ...] = ()
    address: tuple[Span, ...] = ()


@dataclass(frozen=True)
class TimeGuess:
    """A moment, a stretch (`kind` is point, duration or recurring); `start` and `end` are aware, `days` a length."""

    kind: str
    span: Span
    start: datetime | None = None
    end: datetime | None = None
    days: float | None = None


@dataclass(frozen=True)
class PeopleGuess:
    """Who is concerned: a group code of the people table, a head count and its `unit` (person, household) if said."""

    group: str
    spans: tuple[Span, ...]
    count: int | None = None
    unit: str = ""


@dataclass(frozen=True)
class Context:
    """What is known beside the text: when it was said (aware), an area a form already names, where the title stands.

    `redact` asks for the redacted text too, which costs a quarter of the time and is not stored.
    """

    at: datetime
    area_code: str | None = None
    headline: Span | None = None
    redact: bool = True


NORMAL = Guess("normal", 0.5, (), "no_sign")
CALM = Guess("calm", 0.5, (), "no_sign")


@dataclass(frozen=True)
class Reading:
    """Everything that one engine read in one text; `empty_reason` (see `EMPTY_REASONS`) when no matter was found."""

    engine: str
    version: str
    kind: Guess | None = None
    matters: tuple[Guess, ...] = ()
    place: PlaceGuess | None = None
    times: tuple[TimeGuess, ...] = ()
    people: tuple[PeopleGuess, ...] = ()
    urgency: Guess = NORMAL
    mood: Guess = CALM
    out_of_scope: Guess | None = None
    redacted: str = field(default="", repr=False)
    empty_reason: str | None = None


class Engine(Protocol):
    """Reads a text. Never raises for any text; may raise for its own failures, which the caller turns into `empty`."""

    name: str
    version: str

    def read(self, text: str, context: Context) -> Reading: ...


def empty(engine: str, version: str, reason: str, *, redacted: str = "") -> Reading:
    """A reading that says only why it is empty."""
    return Reading(engine=engine, version=version, redacted=redacted, empty_reason=reason)


def compose(texts: Mapping[str, str]) -> tuple[str, Span | None]:
    """The one text that is read for an order (appeal, title, place, a line each) and where the title stands in it.

    The appeal comes first so that offsets below its length point into the appeal as it is stored. An appeal longer
    than `LONGEST_READ` is cut, so that title and place are always read.
    """
    appeal, title, place = (texts.get(kind, "") for kind in ("appeal", "title", "place"))
    appeal = appeal[: LONGEST_READ - min(len(title) + len(place) + 2, LONGEST_READ // 2)]
    start = len(appeal) + 1
    headline = Span(start, start + len(title)) if title else None
    return f"{appeal}\n{title}\n{place}", headline


def spans_of(reading: Reading) -> Iterable[Span]:
    """Every span of evidence in the reading."""
    for guess in (reading.kind, *reading.matters, reading.urgency, reading.mood, reading.out_of_scope):
        if guess is not None:
            yield from guess.spans
    if reading.place is not None:
        yield from reading.place.spans
        yield from reading.place.address
    yield from (each.span for each in reading.times)
    for people in reading.people:
        yield from people.spans


def to_document(reading: Reading) -> dict[str, Any]:
    """The reading as JSON-ready codes and offsets; the redacted text is left out, so that no text is stored."""
    return {
        "kind": _guess_out(reading.kind),
        "matters": [_guess_out(each) for each in reading.matters],
        "place": reading.place
        and {
            "area_code": reading.place.area_code,
            "precision": reading.place.precision,
            "confidence": reading.place.confidence,
            "spans": _spans_out(reading.place.spans),
            "address": _spans_out(reading.place.address),
        },
        "times": [
            {
                "kind": each.kind,
                "span": [each.span.start, each.span.end],
                "start": each.start.isoformat() if each.start else None,
                "end": each.end.isoformat() if each.end else None,
                "days": each.days,
            }
            for each in reading.times
        ],
        "people": [
            {"group": each.group, "spans": _spans_out(each.spans), "count": each.count, "unit": each.unit}
            for each in reading.people
        ],
        "urgency": _guess_out(reading.urgency),
        "mood": _guess_out(reading.mood),
        "out_of_scope": _guess_out(reading.out_of_scope),
    }


def from_document(engine: str, version: str, document: Mapping[str, Any], empty_reason: str | None) -> Reading:
    """The reading that `to_document` wrote, without its redacted text."""
    place = document.get("place")
    return Reading(
        engine=engine,
        version=version,
        kind=_guess_in(document.get("kind")),
        matters=tuple(guess for each in document.get("matters", ()) if (guess := _guess_in(each))),
        place=place
        and replace(PlaceGuess(**place), spans=_spans_in(place["spans"]), address=_spans_in(place["address"])),
        times=tuple(_time_in(each) for each in document.get("times", ())),
        people=tuple(
            replace(PeopleGuess(**each), spans=_spans_in(each["spans"])) for each in document.get("people", ())
        ),
        urgency=_guess_in(document.get("urgency")) or NORMAL,
        mood=_guess_in(document.get("mood")) or CALM,
        out_of_scope=_guess_in(document.get("out_of_scope")),
        empty_reason=empty_reason,
    )


def _spans_out(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _spans_in(pairs: Iterable[Iterable[int]]) -> tuple[Span, ...]:
    return tuple(Span(*pair) for pair in pairs)


def _guess_out(guess: Guess | None) -> dict[str, Any] | None:
    if guess is None:
        return None
    return {
        "value": guess.value,
        "confidence": guess.confidence,
        "spans": _spans_out(guess.spans),
        "why": guess.why,
    }


def _guess_in(document: Mapping[str, Any] | None) -> Guess | None:
    if document is None:
        return None
    return Guess(document["value"], document["confidence"], _spans_in(document["spans"]), document["why"])


def _time_in(document: Mapping[str, Any]) -> TimeGuess:
    start, end = document["start"], document["end"]
    return TimeGuess(
        kind=document["kind"],
        span=Span(*document["span"]),
        start=datetime.fromisoformat(start) if start else None,
        end=datetime.fromisoformat(end) if end else None,
        days=document["days"],
    )
