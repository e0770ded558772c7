"""What the doors call areas and matters, in the language of whoever asks."""

from __future__ import annotations

from collections.abc import Callable

from hotline.organisation import queries as organisation
from hotline.policy.policy import Policy
from hotline.ui.moment import in_chinese


def places(authority_id: int) -> Callable[[str], str]:
    """How the areas of an authority are called: 青石区东风街道; in English the smaller first."""
    areas = organisation.areas(authority_id)

    def name(code: str) -> str:
        chain = [area for area in areas.ancestors(code) if areas.get(area.parent_code) is not None]
        chain = chain or [area for area in (areas.get(code),) if area is not None]
        if in_chinese():
            return "".join(area.name for area in reversed(chain))
        return ", ".join(area.name_en or area.name for area in chain)

    return name


def matters(policy: Policy) -> Callable[[str], str]:
    """How the matters of a policy are called."""

    def name(code: str) -> str:
        found = policy.matters.get(code)
        return "" if found is None else found.name if in_chinese() else found.name_en

    return name
