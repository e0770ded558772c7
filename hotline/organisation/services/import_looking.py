"""The first step: taking a file in, and working out what it would change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from hotline.files import sheets
from hotline.ledger.record import SYSTEM, Actor
from hotline.organisation.importing import plan as planning
from hotline.organisation.importing import rows, runs
from hotline.organisation.importing.kinds import Kind
from hotline.organisation.importing.plan import Plan
from hotline.organisation.importing.present import Rules
from hotline.organisation.importing.rows import Progress, Reading
from hotline.organisation.models import Authority, ImportRun
from hotline.organisation.services.import_present import present
from hotline.organisation.services.import_recording import counted, settle, staff_of, tell
from hotline.refusal import N_, Refused, refuse


@transaction.atomic
def start_import(
    *, authority_id: int, file_name: str, content: bytes, rules: Rules, complete: bool, actor: Actor, at: datetime
) -> int:
    """Take a file in, to be looked at by `preview_import`; the run's id. Nothing of the organisation changes.

    `complete`: the sheets hold everything, so what they lack is to be ended. Refused: an unknown authority (404), a
    file that is empty, too large (413), damaged or no spreadsheet.
    """
    if not Authority.objects.filter(id=authority_id).exists():
        refuse("authority_unknown", N_("没有这个热线平台代码，请核对。"), status=404)
    sheets.check(file_name, content)
    row = ImportRun.objects.create(
        authority_id=authority_id,
        state=runs.WAITING,
        file_name=file_name[-200:],
        content=content,
        complete=complete,
        plan={"rules": rules.as_json()},
        created_by_id=staff_of(actor),
        created_at=at,
    )
    return row.id


def preview_import(*, run_id: int, at: datetime, actor: Actor = SYSTEM, progress: Progress | None = None) -> None:
    """Read the file and work out what it would change; only the run itself is written. Appends "import.previewed".

    A file that cannot be read ends the run, with the reasons kept. Nothing happens when it was looked at already.
    """
    row = ImportRun.objects.select_related("authority__area").filter(id=run_id, state=runs.WAITING).first()
    if row is None or row.content is None:
        return
    rules = Rules.of(row.plan["rules"])
    try:
        reading = rows.read(sheets.read(row.file_name, bytes(row.content)), rules.grid_digits, progress)
    except Refused as refused:
        settle(row, runs.FAILED, trouble=refused.reasons)
        return
    named = {kind: reading.named[kind] - {""} for kind in Kind}
    found = planning.make(reading, present(row.authority, named), rules, complete=row.complete)
    counts = {kind.value: numbers for kind, numbers in found.counts.items()}
    kept = {"rules": rules.as_json(), "revision": row.authority.revision, **found.as_json()}
    with transaction.atomic():
        looked = ImportRun.objects.filter(id=run_id, state=runs.WAITING).update(
            state=runs.PREVIEWED,
            content=None,
            plan=kept,
            faults=_to_mend(found, reading),
            counts=counts,
            progress=reading.read,
            total=reading.read,
        )
        if looked:
            tell(row, "import.previewed", counted(counts), actor, at)


def _to_mend(found: Plan, reading: Reading) -> dict[str, Any]:
    """What is wrong, with the bad rows as they came."""
    bad = dict.fromkeys((fault.sheet, fault.line) for fault in found.faults)
    return {
        "list": [fault.row() for fault in found.faults],
        "headings": {sheet: list(headings) for sheet, (_, headings) in reading.headings.items()},
        "rows": [[*place, list(reading.cells[place])] for place in bad if place in reading.cells],
    }
