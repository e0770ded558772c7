"""The way back: what an import changed is put back, what it created is taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from hotline.ledger.record import Actor
from hotline.organisation.importing import runs
from hotline.organisation.importing.kinds import Kind
from hotline.organisation.importing.plan import NEW, Entry, entries_of
from hotline.organisation.importing.present import Rules
from hotline.organisation.importing.rows import Progress
from hotline.organisation.models import Area, Authority, FormerName, ImportRun, Unit
from hotline.organisation.services.import_applying import MOST_NAMED, differing, reason, tell_ended, write
from hotline.organisation.services.import_recording import changed, hold_organisation, locked, settle, staff_of, tell
from hotline.organisation.services.import_removing import take_away
from hotline.refusal import N_, Reason, Refused

_CHANGED = N_("%(kind)s %(code)s 导入后又改过，不能退回原样。")
_USED = N_("%(kind)s %(code)s 已经在用（有工单、人员、下级或登录记录），不能删掉。")
_MORE = N_("一共 %(count)s 行不能撤销。可以选择撤销其余的行，这些行保持现在的样子。")


@transaction.atomic
def undo_import(*, run_id: int, partly: bool, actor: Actor, at: datetime, progress: Progress | None = None) -> None:
    """Put back what an import changed, and delete what it created. Once only. Appends "import.undone".

    Refused (409): it was not written, or was undone already; rows were changed again since, or created ones are in
    use; with `partly` those stay as they are, and the run names them. A fixed number of statements, however many rows.
    """
    row = locked(run_id, (runs.APPLIED, runs.UNDOING))
    hold_organisation()
    entries = entries_of(row.plan)
    moved = differing(row.authority, entries, applied=True)
    left = [reason("undo_changed", _CHANGED, *each) for each in moved]
    stay = set(moved)
    back = {kind: [e for e in found if (kind, e.code) not in stay] for kind, found in entries.items()}
    restored = {kind: [(e.code, e.before) for e in found if e.before is not None] for kind, found in back.items()}
    _forget_former_names(row, back)
    write(row.authority, restored, Rules.of(row.plan["rules"]), actor, at, progress)
    left += _take_away(row.authority, back)
    if left and not partly:
        raise Refused(Reason("undo_left", _MORE, None, {"count": len(left)}), *left[:MOST_NAMED], status=409)
    turned = {
        kind: [Entry(e.line, e.code, e.after, e.before) for e in found if e.before] for kind, found in back.items()
    }
    tell_ended(row.authority, turned, actor, at)
    tell(row, "import.undone", {"left": len(left)}, actor, at)
    settle(row, runs.UNDONE, trouble=left[:MOST_NAMED], undone_by_id=staff_of(actor), undone_at=at)
    changed(row.authority, areas=bool(entries[Kind.AREAS]))


def _take_away(authority: Authority, back: Mapping[Kind, Sequence[Entry]]) -> list[Reason]:
    """Delete what was created, from the people up to the areas, so that what belongs together goes together."""
    left = []
    for kind in reversed(Kind):
        created = [entry for entry in back[kind] if entry.verb == NEW]
        left += [reason("undo_used", _USED, kind, code) for code in sorted(take_away(kind, created, authority))]
    return left


def _forget_former_names(run: ImportRun, back: Mapping[Kind, Sequence[Entry]]) -> None:
    """A name that the import gave was never one: what stood before comes back as if nothing had been."""
    assert run.applied_at is not None  # noqa: S101 - it was applied
    written = FormerName.objects.filter(until=run.applied_at)
    codes = {kind: [e.code for e in found if e.before] for kind, found in back.items()}
    written.filter(area__in=Area.objects.filter(code__in=codes[Kind.AREAS])).delete()
    named = Unit.objects.filter(authority=run.authority, code__in=[*codes[Kind.UNITS], *codes[Kind.GRIDS]])
    written.filter(unit__in=named).delete()
