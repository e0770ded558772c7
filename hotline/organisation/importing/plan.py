"""The plan of an import: every row that would be written, what stands there now and what is to stand there. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hotline.organisation.importing import checks
from hotline.organisation.importing.checks import World
from hotline.organisation.importing.faults import REMARKS, Fault
from hotline.organisation.importing.kinds import SHAPES, Kind
from hotline.organisation.importing.lines import Row
from hotline.organisation.importing.present import BLANK, Present, Rules, Values
from hotline.organisation.importing.rows import Reading

NEW, CHANGED, ENDED, SAME, BAD = "new", "changed", "ended", "same", "bad"
VERBS = (NEW, CHANGED, ENDED, SAME, BAD)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row to be written; `line` 0: the import says that its sheet holds everything, and this was not in it."""

    line: int
    code: str
    before: Values | None
    after: Values

    @property
    def verb(self) -> str:
        """What happens to it: NEW, CHANGED or ENDED."""
        if self.before is None:
            return NEW
        return ENDED if self.before["active"] and not self.after["active"] else CHANGED


@dataclass
class Plan:
    """What an import would do, by kind; `counts` by kind and verb."""

    entries: dict[Kind, list[Entry]] = field(default_factory=lambda: {kind: [] for kind in Kind})
    counts: dict[Kind, dict[str, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The entries, to be kept."""
        return {
            kind.value: [[entry.line, entry.code, entry.before, entry.after] for entry in entries]
            for kind, entries in self.entries.items()
            if entries
        }


def entries_of(kept: Mapping[str, Any]) -> dict[Kind, list[Entry]]:
    """The entries as `as_json` wrote them."""
    return {kind: [Entry(*each) for each in kept.get(kind.value, ())] for kind in Kind}


def make(reading: Reading, present: Present, rules: Rules, *, complete: bool) -> Plan:
    """Hold the rows against each other and against what is there. `complete`: what the sheets lack is ended."""
    rows = {kind: dict(present.rows[kind]) for kind in Kind}
    world = World(rows, reading.named, present, rules, {})
    plan = Plan(faults=list(reading.faults))
    wanted: dict[Kind, dict[str, _Wanted]] = {}
    for kind in Kind:
        wanted[kind] = {each.code: each for each in _wanted(kind, reading, present, rules, complete=complete)}
        _settle(kind, wanted[kind], world, plan.faults)
    for kind in (Kind.UNITS, Kind.AREAS):
        _keep_what_is_needed(kind, wanted[kind], world, plan.faults)
    bad = Counter(kind for kind, _ in set(_bad_rows(plan.faults, reading)))
    for kind in Kind:
        same = 0
        for each in wanted[kind].values():
            if each.before == each.after:
                same += 1
            else:
                plan.entries[kind].append(Entry(each.line, each.code, each.before, each.after))
        found = Counter(entry.verb for entry in plan.entries[kind])
        if kind in reading.sheets:
            plan.counts[kind] = {verb: found[verb] for verb in (NEW, CHANGED, ENDED)} | {SAME: same, BAD: bad[kind]}
    return plan


@dataclass(frozen=True, slots=True)
class _Wanted:
    sheet: str
    line: int
    code: str
    before: Values | None
    after: Values


def _bad_rows(faults: Iterable[Fault], reading: Reading) -> Iterator[tuple[Kind, tuple[str, int]]]:
    for fault in faults:
        if fault.line and fault.code not in REMARKS and fault.sheet in reading.headings:
            yield reading.headings[fault.sheet][0], (fault.sheet, fault.line)


def _wanted(kind: Kind, reading: Reading, present: Present, rules: Rules, *, complete: bool) -> Iterator[_Wanted]:
    there = present.rows[kind]
    for row in reading.rows[kind]:
        before = there.get(row.code)
        yield _Wanted(row.sheet, row.line, row.code, before, _after(row, before, present, rules))
    if complete and kind in reading.sheets and not _doubtful(kind, reading):
        kept = reading.named[kind] | {present.root_area} | present.roots | present.away.get(kind, frozenset())
        for code, before in there.items():
            if before["active"] and code not in kept:
                yield _Wanted(reading.sheets[kind], 0, code, before, _ended(kind, before))


def _doubtful(kind: Kind, reading: Reading) -> bool:
    """Whether something may only seem to be missing: a code that cannot be read, a sheet that was not read."""
    unread = any(fault.line == 0 and fault.code not in REMARKS for fault in reading.faults)
    too_many = any(fault.code == "too_many_rows" for fault in reading.faults)
    # A sheet without any row is one that nobody filled in, not a list of nothing.
    return unread or too_many or "" in reading.named[kind] or not reading.named[kind]


def _after(row: Row, before: Values | None, present: Present, rules: Rules) -> Values:
    """What is to stand there: what the sheet has no column for stays as it is."""
    values = {name: value for name, value in row.values.items() if name != "status"}
    after = {**BLANK[row.kind], **(before or {}), **values}
    if "status" in row.values:
        after["active"] = row.values["status"]
    if row.kind is Kind.UNITS and after["role"] not in rules.roles:
        named = [code for code, role in rules.roles.items() if role.name == after["role"]]
        after["role"] = named[0] if len(named) == 1 else after["role"]
    if before is not None and (row.kind, row.code) == (Kind.AREAS, present.root_area):
        # What stands above an authority's own division is not its to say.
        after |= {"parent": before["parent"], "level": before["level"]}
    return _ended(row.kind, before) if before is not None and not after["active"] else after


def _ended(kind: Kind, before: Values) -> Values:
    """An ended row keeps what it was, whatever else its line says; but nobody walks a grid any more."""
    return {**before, "active": False, **({"grids": []} if kind is Kind.WORKERS else {})}


def _settle(kind: Kind, wanted: dict[str, _Wanted], world: World, faults: list[Fault]) -> None:
    """Take out the rows that cannot stand, then those that stood on them, until the rest agrees."""
    rows = world.rows[kind]
    rows.update({code: each.after for code, each in wanted.items()})
    shape = SHAPES[kind]
    while True:
        if kind in (Kind.AREAS, Kind.UNITS):
            world.lost = checks.climb(rows)
        gone = set()
        for code, each in wanted.items():
            if each.before == each.after:
                continue
            found = list(checks.common(kind, code, each.after, world))
            found = found or list(checks.CHECKS[kind](code, each.after, world))
            if found:
                gone.add(code)
                faults += [
                    Fault(each.sheet, each.line, shape.column(column).zh, wrong, params)
                    for column, wrong, params in found
                ]
        if not gone:
            return
        _take_out(gone, wanted, rows)


def _take_out(gone: Iterable[str], wanted: dict[str, _Wanted], rows: dict[str, Values]) -> None:
    for code in gone:
        before = wanted.pop(code).before
        if before is None:
            del rows[code]
        else:
            rows[code] = before


def _keep_what_is_needed(kind: Kind, wanted: dict[str, _Wanted], world: World, faults: list[Fault]) -> None:
    """Nothing is ended on which something in use still stands: a unit's units and grids, an area's areas and units."""
    ended = {code for code, each in wanted.items() if each.before != each.after and not each.after["active"]}
    gone: set[str] = set()
    for link, below, wrong in _STANDING[kind]:
        standing: defaultdict[str, list[str]] = defaultdict(list)
        for code, row in world.rows[below].items():
            if row["active"] and row[link] in ended:
                standing[str(row[link])].append(code)
        for code, those in standing.items():
            each = wanted[code]
            params = {"code": min(those), "count": str(len(those))}
            column = SHAPES[kind].column("status").zh
            faults.append(Fault(each.sheet, each.line, column, wrong, params))
            gone.add(code)
    _take_out(gone, wanted, world.rows[kind])
    if gone:  # what stays in use needs its superior
        _keep_what_is_needed(kind, wanted, world, faults)


_STANDING: Mapping[Kind, tuple[tuple[str, Kind, str], ...]] = {
    Kind.AREAS: (
        ("parent", Kind.AREAS, "has_children"),
        ("area", Kind.UNITS, "area_in_use"),
        ("area", Kind.GRIDS, "area_in_use"),
    ),
    Kind.UNITS: (("parent", Kind.UNITS, "has_children"), ("parent", Kind.GRIDS, "has_children")),
}
