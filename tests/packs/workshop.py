"""A copy of the shipped cities that tests may break."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from hotline import packs


class Workshop:
    """Copies of `_base`, the province and one city; every edit returns the line that it touched."""

    def __init__(self, root: Path, city: str = "yunjiang") -> None:
        self.root = root
        self.city = city
        for folder in ("_base", "shifan", city):
            (root / folder).mkdir()
            for path in (packs.CITIES / folder).iterdir():
                (root / folder / path.name).symlink_to(path)

    def load(self) -> packs.City:
        """Load the city as it now is."""
        return packs.load(self.city, self.root)

    def faults(self) -> tuple[packs.PackFault, ...]:
        """What is found wrong with it; none when it loads."""
        try:
            self.load()
        except packs.PackError as error:
            return error.faults
        return ()

    def write(self, file: str, content: str | bytes) -> None:
        """Replace a file of this copy."""
        path = self.root / file
        path.unlink(missing_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def text(self, file: str) -> str:
        """A file of this copy."""
        return (self.root / file).read_text(encoding="utf-8")

    def cell(self, file: str, key: str, column: str, value: str) -> int:
        """Put a value into the row whose first cell is `key`."""
        rows = list(csv.reader(io.StringIO(self.text(file), newline="")))
        place = next(number for number, row in enumerate(rows) if row[0] == key)
        rows[place][rows[0].index(column)] = value
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerows(rows)
        self.write(file, out.getvalue())
        return place + 1

    def append(self, file: str, line: str) -> int:
        """Add a line at the end."""
        self.write(file, self.text(file) + line + "\n")
        return self.text(file).count("\n")

    def swap(self, file: str, old: str, new: str) -> int:
        """Replace words that stand once in the file; returns the line of the first of them."""
        text = self.text(file)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        self.write(file, text.replace(old, new))
        return text[: text.index(old)].count("\n") + 1
