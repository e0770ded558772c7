"""Suggestions, with names and reasons ready to be put into words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.clocks.hours import local_day
from hotline.dispatch.answer import EMPTY, WHY, Ranked, Ruled, Suggestion, Why
from hotline.dispatch.foresight import Foreseen, foresee
from hotline.dispatch.models import Ruling, SuggestionRecord
from hotline.dispatch.questions import pose, proposed_in
from hotline.dispatch.record import from_document
from hotline.dispatch.rulings import InForce, Kept
from hotline.organisation import queries as organisation
from hotline.organisation.tree import UnitIndex
from hotline.policy import queries as policy_queries
from hotline.policy.policy import Policy
from hotline.refusal import Reason
from hotline.understanding import queries as understanding
from hotline.workorder import queries as workorder

# States in which an order takes on newly activated rules: the law's origins of "adopt_policy".
NOT_YET_DISPATCHED = ("registered", "incomplete", "accepted", "returned", "convened")
_BATCH = 500


@dataclass(frozen=True)
class SuggestedUnit:
    """A unit on the list; `rank` counts from 1, `reasons` are msgids with params in the language asked for."""

    rank: int
    unit_id: int
    name: str
    name_en: str
    score: float
    matter_code: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class SuggestionView:
    """What the machine proposes for an order; `empty` says in words why there is nothing, or why to look twice."""

    order_id: int
    units: tuple[SuggestedUnit, ...]
    assist: tuple[SuggestedUnit, ...]
    empty: Reason | None
    area_code: str | None
    basis: str
    created_at: datetime


def suggestion(order_id: int, *, language: str = "zh-hans") -> SuggestionView | None:
    """The newest suggestion for an order, None when there is none yet. 1 statement."""
    row = (
        SuggestionRecord.objects.filter(order_id=order_id)
        .order_by("-pk")
        .values_list("document", "created_at", "order__authority_id", "order__policy_version_id")
        .first()
    )
    if row is None:
        return None
    document, created_at, authority_id, policy_id = row
    names = _Names(policy_queries.version(policy_id), organisation.unit_index(authority_id), language.startswith("en"))
    found = from_document(document)
    return SuggestionView(
        order_id=order_id,
        units=names.named(found.units),
        assist=names.named(found.assist),
        empty=Reason(found.empty_reason, EMPTY[found.empty_reason]) if found.empty_reason else None,
        area_code=document["area_code"],
        basis=document["basis"],
        created_at=created_at,
    )


def suggestions(order_ids: Iterable[int]) -> dict[int, Suggestion]:
    """The newest suggestion of each order, as ids and codes. 1 statement."""
    return {order_id: from_document(document) for order_id, document in documents(order_ids).items()}


def documents(order_ids: Iterable[int]) -> dict[int, Mapping[str, Any]]:
    """The newest stored document of each order. 1 statement."""
    rows = SuggestionRecord.objects.filter(order_id__in=list(order_ids)).order_by("order_id", "-pk")
    return dict(rows.distinct("order_id").values_list("order_id", "document"))


@dataclass(frozen=True)
class Preview:
    """What activating a version would change at the moment `at`. Of the `waiting` orders that are not dispatched yet,
    the newest `looked_at` were tried; for `moved` another unit comes first, for `relimited` a limit changes."""

    version_id: int
    at: datetime
    waiting: int
    looked_at: int
    moved: int
    relimited: int
    rows: tuple[Foreseen, ...]


def preview(
    *,
    authority_id: int,
    version_id: int,
    at: datetime,
    limit: int = 500,
    progress: Callable[[int, int], None] | None = None,
) -> Preview:
    """Try a version on the orders not yet dispatched: the same thinking as for real, and nothing is stored.

    Each order is compared under the version that it has now and under this one; orders not read yet are left out.
    `progress` hears how many of how many are done. 1 statement, and 4 for every 500 orders. Raises `Refused` (404) for
    an unknown version.
    """
    policy, units = policy_queries.version(version_id), organisation.unit_index(authority_id)
    waiting = workorder.ids_in(authority_id, NOT_YET_DISPATCHED)
    chosen = waiting[::-1][:limit]
    rows: list[Foreseen] = []
    for start in range(0, len(chosen), _BATCH):
        batch = chosen[start : start + _BATCH]
        rows += _foreseen(batch, policy, units)
        if progress is not None:
            progress(start + len(batch), len(chosen))
    moved, relimited = sum(row.moves for row in rows), sum(bool(row.limits) for row in rows)
    return Preview(version_id, at, len(waiting), len(chosen), moved, relimited, tuple(rows))


def _foreseen(ids: list[int], policy: Policy, units: UnitIndex) -> list[Foreseen]:
    orders, readings, stored = workorder.codes(ids), understanding.readings(ids), suggestions(ids)
    bound = rulings_in_force({policy.authority_id})[policy.authority_id]
    found = []
    for order in (orders[order_id] for order_id in ids if order_id in orders):
        before = policy_queries.version(order.policy_version_id)
        reading, proposed = readings.get(order.id), proposed_in(stored.get(order.id))
        was, comes = (pose(order, reading, proposed, bound.under(rules, units.areas)) for rules in (before, policy))
        if was is not None and comes is not None:
            found.append(foresee(order, (was.question, comes.question), before, policy, units))
    return [each for each in found if each is not None]


def rulings_in_force(authority_ids: Iterable[int]) -> dict[int, InForce]:
    """What meetings have ruled, by authority. 1 statement."""
    wanted = list(authority_ids)
    names = ("authority_id", "matter_code", "area_id", "row_digest", "unit_id", "assist_ids", "ruled_at")
    kept: dict[int, list[Kept]] = {each: [] for each in wanted}
    rows = Ruling.objects.filter(authority_id__in=wanted, replaced_at=None).order_by("pk").values_list(*names)
    for authority_id, matter, area, row_digest, unit_id, assist_ids, ruled_at in rows:
        ruled = Ruled(unit_id, tuple(assist_ids), local_day(ruled_at).isoformat())
        kept[authority_id].append(Kept(matter, area, row_digest, ruled))
    return {authority_id: InForce.of(each) for authority_id, each in kept.items()}


@dataclass(frozen=True)
class _Names:
    policy: Policy
    units: UnitIndex
    english: bool

    def named(self, ranked: Iterable[Ranked]) -> tuple[SuggestedUnit, ...]:
        found = []
        for rank, each in enumerate(ranked, start=1):
            unit = self.units.get(each.unit_id)
            if unit is not None:
                reasons = tuple(self.reason(why) for why in each.reasons)
                found.append(
                    SuggestedUnit(rank, unit.id, unit.name, unit.name_en, each.score, each.matter_code, reasons)
                )
        return tuple(found)

    def reason(self, why: Why) -> Reason:
        params = {name: self.name(name, value) for name, value in why.params.items()}
        return Reason(why.code, WHY[why.code], None, params)

    def name(self, param: str, value: str | int) -> str | int:
        tables: Mapping[str, Mapping[str, object]] = {"matter": self.policy.matters, "role": self.policy.roles}
        row: object = tables.get(param, {}).get(str(value))
        if param == "area":
            row = self.units.areas.get(str(value))
        elif param == "unit" and isinstance(value, int):
            row = self.units.get(value)
        if row is None:
            return value
        chosen = getattr(row, "name_en", "") if self.english else ""
        return str(chosen or getattr(row, "name", value))
