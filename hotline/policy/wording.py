"""Says rules and their differences in people's words: Chinese, or English through a translator."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from difflib import SequenceMatcher
from typing import Any

from hotline.packs import ClockRule, Limit, Matter, Rulebook
from hotline.policy import labels
from hotline.policy.comparison import Change, conditions
from hotline.refusal import N_

_ROLES = {("matters", "lead_role"), ("matters", "assist_roles"), ("roles", "shares_with"), ("lines", "role_code")}
_MATTERS = {("extension", "long_matters"), ("matters", "confusable_with")}
_URGENCIES = labels.CODES["matters", "urgency"]
_EMPTY = "—"
_MOST_TOKENS = 400  # longer texts are compared as wholes: nobody follows that many marks
_LEAST_ALIKE = 0.3  # texts with less in common are different texts


@dataclass(frozen=True)
class Said:
    """One difference in words. `subject` is the row it is about ("" for a city's own keys), `what` the key."""

    change: Change
    subject: str
    what: str
    before: str
    after: str

    def line(self, colon: str = "：") -> str:
        """On one line: 答复期限（投诉）：15 个工作日 → 10 个工作日."""
        head = f"{self.subject} · {self.what}" if self.subject else self.what
        return f"{head}{colon}{self.before} → {self.after}"


@dataclass(frozen=True)
class Wording:
    """How to speak: through which translator, and whether names are wanted in English."""

    translate: Callable[[str], str]
    english: bool

    def say(self, change: Change, before: Rulebook, after: Rulebook) -> Said:
        """One difference between two rulebooks; of calendars, any rulebook will do."""
        book = after if change.after is not None else before
        subject, what = self._subject(change, book), self.label(change.section, change.field)
        if change.section == "rules":
            what = self.rule(change.row, book)
            subject = self.label("rules", "source") if change.field == "source" else ""
        elif not change.field:
            what = self.translate(labels.SECTIONS[change.section])
        return Said(change, subject, what, self._side(change, before), self._side(change, after, new=True))

    def label(self, section: str, field: str) -> str:
        """What a key is called."""
        return self.translate(labels.label(section, field))

    def rule(self, held: tuple[str, ...], book: Rulebook) -> str:
        """A rule of deadlines by what it holds for: 答复期限（投诉、特急）."""
        clock, kind, urgency, channel, matter, level = held
        parts = [
            self._coded(labels.APPEAL_KINDS, kind),
            self._coded(_URGENCIES, urgency),
            self.name(book.channels.get(channel), channel),
            self.matter(matter, book),
            self.translate(N_("%(level)s主办")) % {"level": self._coded(labels.LEVELS, level)} if level else "",
        ]
        name = self.clock(clock)
        said = self.listed(part for part in parts if part)
        if not said:
            return name
        return f"{name} ({said})" if self.english else f"{name}（{said}）"

    def rule_of(self, rule: ClockRule, book: Rulebook) -> str:
        """The same of the rule itself."""
        return self.rule(conditions(rule), book)

    def clock(self, kind: str) -> str:
        """What the limit of a clock is called: 答复期限."""
        return self._coded(labels.CLOCKS, kind)

    def limit(self, limit: Limit) -> str:
        """15 个工作日; 15 working days."""
        return self._amount(limit.amount, limit.unit)

    def value(self, section: str, field: str, value: Any, book: Rulebook) -> str:
        """What stands at a key, in words."""
        key = (section, field)
        if key in labels.NOTHING and (value is None or value == 0 or value == ()):
            return self.translate(labels.NOTHING[key])
        if value is None or value == "" or value == ():
            return _EMPTY
        if isinstance(value, tuple):
            return self.listed(self._one(key, each, book) for each in value)
        return self._one(key, value, book)

    def name(self, thing: object, code: str = "") -> str:
        """The name of anything with `name` and `name_en`; its code where the rules do not know it."""
        if thing is None:
            return code
        english = getattr(thing, "name_en", "") if self.english else ""
        return str(english or getattr(thing, "name", "") or code)

    def matter(self, prefix: str, book: Rulebook) -> str:
        """A matter, or the class that a beginning of codes stands for."""
        if not prefix or prefix in book.matters:
            return self.name(book.matters.get(prefix), prefix)
        first = next((each for code, each in book.matters.items() if code.startswith(prefix)), None)
        return self._class(first, len(prefix)) if first else prefix

    def message(self, code: str) -> str:
        """When a message is sent."""
        return self._coded(labels.MESSAGES, code)

    def listed(self, parts: Iterable[str]) -> str:
        """甲、乙; A, B."""
        return (", " if self.english else "、").join(parts)

    def _one(self, key: tuple[str, str], value: Any, book: Rulebook) -> str:
        if isinstance(value, Limit):
            return self.limit(value)
        if isinstance(value, bool):
            return self.translate(N_("是") if value else N_("否"))
        if isinstance(value, int):
            return self._amount(value, labels.AMOUNTS[key]) if key in labels.AMOUNTS else str(value)
        if isinstance(value, time):
            return value.strftime("%H:%M")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, tuple):  # a part of the day
            return "–".join(each.strftime("%H:%M") for each in value)
        return self._text(key, value, book)

    def _text(self, key: tuple[str, str], value: Any, book: Rulebook) -> str:
        if key in _ROLES:
            return self.name(book.roles.get(value), value)
        if key in _MATTERS:
            return self.matter(value, book)
        if key in labels.CODES:
            return self._coded(labels.CODES[key], value)
        return value if isinstance(value, str) else self.name(value)

    def _side(self, change: Change, book: Rulebook, *, new: bool = False) -> str:
        value = change.after if new else change.before
        if change.field:
            return self.value(change.section, change.field, value, book)
        if value is None:
            return self.translate(N_("没有专门规定") if change.section == "rules" else N_("没有"))
        return self._whole(change.section, value, book)

    def _whole(self, section: str, value: Any, book: Rulebook) -> str:
        """A row that is there on one side only."""
        if section == "rules":
            return self.limit(value.limit)
        if section == "matters":
            lead = self.name(book.roles.get(value.lead_role), value.lead_role)
            return self.listed([lead, self._amount(value.days, "working_days")])
        if section == "templates":
            return str(value.en if self.english else value.zh)
        return value if isinstance(value, str) else self.name(value)

    def _subject(self, change: Change, book: Rulebook) -> str:
        if not change.row:
            return ""
        code = change.row[-1]
        if change.section == "remarks":
            return self.label(*code.partition(".")[::2])
        if change.section == "scale":
            steps = {step.code: step for step in book.callback.scale}
            return self.name(steps.get(code) or change.before or change.after, code)
        if change.section == "routes":
            way = book.exits.get(change.row[0])
            return self.name(way.routes.get(code) if way else None, code)
        known: Mapping[str, object] = getattr(book, change.section, {})
        found = known.get(code) if isinstance(known, Mapping) else None
        return self.message(code) if change.section == "templates" else self.name(found, code)

    def _class(self, matter: Matter, digits: int) -> str:
        names = (matter.level1, matter.level2) if not self.english else (matter.level1_en, matter.level2_en)
        return names[0] if digits <= 2 else names[1]

    def _amount(self, amount: int, unit: str) -> str:
        one, many = labels.UNITS[unit]
        return self.translate(one) if amount == 1 else self.translate(many) % {"n": amount}

    def _coded(self, words: Mapping[str, str], code: str) -> str:
        return self.translate(words[code]) if code in words else code


@dataclass(frozen=True)
class Piece:
    """A stretch of a text: the same on both sides, or not."""

    text: str
    differs: bool


def marked(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts cut where they differ: Chinese by characters, words and numbers whole."""
    old, new = _tokens(before), _tokens(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if len(old) + len(new) > _MOST_TOKENS or matcher.ratio() < _LEAST_ALIKE:
        return (Piece(before, True),), (Piece(after, True),)
    left, right = [], []
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        differs = tag != "equal"
        left += [Piece("".join(old[old_from:old_to]), differs)] if old_to > old_from else []
        right += [Piece("".join(new[new_from:new_to]), differs)] if new_to > new_from else []
    return tuple(left), tuple(right)


def _tokens(text: str) -> list[str]:
    """Runs of letters and digits whole, every other sign by itself."""
    found: list[str] = []
    for sign in text:
        plain = sign.isascii() and (sign.isalnum() or sign in ".:-")
        if plain and found and found[-1][-1].isascii() and found[-1][-1] not in " ,;()":
            found[-1] += sign
        else:
            found.append(sign)
    return found
