"""A published rulebook with its calendar: what every room above asks for rules."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.packs import CalendarTable, Rulebook


@dataclass(frozen=True, kw_only=True)
class Policy(Rulebook):
    """One version of an authority's rules (`id` is its row), with the newest calendar, which is versioned apart."""

    id: int
    authority_id: int
    version: int
    calendar_version: int
    calendar: CalendarTable
