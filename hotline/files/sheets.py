"""Reading spreadsheets (XLSX, CSV) that people send: every sheet, row by row, as text.

Codes are text, and spreadsheet programs like to make numbers of them: a number comes out as the digits that were
typed, or, where the program has lost some of them, in its scientific form, so that nobody takes it for a code.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePath
from typing import IO, Any, NoReturn, cast
from xml.etree import ElementTree

from hotline.files import documents, kinds
from hotline.refusal import N_, Refused, refuse

LIMIT = kinds.XLSX.limit  # bytes of a file
MOST_COLUMNS = 60
MOST_ROWS = 300_000  # of all sheets together
ENCODINGS = ("utf-8", "gb18030")
DELIMITERS = (",", "\t", ";", "|")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CELL_LIMIT = 100_000  # characters
# Office programs keep 15 digits of a number and make zeros of the rest.
_KEPT_DIGITS = 15
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_CHUNK, _OVERLAP = 1 << 20, 200


@dataclass(frozen=True, slots=True)
class Line:
    """One row that is not empty: `number` counts from 1 in its sheet.

    `formulas` are the places (from 0) of cells that hold a formula instead of a value.
    """

    number: int
    cells: tuple[str, ...]
    formulas: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Merged:
    """Cells that were merged into one: first and last row, counted from 1."""

    first: int
    last: int


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, about how many rows it has, its rows (read once), its merged cells."""

    name: str
    about: int
    lines: Iterator[Line]
    merged: tuple[Merged, ...] = ()


def read(name: str, content: bytes) -> Iterator[Sheet]:
    """The sheets of a file, one after the other: the rows of one are to be read before the next is asked for.

    Raises Refused as `check` does, and for what turns out to be damaged on the way.
    """
    check(name, content)
    if kinds.is_zip(content):
        return _workbook(content)
    return iter([_table(PurePath(name).stem, content)])


def check(name: str, content: bytes) -> None:
    """Raises Refused, saying what to do, for a file that is empty, too large (413), no spreadsheet, damaged, locked,
    carries macros, or would unpack to far more than it is."""
    if not content:
        refuse("file_empty", N_("这个文件是空的，请重新选一个"), field="files")
    if len(content) > LIMIT:
        refuse(
            "file_large",
            N_("这个文件超过 %(limit)s MB，请分成几个文件再导入"),
            field="files",
            status=413,
            limit=LIMIT // kinds.MIB,
        )
    ending = kinds.extension_of(name)
    if kinds.is_zip(content) and ending in ("xlsx", "xlsm", ""):
        try:
            known = documents.office_part(content)
        except Refused as fault:
            raise _said_for_sheets(fault) from None
        if known == "xl":
            return
    elif ending in ("csv", "txt", "tsv") and not kinds.is_zip(content):
        encoding_of(content)
        return
    refuse("file_kind", N_("请另存为 Excel 工作簿（.xlsx）或 CSV（.csv）再导入"), field="files")


