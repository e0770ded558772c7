"""What every step of an import does to its run, to the ledger, and to what others keep in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from hotline.ledger import services as ledger
from hotline.ledger.record import Actor, Draft, Json, Stream
from hotline.organisation import queries
from hotline.organisation.importing import runs
from hotline.organisation.models import Authority, ImportRun
from hotline.refusal import N_, Reason, refuse


def locked(run_id: int, states: tuple[str, ...]) -> ImportRun:
    """The run, held until the transaction ends. Refused: unknown (404), or in another state (409)."""
    row = ImportRun.objects.select_for_update(of=("self",)).select_related("authority__area").filter(id=run_id).first()
    if row is None:
        refuse("import_unknown", N_("没有这次导入，请回到导入列表。"), status=404)
    if row.state not in states:
        refuse(
            "import_state",
            N_("这次导入现在是“%(state)s”，这一步做不了。请看最新的状态。"),
            status=409,
            state=runs.STATE_LABELS[row.state],
        )
    return row


def hold_organisation() -> None:
    """Let nobody else change areas and units until the transaction ends: all authorities share the areas."""
    list(Authority.objects.select_for_update(no_key=True).order_by("id").values_list("id"))


def settle(run: ImportRun, state: str, *, trouble: Sequence[Reason] = (), **fields: Any) -> None:
    """Write the run's new state. 1 statement."""
    kept = runs.kept_reasons(trouble)
    ImportRun.objects.filter(id=run.id).update(state=state, trouble=kept, content=None, **fields)


def tell(run: ImportRun, kind: str, facts: Mapping[str, Json], actor: Actor, at: datetime) -> None:
    """Append an event to the authority's stream: the run and numbers only."""
    stream = Stream("authority", run.authority_id)
    ledger.append(drafts=[Draft(stream, kind, {"run": run.id, **facts}, actor, at)], at=at)


def counted(counts: Mapping[str, Mapping[str, int]]) -> dict[str, Json]:
    """The counts as facts: units_new, units_changed …"""
    return {f"{kind}_{verb}": number for kind, found in counts.items() for verb, number in found.items()}


def changed(authority: Authority, *, areas: bool) -> None:
    """Say that what others keep of the organisation is old; of areas, which all share, to all authorities."""
    touched = Authority.objects.all() if areas else Authority.objects.filter(id=authority.id)
    touched.update(revision=F("revision") + 1)
    queries.forget_cache()
    # Another thread may have read the old rows back in before the commit.
    transaction.on_commit(queries.forget_cache)


def staff_of(actor: Actor) -> int | None:
    """The number of the member of staff who acts; None for everybody else."""
    return int(actor.id) if actor.kind == "staff" and actor.id else None
