"""One line of a sheet: every cell checked by itself and made what it is kept as. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hotline.files.sheets import Line
from hotline.organisation.importing import cells
from hotline.organisation.importing.faults import Fault
from hotline.organisation.importing.kinds import SHAPES, Column, Kind
from hotline.organisation.roles import LEVEL_LABELS

Value = str | bool | list[str]
_LENGTHS = {
    Kind.AREAS: {"name": 100, "name_en": 150},
    Kind.UNITS: {"name": 150, "name_en": 200, "phone": 40},
    Kind.GRIDS: {"name": 150, "name_en": 200},
    Kind.WORKERS: {"name": 60, "phone": 20},
}
_CODES = {
    Kind.AREAS: ("area_code", re.compile(r"\d{6,12}", re.ASCII)),
    Kind.UNITS: ("unit_code", re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")),
    Kind.WORKERS: ("username", re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")),
}
_EMPTY: Mapping[str, Value] = {"serves": [], "grids": []}


@dataclass(frozen=True, slots=True)
class Row:
    """One row that can be read: only the columns that its sheet has are in `values`."""

    kind: Kind
    sheet: str
    line: int
    code: str
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Wrong:
    """What is wrong with one cell."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reader:
    """How the lines of one sheet are read: its kind, which column stands where, how long a grid's code is."""

    kind: Kind
    sheet: str
    columns: Mapping[int, Column]
    grid_digits: int

    def key_of(self, line: Line) -> str:
        """What stands in the column that tells rows apart, as it was typed."""
        key = SHAPES[self.kind].key
        place = next(place for place, column in self.columns.items() if column.name == key)
        return line.cells[place] if len(line.cells) > place else ""

    def take(self, line: Line) -> tuple[str, Row | None, list[Fault]]:
        """The row's code ("" if that is wrong), the row if it is good, and what is wrong with it."""
        values: dict[str, Value] = {}
        faults = []
        for place, column in self.columns.items():
            written = line.cells[place] if place < len(line.cells) else ""
            found = Wrong("formula") if place in line.formulas else self._value(column, written)
            if found is None:
                continue
            if isinstance(found, Wrong):
                faults.append(Fault(self.sheet, line.number, column.zh, found.code, found.params))
            else:
                values[column.name] = found
        code = str(values.pop(SHAPES[self.kind].key, ""))
        return code, None if faults else Row(self.kind, self.sheet, line.number, code, values), faults

    def _value(self, column: Column, written: str) -> Value | Wrong | None:
        """What the cell says, or what is wrong with it; None: it says nothing, what is there stays."""
        if column.name == "status" and not written.strip():
            return None  # what was ended must not come back because nobody wrote that it is gone
        if not written.strip():
            # Who has no superior is looked at when all rows are known.
            needed = column.needed and column.name != "parent"
            return Wrong("needed") if needed else _EMPTY.get(column.name, "")
        try:
            found = _TAKERS[column.name](self, written)
        except cells.DigitsLost as lost:
            return Wrong("digits_lost", {"written": str(lost)[:40]})
        if isinstance(found, str):
            return _fitting(found, _LENGTHS[self.kind].get(column.name, 60))
        return found

    def key(self, written: str) -> Value | Wrong:
        """The code that tells rows of this kind apart."""
        code = cells.code(written)
        if self.kind is Kind.GRIDS:
            fits = len(code) == self.grid_digits and code.isascii() and code.isdecimal()
            return code if fits else Wrong("grid_code", {"digits": str(self.grid_digits), "written": code[:40]})
        code = code.lower() if self.kind is Kind.WORKERS else code
        wrong, pattern = _CODES[self.kind]
        return code if pattern.fullmatch(code) else Wrong(wrong)


def _fitting(found: str, limit: int) -> str | Wrong:
    if len(found) > limit:
        return Wrong("too_long", {"limit": str(limit), "length": str(len(found))})
    return found if found.isprintable() else Wrong("unprintable")


def _level(reader: Reader, written: str) -> Value | Wrong:
    found = cells.level(written)
    allowed = SHAPES[reader.kind].column("level").choices
    if found is None or LEVEL_LABELS[found] not in allowed:
        return Wrong("level_unknown", {"written": written.strip()[:40], "levels": "；".join(allowed)})
    return found.value


def _status(reader: Reader, written: str) -> Value | Wrong:
    found = cells.status(written)
    return Wrong("status_unknown") if found is None else found


def _phone(reader: Reader, written: str) -> Value | Wrong:
    return cells.phone(written) or Wrong("phone")


_TAKERS: Mapping[str, Callable[[Reader, str], Value | Wrong]] = {
    "code": Reader.key,
    "username": Reader.key,
    "name": lambda _, written: cells.text(written),
    "name_en": lambda _, written: cells.text(written),
    "level": _level,
    "parent": lambda _, written: cells.code(written),
    "area": lambda _, written: cells.code(written),
    "role": lambda _, written: cells.text(written),
    "serves": lambda _, written: cells.codes(written),
    "grids": lambda _, written: cells.codes(written),
    "phone": _phone,
    "status": _status,
}
