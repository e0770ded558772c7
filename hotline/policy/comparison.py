"""What differs between two rulebooks, or two calendars: what changes a due time or an answerable unit comes first.

Rules of deadlines are matched by their conditions, not by their names: renaming a rule changes nothing for anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from enum import IntEnum
from typing import Any

from hotline.packs import CalendarTable, ClockRule, Limit, Rulebook


class Weight(IntEnum):
    """What a change touches, the weightiest first."""

    DUE = 0
    UNIT = 1
    WALK = 2
    WORDS = 3
    SOURCE = 4


@dataclass(frozen=True)
class Change:
    """One difference. `section` and `field` name the key, `row` the line within the section (a code, or conditions).

    With an empty `field` the whole row was added (`before` is None) or removed (`after` is None).
    """

    section: str
    row: tuple[str, ...]
    field: str
    before: Any
    after: Any
    weight: Weight

    @property
    def kind(self) -> str:
        """added, removed or changed."""
        if self.field:
            return "changed"
        return "added" if self.before is None else "removed"


# A key that is not listed has its section's weight; "" is the row as a whole.
_SECTIONS: Mapping[str, Weight] = {
    "rules": Weight.DUE,
    "clocks": Weight.DUE,
    "extension": Weight.DUE,
    "calendar": Weight.DUE,
    "handling": Weight.DUE,
    "matters": Weight.WALK,
    "roles": Weight.UNIT,
    "intake": Weight.WALK,
    "urgencies": Weight.WALK,
    "callback": Weight.WALK,
    "scale": Weight.WALK,
    "channels": Weight.WALK,
    "lines": Weight.WALK,
    "exits": Weight.WORDS,
    "routes": Weight.WORDS,
    "templates": Weight.WORDS,
    "numbering": Weight.WORDS,
    "rulebook": Weight.SOURCE,
    "remarks": Weight.SOURCE,
}
_KEYS: Mapping[tuple[str, str], Weight] = {
    **dict.fromkeys([("rules", "source"), ("clocks", "source"), ("calendar", "source")], Weight.SOURCE),
    **dict.fromkeys(
        [("handling", name) for name in ("escalate_rounds", "escalate_returns", "through_centre")], Weight.UNIT
    ),
    **dict.fromkeys([("handling", name) for name in ("return_evidence", "reopen_days")], Weight.WALK),
    ("extension", "approver"): Weight.UNIT,
    ("matters", "days"): Weight.DUE,
    **dict.fromkeys(
        [("matters", name) for name in ("", "lead_role", "assist_roles", "answerable_level", "grassroots_ok")],
        Weight.UNIT,
    ),
    ("matters", "source_note"): Weight.SOURCE,
    **dict.fromkeys([("lines", "role_code"), ("rulebook", "grid_digits")], Weight.UNIT),
    **dict.fromkeys([("exits", ""), ("routes", ""), ("routes", "number")], Weight.WALK),
}
_WORDING = frozenset(
    (
        *("name", "name_en", "note", "notice", "words_en", "duty", "closing_standard", "keywords", "confusable_with"),
        *(f"level{n}{ending}" for n in (1, 2, 3) for ending in ("", "_en")),
    )
)


def weigh(section: str, field: str) -> Weight:
    """What a change of this key touches."""
    known = _KEYS.get((section, field))
    if known is not None:
        return known
    return Weight.WORDS if field in _WORDING else _SECTIONS.get(section, Weight.WORDS)


def compare(before: Rulebook, after: Rulebook) -> tuple[Change, ...]:
    """Every difference between two rulebooks, weightiest first."""
    found: list[Change] = []
    for each in fields(Rulebook):
        old, new = getattr(before, each.name), getattr(after, each.name)
        if each.name == "clocks":
            old, new = _by_conditions(old), _by_conditions(new)
        if old != new:
            found += _differing(each.name, (), old, new)
    return _sorted(found)


def compare_calendars(before: CalendarTable, after: CalendarTable) -> tuple[Change, ...]:
    """Every difference between two calendars: hours by value, years day by day."""
    found = [
        _change("calendar", (), name, getattr(before, name), getattr(after, name))
        for name in ("hours", "duty")
        if getattr(before, name) != getattr(after, name)
    ]
    for year in sorted(before.years.keys() | after.years.keys() | before.public.keys() | after.public.keys()):
        old, new = _year(before, year), _year(after, year)
        for name in dict.fromkeys((*old, *new)):
            if old.get(name) != new.get(name):
                found.append(_change("calendar", (str(year),), name, old.get(name), new.get(name)))
    return _sorted(found)


def _year(table: CalendarTable, year: int) -> dict[str, Any]:
    """What a calendar says of one year, as far as it says anything."""
    said: dict[str, Any] = {}
    if year in table.years:
        known = table.years[year]
        said |= {"provisional": known.provisional, "source": known.source}
        said |= {"open": _days(known.open), "closed": _days(known.closed)}
    if year in table.public:
        said |= {"free": _days(table.public[year].free), "exchanged": _days(table.public[year].exchanged)}
    return said


def _days(days: tuple[date, ...]) -> tuple[date, ...]:
    return tuple(sorted(days))


def _differing(section: str, row: tuple[str, ...], old: Any, new: Any) -> Iterator[Change]:
    """Go down to the keys that differ."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _rows(section, row, old, new)
    elif isinstance(old, _Rules) and isinstance(new, _Rules):
        yield from _keys(section, row, old.clocks, new.clocks)
        yield from _rows("rules", row, old.rules, new.rules)
    elif _nested(old) and _nested(new):
        yield from _keys(section, row, old, new)
    else:
        yield _change("rulebook", row, section, old, new)


