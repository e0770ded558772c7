"""Opens a city's CSV and TOML files and lays the city's own over the common ones."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from hotline.packs.faults import Faults, Place
from hotline.packs.fields import Fields
from hotline.refusal import N_

BASE = "_base"
_LINE_OF_ERROR = re.compile(r"at line (\d+)")
_HEADER = re.compile(r"\s*\[{1,2}([^\[\]]+)\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"\s*((?:\"[^\"]*\"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:\"[^\"]*\"|'[^']*'|[\w-]+))*)\s*=")
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")


class Sources:
    """The files of one city below `root`, with the common files of `_base` under them."""

    def __init__(self, root: Path, city: str, faults: Faults) -> None:
        self.root = root
        self.city = city
        self.faults = faults

    def path(self, name: str) -> Path:
        """The city's own file called `name`, whether it exists or not."""
        return self.root / self.city / name

    def _layers(self, name: str) -> Iterator[tuple[str, str]]:
        """(label, text) of each existing layer, the common one first; a file that nobody has is a fault."""
        found = False
        for folder in (BASE, self.city):
            path = self.root / folder / name
            if not path.is_file():
                continue
            found = True
            label = f"{folder}/{name}"
            try:
                data = path.read_bytes()
            except OSError as error:
                self.faults.add(
                    Place(label, 0), N_("文件无法读取：%(error)s。"), N_("请检查文件权限。"), error=error.strerror
                )
                continue
            try:
                yield label, data.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                line = data.count(b"\n", 0, error.start) + 1
                self.faults.add(Place(label, line), N_("文件不是 UTF-8 编码。"), N_("请另存为 UTF-8 编码的文件。"))
        if not found:
            self.faults.add(Place(f"{self.city}/{name}", 0), N_("缺少文件。"), N_("请参照其他城市补上该文件。"))

    def rows(self, name: str, columns: Sequence[str], key: str = "") -> list[Fields]:
        """The rows of a CSV file; those of the city replace common rows with the same `key`, others are added."""
        merged: dict[str, Fields] = {}
        for label, text in self._layers(name):
            seen: dict[str, int] = {}
            for line, values in self._read_csv(label, text, columns):
                code = values[key].strip() if key else f"{label}:{line}"
                place = Place(label, line)
                if code in seen:
                    self.faults.add(
                        place,
                        N_("“%(code)s”与第 %(first)s 行重复。"),
                        N_("请删除其中一行，或改用新的编码。"),
                        code=code[:60],
                        first=seen[code],
                    )
                    continue
                seen[code] = line
                merged[code] = Fields(values, lambda _name, place=place: place, self.faults)  # type: ignore[misc]
        return list(merged.values())

    def _read_csv(self, label: str, text: str, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            header = next(reader, [])
            if not self._check_header(label, header, columns):
                return
            line = reader.line_num + 1
            for row in reader:
                if len(row) == len(header):
                    yield line, dict(zip(header, row, strict=True))
                elif row:
                    self.faults.add(
                        Place(label, line),
                        N_("这一行有 %(found)s 格，表头有 %(expected)s 格。"),
                        N_("请补齐或删除多余的格；含逗号的内容要用英文双引号括起。"),
                        found=len(row),
                        expected=len(header),
                    )
                line = reader.line_num + 1
        except csv.Error as error:
            self.faults.add(
                Place(label, reader.line_num),
                N_("表格无法读取：%(error)s。"),
                N_("请检查该行的引号是否成对、内容是否过长。"),
                error=error,
            )

    def _check_header(self, label: str, header: Sequence[str], columns: Sequence[str]) -> bool:
        place = Place(label, 1)
        for column in columns:
            if column not in header:
                self.faults.add(place, N_("缺少“%(name)s”列。"), N_("请在表头补上该列。"), name=column)
        for column in header:
            if column not in columns:
                self.faults.add(place, N_("不认识的列“%(name)s”。"), N_("请检查拼写，或删除该列。"), name=column[:60])
        if len(set(header)) != len(header):
            self.faults.add(place, N_("表头有重复的列。"), N_("请删除重复的列。"))
            return False
        return set(columns) <= set(header)

    def toml(self, name: str) -> Fields:
        """The tables of a TOML file; named values of the city replace common ones, table by table."""
        merged: dict[str, object] = {}
        places: dict[str, Place] = {}
        for label, text in self._layers(name):
            try:
                document = tomllib.loads(text)
            except (ValueError, RecursionError) as error:
                match = _LINE_OF_ERROR.search(str(error))
                line = int(match[1]) if match else text.count("\n") + 1
                self.faults.add(
                    Place(label, line),
                    N_("TOML 格式有误：%(error)s。"),
                    N_("请检查该行的引号、括号和等号。"),
                    error=str(error)[:120],
                )
                continue
            places.update({key: Place(label, line) for key, line in _lines(text).items()})
            _lay_over(merged, document)
        top = Place(f"{self.city}/{name}", 0)
        return Fields(merged, lambda key: _nearest(places, key, top), self.faults)


def _lay_over(under: dict[str, object], over: dict[str, object]) -> None:
    """Put `over`'s values into `under`; tables are merged name by name, everything else is replaced."""
    for key, value in over.items():
        below = under.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            _lay_over(below, value)
        else:
            under[key] = value


def _lines(text: str) -> dict[str, int]:
    """The line on which each table and value stands, by its path (parts joined by the unit separator)."""
    found: dict[str, int] = {}
    header = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if match := _HEADER.match(line):
            header = _joined(match[1])
            parts = header.split("\x1f")
            for length in range(1, len(parts) + 1):
                found.setdefault("\x1f".join(parts[:length]), number)
        elif match := _KEY.match(line):
            path = _joined(match[1])
            found.setdefault(f"{header}\x1f{path}" if header else path, number)
    return found


def _joined(dotted: str) -> str:
    return "\x1f".join("".join(match.groups("")) for match in _PART.finditer(dotted))


def _nearest(places: dict[str, Place], path: str, top: Place) -> Place:
    """The place of `path`, or of the nearest table around it."""
    while path:
        if path in places:
            return places[path]
        path = path.rpartition("\x1f")[0]
    return top
