"""The file of rows that could not be taken: line, reason, and the row as it was, ready to be mended and imported."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

from django.conf import settings
from django.utils.translation import gettext

from hotline.channels.history.sources import Row
from hotline.refusal import Refused
from hotline.ui.refusals import say

LINE, REASON = "line", "reason"


class RejectFile:
    """`FILE.rejected.csv` beside the file, or in the data folder where that cannot be written.

    Made at the first row.
    """

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.written: Path | None = None
        self._name = f"{path.name}.rejected.csv"
        beside = os.access(path.parent, os.W_OK)
        self._folder = path.parent if beside else Path(settings.HOTLINE_DATA_DIR) / "rejected"
        self._columns = [column for column in columns if column not in (LINE, REASON)]
        self._file: TextIO | None = None

    def __enter__(self) -> RejectFile:
        return self

    def add(self, row: Row, fault: Refused) -> None:
        """Keep `row` with the reasons of `fault`, in the active language."""
        if self._file is None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.written = self._folder / self._name
            handle = os.open(self.written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            # The mark at the start is what office programs need to see UTF-8.
            self._file = os.fdopen(handle, "w", encoding="utf-8-sig", errors="replace", newline="")
            csv.writer(self._file).writerow([LINE, REASON, *self._columns, gettext("其余")])
        reasons = " ".join(say(reason).text for reason in fault.reasons)
        rest = " ".join(
            value for name, value in row.values.items() if name not in self._columns and name not in (LINE, REASON)
        )
        cells = [row.values.get(column, "") for column in self._columns]
        csv.writer(self._file).writerow([row.line, reasons, *cells, rest])
        self._file.flush()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
        elif kind is None:
            # Nothing was rejected this time: a list of an earlier run would be misleading.
            (self._folder / self._name).unlink(missing_ok=True)
