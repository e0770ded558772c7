"""Suggestions, with names and reasons ready to be put into words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.dispatch.models import SuggestionRecord
from hotline.dispatch.record import from_document
from hotline.dispatch.suggestion import EMPTY, WHY, Ranked, Suggestion, Why
from hotline.organisation import queries as organisation
from hotline.organisation.tree import UnitIndex
from hotline.policy import queries as policy_queries
from hotline.policy.policy import Policy
from hotline.refusal import Reason


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
        row = self.units.areas.get(str(value)) if param == "area" else tables.get(param, {}).get(str(value))
        if row is None:
            return value
        chosen = getattr(row, "name_en", "") if self.english else ""
        return str(chosen or getattr(row, "name", value))
