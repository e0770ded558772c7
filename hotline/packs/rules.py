"""The shapes of a rulebook: what a city's rules consist of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from hotline.packs.times import Clocks, Limit

LEVELS = ("city", "county", "town", "supplier")
KINDS: Mapping[str, str] = {
    "咨询": "consult",
    "求助": "help",
    "投诉": "complaint",
    "举报": "report",
    "建议": "suggestion",
}


@dataclass(frozen=True, slots=True)
class Numbering:
    """How order numbers are made: `pattern` takes prefix, region (the authority's code), date (yyyymmdd), seq.

    `reset` is when the running number begins again: day, month, year, never.
    """

    prefix: str
    pattern: str
    reset: str
    region: str = ""


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """One step of the scale that residents answer on; `satisfied` says how it is counted."""

    code: str
    name: str
    name_en: str
    satisfied: bool


@dataclass(frozen=True, slots=True)
class Callback:
    """How often a resident is tried, the scale of answers, best first, and which roles close an order afterwards.

    `auto_close`: what the resident calls solved without being unhappy is closed in the same breath.
    """

    attempts: int
    scale: tuple[Satisfaction, ...]
    closers: tuple[str, ...] = ("caller_back", "supervisor")
    auto_close: bool = True


@dataclass(frozen=True, slots=True)
class Handling:
    """Windows and thresholds of handling.

    `return_window` None: a return is possible at any time. `silent_accept`: not returned within the window means
    accepted, for good. `return_evidence`: codes of what a return must bring. `reply_review` is none, upper (the unit
    that handed the order down looks at the answer) or hotline. `pause_days`: so long, at most, a clock waits for the
    resident; `hang_days`: so far off, at most, the review of a hung order may be; 0 means that this city has neither.
    `through_centre`: what a county's units answer for goes to the county's hotline centre, which hands it down.
    """

    return_window: Limit | None
    silent_accept: bool
    escalate_rounds: int
    escalate_returns: int
    reopen_days: int
    return_evidence: tuple[str, ...] = ()
    reply_review: str = "none"
    pause_days: int = 10
    hang_days: int = 180
    through_centre: bool = False


@dataclass(frozen=True, slots=True)
class Extension:
    """How often and how far a reply limit may be put off, who decides (hotline, or upper: the unit above), and until
    when it must be asked for: `ask_before` the due moment, at the latest at `ask_until` o'clock of that day.

    Matters whose code begins with one of `long_matters` may be put off by `long_each` at a time.
    """

    times: int
    each: Limit
    approver: str = "hotline"
    ask_before: Limit | None = None
    ask_until: time | None = None
    long_each: Limit | None = None
    long_matters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Intake:
    """What a city takes in: `petition` is refer (told the way to that office) or accept (taken in and passed on)."""

    petition: str = "refer"


@dataclass(frozen=True, slots=True)
class Urgency:
    """One degree of urgency and the words that suggest it; `phone_at_once`: never wait in a queue."""

    code: str
    name: str
    name_en: str
    phone_at_once: bool
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """A kind of answerable body; `leads` is yes, no, or guidance (the caller is told the way, no order goes out)."""

    code: str
    name: str
    name_en: str
    kind: str
    levels: tuple[str, ...]
    shares_with: tuple[str, ...]
    leads: str
    note: str


@dataclass(frozen=True, slots=True)
class Matter:
    """One leaf of the catalogue: what people call about, and who must do what about it within how many working days."""

    code: str
    level1: str
    level2: str
    level3: str
    level1_en: str
    level2_en: str
    level3_en: str
    kinds: tuple[str, ...]
    lead_role: str
    assist_roles: tuple[str, ...]
    answerable_level: str
    grassroots_ok: bool
    place_needed: bool
    urgency: str
    safety: bool
    season: str
    weather_driver: str
    days: int
    duty: str
    closing_standard: str
    keywords: tuple[str, ...]
    confusable_with: tuple[str, ...]
    source_note: str

    @property
    def name(self) -> str:
        """The leaf's name."""
        return self.level3

    @property
    def name_en(self) -> str:
        """The leaf's English name."""
        return self.level3_en


@dataclass(frozen=True, slots=True)
class Channel:
    """A door that residents or systems may come through; `open` says whether this city has opened it."""

    code: str
    name: str
    name_en: str
    open: bool
    note: str


@dataclass(frozen=True, slots=True)
class Line:
    """A hotline merged into 12345: whole, double number or sub-centre, with the notice to its callers."""

    number: str
    name: str
    name_en: str
    mode: str
    status: str
    role_code: str
    notice: str


@dataclass(frozen=True, slots=True)
class Route:
    """Where an exit leads (a number to transfer to, a lawful way), and what the caller is told."""

    code: str
    name: str
    name_en: str
    words: str
    words_en: str
    number: str


@dataclass(frozen=True, slots=True)
class Exit:
    """One way an appeal leaves intake, with the words to say."""

    code: str
    name: str
    name_en: str
    words: str
    words_en: str
    routes: Mapping[str, Route]


@dataclass(frozen=True, slots=True)
class Template:
    """A message to residents in two languages with `{slot}`s; `sms`: must fit one text message."""

    code: str
    zh: str
    en: str
    sms: bool

    def fill(self, language: str, *, number: str, code: str, city: str, unit: str, words: str) -> str:
        """The finished message; `language` is "en" or, for every other value, Chinese."""
        text = self.en if language == "en" else self.zh
        return text.format(number=number, code=code, city=city, unit=unit, words=words)


@dataclass(frozen=True, kw_only=True)
class Rulebook:
    """The rules that a city runs on: what one published policy version keeps.

    `remarks` say of single keys ("handling.return_window") which document or kind of rule they follow.
    """

    source: str
    valid_from: date
    numbering: Numbering
    callback: Callback
    handling: Handling
    urgencies: Mapping[str, Urgency]
    roles: Mapping[str, Role]
    matters: Mapping[str, Matter]
    channels: Mapping[str, Channel]
    lines: Mapping[str, Line]
    exits: Mapping[str, Exit]
    clocks: Clocks
    templates: Mapping[str, Template]
    extension: Extension = Extension(2, Limit(5, "working_days"))
    intake: Intake = Intake()
    grid_digits: int = 15
    remarks: Mapping[str, str] = field(default_factory=dict)
