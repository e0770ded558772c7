"""Reads of imports: the list of runs, one run, what its preview shows, and the rows to be mended."""

from __future__ import annotations

from collections.abc import Callable

from hotline.organisation.importing import runs, workbooks
from hotline.organisation.importing.faults import REMARKS, Fault
from hotline.organisation.importing.runs import Details, RunView
from hotline.organisation.importing.workbooks import Say
from hotline.organisation.models import ImportRun

_HEAVY = ("plan", "faults", "content")


def import_runs(authority_id: int, *, limit: int) -> tuple[RunView, ...]:
    """The latest imports of an authority, the newest first. 1 query."""
    rows = ImportRun.objects.filter(authority_id=authority_id).defer(*_HEAVY).order_by("-id")
    return tuple(map(_view, rows[:limit]))


def import_run(run_id: int, authority_id: int | None = None) -> RunView | None:
    """One import, of this authority if one is named; None if there is none. 1 query."""
    rows = ImportRun.objects.filter(id=run_id).defer(*_HEAVY)
    row = (rows if authority_id is None else rows.filter(authority_id=authority_id)).first()
    return _view(row) if row is not None else None


def import_details(run_id: int, *, page: int, size: int) -> Details:
    """Samples and faults of a run; `page` (from 1) of the faults has `size` of them. 1 query."""
    row = ImportRun.objects.only("plan", "faults").get(id=run_id)
    return runs.details(row.plan, row.faults, page=page, size=size)


def rows_to_mend(run_id: int, *, words: Callable[[Fault], str], say: Say) -> bytes:
    """A workbook of the rows that cannot be taken, with what to mend beside each. 1 query.

    `words` puts a fault, `say` any text of ours into the reader's language.
    """
    kept = ImportRun.objects.only("faults").get(id=run_id).faults
    faults = [fault for fault in map(Fault.of, kept.get("list", ())) if fault.code not in REMARKS]
    places = {(fault.sheet, fault.line) for fault in faults}
    return workbooks.to_mend(
        headings={sheet: tuple(titles) for sheet, titles in kept.get("headings", {}).items()},
        rows=[(sheet, line, cells) for sheet, line, cells in kept.get("rows", ()) if (sheet, line) in places],
        faults=faults,
        words=words,
        say=say,
    )


def _view(row: ImportRun) -> RunView:
    return RunView(
        id=row.id,
        state=row.state,
        file_name=row.file_name,
        complete=row.complete,
        partly=row.partly,
        counts=runs.counts_of(row.counts),
        progress=row.progress,
        total=row.total,
        created_by=row.created_by_id,
        created_at=row.created_at,
        applied_by=row.applied_by_id,
        applied_at=row.applied_at,
        undone_by=row.undone_by_id,
        undone_at=row.undone_at,
        trouble=runs.reasons_of(row.trouble),
    )
