"""The shapes of a rulebook: what a city's rules consist of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

LIMIT_UNITS = ("minutes", "hours", "days", "working_hours", "working_days", "duty_hours")
CLOCK_KINDS = ("dispatch", "sign", "contact", "reply", "assist", "review", "callback")
LEVELS = ("city", "county", "town", "supplier")
KINDS: Mapping[str, str] = {
    "咨询": "consult",
    "求助": "help",
    "投诉": "complaint",
    "举报": "report",
    "建议": "suggestion",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time; days end with the day, hours and minutes run from moment to moment.

    Working days and hours count office time only, duty hours the time of the duty roster, which has no holidays.
    """

    amount: int
    unit: str


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
class ClockRule:
    """A limit for one clock; empty conditions hold for every order, the rule with the most particular ones wins."""

    name: str
    clock: str
    limit: Limit
    kind: str
    urgency: str
    channel: str
    matter: str
    source: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class Clocks:
    """The rules of deadlines; `matter_days` says whether a matter's own days shorten a general reply limit.

    `counts_from`: the day of receipt is the first day ("receipt"), or the working day after it ("next_working_day").
    `received_until`: what comes at this hour or later counts as received on the next working day (None: the end of
    office hours). `day_ends` is when a last day in working days is over: office, midnight, or an hour like "17:00".
    """

    source: str
    counts_from: str
    matter_days: str
    warn_before: Limit
    rules: Mapping[str, ClockRule]
    received_until: time | None = None
    day_ends: str = "office"


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


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """What a city knows of one year beyond the public holidays; provisional until make-up days are published."""

    provisional: bool
    source: str
    open: tuple[date, ...]
    closed: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class PublicDays:
    """The public holidays of a year, and the weekend days worked in exchange, as far as they are published."""

    free: tuple[date, ...]
    exchanged: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class CalendarTable:
    """Office hours (start, end of each part of the day) and the years that a city has looked at.

    `duty` are the hours of the duty roster, which hold on every day; () means around the clock. A pack leaves `public`
    empty; publishing fills it in, so that nobody reckons holidays anew.
    """

    hours: tuple[tuple[time, time], ...]
    years: Mapping[int, CalendarYear]
    public: Mapping[int, PublicDays]
    duty: tuple[tuple[time, time], ...] = ()


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
