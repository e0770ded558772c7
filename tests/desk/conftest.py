"""A fictional city with one member of staff per role, for the pages of the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

import pytest
from django.test import Client
from django.utils import timezone

from hotline import packs, walk
from hotline.dispatch import queries as dispatch
from hotline.dispatch import services as dispatching
from hotline.intake import services as intake
from hotline.intake.appeal import AppealForm
from hotline.intake.exits import ExitChoice
from hotline.ledger.record import SYSTEM, Actor
from hotline.organisation import queries as organisation
from hotline.organisation import services as staffing
from hotline.organisation.viewer import Viewer
from hotline.policy import queries as policies
from hotline.policy import services as publishing
from hotline.workorder import queries as workorder
from hotline.workorder import services as moving
from hotline.workorder.facts import Amended

PASSWORD = "long-enough-7"
TEXT = "青石区东风街道解放路锦绣家园 7 栋暖气不热，室内只有 12 度，家里有 78 岁的老人，请尽快派人来修。"


@dataclass
class Desk:
    """The city, who works in it, and a browser for each."""

    authority_id: int
    staff: dict[str, int]
    at: datetime
    first: int = 0  # the first order that was taken down

    def viewer(self, role: str) -> Viewer:
        """Whose eyes `role` has."""
        found = organisation.viewer_for(self.staff[role])
        assert found is not None
        return found

    def client(self, role: str, language: str = "zh-hans") -> Client:
        """A browser signed in as `role`."""
        from django.contrib.auth import get_user_model

        client = Client()
        client.force_login(
            get_user_model().objects.get(pk=self.staff[role]), backend="django.contrib.auth.backends.ModelBackend"
        )
        client.cookies["django_language"] = language
        return client

    def unit(self, name: str) -> int:
        """A unit of the county by a part of its name."""
        return next(
            unit.id
            for unit in organisation.unit_index(self.authority_id)
            if name in unit.name and unit.level == "county"
        )

    def matter(self, word: str) -> str:
        """The code of the first matter about heat, as a person types it."""
        matters = policies.current(self.authority_id, self.at).matters.values()
        return next(matter.code for matter in matters if word in matter.level2 + matter.level3)

    def suggested(self, order_id: int) -> int:
        """The unit that the machine would give the order to."""
        found = dispatch.suggestion(order_id)
        assert found is not None
        assert found.units, found.empty
        return found.units[0].unit_id

    def dispatched(self) -> int:
        """An order that lies with the suggested unit."""
        order_id = self.appeal(kind="help", matter_code=self.matter("供热"), area_code=self.county)
        intake.decide_exit(order_id=order_id, choice=ExitChoice("process"), viewer=self.viewer("agent"), at=self.at)
        dispatching.decide(
            order_id=order_id, unit_id=self.suggested(order_id), viewer=self.viewer("dispatcher"), at=self.at
        )
        return order_id

    @property
    def county(self) -> str:
        """The code of the one county."""
        return next(area.code for area in organisation.areas(self.authority_id) if area.name == "青石区")

    def lead_of(self, order_id: int) -> int:
        """The unit that leads the order."""
        unit = workorder.order(order_id, self.viewer("supervisor"), self.at).unit
        assert unit is not None
        return unit.id

    def taken_by_an_agent(self) -> int:
        """An order that an agent took down by phone and checked."""
        order_id = self.appeal(channel="phone", by=self.viewer("agent").actor())
        facts, at = Amended(kind="help"), self.at
        moving.move(order_id=order_id, facts=facts, actor=self.viewer("agent").actor(), at=at, texts={}, seen=None)
        return order_id

    def appeal(self, text: str = TEXT, *, by: Actor = SYSTEM, **changes: object) -> int:
        """Take an appeal down and let the machine read it; returns the order's id."""
        form = AppealForm(
            authority_code="990100",
            channel="web",
            line=None,
            name="张三丰",
            phone="13812345678",
            anonymous=False,
            secret=False,
            kind=None,
            title=None,
            text=text,
            place=None,
            area_code=None,
            own_at=None,
            matter_code=None,
            file_tokens=(),
            idempotency_key=None,
            language="zh-hans",
            source_ref=None,
        )
        taken = intake.take_down(form=replace(form, **changes), actor=by, at=self.at)  # type: ignore[arg-type]
        walk.run_once(at=self.at)
        self.first = self.first or taken.order_id
        return taken.order_id


@cache
def small_city() -> packs.City:
    """The fictional city with its whole catalogue, but only one county and a few towns of it: quick to load."""
    city = packs.load("yunjiang")
    county = next(area for area in city.areas if area.name == "青石区")
    towns = [area for area in city.areas if area.parent_code == county.code][:3]
    codes = {area.code for area in (county, *towns)} | {area.code for area in city.areas if area.level == "city"}
    areas = tuple(area for area in city.areas if area.code in codes)
    units = tuple(unit for unit in city.units if unit.area_code in codes and unit.level != "grid")
    known = {unit.code for unit in units}
    fitting = tuple(
        replace(unit, service_area_codes=tuple(code for code in unit.service_area_codes if code in codes))
        for unit in units
        if unit.parent_code in known or not unit.parent_code
    )
    return replace(city, areas=areas, units=fitting)


@pytest.fixture(scope="session")
def pack() -> packs.City:
    """The city's files, read once."""
    return small_city()


def furnish(pack: packs.City, at: datetime) -> Desk:
    """Load the city, publish its rules, hire one person per role."""
    staffing.load_city(pack=pack, at=at)
    authority = organisation.authority(pack.code)
    assert authority is not None
    publishing.publish(pack=pack, authority_id=authority.id, at=at)
    centre = next(iter(organisation.unit_index(authority.id).children(None))).id
    staff = {
        role: staffing.create_staff(
            username=role, name=f"王{role}", password=PASSWORD, unit_id=centre, role=role, at=at
        )
        for role in ("agent", "dispatcher", "caller_back", "supervisor", "leader", "admin")
    }
    return Desk(authority.id, staff, at)


@pytest.fixture
def desk(db: None, pack: packs.City, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The furnished city; the faces' clock stands at `at`."""
    found = furnish(pack, at)
    monkeypatch.setattr(timezone, "now", lambda: at)
    # However slow the machine is, nothing is looked up again within a test: statements are counted.
    monkeypatch.setattr(policies, "FRESH_SECONDS", 3600.0)
    monkeypatch.setattr(organisation.indexes, "FRESH_FOR", 3600.0)
    return found


@pytest.fixture
def clerk_of(desk: Desk) -> Callable[[int], Client]:
    """A clerk of any unit, signed in."""

    def make(unit_id: int) -> Client:
        if f"clerk-{unit_id}" not in desk.staff:
            desk.staff[f"clerk-{unit_id}"] = staffing.create_staff(
                username=f"clerk-{unit_id}",
                name="李四",
                password=PASSWORD,
                unit_id=unit_id,
                role="clerk",
                at=desk.at,
            )
        return desk.client(f"clerk-{unit_id}")

    return make


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    """Ids repeat between tests, so nothing may be kept from the one before."""
    organisation.forget_cache()
    policies.forget_cache()
