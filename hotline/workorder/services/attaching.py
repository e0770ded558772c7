"""Files that come after the appeal: photos of the site, evidence, sealed papers, what the resident was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from hotline.files import queries as stored
from hotline.files import services as files
from hotline.files.checking import Readable
from hotline.ledger import services as ledger
from hotline.ledger.record import Actor, Draft, Stream
from hotline.policy import queries as policy_queries
from hotline.refusal import N_, refuse
from hotline.vault import queries as vault
from hotline.workorder import guards
from hotline.workorder.lifecycle import OPEN, State
from hotline.workorder.models import Order
from hotline.workorder.queries.standing import Looked, assisting, situation

MOST_AT_ONCE = 9
MOST = 60  # files of one order


@dataclass(frozen=True)
class Upload:
    """A file as it came in; its name is only held against its content, and not kept."""

    name: str = field(repr=False)
    content: Readable = field(repr=False)


@transaction.atomic
def attach(*, order_id: int, uploads: Sequence[Upload], actor: Actor, at: datetime) -> tuple[int, ...]:
    """Check files and keep them with an order that is not ended; returns their ids. The event `file.attached` names
    them. Raises `Refused`: 404 not theirs to see, 409 ended, 422 what is wrong with which file. All or none."""
    if not uploads:
        refuse("no_file", N_("请先选择文件。"), field="files")
    if len(uploads) > MOST_AT_ONCE:
        refuse("files_too_many", N_("一次最多传 %(most)s 个文件，请分几次。"), field="files", most=MOST_AT_ONCE)
    order = Order.objects.select_for_update(of=("self",)).filter(pk=order_id).first()
    if order is None or not _theirs(order, actor, at):
        refuse("no_such_order", N_("没有这件工单，请核对工单号。"), status=404)
    if State(order.state) not in OPEN:
        refuse("order_ended", N_("工单已经结束，不再收附件。要补充的请重新办理后再传。"), status=409)
    stream = Stream("order", order_id)
    if len(stored.for_stream(stream)) + len(uploads) > MOST:
        refuse("files_full", N_("这件工单的附件已满 %(most)s 个，请把要紧的写进说明。"), field="files", most=MOST)
    key = vault.open_keys([order.key_id])[order.key_id]
    staged = [files.stage(name=each.name, content=each.content, authority_key=key, at=at) for each in uploads]
    ids = tuple(files.attach(tokens=[each.token for each in staged], stream=stream, key=key, at=at))
    ledger.append(drafts=[Draft(stream, "file.attached", {"file_ids": list(ids)}, actor, at)], at=at)
    return ids


def _theirs(order: Order, actor: Actor, at: datetime) -> bool:
    """Whether the law lets this actor act on the order at all: their own appeal, their unit's, or one they assist."""
    policy = policy_queries.version(order.policy_version_id)
    looked = Looked(assists=assisting(order.pk) if order.assisting else None)
    case = situation(order, None, actor, frozenset(), policy, at, looked)
    known = actor.kind != "staff" or case.own is not None
    return known and guards.own_appeal(case) is None and guards.own_scope(case) is None
