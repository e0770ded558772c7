"""Areas and units as other rooms see them, and what they were called at a moment. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar


@dataclass(frozen=True)
class OldName:
    """What something was called until a moment."""

    name: str
    name_en: str
    until: datetime


@dataclass(frozen=True)
class AreaView:
    """A division or community. `code` is its public code, `pinyin` the key to sort it by.

    One that was merged away is not active and names its successor; `formerly` are its old names, oldest first.
    """

    code: str
    name: str
    name_en: str
    level: str
    parent_code: str | None
    pinyin: str = ""
    active: bool = True
    successor_code: str | None = None
    formerly: tuple[OldName, ...] = ()


@dataclass(frozen=True)
class UnitView:
    """A unit as other rooms see it; `path` is "/1/5/", ids from the root down to the unit.

    One that was merged away is not active, names its successor and hangs below it, so that whoever sees the
    successor's orders sees the old ones. `inherited` are roles of units that were merged into this one.
    """

    id: int
    code: str
    name: str
    name_en: str
    level: str
    kind: str
    role_code: str
    area_code: str
    path: str
    parent_id: int | None
    authority_id: int
    phone: str
    active: bool = True
    successor_id: int | None = None
    ended_at: datetime | None = None
    formerly: tuple[OldName, ...] = ()
    inherited: tuple[str, ...] = ()

    @property
    def duties(self) -> tuple[str, ...]:
        """The roles that it answers for, its own first."""
        return (self.role_code, *self.inherited)


Named = TypeVar("Named", AreaView, UnitView)


def called(view: Named, at: datetime) -> Named:
    """The same under the name that it had at a moment."""
    old = next((old for old in view.formerly if old.until > at), None)
    return view if old is None else replace(view, name=old.name, name_en=old.name_en)