def _rows(section: str, row: tuple[str, ...], old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for code in sorted(old.keys() | new.keys()):
        mine = (*row, *code.split(_BAR)) if section == "rules" else (*row, code)
        before, after = old.get(code), new.get(code)
        if before is None or after is None:
            yield _change(section, mine, "", before, after)
        elif before != after and _nested(before):
            yield from _keys(section, mine, before, after)
        elif before != after:
            yield _change(section, mine, "text", before, after)


def _keys(section: str, row: tuple[str, ...], old: Any, new: Any) -> Iterator[Change]:
    for each in fields(old):
        before, after = getattr(old, each.name), getattr(new, each.name)
        if before == after or (section, each.name) == ("rules", "name"):
            continue
        if isinstance(before, Mapping):
            yield from _rows(each.name, row, before, after)
        elif each.name == "scale":
            yield from _steps(before, after)
        else:
            yield _change(section, row, each.name, before, after)


def _steps(before: Any, after: Any) -> Iterator[Change]:
    """The scale of answers: its steps, and their order."""
    old, new = ({step.code: step for step in steps} for steps in (before, after))
    yield from _rows("scale", (), old, new)
    kept = [code for code in old if code in new]
    if kept != [code for code in new if code in old]:
        yield _change("callback", (), "scale", before, after)


@dataclass(frozen=True)
class _Rules:
    """Deadlines with their rules by what they hold for."""

    clocks: Any
    rules: Mapping[str, ClockRule]


_BAR = "|"


def conditions(rule: ClockRule) -> tuple[str, ...]:
    """What a rule holds for: clock, kind, urgency, channel, matter, level; "" for any."""
    return rule.clock, rule.kind, rule.urgency, rule.channel, rule.matter, rule.level


def _by_conditions(clocks: Any) -> _Rules:
    rules: dict[str, ClockRule] = {}
    for rule in clocks.rules.values():
        rules.setdefault(_BAR.join(conditions(rule)), replace(rule, name=""))
    return _Rules(replace(clocks, rules={}), rules)


def _nested(value: object) -> bool:
    return is_dataclass(value) and not isinstance(value, Limit)


def _change(section: str, row: tuple[str, ...], field: str, before: Any, after: Any) -> Change:
    return Change(section, row, field, before, after, weigh(section, field))


def _sorted(found: list[Change]) -> tuple[Change, ...]:
    places = list(_SECTIONS)
    return tuple(sorted(found, key=lambda each: (each.weight, places.index(each.section), each.row)))
