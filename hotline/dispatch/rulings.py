"""What meetings ruled: which ruling binds an order, as long as the catalogue still says what was interpreted. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from hotline.dispatch.answer import Ruled
from hotline.dispatch.questions import Rulings
from hotline.organisation.tree import AreaIndex
from hotline.packs import Matter
from hotline.policy.policy import Policy

SCOPES = ("county", "city")
# What of a catalogue's row a ruling interprets.
DUTIES = frozenset(
    {"code", "lead_role", "assist_roles", "answerable_level", "grassroots_ok", "duty", "level1", "level2", "level3"}
)


@dataclass(frozen=True)
class Kept:
    """One ruling in force; `digest` is of the catalogue's row that it interprets."""

    matter_code: str
    area_code: str
    digest: str
    ruled: Ruled


@dataclass(frozen=True)
class InForce:
    """The rulings of one authority, by matter and area."""

    kept: Mapping[tuple[str, str], Kept]

    @staticmethod
    def of(rulings: Iterable[Kept]) -> InForce:
        """These rulings."""
        return InForce({(each.matter_code, each.area_code): each for each in rulings})

    def under(self, policy: Policy, areas: AreaIndex) -> Rulings:
        """What binds under these rules; a ruling lapses when its row of the catalogue has changed."""

        def binding(matter_code: str, area_code: str | None) -> Ruled | None:
            found = self.kept.get((matter_code, scope(areas, area_code) or ""))
            matter = policy.matters.get(matter_code)
            if found is None or matter is None or found.digest != digest(matter):
                return None
            return found.ruled

        return binding


def scope(areas: AreaIndex, area_code: str | None) -> str | None:
    """The area that a ruling about this place holds for: its county, or the city where no county is known."""
    return next((area.code for area in areas.ancestors(area_code) if area.level in SCOPES), None)


def digest(matter: Matter) -> str:
    """Names a row of the catalogue by what it says of duties: who leads, who assists, at which level."""
    row = {name: value for name, value in asdict(matter).items() if name in DUTIES}
    return hashlib.sha256(json.dumps(row, ensure_ascii=False, sort_keys=True, default=list).encode()).hexdigest()
