"""Steps that people asked for and the worker takes: long work is no request's to wait for."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from hotline.ledger.record import SYSTEM, Actor
from hotline.organisation.importing import runs
from hotline.organisation.importing.rows import Progress
from hotline.organisation.models import ImportRun
from hotline.organisation.services.import_applying import apply_import
from hotline.organisation.services.import_looking import preview_import
from hotline.organisation.services.import_recording import locked, settle, staff_of
from hotline.organisation.services.import_undoing import undo_import
from hotline.refusal import N_, Reason, Refused

log = logging.getLogger(__name__)
KEPT_FOR = timedelta(days=30)  # what was looked at and never written
# What a person may ask for: from which state, and the state in which the worker finds it.
_STEPS: Mapping[str, tuple[str, str]] = {"apply": (runs.PREVIEWED, runs.APPLYING), "undo": (runs.APPLIED, runs.UNDOING)}
_BROKE = N_("程序出错，这一步没有做，什么也没有改。请再试一次；还是不行，请把导入编号告诉维护人员。")


@transaction.atomic
def ask_for_import_step(*, run_id: int, step: str, partly: bool, actor: Actor, at: datetime) -> None:
    """Ask the worker to "apply" or "undo" a run, as `actor`. Refused: unknown (404), not in the state for it (409)."""
    before, asked = _STEPS[step]
    row = locked(run_id, (before,))
    settle(row, asked, partly=partly)
    who = "applied_by_id" if step == "apply" else "undone_by_id"
    ImportRun.objects.filter(id=run_id).update(**{who: staff_of(actor)})


def work_on_imports(*, at: datetime) -> int:
    """Take the steps that wait, one run after the other; returns how many. What was never written lapses."""
    lapsed = ImportRun.objects.filter(state__in=(runs.PREVIEWED, runs.FAILED), created_at__lt=at - KEPT_FOR)
    lapsed.update(state=runs.LAPSED, plan={}, faults={}, content=None)
    waiting = list(ImportRun.objects.filter(state__in=runs.AT_WORK).order_by("id").values_list("id", "state"))
    for run_id, state in waiting:
        try:
            _take_step(run_id, state, at)
        except Refused as refused:
            _give_back(run_id, state, refused.reasons)
        except Exception as error:  # the next run is not to wait for this one
            log.warning("import %s: %s while %s", run_id, type(error).__name__, state)
            _give_back(run_id, state, (Reason("import_broke", _BROKE),))
    return len(waiting)


def _take_step(run_id: int, state: str, at: datetime) -> None:
    row = ImportRun.objects.defer("plan", "faults", "content").get(id=run_id)
    if state == runs.WAITING:
        preview_import(run_id=run_id, at=at, actor=_as(row.created_by_id), progress=_shown(run_id))
    elif state == runs.APPLYING:
        apply_import(run_id=run_id, partly=row.partly, actor=_as(row.applied_by_id), at=at)
    else:
        undo_import(run_id=run_id, partly=row.partly, actor=_as(row.undone_by_id), at=at)


def _give_back(run_id: int, state: str, reasons: tuple[Reason, ...]) -> None:
    """Put the run back to where it was before the step, with why it was not taken; whoever was faster is left alone."""
    former = {runs.WAITING: runs.FAILED, runs.APPLYING: runs.PREVIEWED, runs.UNDOING: runs.APPLIED}[state]
    ImportRun.objects.filter(id=run_id, state=state).update(state=former, trouble=runs.kept_reasons(reasons))


def _shown(run_id: int) -> Progress:
    """Progress that the page can see: a statement of its own, committed at once."""

    def show(done: int, about: int) -> None:
        ImportRun.objects.filter(id=run_id).update(progress=done, total=about)

    return show


def _as(staff_id: int | None) -> Actor:
    return Actor("staff", id=str(staff_id)) if staff_id is not None else SYSTEM
