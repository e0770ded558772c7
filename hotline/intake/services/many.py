"""Taking many appeals down at once, for imports: the same checks and the same order, a handful of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hotline.intake.appeal import AppealForm, check, tidy
from hotline.intake.services import requests
from hotline.intake.services.knowing import known
from hotline.intake.services.taking import new_order
from hotline.ledger.record import Actor
from hotline.organisation import queries as organisation
from hotline.policy import queries as policies
from hotline.refusal import N_, Reason, Refused, refuse
from hotline.residents import services as residents
from hotline.residents.services import Remembered
from hotline.vault import queries as vault
from hotline.vault.cipher import OpenKey
from hotline.workorder import services as workorder


@dataclass(frozen=True)
class TakenMany:
    """How many orders were made, how many rows were orders before, and why the others (by place) were refused."""

    created: int
    already: int
    refused: dict[int, Refused]


@transaction.atomic
def take_down_many(*, authority_id: int, forms: Sequence[AppealForm], actor: Actor, at: datetime) -> TakenMany:
    """Make orders of `forms`, each named by sender and source reference; a refused one costs no other.

    Files are not taken here. About 8 statements and one more for each order's number; a known person costs 2 to 3.
    """
    policy = policies.current(authority_id, at)
    now_known = known(policy, authority_id)
    refused: dict[int, Refused] = {}
    good: dict[int, AppealForm] = {}
    for place, form in enumerate(map(tidy, forms)):
        faults = check(form, now_known, at)
        if not faults and not form.source_ref:
            faults = (Reason("source_ref_missing", N_("请给每一件一个来源编号。"), "source_ref"),)
        if faults:
            refused[place] = Refused(*faults)
        else:
            good[place] = form
    begun = requests.begin_many(authority_id=authority_id, forms=good, at=at)
    refused |= begun.refused
    parent = _authority_key(authority_id)
    new = []
    for place in begun.fresh:
        new.append(new_order(good[place], authority_id, policy, _whose(good[place], authority_id, parent, at)))
    taken = workorder.register_many(new=new, actor=actor, at=at) if new else []
    requests.finish_many(
        request_ids=list(begun.fresh.values()),
        order_ids=[each.order_id for each in taken],
        numbers=[each.number for each in taken],
    )
    return TakenMany(len(taken), len(good) - len(begun.fresh) - len(begun.refused), refused)


def _whose(form: AppealForm, authority_id: int, parent: OpenKey, at: datetime) -> Remembered:
    if not form.phone and not form.name:
        return Remembered(None, parent)
    return residents.remember(
        authority_id=authority_id, phone=form.phone, name=form.name, language=form.language, at=at
    )


def _authority_key(authority_id: int) -> OpenKey:
    authority = organisation.authority(authority_id)
    if authority is None:
        refuse("authority_unknown", N_("没有这个热线平台代码，请核对。"), field="authority_code")
    return vault.open_keys([authority.key_id])[authority.key_id]
