"""A fictional city whose doors are open; the faces' clock stands at `at`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.conf import settings
from django.utils import timezone

from hotline import packs
from hotline.channels.api import keys
from hotline.intake import services as intake
from hotline.intake.appeal import AppealForm
from hotline.ledger.record import Actor
from hotline.organisation import queries as organisation
from hotline.organisation import services as staffing
from hotline.organisation.tree import UnitView
from hotline.organisation.viewer import Viewer
from hotline.policy import queries as policies
from hotline.policy import services as publishing
from tests.world import small_pack

TEXT = "解放路锦绣家园南门的路灯坏了快一个星期，晚上一片黑，老人摔过一跤。"


@dataclass(frozen=True)
class City:
    """The loaded city."""

    authority_id: int
    code: str
    at: datetime

    def take(self, text: str = TEXT, **said: object) -> intake.Taken:
        """An appeal by way of intake."""
        form = AppealForm(authority_code=self.code, channel="web", text=text, **{"phone": "13800005678", **said})  # type: ignore[arg-type]
        return intake.take_down(form=form, actor=Actor("resident"), at=self.at)

    def unit(self, role_code: str = "urban") -> UnitView:
        """Some unit with this role."""
        return next(unit for unit in organisation.unit_index(self.authority_id) if unit.role_code == role_code)

    def viewer(self, role: str, unit: UnitView | None = None) -> Viewer:
        """Somebody new in this role, at the hotline centre if not told where."""
        at_unit = unit or self.unit("hotline")
        staff_id = staffing.create_staff(
            username=f"{role.replace('_', '-')}-{at_unit.id}",
            name="王五",
            password=None,
            unit_id=at_unit.id,
            role=role,
            at=self.at,
        )
        found = organisation.viewer_for(staff_id)
        assert found is not None
        return found


@pytest.fixture(scope="session")
def pack() -> packs.City:
    """The fictional city, one county of it, read once."""
    return small_pack()


def forget_caches() -> None:
    """Ids repeat between tests, so nothing may be kept from the one before."""
    organisation.forget_cache()
    policies.forget_cache()
    keys.forget_cache()


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    forget_caches()
    yield
    forget_caches()


def open_city(pack: packs.City, at: datetime) -> City:
    """Load the city and publish its rules."""
    staffing.load_city(pack=pack, at=at)
    authority = organisation.authority(pack.code)
    assert authority is not None
    publishing.publish(pack=pack, authority_id=authority.id, at=at)
    return City(authority.id, pack.code, at)


@pytest.fixture
def city(db: None, pack: packs.City, at: datetime, monkeypatch: pytest.MonkeyPatch) -> City:
    """The city, open."""
    monkeypatch.setattr(timezone, "now", lambda: at)
    return open_city(pack, at)


@pytest.fixture
def data_dir(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> object:
    """A data folder of the test's own, for files and deliveries."""
    monkeypatch.setattr(settings, "HOTLINE_DATA_DIR", tmp_path)
    return tmp_path
