"""The suggestion as it is stored: ids, codes, scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hotline.dispatch.suggestion import Ranked, Suggestion, Why


def to_document(suggestion: Suggestion, *, area_code: str | None, basis: str) -> dict[str, Any]:
    """JSON-ready; `basis` says who named the matter: person or reading."""
    return {
        "units": [_out(each) for each in suggestion.units],
        "assist": [_out(each) for each in suggestion.assist],
        "empty_reason": suggestion.empty_reason,
        "area_code": area_code,
        "basis": basis,
    }


def from_document(document: Mapping[str, Any]) -> Suggestion:
    """The suggestion that `to_document` wrote."""
    return Suggestion(
        units=tuple(_in(each) for each in document["units"]),
        assist=tuple(_in(each) for each in document["assist"]),
        empty_reason=document["empty_reason"],
    )


def _out(ranked: Ranked) -> dict[str, Any]:
    return {
        "unit_id": ranked.unit_id,
        "score": ranked.score,
        "matter": ranked.matter_code,
        "reasons": [[why.code, dict(why.params)] for why in ranked.reasons],
    }


def _in(document: Mapping[str, Any]) -> Ranked:
    reasons = tuple(Why(code, params) for code, params in document["reasons"])
    return Ranked(document["unit_id"], document["score"], document["matter"], reasons)
