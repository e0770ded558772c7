"""Opens a city's CSV and TOML files and lays its own over its province's, and those over the common ones."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from hotline.packs.faults import Faults, Place
from hotline.packs.fields import Fields, names
from hotline.refusal import N_

BASE = "_base"
PROVINCE = "province"
# What a city never takes from its province: who it is, where it lies, and who works there.
OWN_FILES = frozenset({"areas.csv", "units.csv"})
OWN_KEYS = frozenset(
    names("level code name name_en province_code province province_pack fictional source valid_from numbering")
)
# Tables that stand for a list: a layer that speaks of one says all of it.
WHOLE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "city.toml": (("callback", "scale"),),
    "calendar.toml": (("hours",), ("duty",)),
}
_LINE_OF_ERROR = re.compile(r"at line (\d+)")
_HEADER = re.compile(r"\s*\[{1,2}([^\[\]]+)\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"\s*((?:\"[^\"]*\"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:\"[^\"]*\"|'[^']*'|[\w-]+))*)\s*=")
_UNDER = "\x1f"  # between the names of a path
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")


def said(folder: Path, name: str) -> str:
    """A text value at the top of a folder's city.toml; "" where there is none. Faults are for who reads all of it."""
    try:
        value = tomllib.loads((folder / "city.toml").read_text(encoding="utf-8-sig")).get(name)
    except (OSError, ValueError, RecursionError):
        return ""
    return value if isinstance(value, str) else ""


class Sources:
    """The files of one city below `root`, with those of its province and the common ones of `_base` under them."""

    def __init__(self, root: Path, city: str, faults: Faults) -> None:
        self.root = root
        self.city = city
        self.faults = faults

    @cached_property
    def folders(self) -> tuple[str, ...]:
        """The layers, the common one first."""
        own = self.root / self.city
        province = said(own, "province_pack") if said(own, "level") != PROVINCE else ""
        known = bool(province) and said(self.root / province, "level") == PROVINCE
        return (BASE, province, self.city) if known else (BASE, self.city)

    def path(self, name: str) -> Path:
        """The city's own file called `name`, whether it exists or not."""
        return self.root / self.city / name

    def _layers(self, name: str) -> Iterator[tuple[str, str]]:
        """(label, text) of each existing layer, the common one first; a file that nobody has is a fault."""
        found = False
        for folder in self.folders:
            path = self.root / folder / name
            if not path.is_file() or (name in OWN_FILES and folder not in (BASE, self.city)):
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
        """The rows of a CSV file; those of an upper layer replace rows with the same `key`, others are added."""
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
        """The tables of a TOML file; named values of an upper layer replace those below, table by table."""
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
            lines = _lines(text)
            if name == "city.toml" and label.partition("/")[0] not in (BASE, self.city):
                document = {key: value for key, value in document.items() if key not in OWN_KEYS}
                lines = {key: line for key, line in lines.items() if key.partition(_UNDER)[0] not in OWN_KEYS}
            for path in WHOLE.get(name, ()):
                _make_way(merged, places, document, path)
            places.update({key: Place(label, line) for key, line in lines.items()})
            _lay_over(merged, document)
        top = Place(f"{self.city}/{name}", 0)
        return Fields(merged, lambda key: _nearest(places, key, top), self.faults)


def _make_way(
    under: dict[str, object], places: dict[str, Place], over: Mapping[str, object], path: tuple[str, ...]
) -> None:
    """Take out of `under` the table at `path`, with the places of all that is in it, when `over` has one too."""
    *outer, name = path
    below: object = under
    for part in outer:
        below = below.get(part) if isinstance(below, dict) else None
        over = inner if isinstance(inner := over.get(part), dict) else {}
    if name in over and isinstance(below, dict) and name in below:
        del below[name]
        start = _UNDER.join(path)
        for key in [key for key in places if key == start or key.startswith(start + _UNDER)]:
            del places[key]


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
            parts = header.split(_UNDER)
            for length in range(1, len(parts) + 1):
                found.setdefault(_UNDER.join(parts[:length]), number)
        elif match := _KEY.match(line):
            path = _joined(match[1])
            found.setdefault(f"{header}\x1f{path}" if header else path, number)
    return found


def _joined(dotted: str) -> str:
    return _UNDER.join("".join(match.groups("")) for match in _PART.finditer(dotted))


def _nearest(places: dict[str, Place], path: str, top: Place) -> Place:
    """The place of `path`, or of the nearest table around it."""
    while path:
        if path in places:
            return places[path]
        path = path.rpartition(_UNDER)[0]
    return top
