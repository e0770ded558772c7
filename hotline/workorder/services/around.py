"""What happens to orders because something around them changed: units, rules, or only the time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from hotline.clocks import queries as clocks
from hotline.ledger.record import SYSTEM, Event
from hotline.organisation import queries as organisation
from hotline.organisation.queries import Replacement
from hotline.policy import queries as policy_queries
from hotline.refusal import Refused
from hotline.workorder.facts import Archived, Facts, PolicyAdopted, Rerouted, Resumed
from hotline.workorder.lifecycle import ENDED, OPEN, RULES, State
from hotline.workorder.models import Assist, Order
from hotline.workorder.services.alike import move_alike
from hotline.workorder.services.moving import move

_OPEN = tuple(state.value for state in OPEN)
_UNDECIDED = tuple(state.value for rule in RULES["adopt_policy"] for state in rule.origin)
_TO_ARCHIVE = tuple(state.value for state in ENDED if state is not State.ARCHIVED)
MOST = 500  # orders that a chore takes at a time


@transaction.atomic
def reroute(*, events: Sequence[Event], at: datetime) -> int:
    """Reaction: open orders of units and areas that were merged, moved or ended go on where their work is done today;
    their clocks run on. Returns how many. Few statements for each authority; one by one only where nobody is left."""
    moved = 0
    for replacement in organisation.replacements(events):
        found = _touched(replacement)
        facts = {order_id: _rerouted(replacement, unit, first, area) for order_id, unit, first, area in found}
        orphans = [order_id for order_id, said in facts.items() if said.unit_id is None and said.from_unit_id]
        for order_id in orphans:
            moved += _moved(order_id, facts.pop(order_id), at)
        moved += len(move_alike(moves=facts, actor=SYSTEM, at=at))
        _help_goes_along(replacement)
    return moved


def _touched(replacement: Replacement) -> list[tuple[int, int | None, int | None, str]]:
    open_orders = Order.objects.filter(authority_id=replacement.authority_id, state__in=_OPEN)
    units, areas = list(replacement.units), list(replacement.areas)
    ids: set[int] = set()
    for wanted in ({"unit_id__in": units}, {"first_unit_id__in": units}, {"area_code__in": areas}):
        ids |= set(open_orders.filter(**wanted).values_list("pk", flat=True))
    rows = open_orders.filter(pk__in=ids).order_by("pk")
    return list(rows.values_list("pk", "unit_id", "first_unit_id", "area_code"))


def _rerouted(replacement: Replacement, unit: int | None, first: int | None, area: str) -> Rerouted:
    gone = unit if unit in replacement.units else None
    return Rerouted(
        unit_id=replacement.units.get(unit) if unit is not None else None,
        first_unit_id=replacement.units.get(first) if first is not None else None,
        area_code=replacement.areas.get(area, ""),
        from_unit_id=gone,
    )


def _help_goes_along(replacement: Replacement) -> None:
    for old, new in replacement.units.items():
        helping = Assist.objects.filter(unit_id=old, order__state__in=_OPEN)
        if new is not None:
            helping.filter(order__unit_id=new).delete()  # what the lead does itself nobody assists with
            twice = Assist.objects.filter(unit_id=new).values("order_id")
            helping.exclude(order_id__in=twice).update(unit_id=new)


@transaction.atomic
def adopt_policy(*, events: Sequence[Event], at: datetime) -> int:
    """Reaction to policy.activated: orders that nobody was given yet are judged by the rules in force now; all others
    keep the version that they are judged by. Returns how many. Few statements for each authority."""
    moved = 0
    for authority_id in dict.fromkeys(event.stream.id for event in events):
        now = policy_queries.current(authority_id, at).id
        undecided = Order.objects.filter(authority_id=authority_id, state__in=_UNDECIDED)
        ids = undecided.exclude(policy_version_id=now).order_by("pk").values_list("pk", flat=True)
        moved += len(move_alike(moves={order_id: PolicyAdopted(now) for order_id in ids}, actor=SYSTEM, at=at))
    return moved


def resume_due(*, at: datetime, limit: int = MOST) -> int:
    """Chore: what has waited for its resident as long as the city allows goes on. Returns how many."""
    waited = clocks.unfinished("order").filter(kind="review", due_at__lt=at, paused_at__isnull=True)
    waiting = Order.objects.filter(state__in=("waiting", "incomplete"), pk__in=waited.values("stream_id"))
    return sum(
        _moved(order_id, Resumed(), at) for order_id in waiting.order_by("pk").values_list("pk", flat=True)[:limit]
    )


@transaction.atomic
def archive_due(*, at: datetime, limit: int = MOST) -> int:
    """Chore: what can no longer be opened again goes to the archive. Returns how many. 3 statements an authority."""
    archived = 0
    for authority in organisation.authorities():
        days = policy_queries.current(authority.id, at).handling.reopen_days
        ended = Order.objects.filter(authority_id=authority.id, state__in=_TO_ARCHIVE)
        ids = ended.filter(ended_at__lt=at - timedelta(days=days)).order_by("ended_at").values_list("pk", flat=True)
        archived += len(move_alike(moves={each: Archived() for each in ids[:limit]}, actor=SYSTEM, at=at))
    return archived


def _moved(order_id: int, facts: Facts, at: datetime) -> int:
    """1, or 0 when somebody was quicker."""
    try:
        move(order_id=order_id, facts=facts, actor=SYSTEM, at=at)
    except Refused:
        return 0
    return 1
