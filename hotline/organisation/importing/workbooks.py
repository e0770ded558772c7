"""Workbooks that people get: the empty template, and the rows that have to be mended. Pure."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from hotline.organisation.importing.faults import Fault
from hotline.organisation.importing.kinds import SHAPES, Column, Kind, Shape
from hotline.organisation.roles import LEVEL_LABELS
from hotline.refusal import N_

# From a msgid to the words of who reads it.
Say = Callable[[str], str]
_ROWS = 100_000  # as far down as a column is text, and offers its choices
_LEVEL_VALUES = {label: level.value for level, label in LEVEL_LABELS.items()}
_FAULT = N_("要改的地方")
_EXAMPLE = N_("示例")
_EXPLAINED = N_("以“示例”开头的行只看不读，可以删掉。没有要导入的表可以删掉。列的先后不限，多余的列不读。")


def template(*, say: Say, english: bool, grid_digits: int) -> bytes:
    """A workbook with one sheet per kind: headings with hints, columns as text, choices to pick from, an example."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for shape in SHAPES.values():
        _sheet(book, shape, say, english=english, grid_digits=grid_digits)
    notes = book.create_sheet("Notes" if english else "说明")
    notes.append([say(_EXPLAINED)])
    for shape in SHAPES.values():
        for column in shape.columns:
            notes.append([_title(shape, english), _heading(column, english), say(column.hint)])
    for letter, width in (("A", 18), ("B", 24), ("C", 90)):
        notes.column_dimensions[letter].width = width
    return _bytes(book)


def to_mend(
    *,
    headings: Mapping[str, tuple[str, ...]],
    rows: Iterable[tuple[str, int, Sequence[str]]],
    faults: Iterable[Fault],
    words: Callable[[Fault], str],
    say: Say,
) -> bytes:
    """A workbook of bad rows as they came (sheet, line, cells), each with what to mend beside it, to be sent again."""
    import openpyxl

    wrong: dict[tuple[str, int], list[str]] = {}
    for fault in faults:
        said = words(fault)
        wrong.setdefault((fault.sheet, fault.line), []).append(f"{fault.column}：{said}" if fault.column else said)
    book = openpyxl.Workbook(write_only=True)
    sheets: dict[str, Any] = {}
    for sheet, line, cells in rows:
        if sheet not in sheets:
            sheets[sheet] = book.create_sheet(sheet[:31])
            sheets[sheet].append([_text(each) for each in (*headings[sheet], say(_FAULT))])
        width = len(headings[sheet])
        padded = [*cells[:width], *[""] * (width - len(cells))]
        sheets[sheet].append([_text(each) for each in (*padded, "\n".join(wrong.get((sheet, line), ())))])
    if not sheets:
        book.create_sheet(say(_FAULT)[:31])
    return _bytes(book)


def _sheet(book: Any, shape: Shape, say: Say, *, english: bool, grid_digits: int) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet = book.create_sheet(_title(shape, english))
    for place, column in enumerate(shape.columns, start=1):
        head = sheet.cell(1, place, f"{_heading(column, english)}{'*' if column.needed else ''}")
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor="DDE6F0")
        head.comment = Comment(say(column.hint), "12345", width=280, height=120)
        shown = sheet.cell(2, place, _example(shape, column, place, say, english=english, grid_digits=grid_digits))
        shown.font = Font(italic=True, color="777777")
        shown.alignment = Alignment(wrap_text=False)
        letter = head.column_letter
        # Every cell of the column is text, so that codes keep their zeros and do not become 4.3E+11.
        sheet.column_dimensions[letter].number_format = "@"
        sheet.column_dimensions[letter].width = 22
        for row in range(2, 202):
            sheet.cell(row, place).number_format = "@"
        if column.choices:
            offered = ",".join(_choices(column, english))
            choice = DataValidation(type="list", formula1=f'"{offered}"', allow_blank=True)
            choice.add(f"{letter}2:{letter}{_ROWS}")
            sheet.add_data_validation(choice)
    sheet.freeze_panes = "A2"


def _example(shape: Shape, column: Column, place: int, say: Say, *, english: bool, grid_digits: int) -> str:
    shown = column.example
    if column.name == "grids" or (shape.kind is Kind.GRIDS and place == 1):
        shown = "990102009001".ljust(grid_digits, "0")[: grid_digits - 1] + "1"
    if column.name == "level":
        shown = _choices(column, english)[min(3, len(column.choices) - 1)]
    # The first cell says that the row is an example: reading passes it over.
    return f"{say(_EXAMPLE)} {shown}" if place == 1 else shown


def _choices(column: Column, english: bool) -> list[str]:
    if column.name == "status":
        return ["active", "ended"] if english else list(column.choices)
    # A comma ends a choice of the list, so the label of two words is joined.
    return [_LEVEL_VALUES[each] if english else each.replace("、", "") for each in column.choices]


def _title(shape: Shape, english: bool) -> str:
    return shape.en if english else shape.zh


def _heading(column: Column, english: bool) -> str:
    return column.en if english else column.zh


def _text(value: str) -> str:
    """Nothing that a workbook would take for a formula or cannot hold."""
    shown = "".join(each for each in value if each.isprintable() or each == "\n")[:32_000]
    return f"'{shown}" if shown.startswith("=") else shown


def _bytes(book: Any) -> bytes:
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()
