"""The second step: writing what the preview showed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from hotline.ledger.record import Actor
from hotline.organisation.importing import runs
from hotline.organisation.importing.faults import REMARKS
from hotline.organisation.importing.kinds import KIND_LABELS, Kind
from hotline.organisation.importing.plan import ENDED, Entry, entries_of
from hotline.organisation.importing.present import Rules, Values
from hotline.organisation.importing.rows import Progress
from hotline.organisation.models import Authority, ImportRun
from hotline.organisation.services import import_writing as writing
from hotline.organisation.services.import_present import standing
from hotline.organisation.services.import_recording import (
    changed,
    counted,
    hold_organisation,
    locked,
    settle,
    staff_of,
    tell,
)
from hotline.refusal import N_, Reason, Refused, refuse

MOST_NAMED = 20  # rows that a refusal names
Targets = Mapping[Kind, Sequence[tuple[str, Values]]]


@transaction.atomic
def apply_import(*, run_id: int, partly: bool, actor: Actor, at: datetime, progress: Progress | None = None) -> None:
    """Write what the preview showed; `partly`: the good rows although there are bad ones. Appends "import.applied".

    Refused (409): it was written already or never looked at; the organisation has changed since; rows are bad and
    `partly` was not chosen; there is nothing to write. A fixed number of statements, however many rows.
    """
    row = locked(run_id, (runs.PREVIEWED, runs.APPLYING))
    hold_organisation()
    entries = entries_of(row.plan)
    _check(row, entries, partly=partly)
    for kind in (Kind.AREAS, Kind.UNITS, Kind.GRIDS):
        renamed = [(e.code, e.before) for e in entries[kind] if e.before and e.before["name"] != e.after["name"]]
        writing.former_names(row.authority, renamed, at, of_areas=kind is Kind.AREAS)
    targets = {kind: [(entry.code, entry.after) for entry in found] for kind, found in entries.items()}
    write(row.authority, targets, Rules.of(row.plan["rules"]), actor, at, progress)
    tell_ended(row.authority, entries, actor, at)
    tell(row, "import.applied", counted(row.counts), actor, at)
    settle(row, runs.APPLIED, partly=partly, applied_by_id=staff_of(actor), applied_at=at)
    changed(row.authority, areas=bool(entries[Kind.AREAS]))


def write(
    authority: Authority, targets: Targets, rules: Rules, actor: Actor, at: datetime, progress: Progress | None
) -> None:
    """Make all rows what they are to be, kind by kind, in the order in which they build on each other."""
    total, done = sum(len(rows) for rows in targets.values()), 0
    for kind, rows in targets.items():
        if not rows:
            continue
        if kind is Kind.AREAS:
            writing.areas(authority, rows, at)
        elif kind is Kind.UNITS:
            writing.units(authority, rows, rules, at)
        elif kind is Kind.GRIDS:
            writing.grids(authority, rows, rules, at)
        else:
            writing.workers(authority, rows, actor, at)
        done += len(rows)
        if progress is not None:
            progress(done, total)


def tell_ended(authority: Authority, entries: Mapping[Kind, Sequence[Entry]], actor: Actor, at: datetime) -> None:
    """Say of every unit and grid that was ended that it was: what is open there has to go elsewhere."""
    codes = [entry.code for kind in (Kind.UNITS, Kind.GRIDS) for entry in entries[kind] if entry.verb == ENDED]
    writing.told_ended(authority, codes, actor, at)


def differing(
    authority: Authority, entries: Mapping[Kind, Sequence[Entry]], *, applied: bool
) -> list[tuple[Kind, str]]:
    """The rows that do not stand as they did before the import (or, `applied`, as it left them)."""
    now = standing(authority, {kind: [entry.code for entry in found] for kind, found in entries.items()})
    return [
        (kind, entry.code)
        for kind, found in entries.items()
        for entry in found
        if now[kind].get(entry.code) != (entry.after if applied else entry.before)
    ]


def reason(code: str, text: str, kind: Kind, row: str) -> Reason:
    """A reason about one row."""
    return Reason(code, text, None, {"kind": KIND_LABELS[kind], "code": row})


def _check(run: ImportRun, entries: Mapping[Kind, Sequence[Entry]], *, partly: bool) -> None:
    bad = {(sheet, line) for sheet, line, _, code, _ in run.faults["list"] if code not in REMARKS}
    if bad and not partly:
        refuse(
            "import_faulty",
            N_("有 %(count)s 处要改。请改好后重新导入，或选择只写入没有错的行。"),
            status=409,
            count=len(bad),
        )
    if not any(entries.values()):
        refuse("import_empty", N_("没有要写入的行：内容和现在的一样，或者都要先改。"), status=409)
    again = differing(run.authority, entries, applied=False)
    if again or run.authority.revision != run.plan["revision"]:
        stale = N_("核对之后机构又改过，核对的结果已经不准。请重新上传这个文件核对一次。")
        named = [reason("import_row_stale", N_("%(kind)s %(code)s 又改过。"), *each) for each in again[:MOST_NAMED]]
        raise Refused(Reason("import_stale", stale), *named, status=409)
