"""Made-up spreadsheets for tests: rows in the columns of the template."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime

import openpyxl

from hotline.ledger.record import SYSTEM, Actor
from hotline.organisation import queries
from hotline.organisation import services as imports
from hotline.organisation.importing.kinds import SHAPES, Kind
from hotline.organisation.importing.present import RoleRule, Rules
from hotline.organisation.importing.runs import RunView
from hotline.organisation.queries import imports as reading

RULES = Rules(
    15,
    {
        "hotline": RoleRule("12345热线中心", "department", ("city", "county")),
        "urban": RoleRule("城市管理", "department", ("city", "county")),
        "county_gov": RoleRule("县政府", "department", ("county",)),
        "town": RoleRule("乡镇街道", "town", ("town",)),
        "community": RoleRule("社区村", "community", ("community",)),
        "grid": RoleRule("网格", "community", ("grid",)),
        "water": RoleRule("供水", "supplier", ("supplier",)),
        "drainage": RoleRule("排水", "utility", ("city",)),
    },
)
GRID = "990102001001101"
# code, name, level, parent
AREAS = (("990102002", "河西街道", "街道", "990102"), ("990102002001", "柳树社区", "社区", "990102002"))
# code, name, role, level, area, parent
UNITS = (
    ("willow", "柳树社区居委会", "community", "社区", "990102002001", "west"),
    ("west", "河西街道办事处", "乡镇街道", "town", "990102002", "north"),
)
GRIDS = ((GRID, "柳树社区第一网格", "990102002001", "willow"),)
WORKERS = (("li.na", "李娜", "010-87654321", GRID),)
_NAMES: Mapping[Kind, tuple[str, ...]] = {
    Kind.AREAS: ("code", "name", "level", "parent"),
    Kind.UNITS: ("code", "name", "role", "level", "area", "parent"),
    Kind.GRIDS: ("code", "name", "area", "parent"),
    Kind.WORKERS: ("username", "name", "phone", "grids"),
}
Rows = Sequence[Sequence[object]]


def headings(kind: Kind, more: Sequence[str] = ()) -> list[str]:
    """The Chinese headings of the columns that test rows have, and of `more`."""
    return [SHAPES[kind].column(name).zh for name in (*_NAMES[kind], *more)]


def book(
    areas: Rows = AREAS, units: Rows = UNITS, grids: Rows = GRIDS, workers: Rows = WORKERS, more: Sequence[str] = ()
) -> bytes:
    """A workbook with a sheet for each kind that has rows; `more` columns are common to all."""
    held = openpyxl.Workbook()
    held.remove(held.worksheets[0])
    for kind, rows in zip(Kind, (areas, units, grids, workers), strict=True):
        if rows:
            sheet = held.create_sheet(SHAPES[kind].zh)
            sheet.append(headings(kind, more))
            for row in rows:
                sheet.append(list(row))
    return saved(held)


def saved(held: openpyxl.Workbook) -> bytes:
    """The workbook as a file."""
    file = io.BytesIO()
    held.save(file)
    return file.getvalue()


def table(rows: Rows, encoding: str = "utf-8-sig") -> bytes:
    """A CSV file."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue().encode(encoding)


def looked_at(
    content: bytes, at: datetime, *, name: str = "机构.xlsx", complete: bool = False, actor: Actor = SYSTEM
) -> RunView:
    """A run whose file has been read."""
    authority = queries.authority("990100")
    assert authority is not None
    run_id = imports.start_import(
        authority_id=authority.id, file_name=name, content=content, rules=RULES, complete=complete, actor=actor, at=at
    )
    imports.preview_import(run_id=run_id, at=at)
    return view(run_id)


def view(run_id: int) -> RunView:
    """The run as it is now."""
    found = reading.import_run(run_id)
    assert found is not None
    return found


def faults(run_id: int) -> list[tuple[str, int, str]]:
    """Sheet, row and code of everything that is wrong."""
    found = reading.import_details(run_id, page=1, size=1000)
    return [(fault.sheet, fault.line, fault.code) for fault in (*found.remarks, *found.faults)]
