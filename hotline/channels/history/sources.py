"""Reading tables of any of three kinds (CSV, XLSX, JSONL) as rows of text, one at a time.

A row that cannot be read is a row too: it carries its `fault`, so that it lands in the reject file with its line.
"""

from __future__ import annotations

import codecs
import csv
import json
import zipfile
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from hotline.refusal import N_, refuse

ENCODINGS = ("utf-8", "gb18030")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHUNK = 1 << 20
_FIELD_LIMIT = 4_000_000
_DELIMITERS = (",", "\t", ";", "|")
NOT_A_RECORD = N_("这一行不是一条完整的记录，请核对格式。")
TOO_MANY_CELLS = N_("这一行的格数比表头多，请检查引号和分隔符。")


@dataclass(frozen=True)
class Row:
    """One record: `line` counts from 1 in the file; a `fault` (msgid) says why it could not be read."""

    line: int
    values: dict[str, str] = field(repr=False)
    fault: str | None = None


@dataclass(frozen=True)
class Table:
    """An opened file: its columns, its rows (read once), and how many there are about (None: not known)."""

    columns: tuple[str, ...]
    rows: Iterator[Row]
    about: int | None


def open_table(path: Path) -> Table:
    """Open `path` by its ending; raises Refused (with what to do) when it is missing, empty or of another kind."""
    if not path.is_file():
        refuse("file_missing", N_("找不到文件“%(name)s”，请核对路径。"), status=404, name=path.name)
    readers = {".csv": _csv, ".tsv": _csv, ".txt": _csv, ".jsonl": _jsonl, ".ndjson": _jsonl, ".xlsx": _xlsx}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        refuse("file_kind", N_("请另存为 CSV（.csv）、Excel 工作簿（.xlsx）或 JSONL（.jsonl）再导入。"))
    return reader(path)


def detect_encoding(path: Path) -> str:
    """`utf-8-sig`, `utf-16`, `utf-8` or `gb18030`: the first that reads the whole file. Raises Refused if none does."""
    with path.open("rb") as file:
        head = file.read(4)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    for encoding in ENCODINGS:
        if _decodes(path, encoding):
            return encoding
    refuse("file_encoding", N_("读不出文件的文字编码，请另存为 UTF-8 再导入。"))


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b""))


# Each reader opens the file once for the columns and again, when the first row is asked for, for the rows: a table that
# is refused for its columns leaves nothing open.
def _csv(path: Path) -> Table:
    encoding = detect_encoding(path)
    csv.field_size_limit(_FIELD_LIMIT)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = max(_DELIMITERS, key=file.readline().count)
        file.seek(0)
        columns = _columns(next(csv.reader(file, delimiter=delimiter), []))
    return Table(columns, _csv_rows(path, encoding, delimiter, columns), max(_lines(path) - 1, 0))


def _csv_rows(path: Path, encoding: str, delimiter: str, columns: tuple[str, ...]) -> Iterator[Row]:
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        next(reader, None)
        line = reader.line_num + 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield Row(line, {}, NOT_A_RECORD)
            else:
                if any(cell.strip() for cell in cells):
                    yield _row(line, columns, cells)
            line = reader.line_num + 1


def _row(line: int, columns: tuple[str, ...], cells: list[str]) -> Row:
    values = dict(zip(columns, cells, strict=False))
    surplus = [cell for cell in cells[len(columns) :] if cell.strip()]
    if surplus:
        return Row(line, values | {"": " ".join(surplus)}, TOO_MANY_CELLS)
    return Row(line, values)


def _jsonl(path: Path) -> Table:
    encoding = detect_encoding(path)
    rows = _jsonl_rows(path, encoding)
    first = next((row for row in rows if row.fault is None), None)
    rows.close()
    columns = _columns(first.values if first is not None else ())
    return Table(columns, _jsonl_rows(path, encoding), _lines(path))


def _jsonl_rows(path: Path, encoding: str) -> Generator[Row]:
    with path.open(encoding=encoding) as file:
        for line, written in enumerate(file, start=1):
            if not written.strip():
                continue
            try:
                record = json.loads(written)
            except (ValueError, RecursionError):
                record = None
            if isinstance(record, dict):
                yield Row(line, {str(name): _words(value) for name, value in record.items()})
            else:
                yield Row(line, {"": written.rstrip("\n")}, NOT_A_RECORD)


def _xlsx(path: Path) -> Table:
    rows = _sheet(path)
    columns = _columns(next(rows, []))
    rows.close()
    return Table(columns, _xlsx_rows(path, columns), None)


def _xlsx_rows(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    for line, cells in enumerate(_sheet(path), start=1):
        if line > 1 and any(cells):
            yield _row(line, columns, cells)


def _sheet(path: Path) -> Generator[list[str]]:
    """The cells of the first sheet, row by row."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    # Opened here, not by the library: of a file that is no workbook it would leave the handle open.
    with path.open("rb") as file:
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            sheet = book.worksheets[0]
        except (InvalidFileException, zipfile.BadZipFile, KeyError, IndexError, ValueError, OSError):
            refuse("file_kind", N_("这个文件不是能打开的 Excel 工作簿，请另存为 .xlsx 再导入。"))
        for row in sheet.iter_rows(values_only=True):
            yield [_words(value) for value in row]


def _words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, bool | str | int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _columns(names: Iterable[str]) -> tuple[str, ...]:
    columns = tuple(name.strip().lstrip("\ufeff") or f"column {place}" for place, name in enumerate(names, start=1))
    return columns or _empty().columns


def _empty() -> Table:
    refuse("file_empty", N_("文件里没有内容，请核对是不是选错了文件。"))
