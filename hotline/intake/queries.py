"""What doors ask before they take an appeal down."""

from __future__ import annotations

from datetime import datetime

from hotline.intake.appeal import AppealForm, check, tidy
from hotline.intake.completeness import Question, missing
from hotline.intake.models import Request
from hotline.intake.services.knowing import known
from hotline.organisation import queries as organisation
from hotline.policy import queries as policies
from hotline.refusal import Reason
from hotline.vault import queries as vault
from hotline.vault.cipher import OpenKey


def refusals(authority_id: int, form: AppealForm, at: datetime) -> tuple[Reason, ...]:
    """Why `form` would be refused. 0 queries when warm."""
    return check(tidy(form), known(policies.current(authority_id, at), authority_id), at)


def questions(authority_id: int, form: AppealForm, at: datetime) -> tuple[Question, ...]:
    """What would still have to be asked, in the order to ask it. 0 queries when warm."""
    return missing(tidy(form), policies.current(authority_id, at).matters.get(form.matter_code or ""))


def faults(authority_id: int, form: AppealForm, at: datetime) -> tuple[Reason, ...]:
    """Why `form` would be refused and what would still be asked, for a door that asks before it takes."""
    found = refusals(authority_id, form, at)
    fields = {reason.field for reason in found}
    asked = [Reason(each.code, each.text, each.field) for each in questions(authority_id, form, at)]
    return (*found, *(reason for reason in asked if reason.field not in fields))


def sent(authority_id: int, sender: str, number: str) -> int | None:
    """The id of the order with this number, if the partner `sender` sent it. 1 query."""
    found = Request.objects.filter(authority_id=authority_id, sender=sender, number=number)
    return found.values_list("order_id", flat=True).first() if sender else None


def authority_key(authority_id: int) -> OpenKey:
    """The key that seals what belongs to no resident yet: staged files, unfinished forms. 1 query."""
    authority = organisation.authority(authority_id)
    if authority is None:
        raise LookupError(f"there is no authority {authority_id}")
    return vault.open_keys([authority.key_id])[authority.key_id]
