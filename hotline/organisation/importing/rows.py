"""From sheets to rows: which sheet holds what, where its headings are, which rows say the same twice. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from hotline.files.sheets import MOST_ROWS, Line, Merged, Sheet
from hotline.organisation.importing.faults import Fault
from hotline.organisation.importing.kinds import SHAPES, Column, Kind, Shape, columns_of, kind_of
from hotline.organisation.importing.lines import Reader, Row

# Rows read, of about how many.
Progress = Callable[[int, int], None]
EXAMPLE = ("示例", "example")
NOTES = frozenset({"说明", "notes"})
_HEAD_LINES = 6  # a title and a note may stand above the headings
_STEP = 2000


@dataclass
class Reading:
    """Everything that a file says: good rows, the codes of all rows, what is wrong, and the rows as they came."""

    rows: dict[Kind, list[Row]] = field(default_factory=lambda: {kind: [] for kind in Kind})
    named: dict[Kind, set[str]] = field(default_factory=lambda: {kind: set() for kind in Kind})
    sheets: dict[Kind, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    headings: dict[str, tuple[Kind, tuple[str, ...]]] = field(default_factory=dict)
    cells: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict, repr=False)

    @property
    def read(self) -> int:
        """How many rows were read."""
        return len(self.cells)


def read(sheets: Iterable[Sheet], grid_digits: int, progress: Progress | None = None) -> Reading:
    """All rows of all sheets; `grid_digits` is how long a grid's code is."""
    reading, about = Reading(), 0
    for sheet in sheets:
        about += sheet.about
        _read_sheet(sheet, grid_digits, reading, _steps(progress, about))
    for kind in Kind:
        _without_duplicates(kind, reading)
    return reading


def _steps(progress: Progress | None, about: int) -> Callable[[int], None]:
    def step(done: int) -> None:
        if progress is not None and done % _STEP == 0:
            progress(done, max(done, about))

    return step


def _read_sheet(sheet: Sheet, grid_digits: int, reading: Reading, step: Callable[[int], None]) -> None:
    lines = iter(sheet.lines)
    head = list(islice(lines, _HEAD_LINES))
    place = _heading_place(head)
    headings = head[place].cells if head else ()
    kind = kind_of(sheet.name, headings)
    if kind is None:
        if sheet.name.strip().lower() not in NOTES and head:
            reading.faults.append(Fault(sheet.name, 0, "", "sheet_unknown"))
        return
    columns = columns_of(SHAPES[kind], headings)
    if not _complete(sheet.name, SHAPES[kind], columns, headings, reading):
        return
    reading.sheets.setdefault(kind, sheet.name)
    reading.headings[sheet.name] = (kind, headings)
    reader = Reader(kind, sheet.name, columns, grid_digits)
    spoiled = _merged_lines(sheet.merged, head[place].number)
    before = reading.read
    _take(chain(head[place + 1 :], lines), reader, spoiled, reading, step)
    if reading.read == before:
        reading.faults.append(Fault(sheet.name, 0, "", "sheet_empty"))


def _take(
    lines: Iterator[Line], reader: Reader, spoiled: set[int], reading: Reading, step: Callable[[int], None]
) -> None:
    """Every line: to the good rows, or to the faults."""
    for line in lines:
        if reader.key_of(line).strip().lower().startswith(EXAMPLE):
            continue
        if reading.read >= MOST_ROWS:
            reading.faults.append(Fault(reader.sheet, line.number, "", "too_many_rows", {"limit": str(MOST_ROWS)}))
            return
        reading.cells[reader.sheet, line.number] = line.cells
        code, row, faults = reader.take(line)
        if line.number in spoiled:
            # Only the first of merged cells has a value: what lacks in the others is no fault of its own.
            row, faults = None, [Fault(reader.sheet, line.number, "", "merged")]
        reading.named[reader.kind].add(code)
        reading.faults += faults
        if row is not None:
            reading.rows[reader.kind].append(row)
        step(reading.read)


def _heading_place(head: Sequence[Line]) -> int:
    """The first line that looks like headings: the one with most known columns of any kind."""
    known = [max(len(columns_of(shape, line.cells)) for shape in SHAPES.values()) for line in head]
    return known.index(max(known)) if known else 0


def _complete(
    sheet: str, shape: Shape, columns: Mapping[int, Column], headings: Sequence[str], reading: Reading
) -> bool:
    found = {column.name for column in columns.values()}
    missing = [column.zh for column in shape.columns if column.needed and column.name not in found]
    if missing:
        reading.faults.append(Fault(sheet, 0, "", "columns_missing", {"columns": "、".join(missing)}))
        return False
    for place, text in enumerate(headings):
        if text.strip() and place not in columns:
            reading.faults.append(Fault(sheet, 0, "", "column_unknown", {"heading": text.strip()[:40]}))
    return True


def _merged_lines(merged: Sequence[Merged], heading: int) -> set[int]:
    """The lines below the headings that have a part in merged cells."""
    found: set[int] = set()
    last = heading
    for cell in sorted(merged, key=lambda cell: cell.first):
        # Each line once, however many merged cells a file claims to have over it.
        end = min(cell.last, heading + MOST_ROWS)
        found.update(range(max(cell.first, last + 1), end + 1))
        last = max(last, end)
    return found


def _without_duplicates(kind: Kind, reading: Reading) -> None:
    """A code that stands in two rows says two things: neither row is taken."""
    places: defaultdict[str, list[Row]] = defaultdict(list)
    for row in reading.rows[kind]:
        places[row.code].append(row)
    twice = {code: rows for code, rows in places.items() if len(rows) > 1}
    if not twice:
        return
    column = SHAPES[kind].columns[0].zh
    for code, rows in twice.items():
        lines = "、".join(str(row.line) for row in rows[:10])
        for row in rows:
            reading.faults.append(Fault(row.sheet, row.line, column, "duplicate", {"code": code, "lines": lines}))
    reading.rows[kind] = [row for row in reading.rows[kind] if row.code not in twice]
