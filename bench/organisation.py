"""A province's organisation from a spreadsheet: reading and preview, writing, taking back, and the index afterwards.

`python -m bench.organisation [--json] [--small]`. Made-up rows: 40,000 areas, 28,000 units, 8,000 grids with 8,000
grid workers, in one workbook, children before their parents. Nothing else runs on the database.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bench import machine, stage

LIMITS = {"preview_s": 60.0, "apply_s": 60.0, "undo_s": 60.0, "unit_index_ms": 3000.0}
COUNTIES, TOWNS, COMMUNITIES, UNITS, GRIDS = 100, 1_900, 38_000, 28_000, 8_000
CITY_CODE = "990100"
Row = tuple[str, ...]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--small", action="store_true", help="a twentieth of it, to see whether it runs")
    options = parser.parse_args()
    with installation() as at:
        found = measure(at, 20 if options.small else 1)
    # What else the machine did: the CPU time of our own process hardly depends on it, the clock on the wall does.
    found |= {"load": [round(each, 1) for each in os.getloadavg()], "machine": machine.size(), "limits": LIMITS}
    print(json.dumps(found, ensure_ascii=False, indent=None if options.json else 2))
    missed = [name for name, limit in LIMITS.items() if found[name] > limit]
    if missed:
        print(f"a limit is missed: {', '.join(missed)}", file=sys.stderr)
    return 0


@contextmanager
def installation() -> Iterator[Any]:
    """The fictional city on a database of its own; gives the moment at which everything happens."""
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - the database's own user walks through it
        os.environ |= {"HOTLINE_DATA_DIR": folder, "HOTLINE_CITY": stage.CITY}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.config.settings")
        from hotline.cli.founding import found_if_empty
        from hotline.cli.readiness import ready

        with ready():
            from hotline.ui.moment import now

            at = now()
            found_if_empty(at=at)
            yield at


def measure(at: Any, part: int) -> dict[str, Any]:
    """All figures of one import."""
    from hotline.ledger.record import SYSTEM
    from hotline.organisation import queries
    from hotline.organisation import services as imports
    from hotline.organisation.queries import imports as views
    from hotline.policy import queries as policies

    authority = queries.authority(CITY_CODE)
    assert authority is not None
    rules = rules_of(policies.current(authority.id, at))
    content = workbook(part, rules.grid_digits)
    found: dict[str, Any] = {"file_mib": round(len(content) / 2**20, 1)}
    taken = {"authority_id": authority.id, "rules": rules, "complete": False, "actor": SYSTEM, "at": at}
    run_id = imports.start_import(file_name="province.xlsx", content=content, **taken)
    found |= took("preview", lambda: imports.preview_import(run_id=run_id, at=at))
    run = views.import_run(run_id)
    assert run is not None
    assert run.bad == 0, views.import_details(run_id, page=1, size=5)
    found["rows"] = {kind.value: sum(counts.values()) for kind, counts in run.counts.items()}
    found |= took("apply", lambda: imports.apply_import(run_id=run_id, partly=False, actor=SYSTEM, at=at))
    found["unit_index_ms"] = timed(lambda: queries.unit_index(authority.id)) * 1000
    found["unit_index_warm_us"] = round(timed(lambda: [queries.unit_index(authority.id) for _ in range(1000)]) * 1000)
    found["look_up_us"] = round(look_ups(authority.id), 1)
    again = imports.start_import(file_name="province.xlsx", content=content, **taken)
    found |= took("preview_again", lambda: imports.preview_import(run_id=again, at=at))
    same = views.import_run(again)
    assert same is not None
    assert same.writes == 0
    found |= took("undo", lambda: imports.undo_import(run_id=run_id, partly=False, actor=SYSTEM, at=at))
    return {name: round(value, 2) if isinstance(value, float) else value for name, value in found.items()}


def rules_of(policy: Any) -> Any:
    """What the import needs of the city's policy."""
    from hotline.organisation.importing.present import RoleRule, Rules

    roles = {code: RoleRule(role.name, role.kind, role.levels) for code, role in policy.roles.items()}
    return Rules(policy.grid_digits, roles)


def look_ups(authority_id: int) -> float:
    """Microseconds for one search of who answers in a place, over a thousand places."""
    from hotline.organisation import queries

    units = queries.unit_index(authority_id)
    places = [area.code for area in units.areas][-1000:]
    return timed(lambda: [units.by_role_area("community", code) for code in places]) * 1e6 / len(places)


def took(name: str, work: Callable[[], object]) -> dict[str, float]:
    """Seconds by the clock, and of our own process' CPU."""
    begun = time.process_time()
    return {f"{name}_s": timed(work), f"{name}_cpu_s": time.process_time() - begun}


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def workbook(part: int, digits: int) -> bytes:
    """The four sheets, a `part`-th of the whole, in no order at all."""
    import openpyxl

    from hotline.organisation.importing.kinds import SHAPES, Kind

    counties, towns = max(1, COUNTIES // part), max(1, TOWNS // part)
    communities, units, grids = COMMUNITIES // part, UNITS // part, GRIDS // part
    chance = random.Random(7)
    book = openpyxl.Workbook(write_only=True)
    sheets = {
        Kind.AREAS: (("code", "name", "level", "parent"), areas(counties, towns, communities)),
        Kind.UNITS: (
            ("code", "name", "role", "level", "area", "parent", "phone"),
            list(unit_rows(counties, towns, units)),
        ),
        Kind.GRIDS: (("code", "name", "area", "parent"), [grid(n, digits, towns, units) for n in range(grids)]),
        Kind.WORKERS: (
            ("username", "name", "phone", "grids"),
            [(f"walker.{n}", "王芳", f"0990-{n:08d}", f"{n:0{digits}d}") for n in range(grids)],
        ),
    }
    for kind, (names, rows) in sheets.items():
        sheet = book.create_sheet(SHAPES[kind].zh)
        sheet.append([SHAPES[kind].column(name).zh for name in names])
        chance.shuffle(rows)
        for row in rows:
            sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def areas(counties: int, towns: int, communities: int) -> list[Row]:
    """Counties of the city, their towns, and the communities of these."""
    rows = [(county(n), f"第{n}县", "county", CITY_CODE) for n in range(counties)]
    rows += [(town(n), f"第{n}街道", "town", county(n % counties)) for n in range(towns)]
    return rows + [(community(n), f"第{n}社区", "community", town(n % towns)) for n in range(communities)]


def unit_rows(counties: int, towns: int, units: int) -> Iterator[Row]:
    """A unit for every county and town, and the rest for communities."""
    for n in range(counties):
        yield f"C{n}", f"第{n}县政府", "county_gov", "county", county(n), f"U{CITY_CODE}-hotline", f"0990-1{n:06d}"
    for n in range(towns):
        yield f"T{n}", f"第{n}街道办事处", "town", "town", town(n), f"C{n % counties}", f"0990-2{n:06d}"
    for n in range(units - counties - towns):
        yield f"V{n}", f"第{n}居委会", "community", "community", community(n), f"T{n % towns}", f"0990-3{n:06d}"


def grid(n: int, digits: int, towns: int, units: int) -> Row:
    """A grid of one of the communities that have a unit."""
    place = n % max(1, units - towns - COUNTIES)
    return f"{n:0{digits}d}", f"第{n}网格", community(place), f"V{place}"


def county(n: int) -> str:
    """Its code."""
    return f"{980000 + n}"


def town(n: int) -> str:
    """Its code."""
    return f"{980000000 + n}"


def community(n: int) -> str:
    """Its code."""
    return f"{980000000000 + n}"


if __name__ == "__main__":
    raise SystemExit(main())
