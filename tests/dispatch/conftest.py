"""A loaded city with orders to read and to give away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest

from hotline.ledger import queries as ledger
from hotline.ledger.record import SYSTEM, Event, Stream
from hotline.organisation import queries as organisation
from hotline.organisation import services as staffing
from hotline.organisation.queries import AuthorityView
from hotline.organisation.viewer import Viewer
from hotline.policy import queries as policies
from hotline.policy import services as publishing
from hotline.understanding.engines import choosing
from hotline.vault import queries as vault
from hotline.workorder import services as orders
from hotline.workorder.services import NewOrder
from tests.understanding.city import small_city


@pytest.fixture(autouse=True)
def fresh_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids repeat between tests, so nothing may be kept from the one before; within one, no clock asks again."""
    monkeypatch.setattr(policies, "FRESH_SECONDS", 3600.0)
    monkeypatch.setattr(organisation.indexes, "FRESH_FOR", 3600.0)
    organisation.forget_cache()
    policies.forget_cache()
    choosing.forget_engines()


@dataclass(frozen=True)
class Town:
    """The loaded city."""

    authority: AuthorityView
    at: datetime

    def register(self, text: str, **more: object) -> int:
        """An order of nobody known; returns its id."""
        key = vault.open_keys([self.authority.key_id])[self.authority.key_id]
        new = NewOrder(self.authority.id, "phone", key, {"appeal": text}, **more)  # type: ignore[arg-type]
        return orders.register(new=new, actor=SYSTEM, at=self.at).order_id

    def events(self, *order_ids: int) -> list[Event]:
        """The newest event of each order."""
        return [ledger.timeline(Stream("order", order_id))[-1] for order_id in order_ids]

    def viewer(self, role: str) -> Viewer:
        """A new person of the hotline centre."""
        (centre,) = organisation.unit_index(self.authority.id).children(None)[:1]
        staff = staffing.create_staff(
            username=role, name="王芳", password=None, unit_id=centre.id, role=role, at=self.at
        )
        viewer = organisation.viewer_for(staff)
        assert viewer is not None
        return viewer


@pytest.fixture
def town(db: None, at: datetime) -> Town:
    staffing.load_city(pack=small_city(), at=at)
    authority = organisation.authority(small_city().code)
    assert authority is not None
    publishing.publish(pack=small_city(), authority_id=authority.id, at=at)
    return Town(authority, at)


@pytest.fixture
def unit_of(town: Town) -> Callable[[str, str], int]:
    """The id of a unit by role and area."""

    def find(role: str, area_code: str) -> int:
        index = organisation.unit_index(town.authority.id)
        return next(unit.id for unit in index if (unit.role_code, unit.area_code) == (role, area_code))

    return find