def encoding_of(content: bytes) -> str:
    """`utf-8-sig`, `utf-16`, `utf-8` or `gb18030`: the first that reads all of it. Raises Refused if none does."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    for encoding in ENCODINGS:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    refuse("file_encoding", N_("读不出文件的文字编码，请另存为 UTF-8 再导入。"), field="files")


def _digits(written: str) -> str:
    """A number of a workbook as a person typed it: without ".0", and without an exponent unless digits are lost."""
    if written.isdecimal() and len(written) <= _KEPT_DIGITS:
        return written
    number = Decimal(written)
    if number != number.to_integral_value():
        return f"{number.normalize():f}"
    whole = f"{number.to_integral_value():f}"
    return whole if len(whole.lstrip("-")) <= _KEPT_DIGITS else f"{number:.14E}"


def _table(name: str, content: bytes) -> Sheet:
    encoding = encoding_of(content)
    text = content.decode(encoding, errors="strict").lstrip("\ufeff")
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    return Sheet(name, text.count("\n") or 1, _table_lines(text, delimiter))


def _table_lines(text: str, delimiter: str) -> Iterator[Line]:
    csv.field_size_limit(_CELL_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Line(line, tuple(cells[:MOST_COLUMNS]))
            line = reader.line_num + 1
    except csv.Error:
        refuse("file_broken_row", N_("第 %(line)s 行读不下去，请核对那里的引号"), field="files", line=line)


def _workbook(content: bytes) -> Iterator[Sheet]:
    import openpyxl

    with zipfile.ZipFile(io.BytesIO(content)) as archive, warnings.catch_warnings():
        # What openpyxl does not know it leaves out with a warning; nothing of that is needed here.
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        except Exception:  # whatever a damaged part makes the library raise
            _broken()
        for sheet in cast(list[Any], book.worksheets):  # in this mode they are kept in the file, not in memory
            path = sheet._worksheet_path.lstrip("/")
            about, merged = _survey(archive, path)
            yield Sheet(sheet.title, about, _sheet_lines(archive.open(path), sheet._shared_strings), merged)
        book.close()


def _sheet_lines(part: IO[bytes], strings: Sequence[str]) -> Iterator[Line]:
    """The rows of one sheet. The library's own reader makes an object of every cell and takes five times as long."""
    number = 0
    try:
        with part:
            for _, row in ElementTree.iterparse(part):  # noqa: S314 - expat stops entities that swell
                if not row.tag.endswith("}row"):
                    continue
                number = int(row.get("r") or number + 1)
                line = _line(number, row, strings)
                row.clear()
                if line is not None:
                    yield line
    except (ElementTree.ParseError, ValueError, IndexError, ArithmeticError, zipfile.BadZipFile, OSError):
        _broken()


def _line(number: int, row: ElementTree.Element, strings: Sequence[str]) -> Line | None:
    cells: dict[int, str] = {}
    formulas = set()
    place = -1
    for cell in row:
        named = cell.get("r")
        place = _column(named) if named else place + 1
        if place >= MOST_COLUMNS:
            break
        value = _cell(cell, strings)
        if value is None:
            formulas.add(place)
        elif value:
            cells[place] = value
    if not formulas and not any(map(str.strip, cells.values())):
        return None
    last = max([*cells, *formulas])
    return Line(number, tuple(cells.get(each, "") for each in range(last + 1)), frozenset(formulas))


def _cell(cell: ElementTree.Element, strings: Sequence[str]) -> str | None:
    """What stands in a cell; None where a formula does."""
    kind, value = cell.get("t", "n"), ""
    for part in cell:
        name = part.tag[part.tag.rindex("}") + 1 :]
        if name == "f":
            return None
        if name == "v":
            value = part.text or ""
        elif name == "is":
            # Runs of one text stand side by side; how it is read aloud (rPh) stands below them.
            texts = (each for held in part for each in (held, *(held if held.tag.endswith("}r") else ())))
            value = "".join(each.text or "" for each in texts if each.tag.endswith("}t"))
    if kind == "s" and value:
        return str(strings[int(value)])
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    return _digits(value) if kind == "n" and value else value


def _column(reference: str) -> int:
    """The place from 0 of a cell like "AB12"."""
    place = 0
    for letter in reference:
        if not letter.isalpha():
            break
        place = place * 26 + ord(letter.upper()) - 64
    return place - 1


def _survey(archive: zipfile.ZipFile, path: str) -> tuple[int, tuple[Merged, ...]]:
    """How many rows a sheet has, and its merged cells: the library, reading row by row, tells of neither."""
    rows, kept = 0, b""
    merged: list[Merged] = []
    with archive.open(path) as part:
        while chunk := part.read(_CHUNK):
            rows += chunk.count(b"</row>") + chunk.count(b":row>")
            text, end = kept + chunk, 0
            for found in _MERGED.finditer(text):
                end = found.end()
                merged.append(Merged(int(found[2]), int(found[4])))
            kept = text[max(end, len(text) - _OVERLAP) :]
    return rows, tuple(merged)


def _said_for_sheets(fault: Refused) -> Refused:
    """The refusal of a document in the words of who imports a spreadsheet."""
    if fault.reasons[0].code != "file_archive":
        return fault
    try:
        refuse("file_archive", N_("这个文件的内部结构不正常，请把内容复制到新的工作簿再导入"), field="files")
    except Refused as said:
        return said


def _broken() -> NoReturn:
    refuse("file_broken", N_("这个文件打不开，可能没有传完整，请重新选一次"), field="files")
